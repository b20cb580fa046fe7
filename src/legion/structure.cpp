// SPDX-License-Identifier: Apache-2.0
#include "legion/structure.h"

#include <algorithm>

#include "legion/convert.h"
#include "legion/names.h"

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

void Structure::add(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task) {
  const Legion::Task* parent = task.get_parent_task();
  if (parent == nullptr || task.get_depth() == 0) {
    const std::lock_guard lock(mutex_);
    top_ = task.get_unique_id();
    return;
  }
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

uint32_t Structure::program_of(Legion::UniqueID task, workload::Recording& recording,
                               Numbered<workload::Launch>& launches,
                               Numbered<std::vector<uint32_t>>& sequences) const {
  std::vector<uint32_t> sequence;
  if (const auto program = programs_.find(task); program != programs_.end()) {
    for (const auto& [place, launched] : program->second) {
      workload::Launch launch = launched.launch;
      for (const Point& point : launched.points) {
        workload::PointTask described{point.point, point.arguments, std::nullopt};
        if (programs_.contains(point.task))
          described.program = program_of(point.task, recording, launches, sequences);
        launch.points.push_back(std::move(described));
      }
      std::ranges::sort(launch.points);
      sequence.push_back(launches.number(launch));
    }
  }
  const uint32_t number = sequences.number(sequence);
  if (number == recording.programs.size())
    recording.programs.push_back(workload::find_loops(sequence));
  return number;
}

workload::Recording Structure::finish(workload::Workload workload) const {
  const std::lock_guard lock(mutex_);
  workload::Recording recording{std::move(workload)};
  recording.field_spaces = field_spaces_.values;
  recording.point_sets = point_sets_.values;
  recording.pieces = pieces_.values;
  recording.requirements = requirements_.values;
  recording.argument_lists = argument_lists_.values;
  Numbered<workload::Launch> launches;
  Numbered<std::vector<uint32_t>> sequences;
  recording.program = program_of(top_, recording, launches, sequences);
  recording.launches = std::move(launches.values);
  recording.left_out = {"fills", "explicit copies", "fences and traces", "futures",
                        "execution times"};
  if (has_boxes_left_out_) recording.left_out.emplace_back("the boxes of large sparse pieces");
  return recording;
}

}  // namespace placewright::legion
