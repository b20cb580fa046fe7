// What to try next. A strategy proposes assignments and is told what came of them; it neither runs
// nor measures, and does not know which proposals resolve to decisions that were seen before: it is
// told their result at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"
#include "tune/search_space.h"

namespace placewright::tune {

struct Proposal {
  Assignment assignment;
  std::string move;  ///< What it changes, in words.
};

struct Verdict {
  bool ok = false;               ///< It ran and computed the right result.
  std::optional<double> median;  ///< Only when ok.
  bool accepted = false;         ///< It is the new incumbent.
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// nullopt: it has nothing left to try. Every proposal is told before the next is asked for.
  [[nodiscard]] virtual std::optional<Proposal> ask() = 0;
  virtual void tell(const Proposal& proposal, const Verdict& verdict) = 0;
};

/// Every knob uniformly at random, without end. Deterministic for a seed on every platform.
[[nodiscard]] std::unique_ptr<Strategy> make_random_strategy(const SearchSpace& space,
                                                             uint64_t seed);

/// Coordinate descent from `start` with coordinated moves, after the constrained coordinate descent
/// of AutoMap (Teixeira et al., SC 2023): first memories of overlapping collections together,
/// largest first; all tasks to one processor kind, then single tasks, heaviest first; index maps
/// for all tasks and for single ones; single memories; layouts. An accepted proposal is kept at
/// once. Rotations repeat until one changes nothing. Ties in weight are broken by a shuffle from
/// the seed.
[[nodiscard]] std::unique_ptr<Strategy> make_descent_strategy(const SearchSpace& space,
                                                              Assignment start, uint64_t seed);

/// By name: `random` or `descent`. Errors: another name, with the nearest.
[[nodiscard]] Result<std::unique_ptr<Strategy>> make_strategy(std::string_view name,
                                                              const SearchSpace& space,
                                                              Assignment start, uint64_t seed);

}  // namespace placewright::tune
