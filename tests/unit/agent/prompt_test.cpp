// SPDX-License-Identifier: Apache-2.0
#include "agent/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "lang/check/checker.h"
#include "lang/grammar/index_maps.h"
#include "lang/syntax/parser.h"

namespace placewright::agent {
namespace {

using testing::HasSubstr;

Prompt prompt(const std::string& text) { return {"test", 3, text}; }

TEST(Prompt, FillsPlaceholders) {
  EXPECT_EQ(fill(prompt("a {{x}} b {{y}}{{x}}"), {{"x", "1"}, {"y", "2"}}).value(), "a 1 b 21");
}

TEST(Prompt, ValuesAreNotSearchedForPlaceholders) {
  EXPECT_EQ(fill(prompt("{{x}}"), {{"x", "{{y}}"}}).value(), "{{y}}");
}

TEST(Prompt, UnknownPlaceholderIsAnErrorWithTheNearest) {
  const auto filled = fill(prompt("{{fact}}"), {{"facts", ""}});
  ASSERT_FALSE(filled);
  EXPECT_EQ(filled.error().message, "the prompt `test` has an unknown placeholder `fact`");
  EXPECT_EQ(filled.error().help, "did you mean `facts`?");
}

TEST(Prompt, UnusedValueIsAnError) {
  const auto filled = fill(prompt("{{a}}"), {{"a", ""}, {"b", ""}});
  ASSERT_FALSE(filled);
  EXPECT_EQ(filled.error().message, "the prompt `test` lacks the placeholder `{{b}}`");
}

TEST(Prompt, AnOpenPlaceholderIsAnError) { EXPECT_FALSE(fill(prompt("{{a"), {{"a", ""}})); }

TEST(Prompt, IdNamesVersionAndText) {
  EXPECT_THAT(prompt("x").id(), testing::MatchesRegex("test v3 \\([0-9a-f]{16}\\)"));
  EXPECT_NE(prompt("x").id(), prompt("y").id());
}

TEST(Prompt, AFileNeedsAVersion) {
  EXPECT_EQ(parse_prompt("p", "<!-- version: 12 -->\ntext\n").value().version, 12);
  for (const char* file : {"text", "<!-- version: x -->\n", "<!-- version:  -->\n", ""})
    EXPECT_THAT(parse_prompt("p", file).error().message, HasSubstr("has no version"));
}

TEST(Prompt, BuiltInPromptsAreTheFilesOfTheRepository) {
  const auto files = PromptLibrary::from_folder(PLACEWRIGHT_SOURCE "/share/prompts");
  ASSERT_TRUE(files) << files.error().message;
  const PromptLibrary built_in;
  size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator(PLACEWRIGHT_SOURCE "/share/prompts"))
    count += each.path().extension() == ".md" ? 1 : 0;
  EXPECT_EQ(built_in.names().size(), count);
  for (const std::string& name : built_in.names())
    EXPECT_EQ(built_in.get(name).id(), files->get(name).id());
}

TEST(Prompt, AFolderReplacesPromptsByName) {
  std::string name =
      (std::filesystem::temp_directory_path() / "placewright-prompts-XXXXXX").string();
  const std::string folder = mkdtemp(name.data());
  std::ofstream(folder + "/repair.md") << "<!-- version: 7 -->\nfix {{errors}} {{what}}\n";
  const auto library = PromptLibrary::from_folder(folder);
  ASSERT_TRUE(library);
  EXPECT_EQ(library->get("repair").version, 7);
  EXPECT_EQ(library->get("language").version, PromptLibrary().get("language").version);
  std::ofstream(folder + "/repiar.md") << "<!-- version: 7 -->\n";
  EXPECT_EQ(PromptLibrary::from_folder(folder).error().message, "no prompt is named `repiar`");
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(PromptLibrary::from_folder(folder));
}

/// The members and functions that a text with definitions uses: `.volume`, `tuple(`.
std::set<std::string> words_used_in(const std::string& text) {
  std::set<std::string> words;
  const std::regex code(R"((\.[a-z_]+)|(\b(?:sum|prod|min|max|abs|ceil_div|range|tuple)\())");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    for (std::sregex_iterator at(line.begin(), line.end(), code), end; at != end; ++at)
      words.insert(at->str());
  }
  return words;
}

TEST(Prompt, TheReferenceExplainsWhatPrintedFunctionsUse) {
  const std::string reference = PromptLibrary().get("language").text;
  std::string printed = PromptLibrary().get("examples").text;
  for (const std::string_view map : lang::grammar::kIndexMaps)
    printed += lang::grammar::index_map_definition(map, machine::ProcessorKind::Gpu);
  const std::filesystem::path apps = std::filesystem::path(PLACEWRIGHT_SOURCE) / "apps";
  for (const auto& app : std::filesystem::directory_iterator(apps)) {
    const auto expert = SourceFile::read((app.path() / "mappings/expert.mapping").string());
    if (expert) printed += expert->text();
  }
  const std::set<std::string> used = words_used_in(printed);
  EXPECT_TRUE(used.contains(".slice") && used.contains("sum(")) << "they are read";
  for (const std::string& word : used) EXPECT_THAT(reference, testing::HasSubstr(word));
}

TEST(Prompt, TheExamplesPassTheChecker) {
  const std::string all = PromptLibrary().get("examples").text;
  size_t count = 0;
  for (size_t begin = 0; begin < all.size(); ++count) {
    const size_t end = std::min(all.find("---\n", begin), all.size());
    const SourceFile file("example", all.substr(begin, end - begin));
    Diagnostics diagnostics(file);
    const lang::Program program = lang::parse(file, diagnostics);
    lang::check(program, diagnostics);
    EXPECT_EQ(diagnostics.to_text(), "");
    begin = end + 4;
  }
  EXPECT_EQ(count, 5u);
}

}  // namespace
}  // namespace placewright::agent
