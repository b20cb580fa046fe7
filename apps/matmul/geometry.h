// SPDX-License-Identifier: Apache-2.0
// How matrices are cut into blocks, which block each step of an algorithm works on, and the
// contents of the matrices, as pure functions: the same in every process, independent of the
// mapping.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/host_device.h"
#include "common/interval.h"

namespace matmul {

using apps::Interval;

/// One dimension of a matrix in `outer` blocks, each of them in `inner` smaller ones.
struct Split {
  int64_t outer = 1;
  int64_t inner = 1;
  [[nodiscard]] int64_t count() const { return outer * inner; }
};

/// Block `index` of `blocks`: all have ceil(size / blocks) indices, the last one the remainder.
[[nodiscard]] Interval block(Interval whole, int64_t blocks, int64_t index);
/// The same for 0..n-1 cut twice; `index` counts the inner blocks.
[[nodiscard]] Interval block(int64_t n, const Split& split, int64_t index);

/// A rectangle of a matrix.
struct Block {
  Interval rows, columns;
  friend bool operator==(const Block&, const Block&) = default;
};

/// A partition of an n x n matrix: a color space of two or three dimensions, two of which choose
/// the rows and the columns. Colors that differ in the third only name the same block.
struct Cut {
  std::vector<int64_t> colors;  ///< Extents of the color space.
  Split rows, columns;          ///< What is not cut, one block, counts no dimension.
  size_t row_color = 0;         ///< The dimension of the color space that counts blocks of rows.
  size_t column_color = 1;      ///< The one that counts blocks of columns.

  /// Whether two colors name the same block.
  [[nodiscard]] bool is_aliased() const;
};

/// Cut by the two dimensions of a color space.
[[nodiscard]] Cut cut(const Split& rows, const Split& columns);

/// One row of tiles of a matrix for each row of a rows x columns grid, the same for all its points;
/// and one column of tiles for each column.
[[nodiscard]] Cut row_panels(int64_t rows, int64_t columns);
[[nodiscard]] Cut column_panels(int64_t rows, int64_t columns);

/// Three-dimensional color space of a multiplication: (i, j, k) is A(i,j) += B(i,k) C(k,j).
struct Cube {
  int64_t i = 1, j = 1, k = 1;
  [[nodiscard]] Cut a() const;
  [[nodiscard]] Cut b() const;
  [[nodiscard]] Cut c() const;
  /// Where the matrices start: on the sides k = 0, j = 0 and i = 0.
  [[nodiscard]] Cut a_face() const;
  [[nodiscard]] Cut b_face() const;
  [[nodiscard]] Cut c_face() const;
};

/// All blocks in the order of Legion's iteration over colors (first dimension fastest).
[[nodiscard]] std::vector<Block> blocks_of(int64_t n, const Cut& cut);

/// Which block of k comes when, at point (i, j).
enum class Rotation {
  None,    ///< s: everyone uses the same block (SUMMA).
  ByRow,   ///< i + s: one operand moves (PUMMA).
  ByBoth,  ///< i + j + s: both do (Cannon).
};

/// The blocks of k that point (i, j) works on, one per step.
[[nodiscard]] std::vector<int64_t> order_of_steps(Rotation rotation, int64_t i, int64_t j,
                                                  int64_t steps);

enum class Matrix { A, B, C };

/// Entry (i, j) at the start: 0 in A, a whole number from -8 to 7 in B and C, so that every sum of
/// products is exact in double, in any order.
[[nodiscard]] APPS_HOST_DEVICE inline double initial_entry(Matrix matrix, int64_t i, int64_t j) {
  if (matrix == Matrix::A) return 0;
  uint64_t h = static_cast<uint64_t>(i) * 0x9e3779b97f4a7c15ull +
               static_cast<uint64_t>(j) * 0xc2b2ae3d27d4eb4full +
               (matrix == Matrix::B ? 1 : 0x165667b19e3779f9ull);
  h = (h ^ (h >> 31)) * 0xd6e8feb86659fd93ull;
  return static_cast<double>(h >> 60) - 8;
}

/// The problem that all algorithms solve, and how often.
struct Size {
  int64_t n = 100;     ///< Rows and columns of each matrix.
  int64_t loops = 2;   ///< Timed multiplications.
  int64_t warmup = 1;  ///< Multiplications before them.
};

/// A number of blocks and the option that sets it.
struct CountOption {
  const char* name;
  int64_t value;
};

/// What is wrong with the size or with a number that counts blocks, processors or steps; empty if
/// nothing is.
[[nodiscard]] std::string find_mistake(const Size& size, const std::vector<CountOption>& counts);

/// Says that a dimension has fewer rows than blocks, or that the last of its blocks are empty, as
/// blocks of ceil(n / blocks) can be. `options` names the options that set the number of blocks.
[[nodiscard]] std::string find_empty_block(int64_t n, const Split& split, const char* options);

/// Floating-point operations of one multiplication: a product and a sum for each (i, j, k).
[[nodiscard]] double flops(int64_t n);

}  // namespace matmul
