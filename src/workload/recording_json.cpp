// SPDX-License-Identifier: Apache-2.0
// A recording as JSON.
#include "decide/record_json.h"
#include "support/json.h"
#include "workload/recording.h"
#include "workload/recording_nodes.h"
#include "workload/recording_words.h"
#include "workload/workload_node.h"

namespace placewright::workload {
namespace {

using Json = nlohmann::ordered_json;

// What a file has many of is a list in a list, without names.

Json box_json(const machine::LaunchDomain& box) {
  Json list = Json::array();
  for (const machine::DomainPoint* corner : {&box.lo, &box.hi})
    for (int d = 0; d < corner->dim; ++d) list.push_back(corner->at[d]);
  return list;
}

Json point_set_json(const PointSet& points) {
  Json boxes = Json::array();
  for (const machine::LaunchDomain& box : points.boxes) boxes.push_back(box_json(box));
  return {{"dim", points.dim}, {"boxes", std::move(boxes)}};
}

Json piece_json(const Piece& piece) {
  return {{"tree", piece.tree},   {"points", piece.points},       {"fields", piece.fields},
          {"names", piece.names}, {"ancestors", piece.ancestors}, {"color", piece.color}};
}

Json requirement_json(const Requirement& requirement) {
  Json json = {{"piece", nullptr},
               {"privilege", to_string(requirement.privilege)},
               {"fields", requirement.fields}};
  if (requirement.piece) json["piece"] = *requirement.piece;
  if (requirement.reduction != 0) json["reduction"] = requirement.reduction;
  if (!requirement.exclusive) json["exclusive"] = false;
  return json;
}

Json point_json(const PointTask& task) {
  Json coordinates = Json::array();
  for (int d = 0; d < task.point.dim; ++d) coordinates.push_back(task.point.at[d]);
  Json point = {std::move(coordinates), task.arguments};
  const auto number = [](const std::optional<uint32_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  if (task.program || task.cost) point.push_back(number(task.program));
  if (task.cost) point.push_back(*task.cost);
  return point;
}

Json cost_json(const TaskCost& cost) {
  Json arguments = Json::array();
  for (const ArgumentCost& each : cost.arguments)
    arguments.push_back({each.requirement, word_of(each.pattern), each.elements, each.bytes_read,
                         each.bytes_written, each.footprint_bytes, each.hottest_share});
  return {{"fp32_flops", cost.fp32_flops},
          {"fp64_flops", cost.fp64_flops},
          {"parallelism", cost.parallelism},
          {"arguments", std::move(arguments)}};
}

Json variant_json(const RecordedVariant& recorded) {
  const decide::Variant& variant = recorded.variant;
  Json json = {{"id", variant.id}, {"kind", to_string(variant.kind)}};
  if (variant.inner) json["inner"] = true;
  if (variant.leaf) json["leaf"] = true;
  if (variant.replicable) json["replicable"] = true;
  Json demands = Json::array();
  for (const auto& [argument, demand] : recorded.demands)
    demands.push_back({argument, Json::parse(decide::to_json(demand))});
  if (!demands.empty()) json["demands"] = std::move(demands);
  return json;
}

Json launch_json(const Launch& launch) {
  Json json = {{"task", launch.task}};
  if (launch.domain) json["domain"] = box_json(*launch.domain);
  if (launch.tag != 0) json["tag"] = launch.tag;
  if (launch.mapper != 0) json["mapper"] = launch.mapper;
  json["depth"] = launch.depth;
  if (launch.must_epoch) json["must_epoch"] = true;
  if (launch.concurrent) json["concurrent"] = true;
  if (!launch.uses_results.empty()) json["uses_results"] = launch.uses_results;
  Json points = Json::array();
  for (const PointTask& task : launch.points) points.push_back(point_json(task));
  json["points"] = std::move(points);
  return json;
}

Json program_json(const std::vector<Loop>& program) {
  Json loops = Json::array();
  for (const Loop& loop : program) loops.push_back({loop.count, loop.body});
  return loops;
}

template <class Value>
Json list_json(const std::vector<Value>& values, Json (*write)(const Value&)) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(write(value));
  return list;
}

Json variants_json(const std::vector<RecordedVariant>& variants) {
  return list_json(variants, variant_json);
}

Json field_space_json(const std::vector<FieldSize>& fields) {
  Json list = Json::array();
  for (const FieldSize& field : fields) list.push_back({field.id, field.bytes});
  return list;
}

Json measured_json(const MeasuredTask& measured) {
  return {{"task", measured.task},
          {"kind", to_string(measured.kind)},
          {"seconds", measured.seconds},
          {"count", measured.count}};
}

}  // namespace

Json operation_json(const Operation& operation) {
  const std::string_view word = word_of(operation.kind);
  if (!has_number(operation.kind)) return word;
  return {{word, operation.number}};
}

Json recording_json(const Recording& recording) {
  Json root = workload_json(recording.workload);
  root["version"] = kRecordingVersion;
  root["recording"] = {{"variants", list_json(recording.variants, variants_json)},
                       {"field_spaces", list_json(recording.field_spaces, field_space_json)},
                       {"point_sets", list_json(recording.point_sets, point_set_json)},
                       {"pieces", list_json(recording.pieces, piece_json)},
                       {"requirements", list_json(recording.requirements, requirement_json)},
                       {"argument_lists", recording.argument_lists},
                       {"costs", list_json(recording.costs, cost_json)},
                       {"launches", list_json(recording.launches, launch_json)},
                       {"operations", list_json(recording.operations, operation_json)},
                       {"programs", list_json(recording.programs, program_json)},
                       {"program", recording.program},
                       {"measured", list_json(recording.measured, measured_json)},
                       {"left_out", recording.left_out}};
  return root;
}

std::string to_json(const Recording& recording) {
  return dump_json(recording_json(recording)) + "\n";
}

}  // namespace placewright::workload
