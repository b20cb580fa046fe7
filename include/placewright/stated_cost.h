// SPDX-License-Identifier: Apache-2.0
// How a task tells `placewright record` what its application states of its work. The receiver is found
// at run time and absent in all other runs.
#pragma once

#include <dlfcn.h>
#include <placewright/task_cost.h>

#include <cstddef>

namespace placewright {

/// A TaskCost in a form that does not depend on the C++ library.
struct StatedCost {
  double fp32_flops = 0;
  double fp64_flops = 0;
  double parallelism = 0;
  const ArgumentCost* arguments = nullptr;
  std::size_t count = 0;  ///< How many arguments.
};

/// `task`: the running task's unique id. What it points to is copied.
using StateCost = void (*)(unsigned long long task, const StatedCost* cost);

/// `placewright_state_cost`, or null in a program without the preload library.
inline StateCost state_cost() {
  static const auto function =
      reinterpret_cast<StateCost>(dlsym(RTLD_DEFAULT, "placewright_state_cost"));
  return function;
}

}  // namespace placewright
