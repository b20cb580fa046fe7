// SPDX-License-Identifier: Apache-2.0
// What the stencil's tasks compute, on plain memory: the same functions run in CPU tasks, in the
// host bodies of virtual-GPU kernels and in CUDA kernels (common/work.h), with any layout that the
// mapping chooses. Knows nothing of Legion.
//
// Every value is a multiple of 1/8 far below 2^50, so doubles hold it exactly.
#pragma once

#include "common/column.h"
#include "problem.h"

namespace stencil {

using apps::Grid;

/// An index of a box; x fastest.
struct Cell {
  int64_t x, y;
};
[[nodiscard]] APPS_HOST_DEVICE inline Cell cell_of(const Box& box, int64_t i) {
  return {box.x.first + i % box.x.size(), box.y.first + i / box.x.size()};
}

/// Initializes the cells of the grid in `exterior`, and sets everything else in `whole` to a value
/// from which no valid result can arise.
struct InitTile {
  Box whole, exterior;
  int64_t to_x = 0, to_y = 0;
  Grid<double> input, output;

  [[nodiscard]] int64_t count() const { return whole.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const Cell c = cell_of(whole, i);
    const bool own = exterior.x.contains(c.x) && exterior.y.contains(c.y);
    input(c.x, c.y) = own ? initial_value(c.x + to_x, c.y + to_y) : -0x1p30;
    output(c.x, c.y) = 0;
  }
};

/// The same for the strip that is a copy of the cells in `edge`.
struct InitStrip {
  Box strip, edge;
  int64_t to_x = 0, to_y = 0;
  Grid<double> input;

  [[nodiscard]] int64_t count() const { return strip.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const Cell to = cell_of(strip, i);
    const Cell from = cell_of(edge, i);
    input(to.x, to.y) = initial_value(from.x + to_x, from.y + to_y);
  }
};

/// Copies a neighbour's strip into the halo.
struct FillHalo {
  Box halo, strip;
  Grid<double> input;
  Grid<const double> neighbour;

  [[nodiscard]] int64_t count() const { return halo.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const Cell to = cell_of(halo, i);
    const Cell from = cell_of(strip, i);
    input(to.x, to.y) = neighbour(from.x, from.y);
  }
};

/// out(x, y) += sum over r = 1..2 of (in(x+r, y) + in(x, y+r) - in(x-r, y) - in(x, y-r)) / (4 r).
struct ApplyStencil {
  Box interior;
  Grid<const double> input;
  Grid<double> output;

  [[nodiscard]] int64_t count() const { return interior.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const auto [x, y] = cell_of(interior, i);
    const double near = input(x + 1, y) + input(x, y + 1) - input(x - 1, y) - input(x, y - 1);
    const double far = input(x + 2, y) + input(x, y + 2) - input(x - 2, y) - input(x, y - 2);
    output(x, y) += near * 0.25 + far * 0.125;
  }
};

/// Adds one to every cell of a box.
struct Increment {
  Box cells;
  Grid<double> input;

  [[nodiscard]] int64_t count() const { return cells.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const Cell c = cell_of(cells, i);
    input(c.x, c.y) += 1;
  }
};

/// Numbers of the fields in apps::hash_value().
enum HashField : uint64_t { kHashInput = 1, kHashOutput = 2 };

/// A cell's number in apps::hash_value(), the same for every tiling.
[[nodiscard]] inline int64_t hash_index(const Problem& problem, int64_t x, int64_t y) {
  return (y + kRadius) * (problem.nx + 2 * kRadius) + x + kRadius;
}

}  // namespace stencil
