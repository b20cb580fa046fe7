// SPDX-License-Identifier: Apache-2.0
#include "legion/structure.h"

#include <algorithm>

#include "legion/convert.h"
#include "legion/layout.h"
#include "legion/names.h"
#include "legion/tasks.h"

namespace placewright::legion {
namespace {

/// A piece of more boxes is recorded as the box around it.
constexpr size_t kMostBoxes = 1 << 18;

template <int DIM>
void add_boxes(const Legion::Domain& domain, std::vector<machine::LaunchDomain>& boxes) {
  const Legion::DomainT<DIM> points = domain;
  for (Realm::IndexSpaceIterator<DIM, Legion::coord_t> box(points); box.valid; box.step()) {
    boxes.push_back(from_legion(Legion::Domain(box.rect)));
    if (boxes.size() > kMostBoxes) return;
  }
}

workload::PointSet boxes_of(const Legion::Domain& domain) {
  workload::PointSet points{domain.get_dim(), {}};
  switch (domain.get_dim()) {
#define PLACEWRIGHT_BOXES(DIM)            \
  case DIM:                               \
    add_boxes<DIM>(domain, points.boxes); \
    break;
    LEGION_FOREACH_N(PLACEWRIGHT_BOXES)
#undef PLACEWRIGHT_BOXES
    default:
      break;
  }
  std::ranges::sort(points.boxes);
  return points;
}

}  // namespace

uint32_t Structure::points_of(MapperRuntime* runtime, MapperContext ctx, Legion::IndexSpace space) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_spaces_.find(space); known != known_spaces_.end())
      return known->second;
  }
  const Legion::Domain domain = runtime->get_index_space_domain(ctx, space);
  workload::PointSet points = boxes_of(domain);
  const bool is_cut = points.boxes.size() > kMostBoxes;
  if (is_cut) points.boxes = {from_legion(domain)};
  const std::lock_guard lock(mutex_);
  has_boxes_left_out_ |= is_cut;
  return known_spaces_.try_emplace(space, point_sets_.number(points)).first->second;
}

uint32_t Structure::fields_of(MapperRuntime* runtime, MapperContext ctx, Legion::FieldSpace space) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_fields_.find(space); known != known_fields_.end())
      return known->second;
  }
  std::vector<Legion::FieldID> ids;
  runtime->get_field_space_fields(ctx, space, ids);
  std::vector<workload::FieldSize> fields;
  for (const Legion::FieldID field : ids)
    fields.push_back({field, runtime->get_field_size(ctx, space, field)});
  std::ranges::sort(fields);
  const std::lock_guard lock(mutex_);
  return known_fields_.try_emplace(space, field_spaces_.number(fields)).first->second;
}

workload::Piece Structure::describe(MapperRuntime* runtime, MapperContext ctx,
                                    const Legion::RegionRequirement& requirement,
                                    Legion::LogicalRegion region) {
  workload::Piece piece;
  piece.tree = region.get_tree_id();
  piece.points = points_of(runtime, ctx, region.get_index_space());
  piece.fields = fields_of(runtime, ctx, region.get_field_space());
  piece.names = region_names(runtime, ctx, requirement);
  if (runtime->has_parent_logical_partition(ctx, region)) {
    const Legion::DomainPoint color = runtime->get_logical_region_color_point(ctx, region);
    for (int d = 0; d < color.get_dim(); ++d) piece.color.push_back(color[d]);
  }
  while (runtime->has_parent_logical_partition(ctx, region)) {
    region =
        runtime->get_parent_logical_region(ctx, runtime->get_parent_logical_partition(ctx, region));
    piece.ancestors.push_back(points_of(runtime, ctx, region.get_index_space()));
  }
  return piece;
}

workload::Requirement Structure::describe(MapperRuntime* runtime, MapperContext ctx,
                                          const Legion::RegionRequirement& requirement) {
  workload::Requirement described;
  described.privilege = privilege_of(requirement.privilege);
  described.fields.assign(requirement.privilege_fields.begin(), requirement.privilege_fields.end());
  described.reduction = requirement.privilege == LEGION_REDUCE ? requirement.redop : 0;
  described.exclusive = requirement.prop == LEGION_EXCLUSIVE;
  if (!requirement.region.exists()) return described;
  // The parent's name counts too.
  const std::pair key(requirement.region, requirement.parent);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_pieces_.find(key); known != known_pieces_.end()) {
      described.piece = known->second;
      return described;
    }
  }
  const workload::Piece piece = describe(runtime, ctx, requirement, requirement.region);
  const std::lock_guard lock(mutex_);
  described.piece = known_pieces_.try_emplace(key, pieces_.number(piece)).first->second;
  return described;
}

void Structure::note_variants(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task) {
  {
    const std::lock_guard lock(mutex_);
    if (variants_.contains(task.get_task_name())) return;
  }
  std::vector<workload::RecordedVariant> variants;
  for (const decide::Variant& variant : variants_of(runtime, ctx, task.task_id)) {
    workload::RecordedVariant recorded{variant, {}};
    for (const auto& [argument, layout] :
         runtime->find_task_layout_constraints(ctx, task.task_id, variant.id).layouts)
      recorded.demands.emplace_back(static_cast<int>(argument),
                                    demand_of(runtime->find_layout_constraints(ctx, layout)));
    variants.push_back(std::move(recorded));
  }
  const std::lock_guard lock(mutex_);
  variants_.try_emplace(task.get_task_name(), std::move(variants));
}

void Structure::stated(Legion::UniqueID task, const TaskCost& cost) {
  std::vector<double> key = {cost.fp32_flops, cost.fp64_flops, cost.parallelism};
  for (const ArgumentCost& each : cost.arguments) {
    for (const double amount :
         {static_cast<double>(each.requirement), static_cast<double>(each.pattern), each.elements,
          each.bytes_read, each.bytes_written, each.footprint_bytes, each.hottest_share})
      key.push_back(amount);
  }
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] =
      known_costs_.try_emplace(std::move(key), static_cast<uint32_t>(costs_.size()));
  if (is_new) costs_.push_back(cost);
  cost_of_[task] = known->second;
}

void Structure::add(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task) {
  const Legion::Task* parent = task.get_parent_task();
  if (parent == nullptr || task.get_depth() == 0) {
    const std::lock_guard lock(mutex_);
    top_ = task.get_unique_id();
    return;
  }
  note_variants(runtime, ctx, task);
  std::vector<workload::Requirement> requirements;
  for (const Legion::RegionRequirement& requirement : task.regions)
    requirements.push_back(describe(runtime, ctx, requirement));
  const std::lock_guard lock(mutex_);
  std::vector<uint32_t> arguments;
  for (const workload::Requirement& requirement : requirements)
    arguments.push_back(requirements_.number(requirement));
  Program& program = programs_[parent->get_unique_id()];
  const auto [known, is_new] = program.try_emplace(task.get_context_index());
  Launched& launched = known->second;
  if (is_new) {
    launched.launch.task = task.get_task_name();
    if (task.is_index_space) launched.launch.domain = from_legion(task.index_domain);
    launched.launch.tag = task.tag;
    launched.launch.mapper = task.map_id;
    launched.launch.depth = task.get_depth();
    launched.launch.must_epoch = task.must_epoch_task;
    launched.launch.concurrent = task.concurrent_task;
  }
  Point point{{}, argument_lists_.number(arguments), task.get_unique_id()};
  if (task.is_index_space) point.point = from_legion(task.index_point);
  launched.points.push_back(point);
}

workload::Launch Structure::complete(const Launched& launched, Parts& parts) const {
  workload::Launch launch = launched.launch;
  for (const Point& point : launched.points) {
    workload::PointTask described{point.point, point.arguments};
    if (programs_.contains(point.task)) described.program = program_of(point.task, parts);
    if (const auto cost = cost_of_.find(point.task); cost != cost_of_.end())
      described.cost = cost->second;
    launch.points.push_back(std::move(described));
  }
  std::ranges::sort(launch.points);
  return launch;
}

uint32_t Structure::program_of(Legion::UniqueID task, Parts& parts) const {
  using workload::Operation;
  std::vector<uint32_t> sequence;
  const auto program = programs_.find(task);
  const size_t launches = program == programs_.end() ? 0 : program->second.size();
  ProgramOrder::Program order = parts.order.program(task);
  if (order.launches != launches) {
    parts.lacks_order = true;
    order = {};
  }
  auto mark = order.marks.begin();
  const auto add_marks = [&](uint64_t launched) {
    for (; mark != order.marks.end() && mark->launches <= launched; ++mark)
      sequence.push_back(parts.operations.number(mark->operation));
  };
  uint64_t number = 0;
  if (launches > 0) {
    for (const auto& [place, launched] : program->second) {
      add_marks(number);
      workload::Launch launch = complete(launched, parts);
      launch.uses_results = order.uses_results[number++];
      const uint32_t known = parts.launches.number(launch);
      sequence.push_back(parts.operations.number({Operation::Kind::Launch, known}));
    }
  }
  add_marks(number);
  const uint32_t known = parts.sequences.number(sequence);
  if (known == parts.recording.programs.size())
    parts.recording.programs.push_back(workload::find_loops(sequence));
  return known;
}

workload::Recording Structure::finish(workload::Workload workload,
                                      const ProgramOrder& order) const {
  const std::lock_guard lock(mutex_);
  Parts parts{{std::move(workload)}, order};
  workload::Recording& recording = parts.recording;
  for (const workload::WorkloadTask& task : recording.workload.tasks) {
    const auto known = variants_.find(task.name);
    recording.variants.push_back(known == variants_.end() ? std::vector<workload::RecordedVariant>()
                                                          : known->second);
  }
  recording.field_spaces = field_spaces_.values;
  recording.point_sets = point_sets_.values;
  recording.pieces = pieces_.values;
  recording.requirements = requirements_.values;
  recording.argument_lists = argument_lists_.values;
  recording.costs = costs_;
  recording.program = program_of(top_, parts);
  recording.launches = std::move(parts.launches.values);
  recording.operations = std::move(parts.operations.values);
  recording.left_out = {"fills", "explicit copies", "traces", "results of single points",
                        "execution times"};
  if (parts.lacks_order)
    recording.left_out.emplace_back("the fences, waits and results of some tasks");
  if (has_boxes_left_out_) recording.left_out.emplace_back("the boxes of large sparse pieces");
  return std::move(parts.recording);
}

}  // namespace placewright::legion
