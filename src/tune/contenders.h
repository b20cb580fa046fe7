// SPDX-License-Identifier: Apache-2.0
// Everything that a search has evaluated, with what is needed to run it again. Kept in memory; the
// study on disk is study_store.h.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tune/evaluation.h"
#include "workload/decisions.h"

namespace placewright::tune {

struct Contender {
  Evaluation evaluation;
  Subject subject;
  workload::ResolvedDecisions decisions;  ///< Empty for other commands.
  std::vector<explain::Finding> findings;
  bool explained = false;  ///< The findings of its profile run are present.
  bool restored = false;   ///< From an earlier session, and not proposed again yet.
  std::optional<double> forecast_s = std::nullopt;  ///< A step, simulated.
};

/// Contenders are only added. Their addresses stay valid, also when the whole is moved.
class Contenders {
 public:
  Contenders() = default;
  Contenders(Contenders&&) = default;
  Contenders& operator=(Contenders&&) = default;

  Contender& keep(Contender contender);
  /// nullptr if that baseline was not evaluated.
  [[nodiscard]] const Contender* find(Origin baseline) const;
  /// The one with this mapping, or one that ended well and decides the same in every case; nullptr
  /// if there is none. A failure may depend on more than the decisions, so only its own text
  /// repeats it.
  [[nodiscard]] Contender* find(const std::string& mapping, const std::string& decisions);

  [[nodiscard]] std::deque<Contender>& all() { return all_; }
  [[nodiscard]] const std::deque<Contender>& all() const { return all_; }
  /// How many are not baselines.
  [[nodiscard]] int candidates() const { return candidates_; }

 private:
  std::deque<Contender> all_;
  std::map<std::string, Contender*> by_mapping_;
  std::map<std::string, Contender*> by_decisions_;  ///< Those that ended well.
  int candidates_ = 0;
};

}  // namespace placewright::tune
