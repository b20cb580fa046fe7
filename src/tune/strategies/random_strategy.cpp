// SPDX-License-Identifier: Apache-2.0
// The strategy that draws every knob at random.
#include <limits>
#include <random>

#include "tune/mapping_writer.h"
#include "tune/strategy.h"

namespace placewright::tune {
namespace {

class RandomStrategy : public Strategy {
 public:
  RandomStrategy(const SearchSpace& space, uint64_t seed) : space_(space), generator_(seed) {}

  std::string_view name() const override { return "random"; }

  void begin(const Start&) override {}

  Result<std::optional<Proposal>> ask() override {
    if (space_.free_knobs() == 0) return std::nullopt;
    Assignment assignment = space_.defaults();
    // Not std::uniform_int_distribution: its results differ between standard libraries.
    for (size_t i = 0; i < assignment.size(); ++i) {
      const Knob& knob = space_.knobs()[i];
      assignment[i] = knob.fixed.value_or(static_cast<int>(generator_() % knob.choices.size()));
    }
    return Proposal{write_mapping(space_, assignment), "all knobs at random"};
  }

  void tell(const Proposal&, const Verdict&) override {}
  int most_open() const override { return std::numeric_limits<int>::max(); }

 private:
  const SearchSpace& space_;
  std::mt19937_64 generator_;
};

}  // namespace

std::unique_ptr<Strategy> make_random_strategy(const SearchSpace& space, uint64_t seed) {
  return std::make_unique<RandomStrategy>(space, seed);
}

}  // namespace placewright::tune
