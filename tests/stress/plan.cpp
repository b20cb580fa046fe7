// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <algorithm>
#include <random>

namespace stress {
namespace {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  /// From 0 to `below` - 1.
  int number(int below) { return static_cast<int>(engine_() % static_cast<uint64_t>(below)); }
  bool chance(int percent) { return number(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

Access any_access(Random& random) {
  constexpr Access kAll[] = {Access::Read, Access::Read, Access::Write, Access::Overwrite,
                             Access::Add};
  return kAll[random.number(5)];
}

Launch make_launch(Random& random, const Plan& plan, int64_t number) {
  Launch launch;
  launch.task = random.number(kTaskNames);
  launch.index = random.chance(80);
  launch.nested = random.chance(15);
  launch.number = number;
  std::vector<std::pair<int, int>> places;
  for (int region = 0; region < plan.regions; ++region) {
    for (int field = 0; field < kFields; ++field) places.emplace_back(region, field);
  }
  const int uses = 1 + random.number(std::min(4, static_cast<int>(places.size())));
  for (int k = 0; k < uses; ++k) {
    const int at = random.number(static_cast<int>(places.size()));
    Use use{places[at].first, places[at].second, Part::Whole, any_access(random)};
    places.erase(places.begin() + at);
    if (launch.index) {
      const bool changes = use.access == Access::Write || use.access == Access::Overwrite;
      // Points may share what they only read or add to.
      use.part = changes             ? Part::Pieces
                 : random.chance(50) ? Part::Pieces
                 : random.chance(70) ? Part::Overlapping
                                     : Part::Whole;
    }
    launch.uses.push_back(use);
  }
  return launch;
}

using Values = std::vector<std::vector<uint64_t>>;  ///< By region and field.

void run_point(const Plan& plan, const Launch& launch, int64_t x, Values& values) {
  const auto number = static_cast<uint64_t>(launch.number);
  const auto of = [&](const Use& use) -> std::vector<uint64_t>& {
    return values[static_cast<size_t>(use.region * kFields + use.field)];
  };
  uint64_t sum = 0;
  for (const Use& use : launch.uses) {
    if (use.access != Access::Read) continue;
    const Span span = span_of(plan, use.part, x);
    for (int64_t i = span.first; i < span.last; ++i) sum += of(use)[i];
  }
  for (const Use& use : launch.uses) {
    const Span span = span_of(plan, use.part, x);
    for (int64_t i = span.first; i < span.last; ++i) {
      uint64_t& value = of(use)[i];
      if (use.access == Access::Write) value = written(value, sum, number, i);
      if (use.access == Access::Overwrite) value = overwritten(sum, number, i);
      if (use.access == Access::Add) value += added(sum, number, i);
    }
  }
}

}  // namespace

Plan make_plan(uint64_t seed) {
  Random random(seed);
  Plan plan;
  plan.regions = 1 + random.number(4);
  plan.pieces = 1 + random.number(9);
  plan.elements = static_cast<int64_t>(plan.pieces) * (1000 + random.number(12000));
  plan.rounds = 1 + random.number(4);
  plan.traced = plan.rounds > 2 && random.chance(40);
  const int launches = 2 + random.number(12);
  for (int k = 0; k < launches; ++k)
    plan.launches.push_back(make_launch(random, plan, 1 + random.number(1000)));
  return plan;
}

Span span_of(const Plan& plan, Part part, int64_t x) {
  const int64_t length = plan.elements / plan.pieces;
  if (part == Part::Whole) return {0, plan.elements};
  const int64_t halo = part == Part::Overlapping ? length / 4 : 0;
  return {std::max<int64_t>(0, x * length - halo),
          std::min(plan.elements, (x + 1) * length + halo)};
}

std::vector<uint64_t> expected(const Plan& plan) {
  Values values(static_cast<size_t>(plan.regions * kFields),
                std::vector<uint64_t>(static_cast<size_t>(plan.elements), 1));
  for (int round = 0; round < plan.rounds; ++round) {
    for (const Launch& launch : plan.launches) {
      const int64_t points = launch.index ? plan.pieces : 1;
      for (int64_t x = 0; x < points; ++x) run_point(plan, launch, x, values);
    }
  }
  std::vector<uint64_t> sums;
  for (const std::vector<uint64_t>& field : values) {
    uint64_t sum = 0;
    for (size_t i = 0; i < field.size(); ++i) sum += weighted(field[i], static_cast<int64_t>(i));
    sums.push_back(sum);
  }
  return sums;
}

}  // namespace stress
