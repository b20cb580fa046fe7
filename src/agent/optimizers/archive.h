// SPDX-License-Identifier: Apache-2.0
// Everything that `reflect` has tried: the ancestry of mappings, the Pareto front over all
// measurements, the effects of single changes, and the decisions not tried yet.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "agent/feedback.h"
#include "tune/search_space.h"

namespace placewright::agent {

/// Smaller is better: the cost of the metric, then its part in copies and the share of idle
/// processors, both from findings.
/// The last two are 0 when no findings were requested.
using Objectives = std::array<double, 3>;

struct Entry {
  int64_t id = 0;    ///< The evaluation's id; 0 for a mapping that was never run.
  std::string name;  ///< "default" or "expert"; empty for what a strategy proposed.
  std::string mapping;
  std::string idea;
  workload::ResolvedDecisions decisions;  ///< Empty for an invalid mapping.
  Outcome outcome;
  std::optional<size_t> parent;  ///< Position of the nearest entry when this one was added.
  int distance = 0;              ///< From the parent, in decisions.
  int children = 0;
  Objectives objectives{};
  [[nodiscard]] bool ran() const { return outcome.ran(); }
};

/// Changes of what takes longer seldom win.
inline constexpr double kFarthestAnchor = 1.5;

class Archive {
 public:
  explicit Archive(const tune::SearchSpace& space);

  /// Finds the parent among those that ran.
  void add(Entry entry);
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  /// The Pareto front: positions of entries that ran and that no other entry dominates; best
  /// first.
  [[nodiscard]] std::vector<size_t> front() const;
  /// The best, and the member of the front (else any that ran) with the fewest children per
  /// objective that it wins; ties go to the one whose decisions differ most from the best. The
  /// second costs at most kFarthestAnchor times as much as the best.
  [[nodiscard]] std::vector<size_t> anchors() const;
  /// Positions of those that ran, best first; at most `most`.
  [[nodiscard]] std::vector<size_t> best(size_t most) const;
  /// The same, with those that have a name added at their places.
  [[nodiscard]] std::vector<size_t> best_and_named(size_t most) const;
  /// The newest failures with different messages, at most `most`.
  [[nodiscard]] std::vector<size_t> failures(size_t most) const;

  /// "time x 0.82: FBMEM -> ZCMEM: `calc` argument 0 (#5 against #3)", strongest effect first; from
  /// pairs of parent and child that differ in at most three decisions and whose intervals are apart.
  [[nodiscard]] std::vector<std::string> effects(size_t most) const;
  /// "`rp_wires` of ... in ZCMEM": choices that no valid entry made while they had an effect,
  /// heaviest tasks first.
  [[nodiscard]] std::vector<std::string> untried(size_t most) const;
  /// "as #3, but FBMEM -> ZCMEM: `calc` argument 0": how an entry's decisions differ from those of
  /// the nearest of `others` that came before it, else from Legion's default mapper's, in one line;
  /// names are data. Empty for an invalid mapping.
  [[nodiscard]] std::string difference_from_nearest(size_t entry,
                                                    const std::vector<size_t>& others) const;

 private:
  [[nodiscard]] int distance(const Entry& a, const Entry& b) const;

  const tune::SearchSpace& space_;
  workload::ResolvedDecisions default_;
  std::vector<Entry> entries_;
};

}  // namespace placewright::agent
