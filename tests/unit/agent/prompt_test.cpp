// SPDX-License-Identifier: Apache-2.0
#include "agent/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lang/check/checker.h"
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
