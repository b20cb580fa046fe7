// SPDX-License-Identifier: Apache-2.0
// The result of one candidate: the closed set of outcomes, and the record that the study keeps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/finding.h"
#include "machine/kinds.h"
#include "tune/metric.h"

namespace placewright::tune {

enum class Status {
  Ok,
  RejectedMapping,  ///< By the checker, before any run.
  MapperError,
  OutOfMemory,
  Crash,
  Timeout,
  WrongResult,  ///< Its checksum differs from the baseline's.
  NoMetric,     ///< It ended well, but its output has no number where the metric should be.
  NotLegion,
  MapperIgnored,
  ProcessesDidNotJoin,
  Failed,       ///< The application's own exit status.
  NotMeasured,  ///< Its forecast says that it is slower; never stored.
  Cancelled     ///< The user ended the search; never stored.
};
inline constexpr int kStatusCount = 14;

/// "ok", "wrong-result", ...: stable words for studies and tables.
[[nodiscard]] std::string_view to_string(Status status);
[[nodiscard]] std::optional<Status> parse_status(std::string_view word);

/// Where a mapping comes from: a baseline, or a strategy that proposed it.
enum class Origin { Default, Expert, HandWritten, Strategy };
/// In the order of the tables.
inline constexpr std::array kBaselines = {Origin::Default, Origin::Expert, Origin::HandWritten};
[[nodiscard]] constexpr bool is_baseline(Origin origin) { return origin != Origin::Strategy; }

/// "default", "expert", "hand-written", "strategy".
[[nodiscard]] std::string_view to_string(Origin origin);
/// Every word but those of the baselines is the name of a strategy.
[[nodiscard]] Origin parse_origin(std::string_view word);

/// One run of the application.
struct RunResult {
  Status status = Status::Ok;
  std::string message;  ///< Empty when Ok.
  std::optional<machine::MemoryKind> memory;
  double metric = 0;  ///< Timing runs: the value that the application printed.
  std::string checksum;
  double wall_s = 0;
  std::string notes;  ///< About the run, not its mapping: lines for the user; may be empty.
  std::vector<explain::Finding> findings;  ///< About a failure.
  std::optional<Reading> reading;          ///< The metric as it stands in the output.
  std::vector<double> by_input = {};       ///< The value of each input, where there are several.
};

/// What to run: a mapping, Legion's default mapper (no member set), or another command.
struct Subject {
  std::optional<std::string> mapping;
  std::vector<std::string> command;  ///< Empty: the study's own.
  bool untouched = false;            ///< Without Placewright, as its user runs it.
  bool proven = false;               ///< It has run well: Legion need not check the mapper again.
  bool patient = false;              ///< A visit does not end early where its steps are slow.
  std::string name;                  ///< The mapping's file in messages; may be empty.
};

/// One candidate with everything known about it.
struct Evaluation {
  int64_t id = 0;  ///< Given by the store.
  Origin origin = Origin::Strategy;
  std::string strategy;  ///< Its name; empty for a baseline.
  std::string move;      ///< What the strategy changed, in words.
  std::optional<int64_t> parent;
  std::string mapping;      ///< Empty for the default mapper and for other commands.
  std::string fingerprint;  ///< Empty for other commands.
  std::string decisions;    ///< All that the mapping decides: what the fingerprint is of.
  Status status = Status::Ok;
  std::string message;
  std::optional<machine::MemoryKind> memory;
  std::string checksum;
  std::vector<double> samples;   ///< Search samples in the order taken.
  size_t judged = 0;             ///< How many of them, the first, the verdict knew.
  std::optional<double> median;  ///< Their median.
  bool accepted = false;         ///< It became the incumbent.
  double elapsed_s = 0;          ///< Budget used when this record was written.

  /// The origin as studies and tables name it: a baseline's word, or the strategy's name.
  [[nodiscard]] std::string_view origin_name() const {
    return is_baseline(origin) ? to_string(origin) : std::string_view(strategy);
  }
  [[nodiscard]] bool is_proposed_by(std::string_view name) const {
    return !is_baseline(origin) && strategy == name;
  }
};

}  // namespace placewright::tune
