// SPDX-License-Identifier: Apache-2.0
// Examines everything outside this project that a run needs, and gives the command that fixes what
// is missing or has the wrong version.
#pragma once

#include <string>
#include <vector>

namespace placewright::launch {

struct Finding {
  bool good = false;
  std::string subject;  ///< "Legion runtime", "MPI", ..
  std::string found;    ///< What was found, with its version, or what is wrong.
  std::string fix;      ///< A command; empty when good.
};

/// In the order in which to fix problems.
[[nodiscard]] std::vector<Finding> examine_installation();

}  // namespace placewright::launch
