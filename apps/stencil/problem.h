// SPDX-License-Identifier: Apache-2.0
// The stencil's grid as pure functions: which tile owns which cells, where its halo and its strips
// are, and the initial value of every cell. Nothing here depends on Legion or on the mapping.
//
// The grid has nx * ny cells for which the stencil is computed, and a border of kRadius cells that
// is only read. It is stored tile by tile: each tile owns a block that is kRadius larger on every
// side, so its halo is private. Cells are named by (x, y) of the grid, 0..nx-1 and 0..ny-1 inside
// the border; where a cell is stored is a matter of its tile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/interval.h"

namespace stencil {

using apps::Interval;

inline constexpr int64_t kRadius = 2;

/// What is computed and for how long. Both extents are multiples of their number of tiles.
struct Problem {
  int64_t nx = 64, ny = 48;  ///< Cells of the whole grid, without its border.
  int64_t ntx = 2, nty = 2;  ///< Tiles in either direction.
  int64_t loops = 5;         ///< Timed iterations.
  int64_t warmup = 2;        ///< Iterations before the clock starts.

  [[nodiscard]] int64_t tiles() const { return ntx * nty; }
  [[nodiscard]] int64_t width() const { return nx / ntx; }   ///< Cells of a tile in x.
  [[nodiscard]] int64_t height() const { return ny / nty; }  ///< Cells of a tile in y.
};

/// Empty when the problem can be built, else what is wrong with it.
[[nodiscard]] std::string find_mistake(const Problem& problem);

/// A rectangle of region indices.
struct Box {
  Interval x, y;
  [[nodiscard]] APPS_HOST_DEVICE int64_t size() const { return x.size() * y.size(); }
  friend bool operator==(const Box&, const Box&) = default;
};

/// The four directions in which tiles exchange strips: what a tile reads at its low x side comes
/// through the region xm, at its high x side through xp, and so on.
enum Side { kXm, kXp, kYm, kYp };
inline constexpr int kSides = 4;

/// What one tile owns and reads; indices of the regions that hold it.
struct Tile {
  Box whole;         ///< Private: its cells and kRadius around them.
  Box interior;      ///< Its cells, for which the stencil is computed.
  Box exterior;      ///< Its cells and, where it touches the border of the grid, that border.
  Box halo[kSides];  ///< Parts of `whole` that are copies of a neighbour's cells; may be empty.
  Box in[kSides];    ///< The neighbour's strip for each of them, of the same extents.
  Box out[kSides];   ///< Its own strip in each region. The neighbour on the other side reads it.
  Box edge[kSides];  ///< The cells of `interior` that the strip in `out` is a copy of.
  /// What to add to an index of `whole` for the cell's x and y.
  int64_t to_x = 0, to_y = 0;
};

/// `tile` counts from 0, x fastest.
[[nodiscard]] Tile describe_tile(const Problem& problem, int64_t tile);
[[nodiscard]] std::vector<Tile> describe_tiles(const Problem& problem);

/// The extents of the region with all tiles, and of the region with one side's strips.
[[nodiscard]] Box all_points(const Problem& problem);
[[nodiscard]] Box all_strips(const Problem& problem, int side);

/// What a cell starts with: a whole number of 0..1023 without a pattern that a stencil cancels.
[[nodiscard]] APPS_HOST_DEVICE inline double initial_value(int64_t x, int64_t y) {
  return static_cast<double>((x * 73 + y * 151 + x * y * 7) & 1023);
}

/// Floating-point operations of one iteration: per cell 8 additions or subtractions and 2
/// multiplications of the stencil, and 1 addition of the increment.
[[nodiscard]] double flops_per_loop(const Problem& problem);
inline constexpr double kStencilFlops = 10;

}  // namespace stencil
