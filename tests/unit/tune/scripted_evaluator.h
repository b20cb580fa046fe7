// SPDX-License-Identifier: Apache-2.0
// An application that never runs: its time and its failures follow from the decisions of a mapping.
#pragma once

#include <functional>

#include "support/clock.h"
#include "tune/evaluator.h"
#include "workload/candidate.h"

namespace placewright::tune {

class FakeClock : public Clock {
 public:
  double now_s() const override { return now; }
  double now = 0;
};

class ScriptedEvaluator : public Evaluator {
 public:
  using Model = std::function<RunResult(const workload::ResolvedDecisions&)>;
  ScriptedEvaluator(workload::Workload workload, FakeClock& clock, Model model)
      : workload_(std::move(workload)), clock_(clock), model_(std::move(model)) {}

  Result<workload::Workload> discover() override {
    ++discoveries;
    clock_.now += 2;
    return workload_;
  }
  Result<RunResult> verify(const Subject& subject) override {
    ++verifications;
    clock_.now += 1;
    RunResult result = run(subject);
    result.wall_s = 1;
    return result;
  }
  Result<RunResult> time(const Subject& subject, double) override {
    ++timings;
    clock_.now += 2;
    RunResult result = run(subject);
    result.wall_s = 2;
    return result;
  }

  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload&) override {
    ++profiles;
    clock_.now += 3;
    if (!findings) return std::vector<explain::Finding>{};
    return findings(decisions(subject));
  }

  /// What a profile run shows; nothing where it is empty.
  std::function<std::vector<explain::Finding>(const workload::ResolvedDecisions&)> findings;
  /// A run without Placewright.
  RunResult untouched = {Status::Ok, "", {}, 11, "c0ffee", 0};
  int discoveries = 0, verifications = 0, timings = 0, profiles = 0;

 private:
  RunResult run(const Subject& subject) {
    if (subject.untouched) return untouched;
    if (!subject.command.empty()) return {Status::Ok, "", {}, 12, "c0ffee", 0};
    RunResult result = model_(decisions(subject));
    if (result.checksum.empty()) result.checksum = "c0ffee";
    return result;
  }

  workload::ResolvedDecisions decisions(const Subject& subject) const {
    const std::string text = subject.mapping.value_or("Task * GPU, CPU;");
    return workload::compile_candidate("m", text, workload_, workload_.machine).decisions;
  }

  workload::Workload workload_;
  FakeClock& clock_;
  Model model_;
};

// 10 s by default. Shared nodes in zero-copy memory help only if every argument that holds them is
// there (a coordinated move), half-way it hurts; ghost nodes alone help a little.
inline RunResult shared_together(const workload::ResolvedDecisions& decisions) {
  const auto zero_copy = [&](int task, int argument) {
    return decisions.tasks[task].arguments[argument].memory == machine::MemoryKind::ZcMem;
  };
  RunResult result;
  result.metric = 10;
  if (zero_copy(0, 0) != zero_copy(2, 0)) result.metric += 3;
  if (zero_copy(0, 0) && zero_copy(2, 0)) result.metric -= 4;
  if (zero_copy(0, 1)) result.metric -= 1;
  for (const int task : {0, 2}) {
    if (decisions.tasks[task].kind == machine::ProcessorKind::Cpu) result.metric += 20;
  }
  return result;
}

}  // namespace placewright::tune
