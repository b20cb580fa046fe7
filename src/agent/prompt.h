// SPDX-License-Identifier: Apache-2.0
// Prompts are files (share/prompts/*.md) with a version and placeholders `{{name}}`. They are built
// into the program; the files of a user's folder replace them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace placewright::agent {

struct Prompt {
  std::string name;
  int version = 0;
  std::string text;
  /// `optoprime-system v1 (f00dcafe01234567)`: name, version, and XXH64 of the text.
  [[nodiscard]] std::string id() const;
};

using PromptValues = std::map<std::string, std::string, std::less<>>;

/// The text with its placeholders filled; values are not searched for placeholders. Errors: a
/// placeholder without a value, a value without a placeholder, `{{` without `}}`.
[[nodiscard]] Result<std::string> fill(const Prompt& prompt, const PromptValues& values);

/// A prompt file: `<!-- version: 1 -->`, then the text. Errors: no version line.
[[nodiscard]] Result<Prompt> parse_prompt(const std::string& name, const std::string& file);

class PromptLibrary {
 public:
  /// The built-in prompts.
  PromptLibrary();
  /// A folder's files replace the built-in prompts; names without a file keep theirs. Errors: no
  /// such folder, an unreadable file, a file without a version, a name that is not built in.
  [[nodiscard]] static Result<PromptLibrary> from_folder(const std::string& folder);

  /// `name` must be one of names().
  [[nodiscard]] const Prompt& get(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, Prompt, std::less<>> prompts_;
};

}  // namespace placewright::agent
