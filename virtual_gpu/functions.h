// SPDX-License-Identifier: Apache-2.0
// What a CUfunction of the virtual GPUs is: a name, and what a launch of it does. Modules are not
// looked into.
#pragma once

#include <optional>
#include <string>

#include "realm_kernels.h"
#include "reductions.h"

namespace placewright::vgpu {

struct Function {
  std::string name;
  std::optional<RealmKernel> realm;
  std::optional<ReductionKernel> reduction;
};

}  // namespace placewright::vgpu
