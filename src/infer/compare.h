// SPDX-License-Identifier: Apache-2.0
// Measures how far the decisions of two runs of one application agree.
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
  Count memories;    ///< One per region argument with a real or virtual instance.
  Count layouts;     ///< One per instance.
  /// The first few differences: "`calc` 3: CPU 1 of node 0, not CPU 0 of node 0".
  std::vector<std::string> differences;

  [[nodiscard]] bool is_complete() const {
    return processors.equal == processors.total && memories.equal == memories.total &&
           layouts.equal == layouts.total;
  }
};

/// Pairs the tasks of both runs by name, launch domain and point. A task that is missing from one
/// run counts as different in everything. Top-level tasks and shards do not count: no mapping
/// places them.
[[nodiscard]] Agreement compare(std::span<const ObservedTask> wanted,
                                std::span<const ObservedTask> found);

}  // namespace placewright::infer
