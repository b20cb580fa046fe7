// SPDX-License-Identifier: Apache-2.0
#include "agent/program/start.h"

#include <gtest/gtest.h>

#include <set>

#include "agent/program/check.h"
#include "circuit_workload.h"
#include "tune/mapping_writer.h"
#include "tune/search_space.h"

namespace placewright::agent {
namespace {

// Launches in two and three dimensions, from other points than 0, and a task for one kind only.
workload::Workload grid_workload(const char* machine) {
  workload::Workload workload{*machine::MachineShape::parse(machine), {}};
  const machine::LaunchDomain plane{{2, {-1, 2}}, {2, {3, 4}}};
  const machine::LaunchDomain cube{{3, {0, 0, 0}}, {3, {1, 2, 3}}};
  workload::WorkloadTask step{
      "step",
      {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu, machine::ProcessorKind::Omp},
      false,
      {tune::argument({"grid"}, machine::Privilege::ReadWrite, 1000, 3)},
      {{true, plane, 4}}};
  step.arguments[0].dim = 2;
  workload::WorkloadTask sum{"sum",
                             {machine::ProcessorKind::Cpu},
                             false,
                             {tune::argument({"grid"}, machine::Privilege::ReadOnly, 1000)},
                             {{true, cube, 2}, {false, {}, 1}}};
  workload.tasks = {step, sum};
  return workload;
}

TEST(Start, RandomProgramsAreValidForAThousandSeedsOnEveryWorkload) {
  const workload::Workload workloads[] = {tune::circuit_workload(),
                                          grid_workload("nodes=2,GPU=3,CPU=2,OMP=1"),
                                          grid_workload("nodes=1,CPU=4")};
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    for (const workload::Workload& workload : workloads) {
      const Program program = random_program(seed, workload.machine);
      const ProgramCheck check = check_program(program, workload, workload.machine);
      ASSERT_TRUE(check.ok()) << seed << "\n" << check.candidate.messages;
    }
  }
}

TEST(Start, ASeedGivesTheSameProgramForEveryApplicationAndSeedsDiffer) {
  const machine::MachineShape machine = *machine::MachineShape::parse("nodes=1,GPU=4,CPU=2");
  std::set<std::string> texts;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(random_program(seed, machine), random_program(seed, machine));
    texts.insert(generate_mapper(random_program(seed, machine)));
  }
  EXPECT_GT(texts.size(), 25u);
  EXPECT_EQ(generate_mapper(random_program(3, machine)).find("calc"), std::string::npos);
}

TEST(Start, TheDefaultProgramDecidesLikeTheDefaultMapper) {
  const tune::SearchSpace space(tune::circuit_workload(), tune::circuit_workload().machine);
  const workload::Candidate expected = workload::compile_candidate(
      "m", tune::write_mapping(space, space.defaults()), space.workload(), space.machine());
  const ProgramCheck check =
      check_program(default_program(space.machine()), space.workload(), space.machine());
  ASSERT_TRUE(check.ok());
  EXPECT_EQ(check.candidate.decisions, expected.decisions);
}

}  // namespace
}  // namespace placewright::agent
