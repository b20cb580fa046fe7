// Reduction operators that virtual GPUs can fold by themselves. An operator compiled without CUDA
// lets Realm fold on the host only, with two more copies per fold or with no way at all; this gives
// it device functions that the virtual driver carries out and takes time for.
#pragma once

#include <legion.h>

#include <cstddef>
#include <type_traits>

namespace placewright {

/// `count` values of one side are applied to the other, with distances in bytes.
using FoldFunction = void (*)(void* to, std::size_t to_stride, const void* from,
                              std::size_t from_stride, std::size_t count);

struct DeviceFolds {
  FoldFunction apply_exclusive, apply_shared, fold_exclusive, fold_shared;
  std::size_t value_bytes;  ///< Of one value on the right-hand side.
};

namespace detail {

/// Gives the operator device functions.
/// Does nothing where no virtual GPU driver is loaded.
void add_device_folds(Realm::ReductionOpUntyped& reduction, const DeviceFolds& folds);

template <class REDOP, bool EXCLUSIVE, bool APPLY>
void fold_values(void* to, std::size_t to_stride, const void* from, std::size_t from_stride,
                 std::size_t count) {
  using To = std::conditional_t<APPLY, typename REDOP::LHS, typename REDOP::RHS>;
  for (std::size_t i = 0; i < count; ++i) {
    auto& target = *reinterpret_cast<To*>(static_cast<char*>(to) + i * to_stride);
    const auto& value = *reinterpret_cast<const typename REDOP::RHS*>(
        static_cast<const char*>(from) + i * from_stride);
    if constexpr (APPLY) {
      REDOP::template apply<EXCLUSIVE>(target, value);
    } else {
      REDOP::template fold<EXCLUSIVE>(target, value);
    }
  }
}

}  // namespace detail

/// Registers a reduction operator in Legion's form (LHS, RHS, identity, static apply and fold)
/// before the runtime starts.
template <class REDOP>
void register_modelled_reduction(Legion::ReductionOpID id) {
  const DeviceFolds folds = {detail::fold_values<REDOP, true, true>,
                             detail::fold_values<REDOP, false, true>,
                             detail::fold_values<REDOP, true, false>,
                             detail::fold_values<REDOP, false, false>, sizeof(typename REDOP::RHS)};
  Realm::ReductionOpUntyped* reduction = Realm::ReductionOpUntyped::create_reduction_op<REDOP>();
  detail::add_device_folds(*reduction, folds);
  Legion::Runtime::register_reduction_op(id, reduction);
}

}  // namespace placewright
