// SPDX-License-Identifier: Apache-2.0
// What to try next. A strategy proposes mappings and is told what came of them; it neither runs nor
// measures, and does not know which proposals resolve to decisions that were seen before: it is
// told their result at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"
#include "tune/evaluation.h"
#include "tune/search_space.h"

namespace placewright::tune {

struct Proposal {
  std::string mapping;  ///< Rules and functions; the tuner puts a title in front.
  std::string move;     ///< What it changes, in words.
};

/// What became of a proposal.
struct Verdict {
  Evaluation evaluation;  ///< As the study keeps it: of this proposal, or of its earlier equal.
  bool accepted = false;  ///< It is the new incumbent.
  bool repeated = false;  ///< Its decisions were seen before; nothing was run.
  /// About a failure, or from a profile run where wants_findings() asks for one.
  std::vector<explain::Finding> findings;
  [[nodiscard]] bool ok() const { return evaluation.status == Status::Ok; }
};

/// What is known once the baselines have run.
struct Start {
  Evaluation incumbent;  ///< The fastest of the default and expert mappings.
  /// The assignment that resolves to the incumbent's decisions or comes nearest.
  Assignment assignment;
  std::vector<explain::Finding> findings;  ///< About the incumbent, if asked for.
};

/// Of which mappings that ran well a strategy wants findings: each costs a profile run.
enum class WantedFindings { None, OfIncumbents, OfAll };

class Strategy {
 public:
  virtual ~Strategy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Called once, after the baselines have run and before the first ask().
  virtual void begin(const Start& start) = 0;
  /// nullopt: it has nothing left to try. Every proposal is told before the next is asked for.
  /// Errors: it cannot go on for a reason of the outside world; the search ends with it, and what
  /// was found until then is kept.
  [[nodiscard]] virtual Result<std::optional<Proposal>> ask() = 0;
  virtual void tell(const Proposal& proposal, const Verdict& verdict) = 0;
  [[nodiscard]] virtual WantedFindings wants_findings() const { return WantedFindings::None; }
  /// What it has to say of itself at the end of the report; lines, or nothing.
  [[nodiscard]] virtual std::string summary() const { return {}; }
};

/// Makes a strategy before the baselines run, so that it may prepare meanwhile. The space outlives
/// it.
using StrategyMaker =
    std::function<Result<std::unique_ptr<Strategy>>(const SearchSpace& space, uint64_t seed)>;

/// Every knob uniformly at random, without end. Deterministic for a seed on every platform.
[[nodiscard]] std::unique_ptr<Strategy> make_random_strategy(const SearchSpace& space,
                                                             uint64_t seed);

/// Coordinate descent from the incumbent with coordinated moves, after the constrained coordinate
/// descent of AutoMap (Teixeira et al., SC 2023): first memories of overlapping collections
/// together, largest first; all tasks to one processor kind, then single tasks, heaviest first;
/// index maps for all tasks and for single ones; single memories; layouts. An accepted proposal is
/// kept at once. Rotations repeat until one changes nothing. Ties in weight are broken by a shuffle
/// from the seed.
[[nodiscard]] std::unique_ptr<Strategy> make_descent_strategy(const SearchSpace& space,
                                                              uint64_t seed);

}  // namespace placewright::tune
