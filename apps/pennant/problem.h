// SPDX-License-Identifier: Apache-2.0
// Pennant's mesh as pure functions: quadrilateral zones in rows, which piece owns which of them,
// and the initial state. Nothing here depends on Legion or on the mapping.
//
// The mesh has nzx * nzy zones; each has four sides, which are the triangles between its centre and
// its edges, and each side has a corner, its first point. A piece is a number of whole rows of
// zones. Zones are numbered row by row, sides zone by zone. The rows of points between two pieces
// are shared; in the region of points they come after all the private ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/interval.h"

namespace pennant {

using apps::Interval;

inline constexpr int64_t kSidesPerZone = 4;

/// What is simulated, and for how long.
struct Problem {
  int64_t nzx = 8, nzy = 24;  ///< Zones in x and y.
  int64_t pieces = 4;         ///< Each has whole rows of zones.
  int64_t loops = 5;          ///< Timed cycles.
  int64_t warmup = 2;         ///< Cycles before the clock starts.

  [[nodiscard]] int64_t zones() const { return nzx * nzy; }
  [[nodiscard]] int64_t points_per_row() const { return nzx + 1; }
  [[nodiscard]] int64_t points() const { return points_per_row() * (nzy + 1); }
  /// The rows of points that two pieces share come last.
  [[nodiscard]] int64_t private_points() const {
    return points_per_row() * (nzy + 1 - (pieces - 1));
  }
  /// Zones are squares at first; the mesh is one unit wide and nzy * spacing() long.
  [[nodiscard]] double spacing() const { return 1.0 / static_cast<double>(nzx); }
};

/// Empty if the problem can be built, else the error.
[[nodiscard]] std::string find_mistake(const Problem& problem);

/// Where the points that a piece's zones touch are numbered: rows first_row..last_row of points, of
/// which the first and the last one may be shared with a neighbour.
struct PointRows {
  int64_t per_row = 0;
  int64_t first_row = 0, last_row = 0;
  int64_t first_start = 0, last_start = 0;  ///< Numbers of the first point in those two rows.
  int64_t inner_row = 0, inner_start = 0;   ///< The first private row, and its first point.

  [[nodiscard]] APPS_HOST_DEVICE int64_t number(int64_t row, int64_t column) const {
    if (row == first_row) return first_start + column;
    if (row == last_row) return last_start + column;
    return inner_start + (row - inner_row) * per_row + column;
  }
};

/// What one piece owns and touches.
struct Piece {
  Interval zones, sides;
  Interval private_points;  ///< Touched by this piece only.
  Interval shared_points;   ///< The row between it and the next piece: it owns that row.
  Interval ghost_points;    ///< Both rows that it shares with neighbours.
  PointRows rows;
  /// Corners of its zones at private and at ghost points; together 4 per zone.
  int64_t private_corners = 0, ghost_corners = 0;
  int64_t shared_row = 0;  ///< The row of shared_points, if there are any.
};

/// `piece` counts from 0, in the direction of y.
[[nodiscard]] Piece describe_piece(const Problem& problem, int64_t piece);
[[nodiscard]] std::vector<Piece> describe_pieces(const Problem& problem);

struct Gas {
  double density, energy;  ///< Energy per mass.
};

/// The Leblanc shock tube along y: hot dense gas below a membrane at a third of the length, cold
/// thin gas above it. The hot gas is hotter at larger x, so that the flow has two dimensions.
/// Source: densities 1 and 1e-3, energies 0.1 and 1e-7 are the test problem's; the rise is ours.
[[nodiscard]] APPS_HOST_DEVICE inline Gas initial_gas(int64_t nzy, double spacing, int64_t row,
                                                      int64_t column) {
  const double x = (static_cast<double>(column) + 0.5) * spacing;
  const double y = (static_cast<double>(row) + 0.5) * spacing;
  const bool hot = y < static_cast<double>(nzy) * spacing / 3.0;
  return hot ? Gas{1.0, 0.1 * (1.0 + 0.25 * x)} : Gas{1e-3, 1e-7};
}

/// Floating-point operations of one cycle over the whole mesh: the counts in costs.h.
[[nodiscard]] double flops_per_cycle(const Problem& problem);

}  // namespace pennant
