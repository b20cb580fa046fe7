// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include <initializer_list>

#include "common/options.h"

namespace stencil {
namespace {

std::string at_least(const char* option, int64_t least) {
  return "`" + std::string(option) + "` must be at least " + std::to_string(least);
}

/// A grid's extent and its number of tiles in one direction.
struct Cut {
  const char* cells_option;
  const char* tiles_option;
  int64_t cells, tiles;
};

std::string find_mistake(const Cut& cut) {
  constexpr int64_t kMost = int64_t{1} << 31;
  const std::string cells = "`" + std::string(cut.cells_option) + "` " + std::to_string(cut.cells);
  if (cut.cells < 1) return at_least(cut.cells_option, 1);
  if (cut.tiles < 1) return at_least(cut.tiles_option, 1);
  if (cut.cells > kMost) return cells + " is more than 2^31";
  const std::string tiles = "`" + std::string(cut.tiles_option) + "` " + std::to_string(cut.tiles);
  if (cut.cells % cut.tiles != 0) return cells + " is not a multiple of " + tiles;
  if (cut.cells / cut.tiles < kRadius) {
    return cells + " and " + tiles + " make tiles narrower than the radius of 2";
  }
  return {};
}

/// The `count` cells before or after an interval, or its first or last ones.
Interval before(Interval of) { return {of.first - kRadius, of.first - 1}; }
Interval after(Interval of) { return {of.last + 1, of.last + kRadius}; }
Interval first_of(Interval of) { return {of.first, of.first + kRadius - 1}; }
Interval last_of(Interval of) { return {of.last - kRadius + 1, of.last}; }

/// The strip of tile (tx, ty) in a side's region.
Box strip(const Problem& problem, int side, int64_t tx, int64_t ty) {
  const bool in_x = side == kXm || side == kXp;
  const int64_t width = in_x ? kRadius : problem.width();
  const int64_t height = in_x ? problem.height() : kRadius;
  return {{tx * width, (tx + 1) * width - 1}, {ty * height, (ty + 1) * height - 1}};
}

}  // namespace

std::string find_mistake(const Problem& problem) {
  for (const Cut& cut :
       {Cut{"-nx", "-ntx", problem.nx, problem.ntx}, Cut{"-ny", "-nty", problem.ny, problem.nty}}) {
    std::string mistake = find_mistake(cut);
    if (!mistake.empty()) return mistake;
  }
  if (problem.ntx > apps::kMostPieces / problem.nty) {
    return "`-ntx` times `-nty` must be at most " + std::to_string(apps::kMostPieces) + " tiles";
  }
  if (problem.nx * problem.ny > int64_t{1} << 40) return "more than 2^40 cells";
  // Outputs grow by less than 2^12 per iteration and are multiples of 2^-3: exact up to here.
  constexpr int64_t kMostIterations = int64_t{1} << 31;
  if (problem.loops < 1) return at_least("-l", 1);
  if (problem.warmup < 0) return "`-warmup` must not be negative";
  if (problem.loops > kMostIterations) return "`-l` must be at most 2^31";
  if (problem.warmup > kMostIterations) return "`-warmup` must be at most 2^31";
  return {};
}

Tile describe_tile(const Problem& problem, int64_t tile) {
  const int64_t tx = tile % problem.ntx;
  const int64_t ty = tile / problem.ntx;
  const int64_t left = tx * (problem.width() + 2 * kRadius);
  const int64_t low = ty * (problem.height() + 2 * kRadius);
  Tile t;
  t.whole = {{left, left + problem.width() + 2 * kRadius - 1},
             {low, low + problem.height() + 2 * kRadius - 1}};
  t.interior = {{t.whole.x.first + kRadius, t.whole.x.last - kRadius},
                {t.whole.y.first + kRadius, t.whole.y.last - kRadius}};
  const bool has_neighbour[kSides] = {tx > 0, tx + 1 < problem.ntx, ty > 0, ty + 1 < problem.nty};
  t.exterior = t.whole;
  if (has_neighbour[kXm]) t.exterior.x.first = t.interior.x.first;
  if (has_neighbour[kXp]) t.exterior.x.last = t.interior.x.last;
  if (has_neighbour[kYm]) t.exterior.y.first = t.interior.y.first;
  if (has_neighbour[kYp]) t.exterior.y.last = t.interior.y.last;

  const Interval x = t.interior.x, y = t.interior.y;
  const Box halos[kSides] = {{before(x), y}, {after(x), y}, {x, before(y)}, {x, after(y)}};
  // What one tile reads at its low side are the last cells of the tile before it.
  const Box edges[kSides] = {{last_of(x), y}, {first_of(x), y}, {x, last_of(y)}, {x, first_of(y)}};
  const int64_t from[kSides][2] = {{tx - 1, ty}, {tx + 1, ty}, {tx, ty - 1}, {tx, ty + 1}};
  for (int side = 0; side < kSides; ++side) {
    t.out[side] = strip(problem, side, tx, ty);
    t.edge[side] = edges[side];
    if (!has_neighbour[side]) continue;
    t.halo[side] = halos[side];
    t.in[side] = strip(problem, side, from[side][0], from[side][1]);
  }
  t.to_x = tx * problem.width() - x.first;
  t.to_y = ty * problem.height() - y.first;
  return t;
}

std::vector<Tile> describe_tiles(const Problem& problem) {
  std::vector<Tile> result;
  for (int64_t i = 0; i < problem.tiles(); ++i) result.push_back(describe_tile(problem, i));
  return result;
}

Box all_points(const Problem& problem) {
  return {{0, problem.nx + 2 * kRadius * problem.ntx - 1},
          {0, problem.ny + 2 * kRadius * problem.nty - 1}};
}

Box all_strips(const Problem& problem, int side) {
  const Box last = strip(problem, side, problem.ntx - 1, problem.nty - 1);
  return {{0, last.x.last}, {0, last.y.last}};
}

double flops_per_loop(const Problem& problem) {
  return (kStencilFlops + 1) * static_cast<double>(problem.nx) * static_cast<double>(problem.ny);
}

}  // namespace stencil
