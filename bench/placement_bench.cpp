// SPDX-License-Identifier: Apache-2.0
// Compares placement look-ups with hand-written functors, and measures the cost of the first
// launch: evaluation per point. Every benchmark checks its answers against the functor's before it
// is timed.
#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "lang/check/checker.h"
#include "lang/columns/lower.h"
#include "lang/syntax/parser.h"
#include "machine/decompose.h"
#include "policy/policy.h"

namespace placewright {
namespace {

constexpr int kNodes = 16;
constexpr int kGpus = 8;

constexpr const char* kMapping = R"(
m = Machine(GPU);

def block(Task task) {
  linear = task.ipoint[0] * m.volume / task.ispace[0];
  return m[linear / m.size[1], linear % m.size[1]];
}

def cyclic(Task task) {
  return m[task.ipoint[0] % m.size[0], task.ipoint[0] / m.size[0] % m.size[1]];
}

def block2d(Task task) {
  return m[*(task.ipoint * m.size / task.ispace)];
}

def hierarchical(Task task) {
  m3 = m.auto_split(0, task.ispace);
  m4 = m3.auto_split(2, task.ispace / m3[:-1]);
  upper = task.ipoint * m4[:2] / task.ispace;
  lower = task.ipoint % m4[2:];
  return m4[*upper, *lower];
}

def odd(Task task) {
  mixed = task.ipoint[0] * 7919 + task.ipoint[1] * task.ipoint[1] * 104729;
  return m[mixed / 13 % m.size[0], mixed / 29 % m.size[1]];
}

def block3d(Task task) {
  grid = m.merge(0, 1).decompose(0, task.ispace);
  p = task.ipoint * grid.size / task.ispace;
  linear = p[0] + grid.size[0] * (p[1] + grid.size[1] * p[2]);
  return m[linear / m.size[1], linear % m.size[1]];
}

IndexTaskMap block3d block3d;
IndexTaskMap block block;
IndexTaskMap cyclic cyclic;
IndexTaskMap block2d block2d;
IndexTaskMap hierarchical hierarchical;
IndexTaskMap odd odd;
)";

std::shared_ptr<const policy::Policy> make_policy() {
  auto mapping =
      std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("bench.mapping", kMapping), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  machine::NodeShape node;
  node.processors[static_cast<size_t>(machine::ProcessorKind::Gpu)] = kGpus;
  return policy::Policy::build(
      mapping, machine::MachineShape(std::vector<machine::NodeShape>(kNodes, node)), diagnostics);
}

const policy::Placement* find(const policy::Policy& policy, const char* task,
                              const machine::LaunchDomain& domain) {
  const auto function = policy.index_map(policy.task(task), machine::ProcessorKind::Gpu);
  const auto placement = policy.placement(function.value(), {domain}, machine::ProcessorKind::Gpu);
  return placement ? *placement : nullptr;
}

struct Answer {
  int32_t node;
  int32_t ordinal;
};

/// What a hand-written mapper has: a virtual function from point and domain to a processor. As in a
/// mapper, the size of the machine is known only at run time.
class Functor {
 public:
  Functor() {
    benchmark::DoNotOptimize(nodes_);
    benchmark::DoNotOptimize(gpus_);
  }
  virtual ~Functor() = default;
  [[nodiscard]] virtual Answer at(const machine::DomainPoint& point,
                                  const machine::LaunchDomain& domain) const = 0;

 protected:
  int64_t nodes_ = kNodes;
  int64_t gpus_ = kGpus;
};

class BlockFunctor final : public Functor {
 public:
  [[nodiscard]] Answer at(const machine::DomainPoint& point,
                          const machine::LaunchDomain& domain) const override {
    const int64_t linear = point.at[0] * nodes_ * gpus_ / domain.extent(0);
    return {static_cast<int32_t>(linear / gpus_), static_cast<int32_t>(linear % gpus_)};
  }
};

class CyclicFunctor final : public Functor {
 public:
  [[nodiscard]] Answer at(const machine::DomainPoint& point,
                          const machine::LaunchDomain&) const override {
    return {static_cast<int32_t>(point.at[0] % nodes_),
            static_cast<int32_t>(point.at[0] / nodes_ % gpus_)};
  }
};

class BlockFunctor2d final : public Functor {
 public:
  [[nodiscard]] Answer at(const machine::DomainPoint& point,
                          const machine::LaunchDomain& domain) const override {
    return {static_cast<int32_t>(point.at[0] * nodes_ / domain.extent(0)),
            static_cast<int32_t>(point.at[1] * gpus_ / domain.extent(1))};
  }
};

/// Blocks over the nodes, cyclic over the GPUs of a node, on grids computed by the mapper.
class HierarchicalFunctor final : public Functor {
 public:
  HierarchicalFunctor(std::array<int64_t, 2> nodes, std::array<int64_t, 2> gpus)
      : node_grid_(nodes), gpu_grid_(gpus) {
    benchmark::DoNotOptimize(node_grid_);
    benchmark::DoNotOptimize(gpu_grid_);
  }
  [[nodiscard]] Answer at(const machine::DomainPoint& point,
                          const machine::LaunchDomain& domain) const override {
    int64_t upper[2];
    int64_t lower[2];
    for (int d = 0; d < 2; ++d) {
      upper[d] = point.at[d] * node_grid_[d] / domain.extent(d);
      lower[d] = point.at[d] % gpu_grid_[d];
    }
    return {static_cast<int32_t>(upper[0] + upper[1] * node_grid_[0]),
            static_cast<int32_t>(lower[0] + lower[1] * gpu_grid_[0])};
  }

 private:
  std::array<int64_t, 2> node_grid_;
  std::array<int64_t, 2> gpu_grid_;
};

class BlockFunctor3d final : public Functor {
 public:
  explicit BlockFunctor3d(std::array<int64_t, 3> grid) : grid_(grid) {
    benchmark::DoNotOptimize(grid_);
  }
  [[nodiscard]] Answer at(const machine::DomainPoint& point,
                          const machine::LaunchDomain& domain) const override {
    int64_t linear = 0;
    for (int d = 2; d >= 0; --d)
      linear = linear * grid_[d] + point.at[d] * grid_[d] / domain.extent(d);
    return {static_cast<int32_t>(linear / gpus_), static_cast<int32_t>(linear % gpus_)};
  }

 private:
  std::array<int64_t, 3> grid_;
};

machine::LaunchDomain line(int64_t size) { return {{1, {0}}, {1, {size - 1}}}; }
machine::LaunchDomain cube(int64_t side) {
  return {{3, {0, 0, 0}}, {3, {side - 1, side - 1, side - 1}}};
}
machine::LaunchDomain square(int64_t side) { return {{2, {0, 0}}, {2, {side - 1, side - 1}}}; }

/// 16 nodes of 8 GPUs over a square: 4 x 4 nodes of 4 x 2 GPUs, the split that `auto_split` finds.
std::shared_ptr<const Functor> hierarchical_functor() {
  return std::make_shared<HierarchicalFunctor>(std::array<int64_t, 2>{4, 4},
                                               std::array<int64_t, 2>{4, 2});
}

/// 128 processors over a cube: 8 x 4 x 4.
std::shared_ptr<const Functor> block_functor_3d() {
  return std::make_shared<BlockFunctor3d>(std::array<int64_t, 3>{8, 4, 4});
}

std::vector<machine::DomainPoint> points_of(const machine::LaunchDomain& domain) {
  std::vector<machine::DomainPoint> points;
  for (int64_t i = 0; i < domain.volume(); ++i) points.push_back(domain.point(i));
  return points;
}

void look_up(benchmark::State& state, const char* task, const machine::LaunchDomain& domain,
             std::shared_ptr<const Functor> reference) {
  const auto policy = make_policy();
  const policy::Placement* placement = find(*policy, task, domain);
  const std::vector<machine::DomainPoint> points = points_of(domain);
  for (const machine::DomainPoint& point : points) {
    if (!reference) break;
    const Answer expected = reference->at(point, domain);
    const policy::Target found = placement->at(point);
    if (found.node != expected.node || found.processors[0] != expected.ordinal) {
      state.SkipWithError("the placement differs from the functor");
      return;
    }
  }
  size_t next = 0;
  for (auto _ : state) {
    const policy::Target target = placement->at(points[next]);
    benchmark::DoNotOptimize(target.node + target.processors[0]);
    if (++next == points.size()) next = 0;
  }
  state.counters["bytes"] = static_cast<double>(placement->memory_bytes());
}

void call_functor(benchmark::State& state, const machine::LaunchDomain& domain,
                  std::shared_ptr<const Functor> functor) {
  const std::vector<machine::DomainPoint> points = points_of(domain);
  const Functor* called = functor.get();
  benchmark::DoNotOptimize(called);
  size_t next = 0;
  for (auto _ : state) {
    const Answer answer = called->at(points[next], domain);
    benchmark::DoNotOptimize(answer.node + answer.ordinal);
    if (++next == points.size()) next = 0;
  }
}

/// A mapper's work per task: from function, launch and kind to the placement of one point.
void find_and_look_up(benchmark::State& state) {
  const auto policy = make_policy();
  const machine::LaunchDomain domain = line(1024);
  const policy::FunctionId function =
      policy->index_map(policy->task("block"), machine::ProcessorKind::Gpu).value();
  const machine::LaunchFacts launch{domain};
  machine::DomainPoint point = domain.lo;
  for (auto _ : state) {
    const auto placement = policy->placement(function, launch, machine::ProcessorKind::Gpu);
    benchmark::DoNotOptimize((*placement)->at(point).node);
    point.at[0] = (point.at[0] + 1) % 1024;
  }
}

/// The first evaluation of a launch; time per point is the inverse of items per second.
void evaluate(benchmark::State& state, const char* task, const machine::LaunchDomain& domain) {
  for (auto _ : state) {
    state.PauseTiming();
    const auto policy = make_policy();
    state.ResumeTiming();
    benchmark::DoNotOptimize(find(*policy, task, domain));
  }
  state.SetItemsProcessed(state.iterations() * domain.volume());
}

/// Every point of a launch in order, as when each node shards a launch.
void sweep(benchmark::State& state, const char* task, const machine::LaunchDomain& domain) {
  const auto policy = make_policy();
  const policy::Placement* placement = find(*policy, task, domain);
  for (auto _ : state) {
    machine::DomainPoint point = domain.lo;
    int64_t sum = 0;
    for (point.at[1] = domain.lo.at[1]; point.at[1] <= domain.hi.at[1]; ++point.at[1])
      for (point.at[0] = domain.lo.at[0]; point.at[0] <= domain.hi.at[0]; ++point.at[0])
        sum += placement->at(point).node;
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * domain.volume());
}

/// The columns alone: one number per point, before a placement is built from them.
void columns(benchmark::State& state, const char* function, const machine::LaunchDomain& domain) {
  const auto policy = make_policy();
  Diagnostics diagnostics(policy->mapping().file);
  const lang::Evaluator evaluator(policy->mapping().program, policy->machine(), diagnostics, {});
  const auto lowered = lang::lower_function(
      evaluator, evaluator.find_function(function).value(), {domain}, machine::ProcessorKind::Gpu,
      policy->machine().processors_per_node(machine::ProcessorKind::Gpu));
  for (auto _ : state) benchmark::DoNotOptimize(lowered.value().program.run());
  state.SetItemsProcessed(state.iterations() * domain.volume());
}

/// Points of a launch of two billion points.
void look_up_on_demand(benchmark::State& state) {
  const auto policy = make_policy();
  const policy::Placement* placement = find(*policy, "block2d", square(45'000));
  const std::vector<machine::DomainPoint> points = points_of(square(64));
  size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(placement->at(points[next]).node);
    if (++next == points.size()) next = 0;
  }
  state.counters["bytes"] = static_cast<double>(placement->memory_bytes());
}

void decompose_processors(benchmark::State& state, int64_t processors,
                          const std::vector<int64_t>& extents) {
  for (auto _ : state) benchmark::DoNotOptimize(machine::decompose(processors, extents));
}

void build(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_policy());
}

BENCHMARK_CAPTURE(call_functor, block_1k, line(1024), std::make_shared<BlockFunctor>());
BENCHMARK_CAPTURE(look_up, block_1k, "block", line(1024), std::make_shared<BlockFunctor>());
BENCHMARK_CAPTURE(call_functor, block_100k, line(100'000), std::make_shared<BlockFunctor>());
BENCHMARK_CAPTURE(look_up, block_100k, "block", line(100'000), std::make_shared<BlockFunctor>());
BENCHMARK_CAPTURE(call_functor, cyclic_1k, line(1024), std::make_shared<CyclicFunctor>());
BENCHMARK_CAPTURE(look_up, cyclic_1k, "cyclic", line(1024), std::make_shared<CyclicFunctor>());
BENCHMARK_CAPTURE(call_functor, cyclic_100k, line(100'000), std::make_shared<CyclicFunctor>());
BENCHMARK_CAPTURE(look_up, cyclic_100k, "cyclic", line(100'000), std::make_shared<CyclicFunctor>());
BENCHMARK_CAPTURE(call_functor, block_2d, square(64), std::make_shared<BlockFunctor2d>());
BENCHMARK_CAPTURE(look_up, block_2d, "block2d", square(64), std::make_shared<BlockFunctor2d>());
BENCHMARK_CAPTURE(call_functor, hierarchical_2d, square(64), hierarchical_functor());
BENCHMARK_CAPTURE(look_up, hierarchical_2d, "hierarchical", square(64), hierarchical_functor());
BENCHMARK_CAPTURE(call_functor, block_3d, cube(32), block_functor_3d());
BENCHMARK_CAPTURE(look_up, block_3d, "block3d", cube(32), block_functor_3d());
BENCHMARK_CAPTURE(look_up, table_4k, "odd", square(64), nullptr);
BENCHMARK_CAPTURE(look_up, table_1m, "odd", square(1024), nullptr);
BENCHMARK(find_and_look_up);
BENCHMARK(look_up_on_demand);
BENCHMARK_CAPTURE(evaluate, block, "block", line(4096))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, block_2d, "block2d", square(64))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, hierarchical, "hierarchical", square(64))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, block_1m, "block", line(1 << 20))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate, hierarchical_1m, "hierarchical", square(1 << 10))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(columns, block_1m, "block", line(1 << 20))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(columns, hierarchical_1m, "hierarchical", square(1 << 10))
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(sweep, block_1m, "block", line(1 << 20));
BENCHMARK_CAPTURE(sweep, hierarchical_1m, "hierarchical", square(1 << 10));
BENCHMARK_CAPTURE(decompose_processors, 65536_in_3d, 65536, {1000, 2000, 3000})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(decompose_processors, 45360_in_6d, 45360, {100, 200, 300, 400, 500, 600})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(build)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace placewright

BENCHMARK_MAIN();
