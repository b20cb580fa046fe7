// SPDX-License-Identifier: Apache-2.0
// Decides what to try next. A strategy proposes mappings and receives their results; it neither
// runs nor measures. It need not know which proposals resolve to decisions seen before: for those
// it receives the known result at once.
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

/// The result of a proposal.
struct Verdict {
  Evaluation evaluation;  ///< As the study keeps it: this proposal's, or that of an earlier equal.
  bool accepted = false;  ///< It is the new incumbent.
  bool repeated = false;  ///< Its decisions were seen before; nothing was run.
  /// About a failure, or from a profile run where wants_findings() asks for one.
  std::vector<explain::Finding> findings;
  bool retraced = false;  ///< Repeated, but only as a resumed or replayed search comes by again.
  [[nodiscard]] bool ok() const { return evaluation.status == Status::Ok; }
};

/// What is known once the baselines have run.
struct Start {
  Evaluation incumbent;  ///< The better of the default and expert mappings.
  /// The assignment that resolves to the incumbent's decisions or comes nearest.
  Assignment assignment;
  std::vector<explain::Finding> findings;  ///< About the incumbent, if asked for.
  Metric metric;                           ///< What the values of evaluations mean.
  /// The default and expert mappings that ran, the incumbent among them, in this order.
  std::vector<Evaluation> baselines;
  bool cheap = false;  ///< A candidate costs a few steps, so hundreds can be tried.
};

/// Which successful mappings to profile for findings; each costs one extra run.
enum class WantedFindings { None, OfIncumbents, OfAll };

class Strategy {
 public:
  virtual ~Strategy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Called once, after the baselines have run and before the first ask().
  virtual void begin(const Start& start) = 0;
  /// nullopt: nothing is left to try. Every proposal's result is passed to tell(), in the order of the
  /// proposals; before the next ask(), unless most_open() allows more. Errors: it cannot continue for an external reason; the search ends, and everything
  /// found so far is kept.
  [[nodiscard]] virtual Result<std::optional<Proposal>> ask() = 0;
  virtual void tell(const Proposal& proposal, const Verdict& verdict) = 0;
  /// How many proposals may wait for their results at the same time.
  [[nodiscard]] virtual int most_open() const { return 1; }
  [[nodiscard]] virtual WantedFindings wants_findings() const { return WantedFindings::None; }
  /// Why the last ask() proposed nothing.
  [[nodiscard]] virtual std::string why_nothing() const { return "nothing left to try"; }
  /// Its own summary for the end of the report; lines, or nothing.
  [[nodiscard]] virtual std::string summary() const { return {}; }
};

/// Makes a strategy before the baselines run, so that it can prepare in the meantime. The space
/// outlives it.
using StrategyMaker =
    std::function<Result<std::unique_ptr<Strategy>>(const SearchSpace& space, uint64_t seed)>;

/// Draws every knob uniformly at random, forever. Deterministic for a seed on every platform.
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
