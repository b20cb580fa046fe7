// SPDX-License-Identifier: Apache-2.0
#include "tune/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "circuit_workload.h"
#include "tune/mapping_writer.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

SearchSpace circuit_space() {
  const workload::Workload workload = circuit_workload();
  return SearchSpace(workload, workload.machine);
}

int knob(const SearchSpace& space, int task, int argument, machine::ProcessorKind kind) {
  for (size_t i = 0; i < space.knobs().size(); ++i) {
    const Knob& k = space.knobs()[i];
    if (k.task == task && k.argument == argument && k.processor == kind && !k.is<LayoutChoice>() &&
        !k.is<IndexMap>())
      return static_cast<int>(i);
  }
  ADD_FAILURE() << "no such knob";
  return 0;
}

workload::Candidate compiled(const SearchSpace& space, const Assignment& assignment) {
  return workload::compile_candidate("m", titled("test", write_mapping(space, assignment)),
                                     space.workload(), space.machine());
}

TEST(SearchSpace, LeavesOutWhatCannotMatter) {
  const SearchSpace space = circuit_space();
  for (const Knob& knob : space.knobs()) {
    EXPECT_NE(knob.task, 1) << "top_level only launches others";
    EXPECT_GE(knob.choices.size(), 2u);
    if (knob.is<LayoutChoice>()) {
      EXPECT_EQ(knob.argument, 2) << "only rp_wires has two fields";
    }
  }
}

TEST(SearchSpace, FirstChoiceIsWhatTheDefaultMapperDoes) {
  const SearchSpace space = circuit_space();
  EXPECT_EQ(space.kind(space.defaults(), 0), machine::ProcessorKind::Gpu);
  EXPECT_EQ(space.memory(space.defaults(), 0, 0), machine::MemoryKind::FbMem);
  EXPECT_EQ(space.index_map(space.defaults(), 0), IndexMap::Default);
}

TEST(SearchSpace, CountsDecisionSetsNotAssignments) {
  const SearchSpace space = circuit_space();
  // calc: on GPU 2^3 memories x 2 maps (4 points on 4 GPUs: block and cyclic agree), on CPU 2^3
  // memories x 3 maps (default, block, cyclic); x 2 layouts of rp_wires = (16 + 24) * 2 = 80.
  // update: GPU 2 x 2, CPU 2 x 3 = 10. Together 800.
  EXPECT_NEAR(std::pow(10, space.log10_distinct()), 800, 1e-6);
  // All knobs: calc 2 kinds * 2^3 * 2 * 2^3 * 3 * 2 = 1536, update 2 * 2 * 2 * 2 * 3 = 48.
  EXPECT_NEAR(std::pow(10, space.log10_assignments()), 1536 * 48, 1e-3);
}

TEST(SearchSpace, GroupsArgumentsThatShareARegionName) {
  const SearchSpace space = circuit_space();
  std::vector<std::string> names;
  for (const KnobGroup& group : space.groups()) names.push_back(group.name);
  // rp_shared + rp_ghost has the same knobs as all_nodes, so one of them stands.
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("all_nodes", "rp_shared", "rp_ghost", "rp_wires"));
}

TEST(SearchSpace, AssignmentsThatResolveAlikeHaveOneFingerprint) {
  const SearchSpace space = circuit_space();
  Assignment assignment = space.defaults();
  // The memory on a CPU means nothing while the task runs on a GPU.
  assignment[knob(space, 0, 0, machine::ProcessorKind::Cpu)] = 1;
  const workload::Candidate plain = compiled(space, space.defaults());
  const workload::Candidate other = compiled(space, assignment);
  ASSERT_NE(plain.policy, nullptr) << plain.messages;
  EXPECT_EQ(plain.fingerprint, other.fingerprint);
}

TEST(SearchSpace, EveryKnobTurnedIsWrittenAndReadBack) {
  const SearchSpace space = circuit_space();
  for (size_t i = 0; i < space.knobs().size(); ++i) {
    for (int choice = 0; choice < static_cast<int>(space.knobs()[i].choices.size()); ++choice) {
      Assignment assignment = space.defaults();
      // Let the task run where the knob has an effect.
      for (size_t k = 0; k < space.knobs().size(); ++k) {
        const Knob& other = space.knobs()[k];
        if (other.task != space.knobs()[i].task || !other.is<machine::ProcessorKind>()) continue;
        for (size_t c = 0; c < other.choices.size(); ++c) {
          if (!space.knobs()[i].is<LayoutChoice>() &&
              std::get<machine::ProcessorKind>(other.choices[c]) == space.knobs()[i].processor)
            assignment[k] = static_cast<int>(c);
        }
      }
      assignment[i] = choice;
      const workload::Candidate candidate = compiled(space, assignment);
      ASSERT_NE(candidate.policy, nullptr) << candidate.text << candidate.messages;
      EXPECT_EQ(space.nearest(candidate.decisions), assignment) << candidate.text;
    }
  }
}

TEST(SearchSpace, MapsOverTwoAndThreeDimensionsAgreeWithTheirClosedForms) {
  workload::Workload workload = circuit_workload();
  workload.machine = *machine::MachineShape::parse("nodes=2,GPU=4,CPU=2");
  workload.tasks[0].launches = {{true, {{2, {0, 0}}, {2, {3, 5}}}, 1}};
  workload.tasks[2].launches = {{true, {{3, {1, 0, -1}}, {3, {2, 2, 2}}}, 1}};
  const SearchSpace space(workload, workload.machine);
  for (const IndexMap map : {IndexMap::Block, IndexMap::Cyclic}) {
    Assignment assignment = space.defaults();
    for (size_t i = 0; i < assignment.size(); ++i) {
      if (space.knobs()[i].is<IndexMap>()) assignment[i] = static_cast<int>(map);
    }
    const workload::Candidate candidate = compiled(space, assignment);
    ASSERT_NE(candidate.policy, nullptr) << candidate.text << candidate.messages;
    for (const int task : {0, 2})
      EXPECT_EQ(candidate.decisions.tasks[task].launches[0].targets,
                map_targets(map, workload.tasks[task].launches[0].domain, 2, 4))
          << candidate.text;
  }
}

TEST(MappingWriter, NamesARegionOnceForAllTasks) {
  const SearchSpace space = circuit_space();
  Assignment assignment = space.defaults();
  assignment[knob(space, 0, 0, machine::ProcessorKind::Gpu)] = 1;
  assignment[knob(space, 2, 0, machine::ProcessorKind::Gpu)] = 1;
  EXPECT_THAT(titled("test", write_mapping(space, assignment)),
              testing::HasSubstr("\nRegion * rp_shared GPU ZCMEM;\n"));
}

TEST(MappingWriter, UsesIndicesWhereANameMeansSeveralArgumentsThatDiffer) {
  workload::Workload workload = circuit_workload();
  workload.tasks[0].arguments[1].names = {"rp_shared"};
  const SearchSpace space(workload, workload.machine);
  Assignment assignment = space.defaults();
  assignment[knob(space, 0, 1, machine::ProcessorKind::Gpu)] = 1;
  EXPECT_THAT(titled("test", write_mapping(space, assignment)),
              testing::HasSubstr("\nRegion calc 1 GPU ZCMEM;\n"));
  const workload::Candidate candidate = compiled(space, assignment);
  ASSERT_NE(candidate.policy, nullptr);
  EXPECT_EQ(candidate.decisions.tasks[0].arguments[0].memory, machine::MemoryKind::FbMem);
  EXPECT_EQ(candidate.decisions.tasks[0].arguments[1].memory, machine::MemoryKind::ZcMem);
}

}  // namespace
}  // namespace placewright::tune
