// SPDX-License-Identifier: Apache-2.0
// Compiles a mapping text to its decisions for one application, before any run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workload/decisions.h"

namespace placewright::workload {

/// Names what a mapping decides, in files and tables: all of it, for tasks that no workload lists
/// too, so mappings with equal fingerprints never need two runs. Equality compares the text, so a
/// hash collision never merges two.
struct Fingerprint {
  uint64_t hash = 0;
  std::string text;  ///< policy::canonical_text().
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  /// 16 hexadecimal digits.
  [[nodiscard]] std::string to_string() const;
};
/// Hash: XXH64 of the text, seed 0.
[[nodiscard]] Fingerprint fingerprint(const policy::Policy& policy);

struct Candidate {
  std::string text;
  std::shared_ptr<const policy::Mapping> mapping;  ///< `problems` refer to its text.
  std::vector<Diagnostic> problems;                ///< Errors and warnings, by position.
  std::shared_ptr<const policy::Policy> policy;    ///< Null when the mapping is rejected.
  std::string messages;                            ///< `problems`, printed.
  ResolvedDecisions decisions;
  Fingerprint fingerprint;
};

/// Parses, checks, checks legality for the application, and resolves. `name` is the file name in
/// messages; `sink` receives what functions print (policy.h), stderr if empty.
[[nodiscard]] Candidate compile_candidate(const std::string& name, const std::string& text,
                                          const Workload& workload,
                                          const machine::MachineShape& machine,
                                          lang::PrintSink sink = {});

}  // namespace placewright::workload
