// SPDX-License-Identifier: Apache-2.0
// Variants that demand a layout for some fields of an argument.
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kReadBoth = kOwn };

int64_t read_both_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_READ_ONLY> x(regions[0], kX);
  const Access<LEGION_READ_ONLY> y(regions[0], kY);
  int64_t sum = 0;
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    sum += x[Point<1>(*at)] + 3 * y[Point<1>(*at)];
  return sum;
}

/// A variant that demands something for one of the two fields that it reads.
void demands_for_a_field(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  fill_index(line, kY, ctx, runtime);
  IndexTaskLauncher launcher(kReadBoth, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_READ_ONLY, kX).add_field(kY));
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
}
template <bool both>
void prepare_fields() {
  std::vector<LayoutConstraintID> layouts;
  for (const FieldID field : {kY, kX}) {
    LayoutConstraintRegistrar layout(FieldSpace::NO_SPACE, "of a field");
    layout.add_constraint(FieldConstraint(std::vector<FieldID>{field}, true, true));
    layouts.push_back(Runtime::preregister_layout(layout));
    if (!both) break;
  }
  add_task<read_both_task>(kReadBoth, "read_both", [&](TaskVariantRegistrar& registrar) {
    for (const LayoutConstraintID id : layouts) registrar.add_layout_constraint_set(0, id);
  });
}
const Add add_field_demand("demand_for_one_field", demands_for_a_field, prepare_fields<false>);
const Add add_field_demands("demands_for_each_field", demands_for_a_field, prepare_fields<true>);

}  // namespace
}  // namespace features
