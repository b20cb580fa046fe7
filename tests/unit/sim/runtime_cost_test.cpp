// SPDX-License-Identifier: Apache-2.0
// What the runtime's own work takes, what CPUs copy, and cores that are shared.
#include <gmock/gmock.h>

#include "recordings.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using testing::HasSubstr;
using workload::Operation;
using workload::Recording;

/// Real processors: no GPU, so many cores; what the runtime takes, as p100x4 has it.
machine::MachineDescription processors(int cpus, int cores, bool has_runtime = false) {
  machine::MachineDescription machine = p100();
  std::erase_if(machine.quantities, [&](const auto& quantity) {
    return quantity.first.starts_with("runtime.") && !has_runtime;
  });
  const auto set = [&](const char* key, double value) {
    machine.quantities[key] = {value, value, value, "test"};
  };
  set("shape.gpus", 0);
  set("shape.cpu_processors", cpus);
  if (cores > 0) set("shape.cores", cores);
  machine.bus_groups.clear();
  machine.gpu_sockets.clear();
  for (const char* place : {"gpu.frame_buffer", "gpu.zero_copy"}) machine.access.erase(place);
  std::erase_if(machine.quantities,
                [](const auto& quantity) { return quantity.first.starts_with("sockets."); });
  return machine;
}

/// `make` and then `use` of something else, which nothing connects.
Recording two_tasks() {
  Recording recording = producer_and_consumer();
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements.push_back({1, Privilege::WriteDiscard, {1}});
  recording.argument_lists[1] = {2};
  recording.costs = {{0, 1e9, 0, {}}};
  return recording;
}

std::string on_cpus(int make, int use) {
  const auto place = [](int cpu) { return "{ return m[0, " + std::to_string(cpu) + "]; }\n"; };
  return "Task * CPU;\nm = Machine(CPU);\ndef first(Task task) " + place(make) +
         "def second(Task task) " + place(use) +
         "SingleTaskMap make first;\nSingleTaskMap use second;\n";
}

TEST(RuntimeCost, PointsAreMappedOneAfterTheOther) {
  const MachineTable numbers =
      *parse_machine_table(
           machine::flat_machine_table(p100(), {.time_scale = 1, .runtime_cost = true}), "p100")
           .table;
  const auto& work = numbers.runtime->untraced;
  // Each has one argument and makes one instance.
  const double mapping = work.task_s + work.argument_s + numbers.runtime->instance_s;
  const double copy = numbers.peer.latency_s + kBytes / numbers.peer.bandwidth;
  const auto predicted = predict(producer_and_consumer(), on_gpus(1, 2), p100(),
                                 {.runtime_cost = true}, {.observes = true});
  ASSERT_TRUE(predicted) << predicted.error().message;
  // The second is mapped while the first runs, if that takes longer.
  const double made = mapping + std::max(mapping, kernel_s());
  EXPECT_NEAR(predicted->all_s, made + copy + kernel_s(), 1e-12);
  EXPECT_NEAR(predict(producer_and_consumer(), on_gpus(1, 2))->all_s, 2 * kernel_s() + copy, 1e-12);
  bool is_told = false;
  for (const Blame& each : predicted->critical) is_told |= each.what == "the runtime, for `make`";
  EXPECT_TRUE(is_told);
}

TEST(RuntimeCost, ReplayedTracesCostLess) {
  const MachineTable numbers =
      *parse_machine_table(
           machine::flat_machine_table(p100(), {.time_scale = 1, .runtime_cost = true}), "p100")
           .table;
  Recording recording = producer_and_consumer(6);
  recording.costs = {{}};  // so that the runtime's work is all there is
  const std::string mapping = on_gpus(0, 0);
  const Modelling with{.runtime_cost = true};
  const double untraced = predict(recording, mapping, p100(), with)->step_s;
  EXPECT_NEAR(untraced, numbers.runtime->untraced.task_s + numbers.runtime->untraced.argument_s,
              1e-9);
  recording.operations.push_back({Operation::Kind::BeginTrace, 1});
  recording.operations.push_back({Operation::Kind::EndTrace, 1});
  recording.programs[0].back().body = {2, 1, 3};
  EXPECT_NEAR(predict(recording, mapping, p100(), with)->step_s,
              numbers.runtime->replayed.task_s + numbers.runtime->replayed.argument_s, 1e-9);
}

TEST(RuntimeCost, AMachineThatDoesNotSayItHasNone) {
  machine::MachineDescription machine = p100();
  std::erase_if(machine.quantities,
                [](const auto& quantity) { return quantity.first.starts_with("runtime."); });
  const Recording recording = producer_and_consumer();
  const auto simulator = Simulator::make(recording, machine, {.runtime_cost = true});
  ASSERT_FALSE(simulator);
  EXPECT_THAT(simulator.error().message, HasSubstr("no section `[runtime]`"));
}

TEST(RuntimeCost, RealProcessorsHaveItWhereItIsKnown) {
  const Recording recording = producer_and_consumer();
  EXPECT_FALSE(Simulator::make(recording, p100())->has_runtime_cost());
  EXPECT_FALSE(Simulator::make(recording, processors(2, 0))->has_runtime_cost());
  const auto real = Simulator::make(recording, processors(2, 0, /*has_runtime=*/true));
  ASSERT_TRUE(real) << real.error().message;
  EXPECT_TRUE(real->has_runtime_cost());
  EXPECT_EQ(real->level(), Level::Shared);
}

TEST(SharedCores, TasksOnMoreProcessorsThanCoresShareThem) {
  const double alone = predict(two_tasks(), on_cpus(0, 1), processors(2, 0))->all_s;
  EXPECT_NEAR(predict(two_tasks(), on_cpus(0, 1), processors(2, 2))->all_s, alone, 1e-9);
  const double launch = table(processors(2, 0)).cpu.task_launch_s;
  EXPECT_NEAR(predict(two_tasks(), on_cpus(0, 1), processors(2, 1))->all_s,
              launch + 2 * (alone - launch), 1e-9);
}

TEST(SharedCores, OneAfterTheOtherNeedsOneCore) {
  EXPECT_NEAR(predict(two_tasks(), on_cpus(0, 0), processors(2, 1))->all_s,
              predict(two_tasks(), on_cpus(0, 0), processors(2, 0))->all_s, 1e-9);
}

TEST(CopiesByCpus, TakeTimeExceptOnVirtualGpus) {
  const MachineTable numbers = table();
  const std::string mapping =
      "Task * CPU;\nRegion make data CPU SYSMEM;\nRegion use data CPU ZCMEM;\n";
  const auto shared = predict(producer_and_consumer(), mapping, p100(), {.level = Level::Shared});
  ASSERT_TRUE(shared) << shared.error().message;
  const auto driver = predict(producer_and_consumer(), mapping);
  ASSERT_TRUE(driver) << driver.error().message;
  EXPECT_EQ(driver->unmodelled_bytes, kBytes);
  EXPECT_EQ(shared->unmodelled_bytes, 0U);
  // Read once and written once.
  EXPECT_NEAR(shared->all_s - driver->all_s, 2 * kBytes / numbers.cpu.memory_bandwidth, 1e-9);
}

}  // namespace
}  // namespace placewright::sim
