// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "workload/workload.h"

namespace placewright::workload {
namespace {

Workload two_tasks() {
  Workload workload{*machine::MachineShape::parse("nodes=2,GPU=4,CPU=2"), {}};
  WorkloadTask calc{
      "calc", {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu}, false, {}, {}};
  calc.arguments.push_back(
      {{"rp_shared", "all_nodes"}, machine::Privilege::Reduce, 1, 2, 1u << 20});
  calc.launches.push_back({true, {{2, {0, 1}}, {2, {3, 1}}}, 7, 42, 2});
  WorkloadTask top{"top_level", {machine::ProcessorKind::Cpu}, true, {}, {{false, {}, 1}}};
  workload.tasks = {calc, top};
  return workload;
}

std::string error_of(const std::string& text) {
  const auto workload = workload_from_json(text);
  return workload ? "no error" : workload.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(WorkloadJson, GivesBackWhatWasWritten) {
  const Workload before = two_tasks();
  const auto after = workload_from_json(to_json(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->tasks, before.tasks);
  EXPECT_EQ(after->machine.to_string(), before.machine.to_string());
}

TEST(WorkloadJson, SortsTasksByName) {
  Workload workload = two_tasks();
  std::swap(workload.tasks[0], workload.tasks[1]);
  const auto after = workload_from_json(to_json(workload));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->tasks[0].name, "calc");
}

TEST(WorkloadJson, RefusesWhatIsNotJson) {
  EXPECT_EQ(error_of("{\"format\": "), "the workload is not JSON: wrong at byte 12");
}

TEST(WorkloadJson, RefusesAnotherVersion) {
  EXPECT_EQ(error_of(replaced(to_json(two_tasks()), "\"version\": 1", "\"version\": 3")),
            "not a workload: the file has version 3, this program reads versions 1 and 2");
}

TEST(WorkloadJson, RefusesAnotherKindOfFile) {
  EXPECT_EQ(error_of("{\"format\": \"trace\"}"),
            "not a workload: `format` is `\"trace\"`, expected `placewright-workload`");
}

TEST(WorkloadJson, DemandsAreThereOnlyWhereAVariantHasSome) {
  Workload workload = two_tasks();
  EXPECT_EQ(to_json(workload).find("demands"), std::string::npos);
  workload.tasks[0].arguments[0].demands = {"GPU: AOS F_order"};
  const auto read = workload_from_json(to_json(workload));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->tasks, workload.tasks);
}

TEST(WorkloadJson, NamesTheMemberThatIsMissing) {
  EXPECT_EQ(error_of(replaced(to_json(two_tasks()), "\"privilege\": \"RED\",", "")),
            "not a workload: `tasks[0].arguments[0].privilege` is missing");
}

TEST(WorkloadJson, NamesTheMemberOfAnotherType) {
  EXPECT_EQ(error_of(replaced(to_json(two_tasks()), "\"bytes\": 1048576", "\"bytes\": \"many\"")),
            "not a workload: `tasks[0].arguments[0].bytes` is `\"many\"`, expected a whole number "
            "that is not negative");
}

TEST(WorkloadJson, NamesAnUnknownWord) {
  EXPECT_EQ(error_of(replaced(to_json(two_tasks()), "\"GPU\"\n", "\"TPU\"\n")),
            "not a workload: `tasks[0].variants[1]` is `\"TPU\"`, expected CPU, GPU, IO, PY, PROC "
            "or OMP");
}

TEST(WorkloadJson, RefusesAMachineWithoutNodes) {
  EXPECT_EQ(error_of(R"({"format":"placewright-workload","version":1,"machine":{"nodes":[]}})"),
            "not a workload: `machine.nodes` is `[...]`, expected at least one node");
}

TEST(WorkloadMerge, TakesTheLargestOfWhatSeveralProcessesSaw) {
  Workload first = two_tasks();
  Workload second = two_tasks();
  first.tasks[0].arguments[0].names.clear();
  second.tasks[0].arguments[0].bytes = 1u << 21;
  second.tasks[0].launches[0].count = 9;
  second.tasks.push_back({"late", {machine::ProcessorKind::Cpu}, false, {}, {}});
  const auto merged = merge(std::vector<Workload>{first, second});
  ASSERT_TRUE(merged);
  ASSERT_EQ(merged->tasks.size(), 3u);
  EXPECT_EQ(merged->tasks[0].arguments[0].bytes, 1u << 21);
  EXPECT_EQ(merged->tasks[0].arguments[0].names.front(), "rp_shared");
  ASSERT_EQ(merged->tasks[0].launches.size(), 1u);
  EXPECT_EQ(merged->tasks[0].launches[0].count, 9u);
  EXPECT_EQ(merged->tasks[1].name, "late");
}

TEST(Workload, LaunchesWithAMapperAreKeptApartAndCanBeLeftOut) {
  Workload workload{machine::MachineShape::parse("nodes=1,CPU=1").value(), {}};
  WorkloadLaunch plain;
  plain.count = 1;
  WorkloadLaunch of_library = plain;
  of_library.mapper = 7;
  EXPECT_FALSE(same_launch(plain, of_library));
  workload.tasks.resize(3);
  workload.tasks[0].name = "both";
  workload.tasks[0].launches = {plain, of_library};
  workload.tasks[1].name = "library";
  workload.tasks[1].launches = {of_library};
  workload.tasks[2].name = "unknown";
  const Workload read = workload_from_json(to_json(workload)).value();
  EXPECT_EQ(read.tasks, workload.tasks);
  const Workload rest = without_mappers(workload, {7});
  ASSERT_EQ(rest.tasks.size(), 2U);
  EXPECT_EQ(rest.tasks[0].launches, std::vector{plain});
  EXPECT_EQ(rest.tasks[1].name, "unknown");
  EXPECT_EQ(without_mappers(workload, {8}).tasks, workload.tasks);
}

TEST(WorkloadMerge, RefusesProcessesOnDifferentMachines) {
  Workload other = two_tasks();
  other.machine = *machine::MachineShape::parse("nodes=2,GPU=1,CPU=2");
  const auto merged = merge(std::vector<Workload>{two_tasks(), other});
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().message, "the processes of one run describe different machines");
}

}  // namespace
}  // namespace placewright::workload
