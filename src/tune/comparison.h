// SPDX-License-Identifier: Apache-2.0
// Compares mappings of one application by whole runs that take turns (rounds.h), and by what they
// decide. Keeps no study. comparison_report.h makes a table and JSON.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "machine/shape.h"
#include "support/result.h"
#include "tune/evaluator.h"
#include "tune/report.h"
#include "tune/settings.h"

namespace placewright::tune {

/// A mapping as its user names it.
struct ComparedMapping {
  std::string name;
  std::optional<std::string> text;  ///< Unset: Legion's default mapper.
  std::string problem;              ///< Why it cannot be used; empty if it can.
};

/// All references outlive the comparison.
struct ComparisonParts {
  const Settings& settings;  ///< Command, machine, metric, checksum.
  Evaluator& evaluator;
  machine::MachineShape machine;
  std::vector<ComparedMapping> mappings;
  int rounds = 7;
  double timeout_s = 120;      ///< Per timed run.
  std::function<bool()> stop;  ///< True once the user has asked to stop. May be empty.
  std::function<void(const std::string&)> note;     ///< Warnings; may be empty.
  std::function<void(const std::string&)> running;  ///< What runs now; may be empty.

  [[nodiscard]] bool stopped() const { return stop && stop(); }
};

/// What a mapping decides, against the reference.
struct DecisionChange {
  std::vector<workload::Difference> differences;  ///< In what the discovery run showed.
  bool same_rules = false;  ///< In every case, also for tasks that the discovery run did not show.
  [[nodiscard]] bool same() const { return differences.empty(); }
};

/// Element i of the lists belongs to mapping i.
struct Comparison {
  bool is_virtual = false;  ///< On virtual GPUs.
  std::string_view time_label;
  Metric metric;                ///< With its unit, once it was printed.
  std::vector<ReportRow> rows;  ///< Without samples where a run failed.
  std::vector<std::string> checksums;
  /// Unset for the reference and where it is not known.
  std::vector<std::optional<DecisionChange>> changes;
  size_t reference = 0;      ///< The first mapping that ran well; 0 if none did.
  std::string not_resolved;  ///< Why decisions are not known; empty if they are.
  int rounds = 0;
  bool stopped = false;  ///< The user ended it.

  /// Whether a mapping failed, or no two could be compared.
  [[nodiscard]] bool failed() const;
  /// Whether both have samples.
  [[nodiscard]] bool has_ratio(size_t row) const;
};

/// Checks all mappings before anything runs. One discovery run tells what they decide. Each then
/// runs once, untimed, and must print the checksum of the first; the others are timed in turn. A
/// mapping that fails keeps its status and message, and the rest go on as long as there are two.
/// Errors: a metric that looks like a rate while nobody has said what is better; nothing can be run
/// for a reason outside the application and the mappings.
[[nodiscard]] Result<Comparison> compare(const ComparisonParts& parts);

}  // namespace placewright::tune
