// SPDX-License-Identifier: Apache-2.0
#include "tasks.h"

#include "cells.h"
#include "common/checksum.h"
#include "common/field_access.h"
#include "common/task_body.h"
#include "common/task_variants.h"
#include "costs.h"

namespace stencil {
namespace {

using namespace Legion;
using apps::bits_of;
using apps::body_of;
using apps::grid;
using apps::hash_value;
using placewright::run_modelled_task;

struct State {
  Problem problem;
  std::vector<Tile> tiles;
};
State& state() {
  static State instance;
  return instance;
}

const Tile& tile_of(const Task* task) {
  return state().tiles[static_cast<size_t>(task->index_point[0])];
}

void init(const Task* task, const std::vector<PhysicalRegion>& regions, Context, Runtime* runtime) {
  const Tile& tile = tile_of(task);
  const auto strip = [&](int side) {
    return InitStrip{tile.out[side], tile.edge[side], tile.to_x, tile.to_y,
                     grid<double>(regions[1 + side], kInput)};
  };
  const InitTile cells{tile.whole,
                       tile.exterior,
                       tile.to_x,
                       tile.to_y,
                       grid<double>(regions[0], kInput),
                       grid<double>(regions[0], kOutput)};
  run_modelled_task(task, regions, runtime, cost_of_init(tile),
                    body_of(cells, strip(kXm), strip(kXp), strip(kYm), strip(kYp)));
}

void stencil(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
             Runtime* runtime) {
  const Tile& tile = tile_of(task);
  const auto halo = [&](int side) {
    return FillHalo{tile.halo[side], tile.in[side], grid<double>(regions[0], kInput),
                    grid<const double>(regions[2 + side], kInput)};
  };
  const ApplyStencil apply{tile.interior, grid<const double>(regions[0], kInput),
                           grid<double>(regions[0], kOutput)};
  run_modelled_task(task, regions, runtime, cost_of_stencil(tile),
                    body_of(halo(kXm), halo(kXp), halo(kYm), halo(kYp), apply));
}

void increment(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
               Runtime* runtime) {
  const Tile& tile = tile_of(task);
  const auto strip = [&](int side) {
    return Increment{tile.out[side], grid<double>(regions[2 + side], kInput)};
  };
  const Increment cells{tile.exterior, grid<double>(regions[0], kInput)};
  run_modelled_task(task, regions, runtime, cost_of_increment(tile),
                    body_of(cells, strip(kXm), strip(kXp), strip(kYm), strip(kYp)));
}

uint64_t hash_box(uint64_t field, const Tile& tile, const Box& box,
                  const apps::Grid<const double>& values) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < box.size(); ++i) {
    const Cell c = cell_of(box, i);
    const int64_t index = hash_index(state().problem, c.x + tile.to_x, c.y + tile.to_y);
    sum += hash_value(field, index, bits_of(values(c.x, c.y)));
  }
  return sum;
}

uint64_t checksum(const Task* task, const std::vector<PhysicalRegion>& regions, Context, Runtime*) {
  const Tile& tile = tile_of(task);
  return hash_box(kHashInput, tile, tile.exterior, grid<const double>(regions[0], kInput)) +
         hash_box(kHashOutput, tile, tile.interior, grid<const double>(regions[0], kOutput));
}

}  // namespace

void register_tasks(const Problem& problem) {
  state() = {problem, describe_tiles(problem)};
  apps::register_variants<init>(kInit, "init");
  apps::register_variants<stencil>(kStencil, "stencil");
  apps::register_variants<increment>(kIncrement, "increment");
  apps::register_cpu_variant<uint64_t, checksum>(kChecksum, "checksum");
}

const std::vector<Tile>& current_tiles() { return state().tiles; }

}  // namespace stencil
