#include <array>
#include <random>

#include "support/text.h"
#include "tune/strategy.h"

namespace placewright::tune {
namespace {

class RandomStrategy : public Strategy {
 public:
  RandomStrategy(const SearchSpace& space, uint64_t seed) : space_(space), generator_(seed) {}

  std::string_view name() const override { return "random"; }

  std::optional<Proposal> ask() override {
    if (space_.knobs().empty()) return std::nullopt;
    Proposal proposal{space_.defaults(), "all knobs at random"};
    // Not std::uniform_int_distribution: its results differ between standard libraries.
    for (size_t i = 0; i < proposal.assignment.size(); ++i)
      proposal.assignment[i] = static_cast<int>(generator_() % space_.knobs()[i].choices.size());
    return proposal;
  }

  void tell(const Proposal&, const Verdict&) override {}

 private:
  const SearchSpace& space_;
  std::mt19937_64 generator_;
};

constexpr std::array<std::string_view, 2> kStrategies = {"random", "descent"};

}  // namespace

std::unique_ptr<Strategy> make_random_strategy(const SearchSpace& space, uint64_t seed) {
  return std::make_unique<RandomStrategy>(space, seed);
}

Result<std::unique_ptr<Strategy>> make_strategy(std::string_view name, const SearchSpace& space,
                                                Assignment start, uint64_t seed) {
  if (name == "random") return make_random_strategy(space, seed);
  if (name == "descent") return make_descent_strategy(space, std::move(start), seed);
  const std::string_view nearest = nearest_word(name, std::span(kStrategies));
  return fail("unknown strategy `" + std::string(name) + "`, expected `random` or `descent`",
              nearest.empty() ? "" : "did you mean `" + std::string(nearest) + "`?");
}

}  // namespace placewright::tune
