// SPDX-License-Identifier: Apache-2.0
// What a run is called and what its finding says come from one message. These tests fail where the
// two say different things.
#include "explain/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "launch/classify.h"
#include "samples.h"

namespace placewright::explain {
namespace {

using launch::RunStatus;
using testing::SizeIs;

/// A message of the runtime, and what both sides make of it.
struct Sample {
  std::string_view message;
  RunStatus status;
  FindingKind kind;
};

/// At least one for each form of the table.
constexpr std::array kSamples = std::to_array<Sample>({
    {"Default mapper failed allocation of size 4000 bytes for region  requirement 0 of task f (UID "
     "74) in memory 1e (SYSTEM_MEM) for processor 1d (LOC_PROC). This means the working set",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Default mapper failed allocation of size 8 bytes for region requirement of inline mapping in "
     "task f (UID 3) in memory 1e (GPU_FB_MEM) for processor 1d (TOC_PROC). This means",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Default mapper failed allocation of 8 bytes for source region requirement 0 of explicit "
     "region-to-region copy operation in task f (ID 3) in memory 1e for processor 1d. This means",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Default mapper failed allocation of size 8 bytes for region requirement of",  // cut off
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Default mapper failed allocation for region requirement 0 of task f (UID 3) in memory 1e "
     "(GPU_FB_MEM) for processor 1d (TOC_PROC). Mismatch between reduction type in task layout "
     "constraint and region requirement for FieldID (7)",
     RunStatus::MapperError, FindingKind::LayoutViolation},
    {"Failed to allocate DeferredBuffer/Value/Reduction of 8 bytes in leaf task f",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Failed to reserve a dynamic memory pool of 100 bytes during trace replay",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Failed to allocate 8 bytes on memory 1e (of kind SYSTEM_MEM) for x of f (UID 3)",
     RunStatus::OutOfMemory, FindingKind::OutOfMemory},
    {"Failed to allocate GPU memory of size 1048574951424", RunStatus::OutOfMemory,
     FindingKind::OutOfMemory},
    {"instance allocation failed - out of memory in mem 1e", RunStatus::OutOfMemory,
     FindingKind::OutOfMemory},
    {"Insufficient zero-copy device-mappable host memory: 9 bytes needed", RunStatus::OutOfMemory,
     FindingKind::OutOfMemory},
    {"Default mapper was unable to find any variants for task f. The application must register at "
     "least one variant for all task kinds.",
     RunStatus::MapperError, FindingKind::NoUsableProcessor},
    {"Failed to find any valid variants for task f on the current machine. All variants (f) for "
     "this task are for processor kinds which are not present on this machine.",
     RunStatus::MapperError, FindingKind::NoUsableProcessor},
    {"Invalid mapper output. Mapper m selected variant 3 for task f (ID 7). However, this variant "
     "does not permit running on processors of kind TOC_PROC.",
     RunStatus::MapperError, FindingKind::NoUsableProcessor},
    // As Legion 25.12 wrote it in a run, like the second layout below.
    {"Invalid mapper output. Mapper impossible selected variant multiply for multiply (UID: 9). "
     "However, this variant does not permit running on 4 processors.",
     RunStatus::MapperError, FindingKind::NoUsableProcessor},
    {"Invalid mapper output. Mapper m selected variant 3 for task f (ID 7). But instance selected "
     "for region requirement 2 fails to satisfy the corresponding Ordering layout constraint.",
     RunStatus::MapperError, FindingKind::LayoutViolation},
    {"Invalid mapper output. Mapper placewrightselected variant task_4 for task_4 (UID: 189), but "
     "instance selected for region requirement 2 fails to satisfy the corresponding Ordering "
     "layout constraint.",
     RunStatus::MapperError, FindingKind::LayoutViolation},
    {"Default mapper error.  Layout constraint violation in must_epoch instance creation.",
     RunStatus::MapperError, FindingKind::LayoutViolation},
    {"Illegal request for pointer of non-dense rectangle", RunStatus::MapperError,
     FindingKind::LayoutViolation},
    {"Illegal request for non-dense rectangle pointer. Use the", RunStatus::MapperError,
     FindingKind::LayoutViolation},
    {"Illegal request for point of non-dense rectangle in a", RunStatus::MapperError,
     FindingKind::LayoutViolation},
    {"Invalid mapper output from invocation of 'map_task' on mapper m. Mapper selected an instance "
     "for region requirement 0 in memory 1e which is not visible from the target processors for f "
     "(ID 7).",
     RunStatus::MapperError, FindingKind::UnusableMemory},
    {"Default Mapper Error.  Memory chosen for constrained instance was 30, but is not visible to "
     "task on processor 29",
     RunStatus::MapperError, FindingKind::UnusableMemory},
    {"Illegal output shard 7 from sharding functor 3. Shards for this index space launch must be "
     "between 0 and 2 (exclusive).",
     RunStatus::MapperError, FindingKind::BadSlicing},
    {"Illegal output shard 7 for task f", RunStatus::MapperError, FindingKind::BadSlicing},
    // As Legion 25.12 wrote it in a run.
    {"Invalid mapper output from invocation of 'slice_task' on mapper impossible. Mapper returned "
     "slices with a total volume 2 that does not match the expected volume of 4 when slicing task "
     "multiply (ID 6).",
     RunStatus::MapperError, FindingKind::BadSlicing},
    {"Mapper m failed to pick a valid sharding functor for task f", RunStatus::MapperError,
     FindingKind::BadSlicing},
    {"Mapper m chose different sharding functions 1 and 2", RunStatus::MapperError,
     FindingKind::BadSlicing},
    {"Task variants selected for replication must be marked as replicable variants",
     RunStatus::MapperError, FindingKind::MapperOutput},
    {"Invalid mapper output from invocation of 'map_task' on mappper impossible. Mapper specified "
     "an instance from region tree 13 for use with region requirement 1 of multiply (UID: 10) "
     "whose region is from region tree 10.",
     RunStatus::MapperError, FindingKind::MapperOutput},
    {"Illegal mapper output: detected multiple write-collective", RunStatus::MapperError,
     FindingKind::MapperOutput},
    {"Invalid mapper request: mapper m passed layout ID 7", RunStatus::MapperError,
     FindingKind::MapperOutput},
    {"Mapper requested invalid NO_PROC as target processor.", RunStatus::MapperError,
     FindingKind::MapperOutput},
    {"9 GPUs requested, but only 4 available!", RunStatus::Failed, FindingKind::RuntimeError},
    // Not listed, though they have words of messages that are.
    {"Illegal field allocation performed in leaf task f (UID 3)", RunStatus::Crash,
     FindingKind::RuntimeError},
    {"Region requirement 1 of task wrapper (UID 3) has no fields", RunStatus::Crash,
     FindingKind::RuntimeError},
});

TEST(Catalogue, OutcomeAndFindingOfEachMessageBelongTogether) {
  for (const Sample& sample : kSamples) {
    launch::RunRequest request;
    request.argv = {"./app"};
    launch::RunEvidence evidence;
    evidence.child.signal = 6;
    evidence.status = {R"({"event":"started","process":0,"processes":1})"};
    evidence.log = "[0 - 7f]    1.0 {5}{runtime}: LEGION ERROR: " + std::string(sample.message);
    Observation run = failed_run(RunStatus::Ok, "");
    launch::classify(request, evidence, run.outcome);
    EXPECT_EQ(to_string(run.outcome.status), to_string(sample.status)) << sample.message;
    const std::vector<Finding> findings = explain(run);
    ASSERT_THAT(findings, SizeIs(1)) << sample.message;
    EXPECT_EQ(to_string(findings[0].kind), to_string(sample.kind)) << sample.message;
  }
}

TEST(Catalogue, EachFormOfTheTableHasASample) {
  std::set<std::string_view> seen;
  const auto forms = launch::message_forms();
  for (const Sample& sample : kSamples) {
    const auto form = std::ranges::find_if(forms, [&](const launch::MessageForm& each) {
      return launch::match(each.pattern, sample.message).has_value();
    });
    if (form != forms.end()) seen.insert(form->pattern);
  }
  for (const launch::MessageForm& form : forms)
    EXPECT_TRUE(seen.contains(form.pattern)) << form.pattern;
}

TEST(Catalogue, OutcomeAndFindingOfEachCauseBelongTogether) {
  constexpr std::array kOfDecisions = {FindingKind::NoUsableProcessor, FindingKind::UnusableMemory,
                                       FindingKind::LayoutViolation, FindingKind::BadSlicing,
                                       FindingKind::MapperOutput};
  for (const launch::ErrorCause cause : launch::kErrorCauses) {
    const std::optional<RunStatus> status = launch::status_of(cause);
    const Explanation explanation = explanation_of(cause);
    EXPECT_EQ(explanation.kind == FindingKind::OutOfMemory, status == RunStatus::OutOfMemory)
        << explanation.why;
    EXPECT_EQ(std::ranges::find(kOfDecisions, explanation.kind) != kOfDecisions.end(),
              status == RunStatus::MapperError)
        << explanation.why;
    EXPECT_FALSE(explanation.why.empty());
    EXPECT_FALSE(explanation.advice.empty());
  }
}

}  // namespace
}  // namespace placewright::explain
