// SPDX-License-Identifier: Apache-2.0
#include "policy/placement.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <thread>

#include "counted_new.h"
#include "policies.h"
#include "policy/place.h"

namespace placewright::policy {
namespace {

constexpr int kNodes = 4;
constexpr int kWidth = 4;

using Map = std::function<int64_t(const machine::DomainPoint&)>;  // node * kWidth + ordinal

/// A placement that must give back the map it was made from.
std::unique_ptr<const Placement> make(const char* domain_text, const Map& map) {
  const machine::LaunchDomain domain = machine::parse_launch_domain(domain_text).value();
  std::vector<uint32_t> numbers;
  for (int64_t i = 0; i < domain.volume(); ++i) {
    numbers.push_back(static_cast<uint32_t>(map(domain.point(i))));
  }
  auto placement = std::make_unique<const Placement>(
      machine::ProcessorKind::Gpu, domain, single_targets(kNodes, kWidth), numbers, kWidth);
  for (int64_t i = 0; i < domain.volume(); ++i) {
    const machine::DomainPoint point = domain.point(i);
    const Target target = placement->at(point);
    EXPECT_EQ(target.node * kWidth + target.processors[0], map(point)) << to_string(point);
    EXPECT_EQ(target.processors.size(), 1U);
  }
  return placement;
}

int64_t scramble(int64_t x) { return (x * 2654435761 >> 7) % (kNodes * kWidth); }

TEST(Placement, BlockAndCyclicMapsInOneDimensionNeedNoTable) {
  constexpr int64_t kSize = 10'007;  // a prime: blocks of unequal length
  const std::vector<Map> maps = {
      [](const machine::DomainPoint& p) { return p.at[0] * 16 / kSize; },
      [](const machine::DomainPoint& p) { return p.at[0] % 16; },
      [](const machine::DomainPoint& p) { return p.at[0] % 4 * 4 + p.at[0] / 4 % 4; },
      [](const machine::DomainPoint& p) { return p.at[0] / 64 % 16; },
      [](const machine::DomainPoint& p) { return p.at[0] * 4 / kSize * 4 + p.at[0] % 4; },
      [](const machine::DomainPoint&) { return 7; }};
  for (const Map& map : maps) {
    const auto placement = make("0..10006", map);
    EXPECT_TRUE(placement->is_closed());
    EXPECT_LT(placement->memory_bytes(), 1024U);
  }
}

TEST(Divider, DividesByMultiplying) {
  for (uint64_t divisor : {1ULL, 2ULL, 3ULL, 7ULL, 1000ULL, 65'537ULL, 16'777'215ULL}) {
    const uint64_t largest = (UINT64_MAX >> 1) / divisor / divisor * divisor - 1;
    const auto divider = machine::Divider::make(divisor, largest);
    ASSERT_TRUE(divider) << divisor;
    for (uint64_t n : {uint64_t{0}, divisor - 1, divisor, divisor + 1, largest - 1, largest}) {
      EXPECT_EQ(divider->quotient(n), n / divisor) << n << " / " << divisor;
      EXPECT_EQ(divider->remainder(n), n % divisor) << n << " % " << divisor;
    }
  }
  EXPECT_FALSE(machine::Divider::make(uint64_t{1} << 33, uint64_t{1} << 33));
  EXPECT_FALSE(machine::Divider::make(0, 1));
}

TEST(Placement, MapsInSeveralDimensionsAreSumsOverTheirCoordinates) {
  const auto plane = make("0,0..99,49", [](const machine::DomainPoint& p) {
    return (p.at[0] * 2 / 100 + p.at[1] * 2 / 50 * 2) * 4 + p.at[0] % 2 + p.at[1] % 2 * 2;
  });
  EXPECT_EQ(plane->form(), Placement::Form::Axes);
  EXPECT_LT(plane->memory_bytes(), 2048U);
  const auto volume = make("0,0,0..11,9,7", [](const machine::DomainPoint& p) {
    return p.at[0] * 2 / 12 * 8 + p.at[1] * 2 / 10 * 4 + p.at[2] * 4 / 8;
  });
  EXPECT_EQ(volume->form(), Placement::Form::Axes);
}

TEST(Placement, LowerBoundsShiftTheTables) {
  const auto placement = make("-3,5..4,8", [](const machine::DomainPoint& p) {
    return (p.at[0] + 3) / 4 * 4 + p.at[1] - 5;
  });
  EXPECT_EQ(placement->form(), Placement::Form::Axes);
}

TEST(Placement, BlocksOfTheRowByRowPositionAreAClosedForm) {
  // Blocks of 3 run over the end of a row of 10, so no sum over coordinates exists.
  const auto rows = make(
      "0,0..6,9", [](const machine::DomainPoint& p) { return (p.at[0] * 10 + p.at[1]) / 3 % 16; });
  EXPECT_EQ(rows->form(), Placement::Form::Linear);
  EXPECT_TRUE(rows->is_closed());
  const auto columns = make(
      "0,0..6,9", [](const machine::DomainPoint& p) { return (p.at[1] * 7 + p.at[0]) / 5 % 16; });
  EXPECT_EQ(columns->form(), Placement::Form::Linear);
}

TEST(Placement, AnythingElseIsATableOfTwoBytesPerPoint) {
  const auto placement = make(
      "0,0..63,63", [](const machine::DomainPoint& p) { return scramble(p.at[0] * 64 + p.at[1]); });
  EXPECT_EQ(placement->form(), Placement::Form::NarrowTable);
  EXPECT_LT(placement->memory_bytes(), 64U * 64 * 2 + 1024);
  const auto line =
      make("0..9999", [](const machine::DomainPoint& p) { return scramble(p.at[0]); });
  EXPECT_EQ(line->form(), Placement::Form::NarrowTable);
}

TEST(Placement, LookUpsAllocateNothing) {
  const auto policy = good_policy(
      "m = Machine(GPU);"
      "def block(Task task) { return m[task.ipoint[0] / 8, task.ipoint[1] % 4]; }"
      "def odd(Task task) { p = task.ipoint; return m[(p[0] * p[1] + p[0]) % 2, p[0] * p[1] % 3]; }"
      "def whole(Task task) { return m[task.ipoint[0] % 2, *]; }"
      "IndexTaskMap a block; IndexTaskMap b odd; IndexTaskMap c whole;");
  const machine::LaunchDomain domain = machine::parse_launch_domain("0,0..15,15").value();
  for (const char* name : {"a", "b", "c"}) {
    const FunctionId function =
        policy->index_map(policy->task(name), machine::ProcessorKind::Gpu).value();
    ASSERT_TRUE(policy->placement(function, {domain}, machine::ProcessorKind::Gpu));
    const int64_t before = allocation_count();
    int64_t sum = 0;
    for (int64_t i = 0; i < domain.volume(); ++i) {
      const auto placement = policy->placement(function, {domain}, machine::ProcessorKind::Gpu);
      const Target target = (*placement)->at(domain.point(i));
      sum += target.node + target.processors[0];
    }
    sum += policy->index_map(policy->task(name), machine::ProcessorKind::Gpu)->value;
    EXPECT_EQ(allocation_count(), before) << name;
    EXPECT_GT(sum, 0) << name;
  }
}

TEST(Placement, ManyThreadsShareOne) {
  const auto policy = good_policy(
      "m = Machine(GPU); def f(Task task) { return m[task.ipoint[0] % 2, 1]; } IndexTaskMap * f;");
  const FunctionId function =
      policy->index_map(policy->task("t"), machine::ProcessorKind::Gpu).value();
  std::array<std::array<const Placement*, 32>, 4> seen{};
  {
    std::vector<std::jthread> threads;
    for (auto& mine : seen) {
      threads.emplace_back([&] {
        for (int i = 0; i < 32; ++i) {
          const machine::LaunchDomain domain{{1, {0}}, {1, {i}}};
          mine[i] = policy->placement(function, {domain}, machine::ProcessorKind::Gpu).value();
        }
      });
    }
  }
  for (int i = 0; i < 32; ++i) {
    for (const auto& mine : seen) EXPECT_EQ(mine[i], seen[0][i]);
    EXPECT_EQ(seen[0][i]->domain().volume(), i + 1);
  }
}

}  // namespace
}  // namespace placewright::policy
