// SPDX-License-Identifier: Apache-2.0
// Looks at everything outside this project that a run needs, and knows the command that mends what
// is missing or has the wrong version.
#pragma once

#include <string>
#include <vector>

namespace placewright {

struct Finding {
  bool good = false;
  std::string subject;  ///< "Legion runtime", "MPI", ..
  std::string found;    ///< What is there, with its version, or what is wrong.
  std::string fix;      ///< A command; empty when good.
};

/// In the order in which problems should be mended.
[[nodiscard]] std::vector<Finding> examine_installation();

}  // namespace placewright
