#include <placewright/modelled_reduction.h>
#include <placewright/modelled_task.h>
#include <placewright/virtual_gpu.h>

#include <memory>

namespace placewright {
namespace {

/// What Realm passes to a device function of a reduction operator: the argument list of the CUDA
/// kernels in realm/cuda/cuda_redop.h, one pointer each.
struct Fold {
  FoldFunction function;
  void* to;
  size_t to_stride;
  const void* from;
  size_t from_stride;
  size_t count;
};

/// Which function it is, and how large its values are: the "host symbol" of a CUDA kernel.
struct Kernel {
  FoldFunction function;
  size_t value_bytes;
};

/// CUDA's dim3.
struct Dimensions {
  unsigned x, y, z;
};

void run_and_delete(void* argument) {
  const std::unique_ptr<Fold> fold(static_cast<Fold*>(argument));
  fold->function(fold->to, fold->to_stride, fold->from, fold->from_stride, fold->count);
}

/// Stands in for cudaLaunchKernel: Realm calls it with a kernel that add_device_folds() gave it.
int launch_fold(const void* symbol, Dimensions, Dimensions, void** arguments, size_t,
                void* stream) {
  const auto* kernel = static_cast<const Kernel*>(symbol);
  const auto word = [&](int i) { return *static_cast<const uintptr_t*>(arguments[i]); };
  auto fold =
      std::make_unique<Fold>(Fold{kernel->function, reinterpret_cast<void*>(word(0)), word(1),
                                  reinterpret_cast<const void*>(word(2)), word(3), word(4)});
  const unsigned long long bytes = fold->count * kernel->value_bytes;
  const void* to = fold->to;
  const void* from = fold->from;
  if (!data_is_real()) return virtual_gpu_fold()(stream, to, from, bytes, nullptr, nullptr);
  return virtual_gpu_fold()(stream, to, from, bytes, run_and_delete, fold.release());
}

/// Kernels are referred to by address for the rest of the program.
void* make_kernel(FoldFunction function, size_t value_bytes) {
  return new Kernel{function, value_bytes};
}

}  // namespace

void detail::add_device_folds(Realm::ReductionOpUntyped& reduction, const DeviceFolds& folds) {
  if (virtual_gpu_fold() == nullptr) return;
  reduction.cuda_apply_excl_fn = make_kernel(folds.apply_exclusive, folds.value_bytes);
  reduction.cuda_apply_nonexcl_fn = make_kernel(folds.apply_shared, folds.value_bytes);
  reduction.cuda_fold_excl_fn = make_kernel(folds.fold_exclusive, folds.value_bytes);
  reduction.cuda_fold_nonexcl_fn = make_kernel(folds.fold_shared, folds.value_bytes);
  reduction.cudaLaunchKernel_fn = reinterpret_cast<void*>(launch_fold);
}

}  // namespace placewright
