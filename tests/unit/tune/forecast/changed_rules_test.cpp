// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/changed_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "circuit_workload.h"
#include "tune/mapping_writer.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

constexpr int kAssignments = 300;

/// What a launch of a task comes to, as text.
std::string decided(const policy::Rules& rules, const SearchSpace& space, int number,
                    machine::ProcessorKind otherwise) {
  const workload::WorkloadTask& task = space.workload().tasks[static_cast<size_t>(number)];
  const machine::LaunchDomain domain = task.launches.front().domain;
  machine::LaunchFacts launch;
  if (task.launches.front().index) launch.domain = domain;
  const policy::TaskId id = *rules.task(task.name, launch);
  const auto kinds = rules.processor_kinds(id);
  const auto possible = std::ranges::find_if(kinds, [&](machine::ProcessorKind each) {
    return std::ranges::find(task.variants, each) != task.variants.end();
  });
  const machine::ProcessorKind kind = possible == kinds.end() ? otherwise : *possible;
  std::string text(to_string(kind));
  for (size_t a = 0; a < task.arguments.size(); ++a) {
    std::vector<policy::RegionId> names;
    for (const std::string& name : task.arguments[a].names) names.push_back(rules.region(name));
    const policy::RegionRef region{names, static_cast<int>(a)};
    const auto memories = rules.memories(id, region, kind);
    text += memories.empty() ? " default" : " " + std::string(to_string(memories.front().kind));
    const auto layout = rules.layout(id, region, machine::MemoryKind::FbMem);
    if (layout && (layout->aos || layout->c_order))
      text += std::string(layout->aos ? "/AOS" : "/SOA") + (layout->c_order ? "/C" : "/F");
  }
  const auto function = rules.index_map(id, kind);
  if (!function) return text + " unmapped";
  const auto placement = rules.launch_placement(*function, launch, kind);
  for (int64_t i = 0; i < domain.volume(); ++i) {
    const policy::Target target = (*placement)->at(domain.point(i));
    text += " " + std::to_string(target.node) + "." + std::to_string(target.processors.front());
  }
  return text;
}

/// A rule for the memory that the default mapper takes anyway says nothing new.
std::string without_defaults(std::string text) {
  for (const std::string_view memory : {" FBMEM", " SYSMEM"})
    for (size_t at = text.find(memory); at != std::string::npos; at = text.find(memory))
      text.replace(at, memory.size(), " default");
  return text;
}

Assignment random_assignment(const SearchSpace& space, std::mt19937_64& generator) {
  Assignment assignment = space.defaults();
  for (size_t i = 0; i < assignment.size(); ++i)
    assignment[i] = static_cast<int>(generator() % space.knobs()[i].choices.size());
  return assignment;
}

/// Nothing is expected of a mapping that the checker rejects. Returns whether it was compared.
bool expect_same(const SearchSpace& space, const policy::Policy& base, const Assignment& from,
                 const Assignment& to) {
  const std::string text = write_mapping(space, to);
  const workload::Candidate written =
      workload::compile_candidate("m", text, space.workload(), space.machine());
  if (written.policy == nullptr) return false;
  const ChangedRules rules(space, base, from, to);
  for (int task = 0; task < static_cast<int>(space.workload().tasks.size()); ++task) {
    const machine::ProcessorKind otherwise = space.kind(space.defaults(), task);
    EXPECT_EQ(without_defaults(decided(rules, space, task, otherwise)),
              without_defaults(decided(*written.policy, space, task, otherwise)))
        << text;
  }
  return true;
}

TEST(ChangedRules, SayWhatTheWrittenMappingSays) {
  const workload::Workload workload = circuit_workload();
  const SearchSpace space(workload, workload.machine);
  const workload::Candidate defaults = default_candidate(space);
  std::mt19937_64 generator(1);
  for (int i = 0; i < kAssignments; ++i)
    EXPECT_TRUE(expect_same(space, *defaults.policy, space.defaults(),
                            random_assignment(space, generator)));
}

TEST(ChangedRules, StandInFrontOfTheRulesOfABase) {
  const workload::Workload workload = circuit_workload();
  SearchSpace space(workload, workload.machine);
  const std::string text =
      "Task * GPU, CPU;\nTask update CPU;\nRegion calc rp_ghost GPU ZCMEM;\n"
      "m = Machine(GPU);\ndef reversed(Task task) { return m[0, 3 - task.ipoint[0]]; }\n"
      "IndexTaskMap calc reversed;\n";
  const workload::Candidate base =
      workload::compile_candidate("base", text, workload, workload.machine);
  ASSERT_NE(base.policy, nullptr) << base.messages;
  const Assignment from = space.nearest(base.decisions);
  space.begin_at({text, from});
  std::mt19937_64 generator(2);
  int compared = 0;
  for (int i = 0; i < kAssignments; ++i)
    compared += expect_same(space, *base.policy, from, random_assignment(space, generator)) ? 1 : 0;
  // The others put `calc` on CPUs, where the base's function places no points.
  EXPECT_GT(compared, kAssignments / 4);
}

TEST(ChangedRules, ATaskThatTheWorkloadLacksKeepsTheBasesRules) {
  const workload::Workload workload = circuit_workload();
  const SearchSpace space(workload, workload.machine);
  const workload::Candidate base = workload::compile_candidate(
      "base", "Task * GPU;\nTask other CPU;\nInstanceLimit other 3;\n", workload, workload.machine);
  ASSERT_NE(base.policy, nullptr) << base.messages;
  const ChangedRules rules(space, *base.policy, space.defaults(), space.defaults());
  const policy::TaskId id = *rules.task("other", {});
  EXPECT_EQ(rules.processor_kinds(id).front(), machine::ProcessorKind::Cpu);
  EXPECT_EQ(rules.instance_limit(id, machine::ProcessorKind::Cpu), 3);
  EXPECT_EQ(*rules.task("other", {}), id);
  EXPECT_NE(*rules.task("another", {}), id);
}

}  // namespace
}  // namespace placewright::tune
