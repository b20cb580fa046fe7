// SPDX-License-Identifier: Apache-2.0
// What the application prints about itself: how it is found in the output, which of two values is
// better, and how a value is shown. Values are kept as they were printed; only cost() knows that
// some are better when they are larger.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/pattern.h"
#include "support/result.h"

namespace placewright::tune {

/// The forms that Legion programs print: `ELAPSED TIME =   2.101 s`, `Elapsed time = 1.5e+00`,
/// `ELAPSED TIME = 0.5s, THROUGHPUT = ...`, `Elapsed Time: 12.5 ms`. The number ends the line, or a
/// unit or a comma follows it.
inline constexpr const char* kDefaultMetric =
    R"((?i)\belapsed[ \t]+time[ \t]*[=:]?[ \t]*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?))"
    R"([ \t]*(?:(?:seconds?|secs?|s|milliseconds?|msecs?|ms|microseconds?|usecs?|us|ns)\b|[,;]|$))";
inline constexpr const char* kDefaultChecksum = R"(CHECKSUM[ \t]*=[ \t]*(\S+))";

enum class Direction { Minimize, Maximize };

struct Metric {
  std::string pattern = kDefaultMetric;  ///< One group: the value.
  /// Unset: smaller is better, as long as the value does not look like a rate.
  std::optional<Direction> direction;
  std::optional<std::string> unit;  ///< Unset: as the application prints it.
  bool modelled = false;            ///< On virtual GPUs: the values are of modelled time.

  [[nodiscard]] bool maximizes() const { return direction == Direction::Maximize; }
  /// Whether it is a time of which less is better.
  [[nodiscard]] bool is_time() const;
  /// Smaller is better, whatever the direction; quotients of two costs have a meaning, a single one
  /// has none. Every comparison of values goes through this function. `value` must be positive.
  [[nodiscard]] double cost(double value) const { return maximizes() ? 1 / value : value; }
  [[nodiscard]] std::vector<double> costs(std::vector<double> values) const;
  /// The unit; before the application has printed one, `s` for a time.
  [[nodiscard]] std::string shown_unit() const;
  /// "0.912 s", "120 samples/s".
  [[nodiscard]] std::string text(double value) const;
};

/// "minimize" or "maximize".
[[nodiscard]] std::string_view to_string(Direction direction);
[[nodiscard]] std::optional<Direction> parse_direction(std::string_view word);

/// A value in a line of output.
struct Reading {
  std::string value;  ///< What the group captured.
  std::string label;  ///< The line before it.
  std::string unit;   ///< The word after it; empty where there is none, or more than one.
};

/// The last match in any line; nullopt without one. Lines end at `\n` and `\r`; those of more than
/// 64 KiB are skipped. `cancelled` is polled between lines and may be empty.
[[nodiscard]] std::optional<Reading> last_match(std::string_view text, const Pattern& pattern,
                                                const std::function<bool()>& cancelled = {});

/// Whether larger values are better by all appearances: `samples/s`, `GFLOPS`, `throughput`.
[[nodiscard]] bool looks_like_rate(const Reading& reading);

/// Takes the unit from a value that was printed, unless it is known. A time is better when it is
/// smaller, so nobody has to say so; of a rate somebody must. Errors: a rate without a direction.
[[nodiscard]] Result<void> learn_unit(Metric& metric, const Reading& printed);

/// Errors: not a regular expression, or one without exactly one group.
[[nodiscard]] Result<Pattern> compile_pattern(const std::string& expression);

/// Why no value was found, with the lines that hold numbers and an option that would read one.
[[nodiscard]] std::string nothing_found(const Metric& metric, std::string_view output);

}  // namespace placewright::tune
