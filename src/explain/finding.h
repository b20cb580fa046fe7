// SPDX-License-Identifier: Apache-2.0
// A finding: one thing that happened in a run, why, what to try, with the numbers and the lines of
// the mapping that caused it. Plain data: explain.h finds it, render.h shows it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placewright::explain {

/// docs/findings.md has a section for each.
enum class FindingKind {
  // What ended a run, or made it useless.
  RejectedMapping,
  UnplaceablePoint,
  NoUsableProcessor,
  UnusableMemory,
  OutOfMemory,
  LayoutViolation,
  UnexpectedStride,
  BlasArgument,
  InstanceLimitAssertion,
  BadSlicing,
  MapperOutput,
  RuntimeError,
  RuntimeAssertion,
  Crash,
  Timeout,
  Failed,
  WrongResult,
  NoMetric,
  MapperIgnored,
  NotLegion,
  ProcessesDidNotJoin,
  // What a run spent its time on.
  IdleProcessors,
  Imbalance,
  CostlyCopies,
  LayoutConversion,
  RecreatedInstances,
  MemoryPressure,
  SlowZeroCopy,
  SmallTasks,
  SlowProcessor,
  MappingOverhead,
  BusiestProcessor,
  Straggler,
  DeadRule
};
inline constexpr int kFindingKindCount = 34;

/// "rejected-mapping", ...: stable words for studies, prompts and documents.
[[nodiscard]] std::string_view to_string(FindingKind kind);
[[nodiscard]] std::optional<FindingKind> parse_finding_kind(std::string_view word);

/// A line of the mapping that is concerned, counted from 1.
struct MappingLine {
  int line = 0;
  std::string text;
  friend bool operator==(const MappingLine&, const MappingLine&) = default;
};

/// Evidence: "idle", "GPU 1 of node 0: 83 % of 12.4 ms".
struct Fact {
  std::string name;
  std::string value;
  friend bool operator==(const Fact&, const Fact&) = default;
};

/// Advice that a program can apply (edit.h): rules that come before all others of a mapping.
struct Edit {
  std::string label;
  std::string rules;  ///< Statements, each on a line of its own, with the definitions they need.
  friend bool operator==(const Edit&, const Edit&) = default;
};

/// Texts are in the style of the diagnostics: lower case, no period, what is quoted in backticks.
/// Whatever comes from the program has gone through as_data().
struct Finding {
  FindingKind kind = FindingKind::Failed;
  /// Share of the run's time that it concerns, 0 to 1; 1 for what ended a run.
  double weight = 0;
  std::string what;
  std::string why;
  std::string advice;
  std::vector<Fact> evidence;
  std::vector<MappingLine> lines;
  std::vector<Edit> edits;
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What ended the run, then what a mapping can change, then what none changes; of these most weight
/// first, of equal weight in the order of the kinds and then of the texts. Of findings that say the
/// same of the same lines only one.
[[nodiscard]] std::vector<Finding> arranged(std::vector<Finding> findings);

/// Text of the program (a name, a message) as data inside of a sentence: in backticks, without
/// control and formatting characters and backticks of its own, at most `most` bytes.
[[nodiscard]] std::string as_data(std::string_view data, size_t most = 120);
/// The same without the backticks; line breaks and tabs become blanks.
[[nodiscard]] std::string harmless(std::string_view data, size_t most);

}  // namespace placewright::explain
