// SPDX-License-Identifier: Apache-2.0
// Which reduction instances a further task of the same reduction may use: those into which nothing
// but this reduction was folded. The runtime does not tell, so it follows from the tasks mapped here.
// One object per process; the caller locks it.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "decide/layout.h"

namespace placewright::decide {

class FoldInstances {
 public:
  /// A task folds into data.
  struct Fold {
    uint64_t tree = 0;
    uint64_t space = 0;  ///< The index space.
    ReductionId reduction = 0;
    std::vector<FieldId> fields;
    machine::LaunchDomain bounds;  ///< The bounding box of the index space.
  };

  /// The instances that the task may use, in the order in which they were made. Those that another
  /// reduction has for the same data can never be used again.
  [[nodiscard]] std::vector<uint64_t> usable(const Fold& fold);
  void made(const Fold& fold, uint64_t instance);
  /// The runtime has deleted an instance.
  void gone(const Fold& fold, uint64_t instance);

 private:
  struct Known {
    Fold fold;
    std::vector<uint64_t> instances;
  };
  std::map<uint64_t, std::vector<Known>> trees_;
};

}  // namespace placewright::decide
