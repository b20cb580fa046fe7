// SPDX-License-Identifier: Apache-2.0
// From a mapping text to what it decides for one application, before any run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "workload/decisions.h"

namespace placewright {

struct Candidate {
  std::string text;
  std::shared_ptr<const Mapping> mapping;  ///< What `problems` point into.
  std::vector<Diagnostic> problems;        ///< Errors and warnings, by position.
  std::shared_ptr<const Policy> policy;    ///< Null when the mapping is rejected.
  std::string messages;                    ///< `problems`, printed.
  ResolvedDecisions decisions;
  Fingerprint fingerprint;
};

/// Parses, checks, judges by what the application has, and resolves. `name` stands for the file in
/// messages; `sink` is for what functions print (policy.h), stderr without one.
[[nodiscard]] Candidate compile_candidate(const std::string& name, const std::string& text,
                                          const Workload& workload, const MachineShape& machine,
                                          lang::PrintSink sink = {});

}  // namespace placewright
