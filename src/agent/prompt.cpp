// SPDX-License-Identifier: Apache-2.0
#include "agent/prompt.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <filesystem>
#include <set>
#include <span>

#include "agent/built_in_prompts.h"
#include "support/check.h"
#include "support/source.h"
#include "support/text.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVersionBegin = "<!-- version: ";
constexpr std::string_view kVersionEnd = " -->\n";

}  // namespace

std::string Prompt::id() const {
  return fmt::format("{} v{} ({:016x})", name, version, XXH64(text.data(), text.size(), 0));
}

Result<Prompt> parse_prompt(const std::string& name, const std::string& file) {
  const size_t end = file.find(kVersionEnd);
  if (file.starts_with(kVersionBegin) && end != std::string::npos) {
    const std::string number = file.substr(kVersionBegin.size(), end - kVersionBegin.size());
    const bool is_number = !number.empty() && number.size() <= 6 &&
                           number.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) return Prompt{name, std::stoi(number), file.substr(end + kVersionEnd.size())};
  }
  return fail(fmt::format("the prompt `{}` has no version", name),
              "its first line must be `<!-- version: 1 -->`");
}

Result<std::string> fill(const Prompt& prompt, const PromptValues& values) {
  std::string text;
  std::set<std::string, std::less<>> used;
  std::string_view rest = prompt.text;
  while (true) {
    const size_t begin = rest.find("{{");
    text += rest.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const size_t end = rest.find("}}", begin);
    if (end == std::string_view::npos)
      return fail(fmt::format("the prompt `{}` has a `{{{{` without `}}}}`", prompt.name));
    const std::string_view key = rest.substr(begin + 2, end - begin - 2);
    const auto value = values.find(key);
    if (value == values.end()) {
      std::vector<std::string> known;
      for (const auto& [each, ignored] : values) known.push_back(each);
      const std::string_view nearest = nearest_word(key, known);
      return fail(fmt::format("the prompt `{}` has an unknown placeholder `{}`", prompt.name, key),
                  nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
    }
    text += value->second;
    used.insert(value->first);
    rest.remove_prefix(end + 2);
  }
  for (const auto& [key, ignored] : values) {
    if (!used.contains(key))
      return fail(
          fmt::format("the prompt `{}` lacks the placeholder `{{{{{}}}}}`", prompt.name, key));
  }
  return text;
}

PromptLibrary::PromptLibrary() {
  for (const BuiltInPrompt& each : built_in_prompts()) {
    auto prompt = parse_prompt(std::string(each.name), std::string(each.text));
    PLACEWRIGHT_CHECK(prompt.has_value());
    prompts_.emplace(each.name, std::move(*prompt));
  }
}

Result<PromptLibrary> PromptLibrary::from_folder(const std::string& folder) {
  std::error_code problem;
  std::set<fs::path> files;
  for (fs::directory_iterator each(folder, problem), end; !problem && each != end;
       each.increment(problem))
    if (each->path().extension() == ".md") files.insert(each->path());
  if (problem)
    return fail(fmt::format("cannot read the prompts in `{}`: {}", folder, problem.message()));
  PromptLibrary library;
  for (const fs::path& path : files) {
    const std::string name = path.stem().string();
    const auto known = library.prompts_.find(name);
    if (known == library.prompts_.end()) {
      const std::vector<std::string> names = library.names();
      return fail(fmt::format("no prompt is named `{}`", name),
                  fmt::format("known are {}", fmt::join(names, ", ")));
    }
    PLACEWRIGHT_TRY(const auto file, SourceFile::read(path.string()));
    PLACEWRIGHT_TRY(known->second, parse_prompt(name, std::string(file.text())));
  }
  return library;
}

const Prompt& PromptLibrary::get(std::string_view name) const {
  const auto found = prompts_.find(name);
  PLACEWRIGHT_CHECK(found != prompts_.end());
  return found->second;
}

std::vector<std::string> PromptLibrary::names() const {
  std::vector<std::string> names;
  for (const auto& [name, prompt] : prompts_) names.push_back(name);
  return names;
}

}  // namespace placewright::agent
