// SPDX-License-Identifier: Apache-2.0
// How far two runs of one application decided alike.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "infer/observed.h"

namespace placewright::infer {

struct Agreement {
  struct Count {
    size_t equal = 0;
    size_t total = 0;
  };
  Count processors;  ///< One decision per mapped task.
  Count memories;    ///< One per region argument that has an instance or a virtual one.
  Count layouts;     ///< One per instance.
  /// The first few that differ: "`calc` 3: CPU 1 of node 0, not CPU 0 of node 0".
  std::vector<std::string> differences;

  [[nodiscard]] bool is_complete() const {
    return processors.equal == processors.total && memories.equal == memories.total &&
           layouts.equal == layouts.total;
  }
};

/// Pairs the tasks of both runs by name, launch domain and point. A task of one run that the other
/// lacks counts as different in everything.
[[nodiscard]] Agreement compare(std::span<const ObservedTask> wanted,
                                std::span<const ObservedTask> found);

}  // namespace placewright::infer
