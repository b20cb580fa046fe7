// SPDX-License-Identifier: Apache-2.0
// Reductions on the virtual GPUs. Realm folds on a GPU with kernels that come with each reduction
// operator and are found through the CUDA runtime library, which cannot start on a driver of ours.
// So the driver gives every operator that the program registered kernels of its own: they call the
// operator's CPU functions. Without this Legion's own operators would end the run.
#pragma once

#include <cstddef>

#include "transfer.h"

namespace placewright::vgpu {

/// What one kernel of one operator does on the host.
struct ReductionKernel {
  void (*function)(void* left, std::size_t left_stride, const void* right, std::size_t right_stride,
                   std::size_t count, const void* user_data) = nullptr;
  std::size_t right_bytes = 0;  ///< Size of one element that comes in.
  std::size_t user_bytes = 0;   ///< Size of the operator's own data, behind the arguments.
};

/// Gives kernels to the operators that are registered by now; does nothing without Legion.
void adopt_reduction_operators();

/// Reads the arguments of a launch, which need not outlive the call: one block, or one by one.
[[nodiscard]] Transfer decode_reduction(const ReductionKernel& kernel, const void* block);
[[nodiscard]] Transfer decode_reduction(const ReductionKernel& kernel, void* const* parameters);

}  // namespace placewright::vgpu
