// SPDX-License-Identifier: Apache-2.0
#include "tune/metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "explain/finding.h"
#include "support/shell.h"
#include "support/text.h"

namespace placewright::tune {
namespace {

/// With the largest pattern that is accepted, a line takes at most about a third of a second.
constexpr size_t kLongestLine = 64 << 10;
constexpr size_t kMostShownLines = 6;
constexpr size_t kLongestShownLine = 100;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The one word that the text consists of, without punctuation after it; empty if it is none.
std::string_view only_word(std::string_view text) {
  text = trimmed(text);
  while (!text.empty() && std::string_view(",;.)").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  constexpr size_t kLongestUnit = 24;
  const auto in_unit = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("/%^*-_.").find(c) != std::string_view::npos;
  };
  const bool good = text.size() <= kLongestUnit && std::ranges::all_of(text, in_unit);
  return good && !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 ? text
                                                                                              : "";
}

Reading reading_of(std::string_view line, const PatternMatch& found) {
  const std::string_view value = found.groups.front();
  if (value.data() == nullptr) return {};
  const char* const after = value.data() + value.size();
  const char* const match_end = found.whole.data() + found.whole.size();
  const char* const line_end = line.data() + line.size();
  const auto between = [](const char* begin, const char* end) {
    return std::string_view(begin, static_cast<size_t>(end - begin));
  };
  std::string_view unit = only_word(between(after, match_end));
  if (unit.empty()) unit = only_word(between(after, line_end));
  return {std::string(value), std::string(between(line.data(), value.data())), std::string(unit)};
}

/// Takes the last line from the text.
std::string_view take_last_line(std::string_view& text) {
  const size_t before = text.find_last_of("\r\n");
  const size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line = text.substr(begin);
  text = text.substr(0, before == std::string_view::npos ? 0 : before);
  return line;
}

/// Lines that hold a number, the last ones in the order of the output.
std::vector<std::string_view> lines_with_numbers(std::string_view output) {
  static const Pattern number("(?:^|[^A-Za-z0-9_])[-+]?[0-9]+(?:[.][0-9]+)?");
  std::vector<std::string_view> lines;
  while (!output.empty() && lines.size() < kMostShownLines) {
    const std::string_view line = trimmed(take_last_line(output));
    const bool fits = line.size() <= kLongestLine;
    if (fits && number.find(line) && std::ranges::find(lines, line) == lines.end())
      lines.push_back(line);
  }
  std::ranges::reverse(lines);
  return lines;
}

/// An expression that reads the last number of a line; empty if nothing before it identifies it.
std::string expression_for(std::string_view line) {
  static const Pattern last_number("^(.*[^-+0-9.eE])([-+]?[0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?)");
  const auto found = last_number.find(line.substr(0, kLongestShownLine));
  if (!found || trimmed(found->groups.front()).empty()) return "";
  return literal_pattern(trimmed(found->groups.front())) + R"(\s*([-+0-9.eE]+))";
}

/// The line that most likely holds the value: one about time, else the last.
std::string_view likeliest(const std::vector<std::string_view>& lines) {
  static const Pattern about_time("(?i)time|second|elapsed|took|[0-9] *m?s\\b|/s\\b");
  const auto found = std::find_if(lines.rbegin(), lines.rend(), [](std::string_view line) {
    return about_time.find(line).has_value();
  });
  return found == lines.rend() ? lines.back() : *found;
}

}  // namespace

bool Metric::is_time() const {
  constexpr std::array<std::string_view, 13> kUnits = {
      "s",  "sec",  "secs", "second", "seconds", "ms", "msec", "milliseconds",
      "us", "usec", "ns",   "min",    "h"};
  return !maximizes() && (!unit || pattern == kDefaultMetric ||
                          std::ranges::find(kUnits, lower_case(*unit)) != kUnits.end());
}

std::vector<double> Metric::costs(std::vector<double> values) const {
  for (double& value : values) value = cost(value);
  return values;
}

std::string Metric::shown_unit() const { return unit.value_or(maximizes() ? "" : "s"); }

std::string Metric::text(double value) const {
  const std::string shown = shown_unit();
  return shown.empty() ? fmt::format("{:.4g}", value) : fmt::format("{:.4g} {}", value, shown);
}

std::string_view to_string(Direction direction) {
  return direction == Direction::Maximize ? "maximize" : "minimize";
}

std::optional<Direction> parse_direction(std::string_view word) {
  for (const Direction each : {Direction::Minimize, Direction::Maximize})
    if (to_string(each) == word) return each;
  return std::nullopt;
}

std::optional<Reading> last_match(std::string_view text, const Pattern& pattern,
                                  const std::function<bool()>& cancelled) {
  while (!text.empty() && !(cancelled && cancelled())) {
    const std::string_view line = take_last_line(text);
    if (line.size() > kLongestLine) continue;
    if (const auto found = pattern.find(line)) return reading_of(line, *found);
  }
  return std::nullopt;
}

bool looks_like_rate(const Reading& reading) {
  static const Pattern unit("(?i)/ *(?:s|sec|second|ms|min|h)\\b|flops|\\b[kmgt]?hz\\b");
  static const Pattern label(
      "(?i)throughput|bandwidth|flops|per second|\\brate\\b|speed|/ *s(?:ec)?\\b");
  return unit.find(reading.unit) || label.find(reading.label);
}

Result<void> learn_unit(Metric& metric, const Reading& printed) {
  Reading reading = printed;
  if (metric.unit) reading.unit = *metric.unit;
  if (!metric.direction && looks_like_rate(reading))
    return fail(fmt::format("`{}{}{}{}` looks like a rate, of which more is better",
                            explain::harmless(reading.label, 60), reading.value,
                            reading.unit.empty() ? "" : " ", reading.unit),
                "say so with --maximize, or `direction = \"maximize\"` in a study file; if less is "
                "better, with --minimize");
  metric.unit = reading.unit;
  return {};
}

Result<Pattern> compile_pattern(const std::string& expression) {
  auto pattern = Pattern::compile(expression);
  if (pattern && pattern->group_count() != 1)
    return fail(fmt::format("the pattern `{}` has {} groups, expected one", expression,
                            pattern->group_count()),
                "put parentheses around the value: `TIME = ([0-9.]+)`");
  return pattern;
}

std::string nothing_found(const Metric& metric, std::string_view output) {
  const bool is_default = metric.pattern == kDefaultMetric;
  std::string text =
      is_default ? std::string("the output has no `ELAPSED TIME = ... s` with a positive number")
                 : fmt::format("the output has no positive number where `{}` looks for one",
                               metric.pattern);
  const auto lines = lines_with_numbers(output);
  if (lines.empty()) return text + "; no line of it holds a number";
  text += "; lines that hold numbers:\n";
  for (const std::string_view line : lines)
    text += fmt::format("  {}\n", explain::harmless(line, kLongestShownLine));
  const std::string expression = expression_for(likeliest(lines));
  return text + "say where the value is" +
         (expression.empty() ? " with --metric"
                             : ", for example: --metric " + shell_word(expression));
}

}  // namespace placewright::tune
