// SPDX-License-Identifier: Apache-2.0
#include "workload/candidate.h"

#include <fmt/core.h>
#include <xxhash.h>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/canonical_text.h"
#include "workload/legality.h"

namespace placewright::workload {

std::string Fingerprint::to_string() const { return fmt::format("{:016x}", hash); }

Fingerprint fingerprint(const policy::Policy& policy) {
  Fingerprint result;
  result.text = policy::canonical_text(policy.mapping().program);
  result.hash = XXH64(result.text.data(), result.text.size(), 0);
  return result;
}

Candidate compile_candidate(const std::string& name, const std::string& text,
                            const Workload& workload, const machine::MachineShape& machine,
                            lang::PrintSink sink) {
  Candidate candidate;
  candidate.text = text;
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile(name, text), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  std::shared_ptr<const policy::Policy> policy;
  if (!diagnostics.has_errors())
    policy = policy::Policy::build(mapping, machine, diagnostics, std::move(sink));
  if (policy != nullptr && !diagnostics.has_errors()) {
    check_legality(*policy, workload, diagnostics);
    if (!diagnostics.has_errors()) {
      candidate.policy = policy;
      candidate.decisions = resolve(*policy, workload);
      candidate.fingerprint = fingerprint(*policy);
    }
  }
  candidate.mapping = mapping;
  candidate.problems = diagnostics.sorted();
  candidate.messages = diagnostics.to_text();
  return candidate;
}

}  // namespace placewright::workload
