// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/advisor.h"

#include <gmock/gmock.h>

#include "explain/edit.h"
#include "search_fixture.h"
#include "tune/mapping_writer.h"
#include "tune/strategies/advisor_moves.h"

namespace placewright::tune {
namespace {

using explain::Finding;
using explain::FindingKind;
using testing::HasSubstr;

Finding advice(double weight, const std::string& label, const std::string& rules) {
  Finding finding;
  finding.kind = FindingKind::CostlyCopies;
  finding.weight = weight;
  finding.what = label;
  finding.edits = {{label, rules}};
  return finding;
}

class AdvisorTest : public SearchTest {
 protected:
  AdvisorTest() {
    make = [](const SearchSpace& space, uint64_t) -> Result<std::unique_ptr<Strategy>> {
      return make_advisor(space);
    };
  }
};

// What `explain` says about copies of shared data, as long as it is in frame buffers.
std::vector<Finding> shared_data(const workload::ResolvedDecisions& decisions) {
  std::vector<Finding> findings;
  const auto in_frame_buffer = [&](int task, int argument) {
    return decisions.tasks[task].arguments[argument].memory == machine::MemoryKind::FbMem;
  };
  if (in_frame_buffer(2, 0))
    findings.push_back(advice(0.4, "keep rp_shared in ZCMEM", "Region * rp_shared GPU ZCMEM;\n"));
  if (in_frame_buffer(0, 1))
    findings.push_back(advice(0.2, "keep rp_ghost in ZCMEM", "Region * rp_ghost GPU ZCMEM;\n"));
  return findings;
}

TEST_F(AdvisorTest, TriesAllAdviceTogetherFirst) {
  evaluator_->findings = shared_data;
  search_.evaluations = 1;
  auto store = created();
  const auto report = search(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_DOUBLE_EQ(best_seconds(*report), 5) << "the optimum, at the first attempt";
  EXPECT_EQ(candidates(store)[0].move, "keep rp_shared in ZCMEM; keep rp_ghost in ZCMEM");
  EXPECT_THAT(report->strategy,
              HasSubstr("advisor: 2 findings led to 2 edits, 1 mappings were kept"));
}

TEST_F(AdvisorTest, TenMappingsAreAtLeastAsGoodAsFiftyOfDescent) {
  evaluator_->findings = shared_data;
  search_.evaluations = 10;
  auto store = created();
  const auto advised = search(store);
  ASSERT_TRUE(advised);
  make = [](const SearchSpace& space, uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
    return make_descent_strategy(space, seed);
  };
  search_.evaluations = 50;
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_);
  auto other = created();
  const auto descended = search(other);
  ASSERT_TRUE(descended);
  EXPECT_LE(best_seconds(*advised), best_seconds(*descended));
}

TEST_F(AdvisorTest, AdviceThatDoesNotHelpIsTriedAloneAndDropped) {
  evaluator_->findings = [](const workload::ResolvedDecisions&) {
    return std::vector{advice(0.9, "to the CPU", "Task update CPU;\n"),
                       advice(0.5, "ghosts", "Region * rp_ghost GPU ZCMEM;\n")};
  };
  search_.evaluations = 3;
  auto store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  const auto tried = candidates(store);
  ASSERT_EQ(tried.size(), 3u);
  EXPECT_EQ(tried[0].move, "to the CPU; ghosts");
  EXPECT_EQ(tried[1].move, "to the CPU");
  EXPECT_EQ(tried[2].move, "ghosts");
  EXPECT_DOUBLE_EQ(best_seconds(*report), 9);
}

// Wires in zero-copy memory cost a little; with the ghosts there as well they gain a lot.
TEST_F(AdvisorTest, OnlyEditsThatAloneComeNearAreTriedInPairs) {
  evaluator_ = std::make_unique<ScriptedEvaluator>(
      circuit_workload(), clock_, [](const workload::ResolvedDecisions& decisions) {
        const auto zero_copy = [&](int argument) {
          return decisions.tasks[0].arguments[argument].memory == machine::MemoryKind::ZcMem;
        };
        RunResult result;
        result.metric = zero_copy(1) && zero_copy(2) ? 5 : zero_copy(1) || zero_copy(2) ? 11 : 10;
        if (decisions.tasks[2].kind == machine::ProcessorKind::Cpu) result.metric += 20;
        return result;
      });
  evaluator_->findings = [](const workload::ResolvedDecisions& decisions) {
    std::vector<Finding> findings = {advice(0.9, "to the CPU", "Task update CPU;\n"),
                                     advice(0.5, "ghosts", "Region calc rp_ghost GPU ZCMEM;\n"),
                                     advice(0.4, "wires", "Region calc rp_wires GPU ZCMEM;\n")};
    if (decisions.tasks[0].arguments[1].memory == machine::MemoryKind::ZcMem) findings.clear();
    return findings;
  };
  search_.evaluations = 5;
  auto store = created();
  ASSERT_TRUE(search(store));
  std::vector<std::string> moves;
  for (const Evaluation& each : candidates(store)) moves.push_back(each.move);
  EXPECT_THAT(moves, testing::ElementsAre("to the CPU; ghosts; wires", "to the CPU", "ghosts",
                                          "wires", "ghosts; wires"));
}

TEST_F(AdvisorTest, TheHeavierOfConflictingAdviceIsTried) {
  evaluator_->findings = [](const workload::ResolvedDecisions&) {
    return std::vector{advice(0.9, "shared", "Region * rp_shared GPU ZCMEM;\n"),
                       advice(0.5, "unshared", "Region * rp_shared GPU FBMEM;\n"),
                       advice(0.3, "nonsense", "Task nobody GPUS;\n")};
  };
  search_.evaluations = 1;
  auto store = created();
  ASSERT_TRUE(search(store));
  EXPECT_DOUBLE_EQ(*candidates(store)[0].median, 6);
}

TEST_F(AdvisorTest, WithoutFindingsItSearchesTheSpace) {
  auto store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  EXPECT_DOUBLE_EQ(best_seconds(*report), 5);
  EXPECT_EQ(report->gain, Gain::Sure);
}

TEST_F(AdvisorTest, NeverProposesTheSameDecisionsTwice) {
  evaluator_->findings = shared_data;
  auto store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->repeats, 0);
  for (const Evaluation& each : candidates(store))
    EXPECT_NE(each.status, Status::RejectedMapping) << each.mapping << each.message;
}

TEST_F(AdvisorTest, TakesAProfileRunOfIncumbentsOnly) {
  evaluator_->findings = shared_data;
  auto store = created();
  ASSERT_TRUE(search(store));
  int accepted = 0;
  for (const Evaluation& each : candidates(store)) accepted += each.accepted ? 1 : 0;
  EXPECT_EQ(evaluator_->profiles, 1 + accepted);
}

TEST_F(AdvisorTest, FindingsAreKeptInTheStudyAndNotTakenAgain) {
  evaluator_->findings = shared_data;
  search_.evaluations = 4;
  std::vector<std::string> mappings;
  {
    auto store = created();
    ASSERT_TRUE(search(store));
    for (const Evaluation& each : candidates(store)) mappings.push_back(each.mapping);
    const auto findings = store.findings();
    ASSERT_TRUE(findings);
    EXPECT_EQ(findings->at(1),
              shared_data(workload::compile_candidate("m", "Task * GPU, CPU;", circuit_workload(),
                                                      circuit_workload().machine)
                              .decisions));
    EXPECT_TRUE(findings->at(2).empty()) << "nothing to find is remembered, too";
  }
  evaluator_->profiles = 0;
  search_.evaluations = 6;
  auto store = reopened();
  ASSERT_TRUE(search(store));
  const auto after = candidates(store);
  ASSERT_EQ(after.size(), 6u);
  for (size_t i = 0; i < mappings.size(); ++i) EXPECT_EQ(after[i].mapping, mappings[i]);
  EXPECT_EQ(evaluator_->profiles, 0);
}

TEST_F(AdvisorTest, TriesTheSameMappingsUnderEverySeed) {
  evaluator_->findings = shared_data;
  std::vector<std::vector<std::string>> runs;
  for (int round = 0; round < 2; ++round) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    search_.seed = static_cast<uint64_t>(round);
    search_.evaluations = 12;
    auto store = created();
    ASSERT_TRUE(search(store));
    runs.emplace_back();
    for (const Evaluation& each : candidates(store)) runs.back().push_back(each.mapping);
  }
  EXPECT_EQ(runs[0], runs[1]);
}

TEST_F(AdvisorTest, MovesThatTouchWhatAHeavyFindingWouldChangeComeFirst) {
  const SearchSpace space(circuit_workload(), circuit_workload().machine);
  const auto moves =
      local_moves(space, "", {advice(0.7, "wires", "Region calc rp_wires GPU ZCMEM;\n")});
  ASSERT_GT(moves.size(), 8u);
  EXPECT_EQ(moves[0].label, "rp_wires: ZCMEM");
  for (const explain::Edit& move : moves) {
    const workload::Candidate moved = workload::compile_candidate(
        "m", explain::apply_edit(move, ""), space.workload(), space.machine());
    EXPECT_NE(moved.policy, nullptr) << move.rules << moved.messages;
  }
}

TEST_F(AdvisorTest, EveryMoveChangesTheDecisionsOfTheMapping) {
  const SearchSpace space(circuit_workload(), circuit_workload().machine);
  const std::string mapping = "Task * CPU;\n";
  for (const explain::Edit& move : local_moves(space, mapping, {})) {
    const workload::Candidate before =
        workload::compile_candidate("m", mapping, space.workload(), space.machine());
    const workload::Candidate after = workload::compile_candidate(
        "m", explain::apply_edit(move, mapping), space.workload(), space.machine());
    EXPECT_NE(before.fingerprint.text, after.fingerprint.text) << move.label;
  }
}

}  // namespace
}  // namespace placewright::tune
