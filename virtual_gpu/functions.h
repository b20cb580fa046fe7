// SPDX-License-Identifier: Apache-2.0
// A CUfunction of the virtual GPUs: a name, and what a launch of it does. The contents of modules
// are not examined.
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
