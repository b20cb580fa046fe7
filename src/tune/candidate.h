// From a mapping text to what it decides for one application, before any run.
#pragma once

#include <memory>
#include <string>

#include "workload/decisions.h"

namespace placewright::tune {

struct Candidate {
  std::string text;
  std::shared_ptr<const Policy> policy;  ///< Null when the mapping is rejected.
  std::string messages;  ///< Printed errors and warnings, of the application's names as well.
  ResolvedDecisions decisions;
  Fingerprint fingerprint;
};

/// Parses, checks and resolves. `name` stands for the file in messages.
[[nodiscard]] Candidate compile_candidate(const std::string& name, const std::string& text,
                                          const Workload& workload, const MachineShape& machine);

}  // namespace placewright::tune
