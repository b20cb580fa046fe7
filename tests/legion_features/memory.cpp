// SPDX-License-Identifier: Apache-2.0
// Data that comes and goes: what a run needs at any moment is less than what it needs in all.
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kFillTile = kOwn, kSumTile, kFillPair, kFoldTile };

// Words of 8 bytes in a region of 1 MiB.
constexpr coord_t kWords = coord_t{1} << 17;

void fill_tile_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_WRITE_DISCARD> values(regions[0], kX);
  const auto step = *static_cast<const int64_t*>(task->args);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    values[Point<1>(*at)] = step;
}

int64_t sum_tile_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_READ_ONLY> values(regions[0], kX);
  int64_t sum = 0;
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    sum += values[Point<1>(*at)];
  return sum;
}

void fill_pair_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  for (unsigned index = 0; index < 2; ++index) {
    const Access<LEGION_WRITE_DISCARD> values(regions[index], kX);
    for (Domain::DomainPointIterator at(domain_of(task, index, runtime)); at; at++)
      values[Point<1>(*at)] = index + 1;
  }
}

using Folder = ReductionAccessor<SumReduction<int64_t>, /*EXCLUSIVE=*/true, 1, coord_t,
                                 Realm::AffineAccessor<int64_t, 1, coord_t>>;

void fold_tile_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Folder fold(regions[0], kX, LEGION_REDOP_SUM_INT64);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    fold[Point<1>(*at)] <<= 1;
}

void prepare() {
  add_task<fold_tile_task>(kFoldTile, "fold_tile");
  add_task<fill_pair_task>(kFillPair, "fill_pair");
  add_task<fill_tile_task>(kFillTile, "fill_tile");
  add_task<sum_tile_task>(kSumTile, "sum_tile");
}

LogicalRegion make_tile(Context ctx, Runtime* runtime) {
  const IndexSpace space = runtime->create_index_space(ctx, Rect<1>(0, kWords - 1));
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(int64_t), kX);
  const LogicalRegion tile = runtime->create_logical_region(ctx, space, fields);
  runtime->attach_name(tile, "tile");
  return tile;
}

struct Tile {
  LogicalRegion region;
  Future sum;
};

Future sum_of(LogicalRegion tile, Context ctx, Runtime* runtime) {
  TaskLauncher sum(kSumTile, UntypedBuffer());
  sum.add_region_requirement(RegionRequirement(tile, LEGION_READ_ONLY, LEGION_EXCLUSIVE, tile))
      .add_field(kX);
  return runtime->execute_task(ctx, sum);
}

/// A region that one task fills and another sums up.
Tile use_tile(int64_t step, Context ctx, Runtime* runtime) {
  const LogicalRegion tile = make_tile(ctx, runtime);
  TaskLauncher fill(kFillTile, UntypedBuffer(&step, sizeof step));
  fill.add_region_requirement(RegionRequirement(tile, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, tile))
      .add_field(kX);
  runtime->execute_task(ctx, fill);
  return {tile, sum_of(tile, ctx, runtime)};
}

int64_t total_of(const std::vector<Tile>& tiles) {
  int64_t sum = 0;
  for (const Tile& tile : tiles) sum += tile.sum.get_result<int64_t>();
  return sum / kWords;
}

/// Regions that are destroyed after use, many more in all than fit at once.
void short_lived_regions(Context ctx, Runtime* runtime) {
  std::vector<Tile> tiles;
  for (int64_t step = 0; step < 60; ++step) {
    tiles.push_back(use_tile(step, ctx, runtime));
    runtime->destroy_logical_region(ctx, tiles.back().region);
  }
  result("sum", total_of(tiles));
}
const Add add_short_lived("short_lived_regions", short_lived_regions, prepare);

/// Tasks that need two new instances each.
void pairs_of_regions(Context ctx, Runtime* runtime) {
  std::vector<Tile> tiles;
  for (int64_t step = 0; step < 20; ++step) {
    TaskLauncher fill(kFillPair, UntypedBuffer());
    for (int each = 0; each < 2; ++each) {
      const LogicalRegion tile = make_tile(ctx, runtime);
      tiles.push_back({tile, {}});
      fill.add_region_requirement(
              RegionRequirement(tile, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, tile))
          .add_field(kX);
    }
    runtime->execute_task(ctx, fill);
    for (size_t each = tiles.size() - 2; each < tiles.size(); ++each) {
      tiles[each].sum = sum_of(tiles[each].region, ctx, runtime);
      runtime->destroy_logical_region(ctx, tiles[each].region);
    }
  }
  result("sum", total_of(tiles));
}
const Add add_pairs("pairs_of_regions", pairs_of_regions, prepare);

/// The same with index launches over pieces.
void short_lived_launches(Context ctx, Runtime* runtime) {
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, 3));
  std::vector<Future> sums;
  for (int64_t step = 0; step < 30; ++step) {
    const LogicalRegion tile = make_tile(ctx, runtime);
    const LogicalPartition pieces = runtime->get_logical_partition(
        ctx, tile, runtime->create_equal_partition(ctx, tile.get_index_space(), colors));
    IndexTaskLauncher fill(kFillTile, colors, UntypedBuffer(&step, sizeof step), ArgumentMap());
    fill.add_region_requirement(
            RegionRequirement(pieces, 0, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, tile))
        .add_field(kX);
    runtime->execute_index_space(ctx, fill);
    IndexTaskLauncher sum(kSumTile, colors, UntypedBuffer(), ArgumentMap());
    sum.add_region_requirement(
           RegionRequirement(pieces, 0, LEGION_READ_ONLY, LEGION_EXCLUSIVE, tile))
        .add_field(kX);
    sums.push_back(runtime->execute_index_space(ctx, sum, LEGION_REDOP_SUM_INT64));
    runtime->destroy_logical_region(ctx, tile);
  }
  int64_t total = 0;
  for (const Future& sum : sums) total += sum.get_result<int64_t>();
  result("sum", total / kWords);
}
const Add add_launches("short_lived_launches", short_lived_launches, prepare);

/// Data written by CPUs and read often, by GPUs where a mapping says so.
void data_read_again(Context ctx, Runtime* runtime) {
  std::vector<Tile> tiles;
  for (int64_t step = 0; step < 8; ++step) tiles.push_back(use_tile(step, ctx, runtime));
  for (int round = 0; round < 3; ++round)
    for (size_t each = 0; each < 8; ++each)
      tiles.push_back({tiles[each].region, sum_of(tiles[each].region, ctx, runtime)});
  result("sum", total_of(tiles));
}
const Add add_read_again("data_read_again", data_read_again, prepare);

/// Reductions into one region, launch after launch, that nobody reads before the end.
void repeated_folds(Context ctx, Runtime* runtime) {
  const LogicalRegion tile = make_tile(ctx, runtime);
  runtime->fill_field(ctx, tile, tile, kX, int64_t{0});
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, 3));
  for (int step = 0; step < 20; ++step) {
    IndexTaskLauncher fold(kFoldTile, colors, UntypedBuffer(), ArgumentMap());
    fold.add_region_requirement(
            RegionRequirement(tile, 0, LEGION_REDOP_SUM_INT64, LEGION_EXCLUSIVE, tile))
        .add_field(kX);
    runtime->execute_index_space(ctx, fold);
  }
  result("sum", sum_of(tile, ctx, runtime).get_result<int64_t>() / kWords);
}
const Add add_folds("repeated_folds", repeated_folds, prepare);

/// An inline mapping for which no task has made an instance.
void large_inline_mapping(Context ctx, Runtime* runtime) {
  const LogicalRegion tile = make_tile(ctx, runtime);
  RegionRequirement requirement(tile, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, tile);
  requirement.add_field(kX);
  const LogicalRegion other = make_tile(ctx, runtime);
  RegionRequirement second(other, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, other);
  second.add_field(kX);
  const PhysicalRegion mapped = runtime->map_region(ctx, InlineLauncher(requirement));
  const PhysicalRegion beside = runtime->map_region(ctx, InlineLauncher(second));
  const Access<LEGION_WRITE_DISCARD> values(mapped, kX);
  const Access<LEGION_WRITE_DISCARD> others(beside, kX);
  for (coord_t x = 0; x < kWords; ++x) values[Point<1>(x)] = others[Point<1>(x)] = 5;
  runtime->unmap_region(ctx, mapped);
  runtime->unmap_region(ctx, beside);
  result("sum", sum_of(tile, ctx, runtime).get_result<int64_t>() / kWords);
}
const Add add_inline("large_inline_mapping", large_inline_mapping, prepare);

/// Regions that stay.
void long_lived_regions(Context ctx, Runtime* runtime) {
  std::vector<Tile> tiles;
  for (int64_t step = 0; step < 16; ++step) tiles.push_back(use_tile(step, ctx, runtime));
  result("sum", total_of(tiles));
}
const Add add_long_lived("long_lived_regions", long_lived_regions, prepare);

}  // namespace
}  // namespace features
