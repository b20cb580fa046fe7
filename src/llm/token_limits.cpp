// SPDX-License-Identifier: Apache-2.0
#include "llm/token_limits.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <vector>

#include "support/text.h"

namespace placewright::llm {
namespace {

// With less room than this for an answer, the prompt itself is too long.
constexpr int64_t kLeastAnswer = 16;
// The digits of a number that may be a number of tokens.
constexpr size_t kMostDigits = 12;

struct Number {
  int64_t value = 0;
  size_t begin = 0, end = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; }

/// The word before `at`, with anything but letters and digits between.
std::string_view word_before(std::string_view text, size_t at) {
  while (at > 0 && !is_name(text[at - 1])) --at;
  size_t begin = at;
  while (begin > 0 && is_name(text[begin - 1])) --begin;
  return text.substr(begin, at - begin);
}

/// False for parts of names, dates and fractions, and for codes.
bool stands_alone(std::string_view text, const Number& number) {
  const auto at = [&](size_t i) { return i < text.size() ? text[i] : ' '; };
  const char before = number.begin > 0 ? text[number.begin - 1] : ' ';
  const char before_that = number.begin > 1 ? text[number.begin - 2] : ' ';
  if (is_name(before) || is_name(at(number.end))) return false;
  if ((before == '-' || before == '.') && is_name(before_that)) return false;
  const char after = at(number.end);
  if ((after == '-' || after == '.') && is_name(at(number.end + 1))) return false;
  const std::string_view word = word_before(text, number.begin);
  return word != "code" && word != "status" && word != "error";
}

/// The whole numbers of a text in lower case, `200,000` being one.
std::vector<Number> numbers_in(std::string_view text) {
  std::vector<Number> numbers;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    Number number{.begin = at};
    std::string digits;
    for (; at < text.size(); ++at) {
      const bool groups = text[at] == ',' && at + 3 < text.size() && is_digit(text[at + 1]) &&
                          is_digit(text[at + 2]) && is_digit(text[at + 3]) &&
                          (at + 4 == text.size() || !is_digit(text[at + 4]));
      if (is_digit(text[at])) digits += text[at];
      if (!is_digit(text[at]) && !groups) break;
    }
    number.end = at;
    if (digits.size() > kMostDigits || !stands_alone(text, number)) continue;
    std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
    numbers.push_back(number);
  }
  return numbers;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool names_the_limit(std::string_view text) {
  return has_any(text, {"max_tokens", "max_completion_tokens", "max_output_tokens",
                        "max_new_tokens", "maxoutputtokens", "maxtokens", "num_predict",
                        "completion tokens", "output tokens", "maximum tokens", "completion)"});
}

/// Whether prompt and answer share what is limited.
bool counts_the_prompt(std::string_view text) {
  return has_any(text, {"context", "input", "prompt", "messages", "requested "});
}

bool says_too_much(std::string_view text) {
  return has_any(text,
                 {"too large", "too high", "too big", "too many", "exceed", "at most", "less than",
                  "lower than", "greater than", "maximum", "range", "<=", "no more than", "limit"});
}

/// The first number after a word.
const Number* number_after(const std::vector<Number>& numbers, size_t at, size_t reach) {
  const auto found = std::ranges::find_if(numbers, [&](const Number& n) { return n.begin >= at; });
  return found == numbers.end() || found->begin > at + reach ? nullptr : &*found;
}

/// What the refusal calls the size of the context: `context length is 8192`, `context limit: 178959
/// + 64000 > 200000`; without such words the largest number.
int64_t context_in(std::string_view text, const std::vector<Number>& numbers) {
  constexpr size_t kReach = 40;
  for (size_t at = text.find("context"); at != std::string_view::npos;
       at = text.find("context", at + 1)) {
    const Number* number = number_after(numbers, at, kReach);
    if (number == nullptr) continue;
    const bool is_sum = text.substr(number->end).starts_with(" +");
    const size_t sign = is_sum ? text.find('>', number->end) : std::string_view::npos;
    if (sign == std::string_view::npos) return number->value;
    if (const Number* last = number_after(numbers, sign, kReach)) return last->value;
  }
  return std::ranges::max(numbers, {}, &Number::value).value;
}

/// The number right after `requested`: prompt and answer together.
std::optional<int64_t> total_requested(std::string_view text, const std::vector<Number>& numbers) {
  constexpr std::string_view kWord = "requested";
  for (size_t at = text.find(kWord); at != std::string_view::npos; at = text.find(kWord, at + 1)) {
    if (const Number* number = number_after(numbers, at + kWord.size(), 2)) return number->value;
  }
  return std::nullopt;
}

/// What the prompt leaves for an answer; nullopt if the refusal does not say.
std::optional<int64_t> room_left(std::string_view text, const std::vector<Number>& numbers,
                                 int64_t sent) {
  std::set<int64_t> values;
  for (const Number& number : numbers) values.insert(number.value);
  if (const auto total = total_requested(text, numbers)) {
    std::erase_if(values, [&](int64_t value) { return value >= *total || value == sent; });
    if (!values.empty()) return sent - (*total - *values.rbegin());
    return std::nullopt;
  }
  const int64_t context = context_in(text, numbers);
  int64_t prompt = 0;
  for (const int64_t value : values) {
    const bool is_total = values.contains(value - sent);
    if (value != context && value != sent && !is_total) prompt = value;
  }
  if (prompt == 0) return std::nullopt;
  return context - prompt;
}

}  // namespace

std::optional<TokenLimit> limit_named(std::string_view refusal, int64_t sent) {
  const std::string text = lower_case(refusal);
  const std::vector<Number> numbers = numbers_in(text);
  const bool is_named = names_the_limit(text);
  const bool has_total = !numbers.empty() && total_requested(text, numbers).has_value();
  if ((!is_named && !has_total) || !says_too_much(text)) return std::nullopt;
  TokenLimit limit{.tokens = sent / 2, .lasting = true};
  const bool shares = counts_the_prompt(text);
  const auto left = shares && !numbers.empty() ? room_left(text, numbers, sent) : std::nullopt;
  if (left) {
    limit.lasting = false;
    if (*left < sent) limit.tokens = *left;
  } else if (has_total) {
    return std::nullopt;
  } else {
    int64_t named = 0;
    for (const Number& number : numbers)
      if (number.value < sent) named = std::max(named, number.value);
    if (named > 0) limit.tokens = named;
  }
  if (limit.tokens < kLeastAnswer) return std::nullopt;
  return limit;
}

}  // namespace placewright::llm
