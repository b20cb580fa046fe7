// SPDX-License-Identifier: Apache-2.0
// Regular expressions over texts from outside, such as what programs print. Searching takes time
// linear in the text and a bounded stack, whatever the expression and the text are (RE2). Knows no
// backreferences and no look-around, which have no such bound.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace re2 {
class RE2;
}

namespace placewright {

struct PatternMatch {
  std::string_view whole;
  /// Parentheses from left to right; empty for those that took no part.
  std::vector<std::string_view> groups;
};

/// Immutable; copies share the compiled expression. Thread-safe.
class Pattern {
 public:
  /// Errors: not a regular expression; one that compiles to more than 1000 steps.
  [[nodiscard]] static Result<Pattern> compile(const std::string& expression);
  /// An expression of this program, which must be right.
  explicit Pattern(const char* expression);

  [[nodiscard]] int group_count() const;
  /// The leftmost match; views of `text`.
  [[nodiscard]] std::optional<PatternMatch> find(std::string_view text) const;
  /// The match of the whole text.
  [[nodiscard]] std::optional<PatternMatch> find_whole(std::string_view text) const;
  /// Every match from left to right, replaced by `with` as it stands.
  [[nodiscard]] std::string replace_all(std::string_view text, std::string_view with) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> expression) : re_(std::move(expression)) {}
  std::shared_ptr<const re2::RE2> re_;
};

/// An expression that matches exactly this text.
[[nodiscard]] std::string literal_pattern(std::string_view text);

}  // namespace placewright
