// SPDX-License-Identifier: Apache-2.0
#include "matmul/matrices.h"

#include <string>

#include "common/regions.h"

namespace matmul {
namespace {

using namespace Legion;

Domain to_domain(const Block& block) {
  return Rect<2>({block.rows.first, block.columns.first}, {block.rows.last, block.columns.last});
}

std::vector<Domain> to_domains(const std::vector<Block>& blocks) {
  std::vector<Domain> domains;
  for (const Block& block : blocks) domains.push_back(to_domain(block));
  return domains;
}

Domain color_space(const Cut& cut) {
  DomainPoint lo, hi;
  lo.dim = hi.dim = static_cast<int>(cut.colors.size());
  for (int d = 0; d < lo.dim; ++d) {
    lo[d] = 0;
    hi[d] = cut.colors[static_cast<size_t>(d)] - 1;
  }
  return {lo, hi};
}

MatrixRegion create_matrix(Context ctx, Runtime* runtime, int64_t n, const std::string& name,
                           const Cut& start) {
  MatrixRegion matrix;
  matrix.region = apps::create_region(ctx, runtime, to_domain({{0, n - 1}, {0, n - 1}}),
                                      {{kEntry, sizeof(double), "entry"}}, name.c_str());
  matrix.start =
      cut_matrix(ctx, runtime, n, matrix.region, start, kStartBlocks, (name + "_start").c_str());
  return matrix;
}

}  // namespace

Matrices create_matrices(Context ctx, Runtime* runtime, int64_t n, const Start& start) {
  return {n, create_matrix(ctx, runtime, n, "A", start.a),
          create_matrix(ctx, runtime, n, "B", start.b),
          create_matrix(ctx, runtime, n, "C", start.c)};
}

LogicalPartition cut_matrix(Context ctx, Runtime* runtime, int64_t n, LogicalRegion matrix,
                            const Cut& cut, PartitionColor color, const char* name) {
  const IndexSpace colors = runtime->create_index_space(ctx, color_space(cut));
  return apps::create_partition(
      ctx, runtime, matrix, to_domains(blocks_of(n, cut)), colors,
      cut.is_aliased() ? LEGION_ALIASED_COMPLETE_KIND : LEGION_DISJOINT_COMPLETE_KIND, name, color);
}

LogicalPartition cut_region(Context ctx, Runtime* runtime, LogicalRegion region, int64_t rows,
                            int64_t columns, const char* name) {
  const IndexSpace colors =
      runtime->create_index_space(ctx, Rect<2>({0, 0}, {rows - 1, columns - 1}));
  const Block whole = block_of(runtime, region);
  std::vector<Block> blocks;
  for (int64_t j = 0; j < columns; ++j) {
    for (int64_t i = 0; i < rows; ++i) {
      blocks.push_back({block(whole.rows, rows, i), block(whole.columns, columns, j)});
    }
  }
  return apps::create_partition(ctx, runtime, region, to_domains(blocks), colors,
                                LEGION_DISJOINT_COMPLETE_KIND, name, kBlocks);
}

std::vector<LogicalPartition> cut_blocks(Context ctx, Runtime* runtime, LogicalPartition blocks,
                                         int64_t rows, int64_t columns, const char* name) {
  const Domain colors = runtime->get_index_partition_color_space(blocks.get_index_partition());
  std::vector<LogicalPartition> partitions;
  for (Domain::DomainPointIterator color(colors); color; ++color) {
    const LogicalRegion block = runtime->get_logical_subregion_by_color(ctx, blocks, color.p);
    partitions.push_back(cut_region(ctx, runtime, block, rows, columns, name));
  }
  return partitions;
}

LogicalRegion inner_block(Context ctx, Runtime* runtime, LogicalRegion region, int64_t row,
                          int64_t column) {
  const LogicalPartition parts = runtime->get_logical_partition_by_color(ctx, region, kBlocks);
  return runtime->get_logical_subregion_by_color(ctx, parts, Point<2>(row, column));
}

Block block_of(Runtime* runtime, LogicalRegion region) {
  const Rect<2> bounds = runtime->get_index_space_domain(region.get_index_space());
  return {{bounds.lo[0], bounds.hi[0]}, {bounds.lo[1], bounds.hi[1]}};
}

}  // namespace matmul
