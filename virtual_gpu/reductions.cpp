// SPDX-License-Identifier: Apache-2.0
#include "reductions.h"

#include <dlfcn.h>
#include <realm/redop.h>

#include <cstring>
#include <map>
#include <vector>

#include "cuda_abi.h"
#include "functions.h"

namespace placewright::vgpu {
namespace {

using Operator = Realm::ReductionOpUntyped;
using CpuFunction = decltype(ReductionKernel::function);

/// The argument block of Realm's reduction kernels; the operator's data follows it.
struct Arguments {
  std::uintptr_t left, left_stride, right, right_stride;
  std::size_t count;
};

/// Replaces cudaGetFuncBySymbol: the "symbols" of adopted operators already are functions.
int function_by_symbol(void** function, const void* symbol) {
  *function = const_cast<void*>(symbol);
  return kSuccess;
}

/// Creates a function that lives as long as the process.
void* new_function(const Operator& op, CpuFunction cpu_function) {
  return new Function{"reduction", std::nullopt,
                      ReductionKernel{cpu_function, op.sizeof_rhs, op.sizeof_userdata}};
}

void adopt(Operator& op) {
  if (op.cpu_apply_excl_fn == nullptr || op.cpu_fold_excl_fn == nullptr) return;
  op.cuda_apply_excl_fn = new_function(op, op.cpu_apply_excl_fn);
  op.cuda_apply_nonexcl_fn = new_function(op, op.cpu_apply_nonexcl_fn);
  op.cuda_fold_excl_fn = new_function(op, op.cpu_fold_excl_fn);
  op.cuda_fold_nonexcl_fn = new_function(op, op.cpu_fold_nonexcl_fn);
  op.cudaGetFuncBySymbol_fn = reinterpret_cast<void*>(&function_by_symbol);
}

Transfer to_transfer(const ReductionKernel& kernel, const Arguments& arguments, const char* user) {
  std::vector<char> user_data(kernel.user_bytes);
  if (user != nullptr) std::memcpy(user_data.data(), user, kernel.user_bytes);
  return {.bytes = arguments.count * kernel.right_bytes,
          .source = arguments.right,
          .destination = arguments.left,
          .move =
              [kernel, arguments, user_data = std::move(user_data)] {
                kernel.function(reinterpret_cast<void*>(arguments.left), arguments.left_stride,
                                reinterpret_cast<const void*>(arguments.right),
                                arguments.right_stride, arguments.count, user_data.data());
              },
          .local_passes = 3};
}

}  // namespace

void adopt_reduction_operators() {
  // Legion::Internal::Runtime::get_reduction_table(bool) is not in a Legion header, and the driver
  // does not link Legion.
  using Table = std::map<int, Operator*>;
  using GetTable = Table& (*)(bool);
  const auto get_table = reinterpret_cast<GetTable>(
      dlsym(RTLD_DEFAULT, "_ZN6Legion8Internal7Runtime19get_reduction_tableEb"));
  if (get_table == nullptr) return;
  for (const auto& [id, op] : get_table(true)) adopt(*op);
}

Transfer decode_reduction(const ReductionKernel& kernel, const void* block) {
  Arguments arguments;
  std::memcpy(&arguments, block, sizeof arguments);
  return to_transfer(kernel, arguments, static_cast<const char*>(block) + sizeof arguments);
}

Transfer decode_reduction(const ReductionKernel& kernel, void* const* parameters) {
  const auto word = [&](int i) { return *static_cast<const std::uintptr_t*>(parameters[i]); };
  const void* user = kernel.user_bytes == 0 ? nullptr : parameters[5];
  return to_transfer(kernel, {word(0), word(1), word(2), word(3), word(4)},
                     static_cast<const char*>(user));
}

}  // namespace placewright::vgpu
