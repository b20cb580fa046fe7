// SPDX-License-Identifier: Apache-2.0
// Partitions that Legion computes from data.
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kColor = kOwn };

/// Every element points at element (5 x) mod 64, or has the color x mod 4.
void color_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const FieldAccessor<LEGION_WRITE_DISCARD, Point<1>, 1, coord_t,
                      Realm::AffineAccessor<Point<1>, 1, coord_t>>
      out(regions[0], kX);
  const bool colors = *static_cast<const bool*>(task->args);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++) {
    const coord_t x = (*at)[0];
    out[Point<1>(*at)] = Point<1>(colors ? x / 16 : (x / 8 * 8 + 8) % kElements);
  }
}
void prepare() { add_task<color_task>(kColor, "color"); }

Line pointers(bool colors, Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  TaskLauncher launcher(kColor, UntypedBuffer(&colors, sizeof colors));
  launcher.add_region_requirement(whole(line, LEGION_WRITE_DISCARD, kX));
  runtime->execute_task(ctx, launcher);
  return line;
}

/// Uses the partition for a launch: how often each element is met, weighted.
void use(Line line, IndexPartition partition, IndexSpace colors, Context ctx, Runtime* runtime) {
  fill_index(line, kY, ctx, runtime);
  line.pieces = runtime->get_logical_partition(ctx, line.region, partition);
  line.colors = colors;
  result("sum", total(line, kY, ctx, runtime));
}

void partition_by_field(Context ctx, Runtime* runtime) {
  const Line line = pointers(true, ctx, runtime);
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, 3));
  use(line, runtime->create_partition_by_field(ctx, line.region, line.region, kX, colors), colors,
      ctx, runtime);
}
const Add add_field("partition_by_field", partition_by_field, prepare);

void partition_by_image(Context ctx, Runtime* runtime) {
  const Line line = pointers(false, ctx, runtime);
  use(line,
      runtime->create_partition_by_image(ctx, line.region.get_index_space(), line.pieces,
                                         line.region, kX, line.colors),
      line.colors, ctx, runtime);
}
const Add add_image("partition_by_image", partition_by_image, prepare);

void partition_by_preimage(Context ctx, Runtime* runtime) {
  const Line line = pointers(false, ctx, runtime);
  use(line,
      runtime->create_partition_by_preimage(ctx, line.pieces.get_index_partition(), line.region,
                                            line.region, kX, line.colors),
      line.colors, ctx, runtime);
}
const Add add_preimage("partition_by_preimage", partition_by_preimage, prepare);

}  // namespace
}  // namespace features
