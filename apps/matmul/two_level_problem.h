// SPDX-License-Identifier: Apache-2.0
// What Cannon's algorithm, SUMMA and PUMMA have in common as problems: a grid of tiles, each of
// which is cut once more for the processors of a node.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "matmul/geometry.h"

namespace matmul {

/// Published as a grid of nodes with four processors each: 2 x 2 in Cannon's, rows in the others.
struct TwoLevel {
  Size size;
  int64_t gx = 1, gy = 1;  ///< Tiles: rows and columns of A; k is cut like the rows.
  int64_t px = 1, py = 1;  ///< Parts of a tile: rows and columns of A.
  int64_t pk = 1;          ///< Steps in which a part goes through its tile's block of k.

  /// Rows and columns of A in tiles and their parts.
  [[nodiscard]] Split rows() const { return {gx, px}; }
  [[nodiscard]] Split columns() const { return {gy, py}; }
};

/// Empty when the problem can be built, else what is wrong with it.
[[nodiscard]] std::string find_mistake(const TwoLevel& problem);

/// The fixed inputs of SUMMA and PUMMA, which split the rows of a tile over the processors of a
/// node. apps/matmul/README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<TwoLevel>>& inputs_split_by_rows();

/// The options of the three programs, for apps::parse_options().
[[nodiscard]] std::vector<apps::NumberOption> numbers_of(TwoLevel& problem);

}  // namespace matmul
