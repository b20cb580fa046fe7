// SPDX-License-Identifier: Apache-2.0
#include "matmul/cube_problem.h"

namespace matmul {
namespace {

/// Far more points than any run launches; a matrix is cut once for each of them.
constexpr int64_t kMostPoints = 4096;

std::string quoted(const char* option) { return "`" + std::string(option) + "`"; }

std::string find_too_many_points(const Cube& cube, const CubeOptions& options) {
  const int64_t points = cube.i * cube.j * cube.k;
  if (points <= kMostPoints) return {};
  return quoted(options.i) + " times " + quoted(options.j) + " times " + quoted(options.k) +
         " must be at most " + std::to_string(kMostPoints) + " points, found " +
         std::to_string(points);
}

}  // namespace

std::string find_mistake(const Size& size, const Cube& cube, const CubeOptions& options,
                         int64_t steps, const char* steps_option) {
  std::vector<CountOption> counts = {{options.i, cube.i}, {options.j, cube.j}, {options.k, cube.k}};
  if (steps_option != nullptr) counts.push_back({steps_option, steps});
  std::string mistake = find_mistake(size, counts);
  if (mistake.empty()) mistake = find_too_many_points(cube, options);
  const auto check = [&](const Split& split, const std::string& names) {
    if (mistake.empty()) mistake = find_empty_block(size.n, split, names.c_str());
  };
  check({cube.i}, quoted(options.i));
  check({cube.j}, quoted(options.j));
  check({cube.k, steps},
        quoted(options.k) + (steps_option == nullptr ? "" : " times " + quoted(steps_option)));
  return mistake;
}

}  // namespace matmul
