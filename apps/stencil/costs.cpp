// SPDX-License-Identifier: Apache-2.0
#include "costs.h"

namespace stencil {
namespace {

using placewright::AccessPattern;
using placewright::ArgumentCost;
using placewright::TaskCost;

constexpr double kCell = sizeof(double);

ArgumentCost stream(size_t requirement, const Box& box, double read, double written) {
  return {requirement, AccessPattern::Stream, static_cast<double>(box.size()), read, written};
}

}  // namespace

TaskCost cost_of_init(const Tile& tile) {
  TaskCost cost;
  cost.parallelism = static_cast<double>(tile.whole.size());
  cost.arguments = {stream(0, tile.whole, 0, 2 * kCell)};
  for (size_t side = 0; side < kSides; ++side) {
    cost.arguments.push_back(stream(1 + side, tile.out[side], 0, kCell));
  }
  return cost;
}

TaskCost cost_of_stencil(const Tile& tile) {
  const auto cells = static_cast<double>(tile.interior.size());
  TaskCost cost;
  cost.fp64_flops = kStencilFlops * cells;
  cost.parallelism = cells;
  cost.arguments = {stream(0, tile.interior, 2 * kCell, kCell)};
  for (size_t side = 0; side < kSides; ++side) {
    cost.arguments.push_back(stream(0, tile.halo[side], 0, kCell));
    cost.arguments.push_back(stream(2 + side, tile.in[side], kCell, 0));
  }
  return cost;
}

TaskCost cost_of_increment(const Tile& tile) {
  const auto cells = static_cast<double>(tile.exterior.size());
  TaskCost cost;
  cost.fp64_flops = cells;
  cost.parallelism = cells;
  cost.arguments = {stream(0, tile.exterior, kCell, kCell)};
  for (size_t side = 0; side < kSides; ++side) {
    cost.fp64_flops += static_cast<double>(tile.out[side].size());
    cost.arguments.push_back(stream(2 + side, tile.out[side], kCell, kCell));
  }
  return cost;
}

}  // namespace stencil
