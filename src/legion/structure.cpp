// SPDX-License-Identifier: Apache-2.0
#include "legion/structure.h"

#include <algorithm>

#include "legion/convert.h"
#include "legion/layout.h"
#include "legion/names.h"
#include "legion/tasks.h"
#include "workload/cost_key.h"

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

class Structure::Regions {
 public:
  virtual ~Regions() = default;
  [[nodiscard]] virtual Legion::Domain domain(Legion::IndexSpace space) const = 0;
  [[nodiscard]] virtual std::vector<Legion::FieldID> fields(Legion::FieldSpace space) const = 0;
  [[nodiscard]] virtual size_t bytes(Legion::FieldSpace space, Legion::FieldID field) const = 0;
};

template <class Runtime, class Context>
class Structure::RegionsOf final : public Regions {
 public:
  RegionsOf(Runtime* runtime, Context ctx) : runtime_(runtime), ctx_(ctx) {}
  [[nodiscard]] Legion::Domain domain(Legion::IndexSpace space) const override {
    return runtime_->get_index_space_domain(ctx_, space);
  }
  [[nodiscard]] std::vector<Legion::FieldID> fields(Legion::FieldSpace space) const override {
    std::vector<Legion::FieldID> ids;
    runtime_->get_field_space_fields(ctx_, space, ids);
    return ids;
  }
  [[nodiscard]] size_t bytes(Legion::FieldSpace space, Legion::FieldID field) const override {
    return runtime_->get_field_size(ctx_, space, field);
  }

 private:
  Runtime* runtime_;
  Context ctx_;
};

uint32_t Structure::points_of(const Regions& regions, Legion::IndexSpace space) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_spaces_.find(space); known != known_spaces_.end())
      return known->second;
  }
  const Legion::Domain domain = regions.domain(space);
  workload::PointSet points = boxes_of(domain);
  const bool is_cut = points.boxes.size() > kMostBoxes;
  if (is_cut) points.boxes = {from_legion(domain)};
  const std::lock_guard lock(mutex_);
  has_boxes_left_out_ |= is_cut;
  return known_spaces_.try_emplace(space, point_sets_.number(points)).first->second;
}

uint32_t Structure::fields_of(const Regions& regions, Legion::FieldSpace space) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_fields_.find(space); known != known_fields_.end())
      return known->second;
  }
  std::vector<workload::FieldSize> fields;
  for (const Legion::FieldID field : regions.fields(space))
    fields.push_back({field, regions.bytes(space, field)});
  std::ranges::sort(fields);
  const std::lock_guard lock(mutex_);
  return known_fields_.try_emplace(space, field_spaces_.number(fields)).first->second;
}

workload::Piece Structure::describe(MapperRuntime* runtime, MapperContext ctx,
                                    const Legion::RegionRequirement& requirement,
                                    Legion::LogicalRegion region) {
  const RegionsOf regions(runtime, ctx);
  workload::Piece piece;
  piece.tree = region.get_tree_id();
  piece.points = points_of(regions, region.get_index_space());
  piece.fields = fields_of(regions, region.get_field_space());
  piece.names = region_names(runtime, ctx, requirement);
  if (runtime->has_parent_logical_partition(ctx, region)) {
    const Legion::DomainPoint color = runtime->get_logical_region_color_point(ctx, region);
    for (int d = 0; d < color.get_dim(); ++d) piece.color.push_back(color[d]);
  }
  while (runtime->has_parent_logical_partition(ctx, region)) {
    region =
        runtime->get_parent_logical_region(ctx, runtime->get_parent_logical_partition(ctx, region));
    piece.ancestors.push_back(points_of(regions, region.get_index_space()));
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
  std::vector<double> key = workload::key_of(cost);
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] =
      known_costs_.try_emplace(std::move(key), static_cast<uint32_t>(costs_.size()));
  if (is_new) costs_.push_back(cost);
  cost_of_[task] = known->second;
}

uint32_t Structure::filled(Legion::Runtime* runtime, Legion::Context ctx,
                           Legion::LogicalRegion region, std::vector<Legion::FieldID> fields) {
  const RegionsOf regions(runtime, ctx);
  workload::Piece piece;
  piece.tree = region.get_tree_id();
  piece.points = points_of(regions, region.get_index_space());
  piece.fields = fields_of(regions, region.get_field_space());
  std::ranges::sort(fields);
  workload::Requirement requirement;
  requirement.privilege = machine::Privilege::WriteDiscard;
  requirement.fields.assign(fields.begin(), fields.end());
  const std::lock_guard lock(mutex_);
  requirement.piece = pieces_.number(piece);
  return requirements_.number(requirement);
}

void Structure::add(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task) {
  const Legion::Task* parent = task.get_parent_task();
  if (parent == nullptr || task.get_depth() == 0) return;
  note_variants(runtime, ctx, task);
  std::vector<workload::Requirement> requirements;
  for (const Legion::RegionRequirement& requirement : task.regions)
    requirements.push_back(describe(runtime, ctx, requirement));
  const std::lock_guard lock(mutex_);
  std::vector<uint32_t> arguments;
  for (const workload::Requirement& requirement : requirements)
    arguments.push_back(requirements_.number(requirement));
  const auto [known, is_new] =
      launches_.try_emplace({number_of(*parent), task.get_context_index()});
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
  workload::PointTask point;
  point.arguments = argument_lists_.number(arguments);
  if (task.is_index_space) point.point = from_legion(task.index_point);
  launched.launch.points.push_back(point);
  launched.tasks.push_back(task.get_unique_id());
}

workload::PartialRecording Structure::finish(workload::Workload workload,
                                             const ProgramOrder& order) const {
  workload::PartialRecording part{workload::Recording{std::move(workload)}};
  part.programs = order.programs();
  const std::lock_guard lock(mutex_);
  workload::Recording& seen = part.seen;
  for (const workload::WorkloadTask& task : seen.workload.tasks) {
    const auto known = variants_.find(task.name);
    seen.variants.push_back(known == variants_.end() ? std::vector<workload::RecordedVariant>()
                                                     : known->second);
  }
  seen.field_spaces = field_spaces_.values;
  seen.point_sets = point_sets_.values;
  seen.pieces = pieces_.values;
  seen.requirements = requirements_.values;
  seen.argument_lists = argument_lists_.values;
  seen.costs = costs_;
  part.costs = cost_of_;
  for (const auto& [place, launched] : launches_) {
    seen.launches.push_back(launched.launch);
    part.places.push_back({place.first, place.second, launched.tasks});
  }
  seen.left_out = {"explicit copies", "results of single points", "execution times"};
  if (has_boxes_left_out_) seen.left_out.emplace_back("the boxes of large sparse pieces");
  return part;
}

}  // namespace placewright::legion
