// SPDX-License-Identifier: Apache-2.0
#include "realm_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace placewright::vgpu {
namespace {

/// A rectangle of at most three dimensions whose first dimension is dense. Strides are the
/// distances between rows and between planes, in elements.
struct Grid {
  std::uintptr_t address = 0;
  std::size_t row_stride = 0;
  std::size_t plane_stride = 0;
};

struct Box {
  std::size_t width = 0, height = 1, depth = 1;
};

/// How a kernel numbers a rectangle: `extents` without the last one, which the volume implies.
template <std::size_t N>
Box to_box(const std::size_t (&extents)[N], std::size_t volume) {
  if constexpr (N == 1) return {volume, 1, 1};
  if constexpr (N == 2) return {extents[0], volume / extents[0], 1};
  if constexpr (N == 3) return {extents[0], extents[1], volume / (extents[0] * extents[1])};
}

/// The kernels' strides are the allocated extents: row to row `strides[0]`, plane to plane
/// `strides[0] * strides[1]`.
template <std::size_t N, class Rect>
Grid to_grid(const Rect& rect) {
  Grid grid{rect.address, 0, 0};
  if constexpr (N >= 2) grid.row_stride = rect.strides[0];
  if constexpr (N == 3) grid.plane_stride = rect.strides[0] * rect.strides[1];
  return grid;
}

template <class Row>
void for_each_row(const Box& box, const Row& row) {
  for (std::size_t z = 0; z < box.depth; ++z) {
    for (std::size_t y = 0; y < box.height; ++y) row(y, z);
  }
}

char* row_address(const Grid& grid, std::size_t y, std::size_t z, std::size_t element_bytes) {
  const std::size_t offset = y * grid.row_stride + z * grid.plane_stride;
  return reinterpret_cast<char*>(grid.address + offset * element_bytes);
}

template <std::size_t N>
Transfer decode_fill(const RealmKernel& kernel, const void* raw) {
  struct Rect {
    Grid grid;
    Box box;
  };
  const auto& parameters = *static_cast<const FillParameters<N>*>(raw);
  Transfer transfer;
  std::vector<Rect> rects;
  for (std::size_t i = 0; i < parameters.rects; ++i) {
    const FillRect<N>& rect = parameters.rect[i];
    if (rect.volume == 0) continue;
    rects.push_back({to_grid<N>(rect), to_box<N>(rect.extents, rect.volume)});
    transfer.bytes += rect.volume * kernel.element_bytes;
  }
  if (rects.empty()) return transfer;
  transfer.destination = rects.front().grid.address;
  std::array<unsigned char, 16> value;
  std::copy_n(parameters.value, value.size(), value.begin());
  transfer.move = [rects = std::move(rects), value, bytes = kernel.element_bytes] {
    for (const Rect& rect : rects) {
      for_each_row(rect.box, [&](std::size_t y, std::size_t z) {
        char* out = row_address(rect.grid, y, z, bytes);
        for (std::size_t x = 0; x < rect.box.width; ++x) {
          std::memcpy(out + x * bytes, value.data(), bytes);
        }
      });
    }
  };
  return transfer;
}

template <std::size_t N>
Transfer decode_copy(const RealmKernel& kernel, const void* raw) {
  struct Pair {
    Grid source, destination;
    Box box;
  };
  const auto& parameters = *static_cast<const CopyParameters<N>*>(raw);
  Transfer transfer;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < parameters.pairs; ++i) {
    const CopyPair<N>& pair = parameters.pair[i];
    if (pair.volume == 0) continue;
    pairs.push_back({to_grid<N>(pair.source), to_grid<N>(pair.destination),
                     to_box<N>(pair.extents, pair.volume)});
    transfer.bytes += pair.volume * kernel.element_bytes;
  }
  if (pairs.empty()) return transfer;
  transfer.source = pairs.front().source.address;
  transfer.destination = pairs.front().destination.address;
  transfer.move = [pairs = std::move(pairs), bytes = kernel.element_bytes] {
    for (const Pair& pair : pairs) {
      for_each_row(pair.box, [&](std::size_t y, std::size_t z) {
        std::memcpy(row_address(pair.destination, y, z, bytes),
                    row_address(pair.source, y, z, bytes), pair.box.width * bytes);
      });
    }
  };
  return transfer;
}

Transfer decode_transpose(const void* raw) {
  const auto parameters = *static_cast<const TransposeParameters*>(raw);
  Transfer transfer;
  transfer.bytes = parameters.extents[0] * parameters.extents[1] * parameters.extents[2];
  transfer.source = parameters.source;
  transfer.destination = parameters.destination;
  transfer.move = [p = parameters] {
    for (std::size_t y = 0; y < p.extents[1]; ++y) {
      for (std::size_t x = 0; x < p.extents[2]; ++x) {
        const std::uintptr_t from = p.source + y * p.source_strides[0] + x * p.source_strides[1];
        const std::uintptr_t to =
            p.destination + y * p.destination_strides[0] + x * p.destination_strides[1];
        std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), p.extents[0]);
      }
    }
  };
  return transfer;
}

/// The position of element `i`, in elements: `i` itself, or its entry in the index array.
template <class Index>
std::size_t position(std::uintptr_t index_address, const std::size_t (&strides)[3], int dimensions,
                     std::size_t i) {
  if (index_address == 0) return i;
  const auto* index = reinterpret_cast<const Index*>(index_address);
  std::size_t result = 0;
  for (int d = 0; d < dimensions; ++d) {
    const auto coordinate =
        index[i * static_cast<std::size_t>(dimensions) + static_cast<std::size_t>(d)];
    result += static_cast<std::size_t>(coordinate) * strides[d];
  }
  return result;
}

template <class Index>
void move_indirect(const IndirectParameters& p, int dimensions, const IsMemory& is_memory) {
  for (std::size_t i = 0; i < p.volume; ++i) {
    const std::uintptr_t from =
        p.source + position<Index>(p.source_index, p.source_strides, dimensions, i) * p.field_bytes;
    const std::uintptr_t to =
        p.destination +
        position<Index>(p.destination_index, p.destination_strides, dimensions, i) * p.field_bytes;
    if (is_memory && !(is_memory(from, p.field_bytes) && is_memory(to, p.field_bytes))) continue;
    std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), p.field_bytes);
  }
}

Transfer decode_indirect(const RealmKernel& kernel, const void* raw, const IsMemory& is_memory) {
  const auto parameters = *static_cast<const IndirectParameters*>(raw);
  Transfer transfer;
  transfer.bytes = parameters.volume * parameters.field_bytes;
  transfer.source = parameters.source;
  transfer.destination = parameters.destination;
  transfer.move = [parameters, kernel, is_memory] {
    if (kernel.index_bytes == 4) {
      move_indirect<std::int32_t>(parameters, kernel.dimensions, is_memory);
    } else {
      move_indirect<std::int64_t>(parameters, kernel.dimensions, is_memory);
    }
  };
  return transfer;
}

/// Removes `prefix` from the front of `text`.
bool take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Removes `1D_`, `2D_` or `3D_` from the front; 0 if there is none.
int take_dimensions(std::string_view& text) {
  for (int n = 1; n <= 3; ++n) {
    if (take(text, std::to_string(n) + "D_")) return n;
  }
  return 0;
}

/// 8, 16, 32, 64 or 128 bits as bytes; 0 for anything else.
std::size_t element_bytes(std::string_view bits) {
  for (std::size_t bytes = 1; bytes <= 16; bytes *= 2) {
    if (bits == std::to_string(bytes * 8)) return bytes;
  }
  return 0;
}

}  // namespace

std::optional<RealmKernel> parse_realm_kernel(std::string_view name) {
  RealmKernel kernel{RealmKernelKind::Transpose, 2, 0, 0};
  if (take(name, "memcpy_transpose")) {
    kernel.element_bytes = element_bytes(name);
    return kernel.element_bytes == 0 ? std::nullopt : std::optional(kernel);
  }
  if (take(name, "fill_affine_batch")) {
    kernel.kind = RealmKernelKind::FillBatch;
  } else if (take(name, "memcpy_affine_batch")) {
    kernel.kind = RealmKernelKind::CopyBatch;
  } else if (take(name, "memcpy_indirect")) {
    kernel.kind = RealmKernelKind::Indirect;
  } else {
    return std::nullopt;
  }
  kernel.dimensions = take_dimensions(name);
  if (kernel.kind == RealmKernelKind::Indirect && name.size() > 2) {
    kernel.index_bytes = element_bytes(name.substr(name.size() - 2));
    if (kernel.index_bytes < 4) return std::nullopt;
    name.remove_suffix(2);
  }
  kernel.element_bytes = element_bytes(name);
  if (kernel.dimensions == 0 || kernel.element_bytes == 0) return std::nullopt;
  return kernel;
}

Transfer decode_realm_kernel(const RealmKernel& kernel, const void* parameters,
                             const IsMemory& is_memory) {
  switch (kernel.kind) {
    case RealmKernelKind::FillBatch:
      if (kernel.dimensions == 1) return decode_fill<1>(kernel, parameters);
      if (kernel.dimensions == 2) return decode_fill<2>(kernel, parameters);
      return decode_fill<3>(kernel, parameters);
    case RealmKernelKind::CopyBatch:
      if (kernel.dimensions == 1) return decode_copy<1>(kernel, parameters);
      if (kernel.dimensions == 2) return decode_copy<2>(kernel, parameters);
      return decode_copy<3>(kernel, parameters);
    case RealmKernelKind::Transpose:
      return decode_transpose(parameters);
    case RealmKernelKind::Indirect:
      return decode_indirect(kernel, parameters, is_memory);
  }
  return {};
}

}  // namespace placewright::vgpu
