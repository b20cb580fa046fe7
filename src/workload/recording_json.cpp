// SPDX-License-Identifier: Apache-2.0
// A recording as JSON, written and read.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "support/json.h"
#include "support/try.h"
#include "workload/check_recording.h"
#include "workload/recording.h"
#include "workload/workload_node.h"

namespace placewright::workload {
namespace {

using Json = nlohmann::ordered_json;

// ---- writing: what a file has many of is a list in a list, without names

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
  return {{"tree", piece.tree},
          {"points", piece.points},
          {"fields", piece.fields},
          {"names", piece.names}};
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

Json launch_json(const Launch& launch) {
  Json json = {{"task", launch.task}};
  if (launch.domain) json["domain"] = box_json(*launch.domain);
  if (launch.tag != 0) json["tag"] = launch.tag;
  if (launch.mapper != 0) json["mapper"] = launch.mapper;
  json["depth"] = launch.depth;
  if (launch.must_epoch) json["must_epoch"] = true;
  if (launch.concurrent) json["concurrent"] = true;
  Json points = Json::array();
  for (const PointTask& task : launch.points) {
    Json coordinates = Json::array();
    for (int d = 0; d < task.point.dim; ++d) coordinates.push_back(task.point.at[d]);
    points.push_back({std::move(coordinates), task.arguments});
    if (task.program) points.back().push_back(*task.program);
  }
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

Json field_space_json(const std::vector<FieldSize>& fields) {
  Json list = Json::array();
  for (const FieldSize& field : fields) list.push_back({field.id, field.bytes});
  return list;
}

// ---- reading

using Node = WorkloadNode;

Result<std::vector<int64_t>> read_coordinates(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, node.elements());
  std::vector<int64_t> coordinates;
  for (const Node& element : elements) {
    PLACEWRIGHT_TRY(const int64_t at,
                    element.number(-machine::kLargestCoordinate, machine::kLargestCoordinate));
    coordinates.push_back(at);
  }
  return coordinates;
}

Result<machine::LaunchDomain> read_box(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<int64_t> coordinates, read_coordinates(node));
  const size_t dim = coordinates.size() / 2;
  if (dim < 1 || dim > machine::kMaxDim || coordinates.size() % 2 != 0)
    return node.wrong(
        fmt::format("2 to {} numbers, as many for either corner", 2 * machine::kMaxDim));
  machine::LaunchDomain box;
  box.lo.dim = box.hi.dim = static_cast<int>(dim);
  for (size_t d = 0; d < dim; ++d) {
    box.lo.at[d] = coordinates[d];
    box.hi.at[d] = coordinates[dim + d];
    if (box.hi.at[d] < box.lo.at[d]) return node.wrong("a box with points");
  }
  return box;
}

Result<PointSet> read_point_set(const Node& node) {
  PointSet points;
  PLACEWRIGHT_TRY(const Node dim, node.at("dim"));
  PLACEWRIGHT_TRY(points.dim, dim.number(1, machine::kMaxDim));
  PLACEWRIGHT_TRY(const Node boxes, node.at("boxes"));
  PLACEWRIGHT_TRY(points.boxes, read_all(Result<Node>(boxes), read_box));
  for (const machine::LaunchDomain& box : points.boxes)
    if (box.dim() != points.dim)
      return boxes.wrong(fmt::format("boxes of {} dimensions", points.dim));
  return points;
}

template <class Number>
Result<Number> read_number(const Node& node) {
  return node.number(Number{0}, std::numeric_limits<Number>::max());
}

Result<std::vector<uint32_t>> read_numbers(const Node& node) {
  return read_all(Result<Node>(node), read_number<uint32_t>);
}

Result<FieldSize> read_field(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> pair, node.elements());
  if (pair.size() != 2) return node.wrong("a field's id and bytes");
  FieldSize field;
  PLACEWRIGHT_TRY(field.id, read_number<uint32_t>(pair[0]));
  PLACEWRIGHT_TRY(field.bytes, pair[1].number(uint64_t{0}, uint64_t{1} << 40));
  return field;
}

Result<std::vector<FieldSize>> read_field_space(const Node& node) {
  return read_all(Result<Node>(node), read_field);
}

Result<Piece> read_piece(const Node& node) {
  Piece piece;
  PLACEWRIGHT_TRY(piece.tree, node.at("tree").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(piece.points, node.at("points").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(piece.fields, node.at("fields").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(piece.names, read_all(node.at("names"), read_text));
  return piece;
}

Result<Requirement> read_requirement(const Node& node) {
  Requirement requirement;
  PLACEWRIGHT_TRY(const Node piece, node.at("piece"));
  if (!piece.is_null()) {
    PLACEWRIGHT_TRY(requirement.piece, read_number<uint32_t>(piece));
  }
  PLACEWRIGHT_TRY(const Node privilege, node.at("privilege"));
  PLACEWRIGHT_TRY(const std::string word, privilege.text());
  const auto known = machine::parse_privilege(word);
  if (!known) return privilege.wrong("RO, RW, WD, RED or NONE");
  requirement.privilege = *known;
  PLACEWRIGHT_TRY(requirement.fields, node.at("fields").and_then(read_numbers));
  if (node.has("reduction")) {
    PLACEWRIGHT_TRY(requirement.reduction, node.at("reduction").and_then(read_number<int>));
  }
  if (node.has("exclusive")) {
    PLACEWRIGHT_TRY(requirement.exclusive, node.at("exclusive").and_then(&Node::boolean));
  }
  return requirement;
}

Result<PointTask> read_point_task(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> parts, node.elements());
  if (parts.size() < 2 || parts.size() > 3)
    return node.wrong("coordinates, a list of arguments, and maybe a program");
  PointTask task;
  PLACEWRIGHT_TRY(const std::vector<int64_t> coordinates, read_coordinates(parts[0]));
  if (coordinates.size() > machine::kMaxDim)
    return parts[0].wrong(fmt::format("at most {} numbers", machine::kMaxDim));
  task.point.dim = static_cast<int>(coordinates.size());
  std::ranges::copy(coordinates, task.point.at.begin());
  PLACEWRIGHT_TRY(task.arguments, read_number<uint32_t>(parts[1]));
  if (parts.size() > 2) {
    PLACEWRIGHT_TRY(task.program, read_number<uint32_t>(parts[2]));
  }
  return task;
}

Result<Launch> read_launch(const Node& node) {
  Launch launch;
  PLACEWRIGHT_TRY(launch.task, node.at("task").and_then(&Node::text));
  if (node.has("domain")) {
    PLACEWRIGHT_TRY(launch.domain, node.at("domain").and_then(read_box));
  }
  if (node.has("tag")) {
    PLACEWRIGHT_TRY(launch.tag, node.at("tag").and_then(&Node::size));
  }
  if (node.has("mapper")) {
    PLACEWRIGHT_TRY(launch.mapper, node.at("mapper").and_then(&Node::size));
  }
  PLACEWRIGHT_TRY(const Node depth, node.at("depth"));
  PLACEWRIGHT_TRY(launch.depth, depth.number(1, 1 << 20));
  if (node.has("must_epoch")) {
    PLACEWRIGHT_TRY(launch.must_epoch, node.at("must_epoch").and_then(&Node::boolean));
  }
  if (node.has("concurrent")) {
    PLACEWRIGHT_TRY(launch.concurrent, node.at("concurrent").and_then(&Node::boolean));
  }
  PLACEWRIGHT_TRY(launch.points, read_all(node.at("points"), read_point_task));
  return launch;
}

Result<Loop> read_loop(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> pair, node.elements());
  if (pair.size() != 2) return node.wrong("a count and a list of launches");
  Loop loop;
  PLACEWRIGHT_TRY(loop.count, pair[0].number(uint64_t{1}, uint64_t{1} << 40));
  PLACEWRIGHT_TRY(loop.body, read_numbers(pair[1]));
  return loop;
}

Result<std::vector<Loop>> read_program(const Node& node) {
  return read_all(Result<Node>(node), read_loop);
}

Result<Recording> read_recording(const Node& root) {
  PLACEWRIGHT_TRY(Workload workload, read_workload(root));
  Recording recording{std::move(workload)};
  PLACEWRIGHT_TRY(const int version, root.at("version").and_then(read_number<int>));
  if (version != kRecordingVersion)
    return fail(fmt::format("the file has version {}, which has no program; version {} has one",
                            version, kRecordingVersion));
  PLACEWRIGHT_TRY(const Node all, root.at("recording"));
  PLACEWRIGHT_TRY(recording.field_spaces, read_all(all.at("field_spaces"), read_field_space));
  PLACEWRIGHT_TRY(recording.point_sets, read_all(all.at("point_sets"), read_point_set));
  PLACEWRIGHT_TRY(recording.pieces, read_all(all.at("pieces"), read_piece));
  PLACEWRIGHT_TRY(recording.requirements, read_all(all.at("requirements"), read_requirement));
  PLACEWRIGHT_TRY(recording.argument_lists, read_all(all.at("argument_lists"), read_numbers));
  PLACEWRIGHT_TRY(recording.launches, read_all(all.at("launches"), read_launch));
  PLACEWRIGHT_TRY(recording.programs, read_all(all.at("programs"), read_program));
  PLACEWRIGHT_TRY(recording.program, all.at("program").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(recording.left_out, read_all(all.at("left_out"), read_text));
  PLACEWRIGHT_TRY_VOID(check(recording));
  return recording;
}

}  // namespace

std::string to_json(const Recording& recording) {
  Json root = workload_json(recording.workload);
  root["version"] = kRecordingVersion;
  root["recording"] = {{"field_spaces", list_json(recording.field_spaces, field_space_json)},
                       {"point_sets", list_json(recording.point_sets, point_set_json)},
                       {"pieces", list_json(recording.pieces, piece_json)},
                       {"requirements", list_json(recording.requirements, requirement_json)},
                       {"argument_lists", recording.argument_lists},
                       {"launches", list_json(recording.launches, launch_json)},
                       {"programs", list_json(recording.programs, program_json)},
                       {"program", recording.program},
                       {"left_out", recording.left_out}};
  return dump_json(root) + "\n";
}

Result<Recording> recording_from_json(const std::string& text) {
  const auto json = parse_json<Json>(text);
  if (!json) return fail("the recording is " + json.error().message);
  Result<Recording> recording = read_recording(Node(*json, ""));
  if (!recording) return fail(fmt::format("not a recording: {}", recording.error().message));
  return recording;
}

}  // namespace placewright::workload
