// SPDX-License-Identifier: Apache-2.0
// What the activities of a timeline are: the timeline itself does not know.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/timeline.h"

namespace placewright::sim {

struct Label {
  enum class Kind : uint8_t { Wait, Task, Copy, Fold, Fill } kind = Kind::Wait;
  uint32_t task = 0;  ///< Workload number: the task, or the one that needs the data.
  int argument = -1;  ///< For which the data is.
  uint64_t from = 0;  ///< Memory::id; 0: none.
  uint64_t to = 0;
};

class Labels {
 public:
  void set(ActivityId activity, const Label& label) {
    if (activity >= labels_.size()) labels_.resize(activity + 1);
    labels_[activity] = label;
  }
  /// Activities that were not labelled only wait for others.
  [[nodiscard]] Label of(ActivityId activity) const {
    return activity < labels_.size() ? labels_[activity] : Label();
  }

 private:
  std::vector<Label> labels_;
};

}  // namespace placewright::sim
