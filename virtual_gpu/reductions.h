// SPDX-License-Identifier: Apache-2.0
// Reductions on the virtual GPUs. Realm folds on a GPU with kernels that come with each reduction
// operator and are found through the CUDA runtime library, which cannot start on this driver. The
// driver therefore gives every registered operator its own kernels, which call the operator's CPU
// functions. Without them Legion's own operators would end the run.
#pragma once

#include <cstddef>

#include "transfer.h"

namespace placewright::vgpu {

/// The host implementation of one kernel of one operator.
struct ReductionKernel {
  void (*function)(void* left, std::size_t left_stride, const void* right, std::size_t right_stride,
                   std::size_t count, const void* user_data) = nullptr;
  std::size_t right_bytes = 0;  ///< Size of one incoming element.
  std::size_t user_bytes = 0;   ///< Size of the operator's own data, after the arguments.
};

/// Gives kernels to the operators registered so far; does nothing without Legion.
void adopt_reduction_operators();

/// Reads the arguments of a launch, as one block or one by one; they need not outlive the call.
[[nodiscard]] Transfer decode_reduction(const ReductionKernel& kernel, const void* block);
[[nodiscard]] Transfer decode_reduction(const ReductionKernel& kernel, void* const* parameters);

}  // namespace placewright::vgpu
