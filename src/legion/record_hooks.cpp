// SPDX-License-Identifier: Apache-2.0
#include "legion/record_hooks.h"

#include "legion/program_order.h"
#include "legion/structure.h"

namespace placewright::legion {
namespace {

template <class Results>
void note_wait(const Results& results) {
  const std::shared_ptr<ProgramOrder> order = current_program_order();
  // Legion waits for futures itself, outside of tasks.
  if (order == nullptr || !Legion::Runtime::has_context()) return;
  const Legion::Context ctx = Legion::Runtime::get_context();
  order->waits(*Legion::Runtime::get_runtime()->get_local_task(ctx), results);
}

}  // namespace
}  // namespace placewright::legion

Legion::Future placewright_issue_fence(placewright::legion::IssueFence next,
                                       Legion::Runtime* runtime, Legion::Context ctx,
                                       const char* provenance) {
  Legion::Future end = next(runtime, ctx, provenance);
  if (const auto order = placewright::legion::current_program_order())
    order->fenced(*runtime->get_local_task(ctx), end);
  return end;
}

void placewright_filled(Legion::Context ctx, const Legion::LogicalRegion* region,
                        const Legion::FieldID* fields, size_t count) {
  const auto order = placewright::legion::current_program_order();
  const auto structure = placewright::legion::current_structure();
  if (order == nullptr || structure == nullptr) return;
  Legion::Runtime* runtime = Legion::Runtime::get_runtime();
  order->filled(*runtime->get_local_task(ctx),
                structure->filled(runtime, ctx, *region, {fields, fields + count}));
}

void placewright_filled_index(Legion::Runtime* runtime, Legion::Context ctx,
                              const Legion::IndexFillLauncher* launcher) {
  const std::vector<Legion::FieldID> fields(launcher->fields.begin(), launcher->fields.end());
  const auto note = [&](const Legion::LogicalRegion& region) {
    placewright_filled(ctx, &region, fields.data(), fields.size());
  };
  if (!launcher->partition.exists()) return note(launcher->region);
  const Legion::Domain points = launcher->launch_space.exists()
                                    ? runtime->get_index_space_domain(ctx, launcher->launch_space)
                                    : launcher->launch_domain;
  for (Legion::Domain::DomainPointIterator point(points); point; ++point)
    note(runtime->get_logical_subregion_by_color(ctx, launcher->partition, *point));
}

void placewright_waits_for_result(const Legion::Future* result) {
  placewright::legion::note_wait(*result);
}

void placewright_waits_for_results(const Legion::FutureMap* results) {
  placewright::legion::note_wait(*results);
}

void placewright_note_cost(unsigned long long task, const placewright::StatedCost* cost) {
  if (const auto structure = placewright::legion::current_structure())
    structure->stated(task, {cost->fp32_flops,
                             cost->fp64_flops,
                             cost->parallelism,
                             {cost->arguments, cost->arguments + cost->count}});
}
