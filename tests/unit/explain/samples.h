// SPDX-License-Identifier: Apache-2.0
// Runs, workloads and profiles made by hand, small enough to compute with.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "explain/explain.h"

namespace placewright::explain {

inline workload::WorkloadArgument argument(std::vector<std::string> names,
                                           machine::Privilege privilege, uint64_t bytes,
                                           int dim = 1, int fields = 1) {
  return {std::move(names), privilege, dim, fields, bytes};
}

/// `step` and `fold` in launches of 4 points, for both kinds; `init` for both; `top` for CPUs. One
/// node with 2 GPUs and 2 CPUs.
inline workload::Workload sample_workload() {
  const std::vector<machine::ProcessorKind> both = {machine::ProcessorKind::Cpu,
                                                    machine::ProcessorKind::Gpu};
  const std::vector<workload::WorkloadLaunch> points = {{true, {{1, {0}}, {1, {3}}}, 10}};
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=2,CPU=2"), {}};
  workload::WorkloadTask step{"step", both, false, {}, points};
  step.arguments = {argument({"own", "grid"}, machine::Privilege::ReadWrite, 1 << 20, 2, 2),
                    argument({"ghost", "grid"}, machine::Privilege::ReadOnly, 1 << 10)};
  workload::WorkloadTask fold{"fold", both, false, {}, points};
  fold.arguments = {argument({"totals"}, machine::Privilege::Reduce, 64)};
  workload::WorkloadTask init{"init", both, false, {}, {{false, {}, 1}}};
  init.arguments = {argument({"own", "grid"}, machine::Privilege::WriteDiscard, 1 << 20, 2, 2)};
  workload::WorkloadTask top{"top", {machine::ProcessorKind::Cpu}, true, {}, {{false, {}, 1}}};
  workload.tasks = {fold, init, step, top};
  return workload;
}

inline constexpr profile::MemoryPlace kFrameBuffer0{machine::MemoryKind::FbMem, 0, 0};
inline constexpr profile::MemoryPlace kFrameBuffer1{machine::MemoryKind::FbMem, 1, 0};
inline constexpr profile::MemoryPlace kHostMemory{machine::MemoryKind::SysMem, 0, 0};

inline constexpr const char* kOnGpus = "Task * GPU, CPU;\nRegion * * GPU FBMEM;\n";

/// A good run of 1 s with both GPUs busy: what there is to report is that.
inline Observation sample_run(std::string mapping = kOnGpus) {
  Observation run{"some.mapping", std::move(mapping), sample_workload().machine};
  run.workload = sample_workload();
  profile::Profile profile;
  profile.runtime = "legion";
  profile.nodes = 1;
  profile.span_s = 1;
  for (int gpu = 0; gpu < 2; ++gpu) {
    profile.tasks.push_back({"step", "gpu", "GPU", 0, gpu, 100, 0, 0.1, 0.9, 0, 0.0095, 0.009});
    profile.processors.push_back({"GPU", 0, gpu, 100, 0.45, 0, 1});
    profile.processors.back().busy_s = 0.9;
  }
  profile.processors.push_back({"UTIL", 0, 0, 0, 0, 0.2, 0});
  run.profile = std::move(profile);
  return run;
}

inline Observation failed_run(launch::RunStatus status, std::string message) {
  Observation run{"some.mapping", kOnGpus, sample_workload().machine};
  run.outcome.status = status;
  run.outcome.message = std::move(message);
  return run;
}

inline std::vector<Finding> of_kind(const std::vector<Finding>& findings, FindingKind kind) {
  std::vector<Finding> result;
  for (const Finding& finding : findings)
    if (finding.kind == kind) result.push_back(finding);
  return result;
}

inline std::vector<Finding> explained(const Observation& run, FindingKind kind) {
  return of_kind(explain(run), kind);
}

/// The values of all facts of a name.
inline std::vector<std::string> facts(const Finding& finding, const std::string& name) {
  std::vector<std::string> values;
  for (const Fact& fact : finding.evidence)
    if (fact.name == name) values.push_back(fact.value);
  return values;
}

inline std::vector<std::string> rules(const Finding& finding) {
  std::vector<std::string> texts;
  for (const Edit& edit : finding.edits) texts.push_back(edit.rules);
  return texts;
}

}  // namespace placewright::explain
