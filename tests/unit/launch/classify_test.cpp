// SPDX-License-Identifier: Apache-2.0
#include "launch/classify.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "launch/left_launches.h"

namespace placewright::launch {
namespace {

using ::testing::HasSubstr;

constexpr const char* kStarted = R"({"event":"started","process":0,"processes":1})";

RunRequest request() {
  RunRequest result;
  result.argv = {"./app"};
  result.mapping = "some.mapping";
  return result;
}

RunOutcome outcome_of(const RunEvidence& evidence, const RunRequest& asked = request()) {
  RunOutcome outcome;
  classify(asked, evidence, outcome);
  return outcome;
}

RunEvidence ended(int exit_status, std::vector<std::string> status, std::string log = "") {
  RunEvidence evidence;
  evidence.child.exit_status = exit_status;
  evidence.status = std::move(status);
  evidence.log = std::move(log);
  return evidence;
}

RunEvidence killed(int signal, std::string log = "") {
  RunEvidence evidence;
  evidence.child.signal = signal;
  evidence.status = {kStarted};
  evidence.log = std::move(log);
  return evidence;
}

TEST(Classify, CallsAGoodRunOk) {
  const RunOutcome outcome = outcome_of(ended(0, {kStarted}));
  EXPECT_EQ(outcome.status, RunStatus::Ok);
  EXPECT_EQ(outcome.message, "");
}

TEST(Classify, NobodyReportsFromInsideAnUntouchedRun) {
  RunRequest untouched;
  untouched.argv = {"./app"};
  untouched.processes = 2;
  untouched.untouched = true;
  EXPECT_EQ(outcome_of(ended(0, {}), untouched).status, RunStatus::Ok);
  EXPECT_EQ(outcome_of(ended(3, {}), untouched).status, RunStatus::Failed);
}

TEST(Classify, NamesASignal) {
  const RunOutcome outcome = outcome_of(killed(11));
  EXPECT_EQ(outcome.status, RunStatus::Crash);
  EXPECT_EQ(outcome.signal, 11);
  EXPECT_EQ(outcome.message, "`./app` crashed with signal 11 (Segmentation fault)");
}

TEST(Classify, FindsTheSignalThatMpirunReports) {
  RunEvidence evidence = ended(139, {kStarted});
  evidence.child.stderr_text =
      "mpirun noticed that process rank 1 with PID 0 on node x exited on signal 11 "
      "(Segmentation fault).\n";
  EXPECT_EQ(outcome_of(evidence).signal, 11);
}

TEST(Classify, TellsAFailedAssertionOfTheRuntimeFromOneOfTheApplication) {
  RunEvidence evidence = killed(6);
  evidence.child.stderr_text =
      "app: /build/realm-src/src/realm/event_impl.cc:1748: bool Realm::GenEventImpl::trigger(): "
      "Assertion `triggered == (generation.load() + 1)' failed.\n";
  const RunOutcome of_runtime = outcome_of(evidence);
  EXPECT_EQ(of_runtime.status, RunStatus::Crash);
  EXPECT_EQ(of_runtime.runtime_assertion,
            "event_impl.cc:1748: triggered == (generation.load() + 1)");
  EXPECT_THAT(of_runtime.message, HasSubstr("internal error of the Legion runtime: event_impl"));
  evidence.child.stderr_text = "app: /home/me/legion/app.cc:7: int main(): Assertion `a' failed.\n";
  const RunOutcome of_application = outcome_of(evidence);
  EXPECT_EQ(of_application.runtime_assertion, "");
  EXPECT_EQ(of_application.message, "`./app` crashed with signal 6 (Aborted)");
  EXPECT_EQ(of_application.application_assertion, "app.cc:7: a");
}

TEST(Classify, ReadsRegentsFormOfAnAssertionAndOnlyOfAbortedRuns) {
  RunEvidence evidence = killed(6);
  evidence.child.stderr_text = "hello\nassertion failed: stride does not match expected value\n";
  EXPECT_EQ(outcome_of(evidence).application_assertion, "stride does not match expected value");
  evidence.child.signal = 11;
  EXPECT_EQ(outcome_of(evidence).application_assertion, "");
  RunEvidence quiet = killed(6);
  quiet.child.stderr_text = "app: note: Assertion `a' failed, they say\n";
  EXPECT_EQ(outcome_of(quiet).application_assertion, "");
}

TEST(Classify, DoesNotTakeWhatTheProgramPrintsForAnErrorOfTheRuntime) {
  RunEvidence evidence = ended(3, {kStarted});
  evidence.child.stderr_text = "my LEGION ERROR: out of memory, mapper\n";
  const RunOutcome outcome = outcome_of(evidence);
  EXPECT_EQ(outcome.status, RunStatus::Failed);
  EXPECT_FALSE(outcome.runtime_error.has_value());
  evidence.child.stderr_text =
      "[0 - 7fc4]    0.73 {5}{default_mapper}: Default mapper failed allocation of size 4000 bytes "
      "for region  requirement 0 of task f (UID 7) in memory 1e (SYSTEM_MEM) for processor 1d\n";
  EXPECT_EQ(outcome_of(evidence).status, RunStatus::OutOfMemory);
}

TEST(Classify, KeepsWhatThePlugInSaidPieceByPiece) {
  const RunOutcome outcome = outcome_of(ended(
      1, {kStarted, R"({"event":"refused","message":"out of memory: x","full_memory":"FBMEM",)"
                    R"("id":"out-of-memory","task":"step","argument":2,"regions":["grid"],)"
                    R"("bytes":100,"capacity":150,"holders":[{"task":"init","argument":0,)"
                    R"("count":3,"bytes":120}]})"}));
  ASSERT_TRUE(outcome.refusal.has_value());
  EXPECT_EQ(outcome.refusal->id, "out-of-memory");
  EXPECT_EQ(outcome.refusal->argument, 2);
  EXPECT_EQ(outcome.refusal->regions, std::vector<std::string>{"grid"});
  EXPECT_EQ(outcome.refusal->capacity, 150U);
  ASSERT_EQ(outcome.refusal->holders.size(), 1U);
  EXPECT_EQ(outcome.refusal->holders[0].count, 3U);
}

TEST(Classify, TellsTheLimitOfATimeout) {
  RunEvidence evidence = killed(15);
  evidence.child.timed_out = true;
  RunRequest asked = request();
  asked.timeout_s = 2.5;
  const RunOutcome outcome = outcome_of(evidence, asked);
  EXPECT_EQ(outcome.status, RunStatus::Timeout);
  EXPECT_EQ(outcome.message, "`./app` was stopped after 2.5 s, its time limit");
}

TEST(Classify, SaysThatTheProgramKilledItsSupervisor) {
  RunEvidence evidence = killed(9);
  evidence.child.killed_supervisor = true;
  const RunOutcome outcome = outcome_of(evidence);
  EXPECT_EQ(outcome.status, RunStatus::Crash);
  EXPECT_EQ(outcome.message, "`./app` killed the process that watches it, so the run was ended");
}

TEST(Classify, TakesThePlugInsWordForAFullMemory) {
  const RunOutcome outcome =
      outcome_of(ended(1, {kStarted, R"({"event":"refused","message":"out of memory: argument 0",)"
                                     R"("position":"some.mapping:3:1","full_memory":"FBMEM"})"}));
  EXPECT_EQ(outcome.status, RunStatus::OutOfMemory);
  EXPECT_EQ(outcome.memory, machine::MemoryKind::FbMem);
  EXPECT_EQ(outcome.message, "some.mapping:3:1: error: out of memory: argument 0");
}

TEST(Classify, ReadsTheDefaultMappersAllocationFailure) {
  const RunOutcome outcome = outcome_of(
      killed(6,
             "[0 - 7f]    1.0 {5}{default_mapper}: Default mapper failed allocation of size "
             "4096 bytes for region  requirement 0 of task f (UID 3) in memory 1e0 (GPU_FB_MEM) "
             "for processor 1d0 (TOC_PROC)!\n"));
  EXPECT_EQ(outcome.status, RunStatus::OutOfMemory);
  EXPECT_EQ(outcome.memory, machine::MemoryKind::FbMem);
  EXPECT_THAT(outcome.message, HasSubstr("4096 bytes"));
}

// It begins like a full memory.
TEST(Classify, CallsAReductionThatTheVariantForbidsAMapperError) {
  const RunOutcome outcome = outcome_of(killed(
      6,
      "[0 - 7f]    1.0 {5}{default_mapper}: Default mapper failed allocation for region "
      "requirement 0 of task f (UID 3) in memory 1e0 (GPU_FB_MEM) for processor 1d0 (TOC_PROC). "
      "Mismatch between reduction type in task layout constraint and region requirement for "
      "FieldID (7)\n"));
  EXPECT_EQ(outcome.status, RunStatus::MapperError);
  EXPECT_EQ(outcome.memory, std::nullopt);
}

TEST(Classify, TakesTheFullMemoryFromItsPlaceInTheMessage) {
  const RunOutcome outcome = outcome_of(
      killed(6,
             "[0 - 7f]    1.0 {5}{default_mapper}: Default mapper failed allocation of size "
             "4096 bytes for region  requirement 0 of task fill_GPU_FB (UID 3) in memory 1e0 "
             "(SYSTEM_MEM) for processor 1d0 (LOC_PROC). This means\n"));
  EXPECT_EQ(outcome.memory, machine::MemoryKind::SysMem);
}

TEST(Classify, NamesTheMemoryThatRealmCannotHave) {
  const std::string start = "[0 - 7f]    0.1 {6}{gpu}: ";
  const RunOutcome gpu =
      outcome_of(killed(6, start + "Failed to allocate GPU memory of size 1048574951424\n"));
  EXPECT_EQ(gpu.status, RunStatus::OutOfMemory);
  EXPECT_EQ(gpu.memory, machine::MemoryKind::FbMem);
  EXPECT_THAT(gpu.message, HasSubstr("size 1048574951424"));
  const RunOutcome pinned = outcome_of(
      killed(6, start + "Insufficient zero-copy device-mappable host memory: 9 bytes needed\n"));
  EXPECT_EQ(pinned.status, RunStatus::OutOfMemory);
  EXPECT_EQ(pinned.memory, machine::MemoryKind::ZcMem);
}

// An assertion follows, which would pass for a race.
TEST(Classify, NamesGpusThatAreNotThere) {
  RunEvidence evidence =
      killed(6, "[0 - 7f]    0.1 {6}{gpu}: 9 GPUs requested, but only 4 available!\n");
  evidence.child.stderr_text =
      "app: /build/src/realm/cuda/cuda_module.cc:1: void Realm::f(): Assertion `false' failed.\n";
  const RunOutcome outcome = outcome_of(evidence);
  EXPECT_EQ(outcome.status, RunStatus::Failed);
  EXPECT_EQ(outcome.runtime_assertion, "");
  EXPECT_THAT(outcome.message, HasSubstr("9 GPUs requested, but only 4 available"));
}

// What Realm 25.6 prints when it was built without OpenMP.
TEST(Classify, NamesAnOptionThatRealmDoesNotKnow) {
  RunEvidence evidence = killed(6);
  evidence.status = {};
  evidence.child.stderr_text =
      "ERROR: unrecognized lowlevel option: -ll:ocpu\n"
      "app: /build/src/realm/runtime_impl.cc:1771: void Realm::parse(): Assertion `0' failed.\n";
  const RunOutcome outcome = outcome_of(evidence);
  EXPECT_EQ(outcome.status, RunStatus::Failed);
  EXPECT_THAT(outcome.message, HasSubstr("does not know `-ll:ocpu`"));
}

TEST(Classify, CallsALegionErrorAboutAMapperAMapperError) {
  const RunOutcome outcome = outcome_of(
      killed(6,
             "[0 - 7f] 1.0 {5}{runtime}: LEGION ERROR: Invalid mapper output from invocation "
             "of 'map_task' on mapper placewright. (from file x.cc:3)\n"));
  EXPECT_EQ(outcome.status, RunStatus::MapperError);
  EXPECT_THAT(outcome.message, HasSubstr("Invalid mapper output"));
  EXPECT_THAT(outcome.message, testing::Not(HasSubstr("x.cc")));
}

TEST(Classify, ReadsTheFormOfLegion2512) {
  const RunOutcome outcome = outcome_of(
      killed(6,
             "[0 - 7f47]    0.433823 {5}{legion}: LEGION MAPPER EXCEPTION: Invalid mapper output "
             "from invocation of 'slice_task' on mapper m.\n"
             "-----------------------------------\nTask Tree Trace:\n"));
  EXPECT_EQ(outcome.status, RunStatus::MapperError);
  ASSERT_TRUE(outcome.runtime_error.has_value());
  EXPECT_EQ(outcome.runtime_error->message,
            "Invalid mapper output from invocation of 'slice_task' on mapper m.");
}

TEST(Classify, SeesThatNoLegionStarted) {
  const RunOutcome outcome = outcome_of(ended(0, {}));
  EXPECT_EQ(outcome.status, RunStatus::NotLegion);
}

TEST(Classify, SeesThatTheApplicationKeptItsMapper) {
  const RunEvidence evidence = ended(0, {kStarted, R"({"event":"application-mapper"})"});
  EXPECT_EQ(outcome_of(evidence).status, RunStatus::MapperIgnored);
  RunRequest without = request();
  without.mapping.reset();
  EXPECT_EQ(outcome_of(evidence, without).status, RunStatus::Ok);
}

TEST(Classify, LaunchesThatWereLeftToAMapperAreAddedUpOverProcesses) {
  const auto left = [](const char* task, int mapper, int launches) {
    return fmt::format(R"({{"event":"left-to-mapper","task":"{}","mapper":{},"launches":{}}})",
                       task, mapper, launches);
  };
  const RunEvidence evidence = ended(
      0, {kStarted, left("step", 7, 12), left("work", 9, 1), left("step", 7, 3), left("a", 9, 2)});
  const RunOutcome outcome = outcome_of(evidence);
  EXPECT_EQ(outcome.status, RunStatus::Ok);
  ASSERT_EQ(outcome.left_launches.size(), 3U);
  EXPECT_EQ(outcome.left_launches[0].count, 15U);
  EXPECT_EQ(note_left_launches(outcome.left_launches),
            "placewright: note: 15 launches of `step` use the program's mapper 7; "
            "`--replace-mapper` takes its place\n"
            "placewright: note: 3 launches of `a`, `work` use the program's mapper 9; "
            "`--replace-mapper` takes its place\n");
  // The program did launch these tasks.
  EXPECT_THAT(known_names(evidence).tasks, testing::UnorderedElementsAre("step", "work", "a"));
}

TEST(Classify, NoteOnManyTasksOfAMapperNamesTheFirst) {
  std::vector<LeftLaunches> launches;
  for (const char* task : {"a", "b", "c", "d", "e", "f"}) launches.push_back({task, 7, 1});
  EXPECT_THAT(note_left_launches(launches),
              HasSubstr("6 launches of `a`, `b`, `c`, `d`, 2 more use "));
  EXPECT_THAT(note_left_launches({{"a", 7, 1}}), HasSubstr("note: 1 launch of `a` uses the"));
  EXPECT_EQ(note_left_launches({}), "");
}

TEST(Classify, SeesSeparateCopies) {
  RunRequest asked = request();
  asked.processes = 2;
  const RunOutcome outcome = outcome_of(ended(0, {kStarted, kStarted}), asked);
  EXPECT_EQ(outcome.status, RunStatus::ProcessesDidNotJoin);
  EXPECT_THAT(outcome.message, HasSubstr("2 processes were started"));
}

TEST(Classify, ReportsTheApplicationsOwnStatus) {
  const RunOutcome outcome = outcome_of(ended(3, {kStarted}));
  EXPECT_EQ(outcome.status, RunStatus::Failed);
  EXPECT_EQ(outcome.exit_status, 3);
}

TEST(Classify, HasOneStableWordPerStatus) {
  EXPECT_EQ(to_string(RunStatus::Ok), "ok");
  EXPECT_EQ(to_string(RunStatus::OutOfMemory), "out-of-memory");
  EXPECT_EQ(to_string(RunStatus::ProcessesDidNotJoin), "processes-did-not-join");
}

}  // namespace
}  // namespace placewright::launch
