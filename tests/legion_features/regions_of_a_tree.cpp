// SPDX-License-Identifier: Apache-2.0
// Arguments of one task that are regions of one tree, also in one instance.
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kTwoParts = kOwn };

template <FieldID other>
int64_t two_parts_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_READ_WRITE> first(regions[0], kX);
  const Access<LEGION_READ_ONLY> second(regions[1], other);
  const Domain left = domain_of(task, 0, runtime);
  const Domain right = domain_of(task, 1, runtime);
  int64_t sum = 0;
  for (Domain::DomainPointIterator at(right); at; at++) sum += second[Point<1>(*at)];
  for (Domain::DomainPointIterator at(left); at; at++)
    first[Point<1>(*at)] = first[Point<1>(*at)] + sum;
  return sum;
}

RegionRequirement one_piece(const Line& line, int color, PrivilegeMode privilege, FieldID field,
                            Context ctx, Runtime* runtime) {
  RegionRequirement requirement(
      runtime->get_logical_subregion_by_color(ctx, line.pieces, DomainPoint(Point<1>(color))),
      privilege, LEGION_EXCLUSIVE, line.region);
  requirement.add_field(field);
  return requirement;
}

template <FieldID other = kX>
void several_regions_of_a_tree(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  if (other != kX) fill_index(line, other, ctx, runtime);
  for (int color = 0; color + 1 < kPieces; ++color) {
    TaskLauncher launcher(kTwoParts, UntypedBuffer());
    launcher.add_region_requirement(one_piece(line, color, LEGION_READ_WRITE, kX, ctx, runtime));
    launcher.add_region_requirement(
        one_piece(line, color + 1, LEGION_READ_ONLY, other, ctx, runtime));
    runtime->execute_task(ctx, launcher);
  }
  result("sum", total(line, kX, ctx, runtime));
}
const Add add_tree("several_regions_of_a_tree", several_regions_of_a_tree<>,
                   [] { add_task<two_parts_task<kX>>(kTwoParts, "two_parts"); });
const Add add_colocation("colocation", several_regions_of_a_tree<>, [] {
  add_task<two_parts_task<kX>>(kTwoParts, "two_parts", [](TaskVariantRegistrar& registrar) {
    registrar.add_constraint(ColocationConstraint(0, 1));
  });
});
// The arguments use different fields, and the variant demands a layout for the second.
const Add add_demanding_colocation("colocation_with_demands", several_regions_of_a_tree<kY>, [] {
  LayoutConstraintRegistrar layout(FieldSpace::NO_SPACE, "fields of a point together");
  layout.add_constraint(OrderingConstraint({LEGION_DIM_F, LEGION_DIM_X}, false));
  const LayoutConstraintID id = Runtime::preregister_layout(layout);
  add_task<two_parts_task<kY>>(kTwoParts, "two_parts", [id](TaskVariantRegistrar& registrar) {
    registrar.add_constraint(ColocationConstraint(0, 1));
    registrar.add_layout_constraint_set(1, id);
  });
});

}  // namespace
}  // namespace features
