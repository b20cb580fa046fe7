// SPDX-License-Identifier: Apache-2.0
// Realm's own kernels, launched with the parameter structs of the runtime's header.
#include <realm/cuda/cuda_memcpy.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "driver_fixture.h"
#include "virtual_gpu/realm_kernels.h"

namespace placewright::vgpu {
namespace {

namespace realm = Realm::Cuda;

template <std::size_t N>
constexpr bool same_fill_layout() {
  using Ours = FillParameters<N>;
  using Theirs = realm::AffineFillInfo<N>;
  return sizeof(FillRect<N>) == sizeof(realm::AffineFillRect<N>) &&
         kMaxFillRects<N> == Theirs::MAX_NUM_RECTS &&
         offsetof(Ours, rects) == offsetof(Theirs, num_rects) &&
         offsetof(Ours, rect) == offsetof(Theirs, subrects) &&
         offsetof(FillRect<N>, volume) == offsetof(realm::AffineFillRect<N>, volume) &&
         offsetof(FillRect<N>, extents) == offsetof(realm::AffineFillRect<N>, extents) &&
         offsetof(FillRect<N>, address) == offsetof(realm::AffineFillRect<N>, addr);
}

template <std::size_t N>
constexpr bool same_copy_layout() {
  using Ours = CopyParameters<N>;
  using Theirs = realm::AffineCopyInfo<N>;
  return sizeof(CopyPair<N>) == sizeof(realm::AffineCopyPair<N>) &&
         kMaxCopyPairs<N> == Theirs::MAX_NUM_RECTS &&
         offsetof(Ours, pairs) == offsetof(Theirs, num_rects) &&
         offsetof(CopyPair<N>, destination) == offsetof(realm::AffineCopyPair<N>, dst) &&
         offsetof(CopyPair<N>, extents) == offsetof(realm::AffineCopyPair<N>, extents) &&
         offsetof(CopyPair<N>, volume) == offsetof(realm::AffineCopyPair<N>, volume) &&
         offsetof(AffineSide<N>, address) == offsetof(realm::AffineSubRect<N>, addr);
}

static_assert(same_fill_layout<1>() && same_fill_layout<2>() && same_fill_layout<3>());
static_assert(same_copy_layout<1>() && same_copy_layout<2>() && same_copy_layout<3>());
static_assert(sizeof(TransposeParameters) == sizeof(realm::MemcpyTransposeInfo<std::size_t>));
static_assert(offsetof(TransposeParameters, source) ==
              offsetof(realm::MemcpyTransposeInfo<std::size_t>, src));
static_assert(sizeof(IndirectParameters) == sizeof(realm::MemcpyIndirectInfo<3>));
static_assert(offsetof(IndirectParameters, source_index) ==
              offsetof(realm::MemcpyIndirectInfo<3>, src_ind_addr));

std::uintptr_t address(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

TEST(RealmKernel, NamesAreUnderstood) {
  const auto indirect = parse_realm_kernel("memcpy_indirect3D_12832");
  ASSERT_TRUE(indirect);
  EXPECT_EQ(indirect->kind, RealmKernelKind::Indirect);
  EXPECT_EQ(indirect->dimensions, 3);
  EXPECT_EQ(indirect->element_bytes, 16u);
  EXPECT_EQ(indirect->index_bytes, 4u);
  EXPECT_EQ(parse_realm_kernel("memcpy_transpose64")->element_bytes, 8u);
  EXPECT_EQ(parse_realm_kernel("fill_affine_batch2D_8")->dimensions, 2);
  for (const char* other :
       {"saxpy", "fill_affine_batch4D_8", "memcpy_affine_batch1D_24", "memcpy_transpose",
        "fill_affine_large1D_64", "memcpy_indirect1D_864x"}) {
    EXPECT_FALSE(parse_realm_kernel(other)) << other;
  }
}

TEST_F(DriverTest, FillBatchFillsEveryRectangle) {
  start();
  auto* to = allocate_array<std::uint32_t>(40);
  realm::AffineFillInfo<2> info{};
  const std::uint32_t value = 0x01020304;
  std::memcpy(info.fill_value, &value, sizeof value);
  info.num_rects = 2;
  info.subrects[0].strides[0] = 10;  // rows of 10
  info.subrects[0].extents[0] = 3;
  info.subrects[0].extents[1] = 2;
  info.subrects[0].volume = 6;
  info.subrects[0].addr = address(to);
  info.subrects[1] = info.subrects[0];
  info.subrects[1].addr = address(to + 25);
  info.subrects[1].extents[1] = 1;
  info.subrects[1].volume = 3;
  void* const stream = make_stream();
  ASSERT_EQ(launch("fill_affine_batch2D_32", &info, stream), 0);
  info = {};  // the parameters are read at the launch
  synchronize(stream);
  for (int i = 0; i < 40; ++i) {
    const bool in_first = i % 10 < 3 && i < 20;
    const bool in_second = i >= 25 && i < 28;
    EXPECT_EQ(to[i], in_first || in_second ? value : 0) << i;
  }
}

TEST_F(DriverTest, CopyBatchCopiesBetweenDifferentStrides) {
  start();
  auto* from = allocate_array<std::uint16_t>(4 * 3 * 2);
  auto* to = allocate_array<std::uint16_t>(5 * 4 * 2);
  for (int i = 0; i < 24; ++i) from[i] = static_cast<std::uint16_t>(i + 1);
  realm::AffineCopyInfo<3> info{};
  info.num_rects = 1;
  realm::AffineCopyPair<3>& pair = info.subrects[0];
  pair.src.strides[0] = 4;
  pair.src.strides[1] = 3;
  pair.src.addr = address(from);
  pair.dst.strides[0] = 5;
  pair.dst.strides[1] = 4;
  pair.dst.addr = address(to);
  pair.extents[0] = 3;
  pair.extents[1] = 2;
  pair.extents[2] = 2;
  pair.volume = 12;
  void* const stream = make_stream();
  ASSERT_EQ(launch("memcpy_affine_batch3D_16", &info, stream), 0);
  synchronize(stream);
  for (int z = 0; z < 2; ++z) {
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 5; ++x) {
        const int expected = x < 3 && y < 2 ? 1 + x + 4 * y + 12 * z : 0;
        EXPECT_EQ(to[x + 5 * y + 20 * z], expected) << x << " " << y << " " << z;
      }
    }
  }
}

TEST_F(DriverTest, TransposeSwapsRowsAndColumns) {
  start();
  constexpr std::size_t kRows = 3, kColumns = 5;
  auto* from = allocate_array<std::uint64_t>(kRows * kColumns);
  auto* to = allocate_array<std::uint64_t>(kRows * kColumns);
  for (std::size_t i = 0; i < kRows * kColumns; ++i) from[i] = i + 1;
  realm::MemcpyTransposeInfo<std::size_t> info{};
  info.extents[0] = 8;
  info.extents[1] = kRows;
  info.extents[2] = kColumns;
  info.src_strides[0] = kColumns * 8;
  info.src_strides[1] = 8;
  info.dst_strides[0] = 8;
  info.dst_strides[1] = kRows * 8;
  info.src = address(from);
  info.dst = address(to);
  void* const stream = make_stream();
  ASSERT_EQ(launch("memcpy_transpose64", &info, stream), 0);
  synchronize(stream);
  for (std::size_t y = 0; y < kRows; ++y) {
    for (std::size_t x = 0; x < kColumns; ++x) {
      EXPECT_EQ(to[x * kRows + y], from[y * kColumns + x]);
    }
  }
}

/// Three elements of 4 bytes at the places in `points`, whose first dimension is dense.
realm::MemcpyIndirectInfo<3> gather_of_three(const std::uint32_t* from, const std::int64_t* points,
                                             const std::uint32_t* to) {
  realm::MemcpyIndirectInfo<3> gather{};
  gather.volume = 3;
  gather.field_size = 4;
  gather.src_strides[0] = 1;
  gather.src_ind_addr = address(points);
  gather.src_addr = address(from);
  gather.dst_addr = address(to);
  return gather;
}

TEST_F(DriverTest, IndirectGathersAndScattersByPoints) {
  start();
  auto* grid = allocate_array<std::uint32_t>(4 * 3);
  auto* packed = allocate_array<std::uint32_t>(3);
  auto* points = allocate_array<std::int64_t>(2 * 3);
  for (std::uint32_t i = 0; i < 12; ++i) grid[i] = 100 + i;
  const std::int64_t where[] = {3, 0, 1, 2, 0, 1};  // (3,0) (1,2) (0,1)
  std::copy_n(where, 6, points);
  realm::MemcpyIndirectInfo<3> gather = gather_of_three(grid, points, packed);
  gather.src_strides[1] = 4;
  void* const stream = make_stream();
  ASSERT_EQ(launch("memcpy_indirect2D_3264", &gather, stream), 0);
  synchronize(stream);
  EXPECT_EQ(std::vector<std::uint32_t>(packed, packed + 3),
            (std::vector<std::uint32_t>{103, 109, 104}));

  realm::MemcpyIndirectInfo<3> scatter{};
  scatter.volume = 3;
  scatter.field_size = 4;
  scatter.dst_strides[0] = 1;
  scatter.dst_strides[1] = 4;
  scatter.dst_ind_addr = address(points);
  scatter.src_addr = address(packed);
  scatter.dst_addr = address(grid);
  for (int i = 0; i < 3; ++i) packed[i] = static_cast<std::uint32_t>(i);
  ASSERT_EQ(launch("memcpy_indirect2D_3264", &scatter, stream), 0);
  synchronize(stream);
  EXPECT_EQ(grid[3], 0u);
  EXPECT_EQ(grid[9], 1u);
  EXPECT_EQ(grid[4], 2u);
  EXPECT_EQ(grid[5], 105u);
}

TEST_F(DriverTest, TimingRunsLeaveOutWhatIndicesPutOutsideOfMemory) {
  start({{"move_bytes", "0"}});
  auto* values = allocate_array<std::uint32_t>(2);
  auto* packed = allocate_array<std::uint32_t>(3);
  auto* points = allocate_array<std::int64_t>(3);
  values[0] = 7;
  values[1] = 8;
  packed[1] = 9;
  points[0] = 1;
  points[1] = std::int64_t{1} << 60;
  points[2] = 0;
  realm::MemcpyIndirectInfo<3> gather = gather_of_three(values, points, packed);
  void* const stream = make_stream();
  ASSERT_EQ(launch("memcpy_indirect1D_3264", &gather, stream), 0);
  synchronize(stream);
  EXPECT_EQ(std::vector<std::uint32_t>(packed, packed + 3), (std::vector<std::uint32_t>{8, 9, 7}));
}

TEST_F(DriverTest, AnUnknownKernelStopsTheRunByName) {
  start();
  int parameter = 0;
  void* const stream = make_stream();
  EXPECT_DEATH(launch("saxpy", &parameter, stream), "the program needs the CUDA kernel `saxpy`");
}

}  // namespace
}  // namespace placewright::vgpu
