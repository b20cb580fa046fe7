// SPDX-License-Identifier: Apache-2.0
// Realm's own copy and fill kernels, recognized by name and executed on the host. Their parameter
// layouts are those of the runtime's header realm/cuda/cuda_memcpy.h; a test compares them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "transfer.h"

namespace placewright::vgpu {

enum class RealmKernelKind { FillBatch, CopyBatch, Transpose, Indirect };

struct RealmKernel {
  RealmKernelKind kind;
  int dimensions;             ///< 1 to 3.
  std::size_t element_bytes;  ///< 1 to 16.
  std::size_t index_bytes;    ///< Indirect only: 4 or 8.
};

/// `fill_affine_batch2D_64`, `memcpy_affine_batch1D_128`, `memcpy_transpose32`,
/// `memcpy_indirect3D_6432` (data bits, then index bits); nullopt for any other name.
[[nodiscard]] std::optional<RealmKernel> parse_realm_kernel(std::string_view name);

/// Whether all these bytes belong to memory of the run.
using IsMemory = std::function<bool(std::uintptr_t address, std::size_t bytes)>;

/// Reads the parameter block of a launch (it need not outlive the call). A gather or scatter skips
/// elements whose index is outside that memory; without `is_memory` all indices count as valid.
[[nodiscard]] Transfer decode_realm_kernel(const RealmKernel& kernel, const void* parameters,
                                           const IsMemory& is_memory = nullptr);

/// Parameter layouts for N dimensions (for N = 1 there are no strides: an empty array).
template <std::size_t N>
struct FillRect {
  std::size_t strides[N - 1];
  std::size_t volume;
  std::size_t extents[N];
  std::uintptr_t address;
};

template <std::size_t N>
struct AffineSide {
  std::size_t strides[N - 1];
  std::uintptr_t address;
};

template <std::size_t N>
struct CopyPair {
  AffineSide<N> source, destination;
  std::size_t extents[N];
  std::size_t volume;
};

/// How many rectangles fit in the 4 KiB of parameters of one launch.
template <std::size_t N>
inline constexpr std::size_t kMaxFillRects = (4096 - 20) / sizeof(FillRect<N>);
template <std::size_t N>
inline constexpr std::size_t kMaxCopyPairs = (4096 - 2) / sizeof(CopyPair<N>);

template <std::size_t N>
struct FillParameters {
  alignas(16) unsigned char value[16];
  unsigned short rects;
  FillRect<N> rect[kMaxFillRects<N>];
};

template <std::size_t N>
struct CopyParameters {
  CopyPair<N> pair[kMaxCopyPairs<N>];
  unsigned short pairs;
};

struct TransposeParameters {
  std::size_t extents[3];  ///< Bytes of one element, rows, columns.
  std::size_t source_strides[2], destination_strides[2];
  std::size_t tile;
  std::uintptr_t destination, source;
};

struct IndirectParameters {
  std::size_t volume, field_bytes;
  std::size_t source_strides[3], destination_strides[3];
  std::uintptr_t source_index, destination_index, source, destination;
};

}  // namespace placewright::vgpu
