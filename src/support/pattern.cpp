// SPDX-License-Identifier: Apache-2.0
#include "support/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "support/check.h"

namespace placewright {
namespace {

/// A search costs at worst about 5 ns for each step and byte.
constexpr int kMostSteps = 1000;

std::shared_ptr<const re2::RE2> compiled(std::string_view expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  return std::make_shared<const re2::RE2>(re2::StringPiece(expression.data(), expression.size()),
                                          options);
}

std::optional<PatternMatch> match(const re2::RE2& re, std::string_view text,
                                  re2::RE2::Anchor anchor) {
  const auto count = static_cast<size_t>(re.NumberOfCapturingGroups()) + 1;
  std::vector<re2::StringPiece> found(count);
  const re2::StringPiece subject(text.data(), text.size());
  if (!re.Match(subject, 0, text.size(), anchor, found.data(), static_cast<int>(count)))
    return std::nullopt;
  const auto view = [](re2::StringPiece piece) {
    return std::string_view(piece.data(), piece.size());
  };
  PatternMatch result{view(found.front()), {}};
  for (size_t k = 1; k < count; ++k) result.groups.push_back(view(found[k]));
  return result;
}

}  // namespace

Result<Pattern> Pattern::compile(const std::string& expression) {
  auto re = compiled(expression);
  constexpr const char* kTooLarge = "write `+` or `*` in place of counted repetitions";
  if (re->error_code() == re2::RE2::ErrorPatternTooLarge)
    return fail(fmt::format("the pattern `{}` is too large", expression), kTooLarge);
  if (!re->ok())
    return fail(fmt::format("`{}` is not a regular expression: {}", expression, re->error()),
                "the syntax is that of RE2, which knows no backreferences and no look-around");
  if (re->ProgramSize() > kMostSteps)
    return fail(fmt::format("the pattern `{}` is too large: {} steps, at most {}", expression,
                            re->ProgramSize(), kMostSteps),
                kTooLarge);
  return Pattern(std::move(re));
}

Pattern::Pattern(const char* expression) : re_(compiled(expression)) {
  PLACEWRIGHT_CHECK(re_->ok());
}

int Pattern::group_count() const { return re_->NumberOfCapturingGroups(); }

std::optional<PatternMatch> Pattern::find(std::string_view text) const {
  return match(*re_, text, re2::RE2::UNANCHORED);
}

std::optional<PatternMatch> Pattern::find_whole(std::string_view text) const {
  return match(*re_, text, re2::RE2::ANCHOR_BOTH);
}

std::string Pattern::replace_all(std::string_view text, std::string_view with) const {
  std::string result;
  while (const auto found = find(text)) {
    const auto at = static_cast<size_t>(found->whole.data() - text.data());
    if (found->whole.empty()) break;
    result += text.substr(0, at);
    result += with;
    text.remove_prefix(at + found->whole.size());
  }
  return result + std::string(text);
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view(R"(\.+*?()[]{}^$|)").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace placewright
