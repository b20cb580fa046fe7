// SPDX-License-Identifier: Apache-2.0
#include "explain/explain.h"

#include "explain/dead_rules.h"
#include "explain/failure.h"
#include "explain/rejection.h"
#include "explain/slow_data.h"
#include "explain/slow_tasks.h"
#include "explain/wrong_kind.h"
#include "explain/zero_copy.h"

namespace placewright::explain {
namespace {

void append(std::vector<Finding>& to, std::vector<Finding> from) {
  for (Finding& each : from) to.push_back(std::move(each));
}

/// The checker's messages for a mapping that never ran. Where only this machine rejects it, and
/// that is not known any more, there are none.
std::vector<Finding> rejections(const Observation& run) {
  const workload::Workload nothing{run.machine, {}};
  const workload::Candidate candidate = workload::compile_candidate(
      run.mapping_name, run.mapping, run.workload ? *run.workload : nothing, run.machine);
  std::vector<Finding> findings = rejection_findings(candidate.mapping->file, candidate.problems);
  std::erase_if(findings, [](const Finding& finding) { return finding.weight == 0; });
  return findings;
}

/// A mapping that could not be read has no text to check.
Finding unreadable(const launch::RunOutcome& outcome) {
  Finding finding;
  finding.kind = FindingKind::RejectedMapping;
  finding.weight = 1;
  finding.what = harmless(outcome.message, 400);
  finding.why = "the mapping cannot be read";
  finding.advice = "check the path";
  return finding;
}

}  // namespace

std::vector<Finding> explain(const Observation& run) {
  std::vector<Finding> findings;
  if (run.outcome.status == launch::RunStatus::RejectedMapping) {
    findings = rejections(run);
    if (findings.empty()) findings.push_back(unreadable(run.outcome));
    return arranged(std::move(findings));
  }
  std::optional<EditMaker> edits;
  if (run.workload && run.outcome.has_own_mapper) {
    edits.emplace(*run.workload);
  } else if (run.workload) {
    edits.emplace(*run.workload, run.machine, run.mapping);
  }
  append(findings, failure_findings(run, edits ? &*edits : nullptr));
  if (edits && run.profile && findings.empty()) {
    const Measured measured{
        *run.profile, *run.workload, *edits, run.time_scale, run.bus_bytes_per_second, run.earlier};
    append(findings, slow_task_findings(measured));
    append(findings, wrong_kind_findings(measured));
    append(findings, slow_data_findings(measured));
    append(findings, slow_zero_copy_findings(measured));
  }
  if (edits && !run.mapping.empty() && edits->before().policy != nullptr)
    append(findings, dead_rule_findings(edits->before(), *run.workload));
  return arranged(std::move(findings));
}

}  // namespace placewright::explain
