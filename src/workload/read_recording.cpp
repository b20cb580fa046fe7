// SPDX-License-Identifier: Apache-2.0
// A recording from JSON.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "decide/record_json.h"
#include "support/json.h"
#include "support/try.h"
#include "workload/check_recording.h"
#include "workload/recording.h"
#include "workload/recording_nodes.h"
#include "workload/recording_words.h"
#include "workload/workload_node.h"

namespace placewright::workload {
namespace {

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

Result<int64_t> read_integer(const Node& node) {
  return node.number(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
}

constexpr auto read_numbers = read_all_numbers<uint32_t>;

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
  PLACEWRIGHT_TRY(piece.ancestors, node.at("ancestors").and_then(read_numbers));
  // Older recordings have none.
  if (node.has("color")) {
    PLACEWRIGHT_TRY(piece.color, read_all(node.at("color"), read_integer));
  }
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
  if (parts.size() < 2 || parts.size() > 4)
    return node.wrong("coordinates, a list of arguments, and maybe a program and a cost");
  PointTask task;
  PLACEWRIGHT_TRY(const std::vector<int64_t> coordinates, read_coordinates(parts[0]));
  if (coordinates.size() > machine::kMaxDim)
    return parts[0].wrong(fmt::format("at most {} numbers", machine::kMaxDim));
  task.point.dim = static_cast<int>(coordinates.size());
  std::ranges::copy(coordinates, task.point.at.begin());
  PLACEWRIGHT_TRY(task.arguments, read_number<uint32_t>(parts[1]));
  if (parts.size() > 2 && !parts[2].is_null()) {
    PLACEWRIGHT_TRY(task.program, read_number<uint32_t>(parts[2]));
  }
  if (parts.size() > 3) {
    PLACEWRIGHT_TRY(task.cost, read_number<uint32_t>(parts[3]));
  }
  return task;
}

Result<ArgumentCost> read_argument_cost(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> parts, node.elements());
  if (parts.size() != 7) return node.wrong("an argument's number, a pattern and five amounts");
  ArgumentCost cost;
  PLACEWRIGHT_TRY(cost.requirement, parts[0].number(size_t{0}, size_t{1} << 16));
  PLACEWRIGHT_TRY(const std::string pattern, parts[1].text());
  const auto known = pattern_named(pattern);
  if (!known) return parts[1].wrong("stream, irregular or atomic");
  cost.pattern = *known;
  PLACEWRIGHT_TRY(cost.elements, parts[2].amount());
  PLACEWRIGHT_TRY(cost.bytes_read, parts[3].amount());
  PLACEWRIGHT_TRY(cost.bytes_written, parts[4].amount());
  PLACEWRIGHT_TRY(cost.footprint_bytes, parts[5].amount());
  PLACEWRIGHT_TRY(cost.hottest_share, parts[6].amount());
  return cost;
}

Result<TaskCost> read_cost(const Node& node) {
  TaskCost cost;
  PLACEWRIGHT_TRY(cost.fp32_flops, node.at("fp32_flops").and_then(&Node::amount));
  PLACEWRIGHT_TRY(cost.fp64_flops, node.at("fp64_flops").and_then(&Node::amount));
  PLACEWRIGHT_TRY(cost.parallelism, node.at("parallelism").and_then(&Node::amount));
  PLACEWRIGHT_TRY(cost.arguments, read_all(node.at("arguments"), read_argument_cost));
  return cost;
}

Result<std::pair<int, decide::Demand>> read_demand(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> parts, node.elements());
  if (parts.size() != 2) return node.wrong("an argument's number and what is demanded");
  PLACEWRIGHT_TRY(const int argument, parts[0].number(0, 1 << 16));
  auto demand = decide::read_demand(parts[1].dump());
  if (!demand) return parts[1].wrong("a demand: " + demand.error().message);
  return std::pair(argument, *std::move(demand));
}

Result<machine::ProcessorKind> read_kind(const Node& node) {
  PLACEWRIGHT_TRY(const std::string word, node.text());
  const auto known = machine::parse_processor_kind(word);
  if (!known) return node.wrong("a kind of processors");
  return *known;
}

Result<RecordedVariant> read_variant(const Node& node) {
  RecordedVariant recorded;
  decide::Variant& variant = recorded.variant;
  PLACEWRIGHT_TRY(variant.id, node.at("id").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(variant.kind, node.at("kind").and_then(read_kind));
  for (const auto& [name, member] :
       {std::pair("inner", &variant.inner), std::pair("leaf", &variant.leaf),
        std::pair("replicable", &variant.replicable)}) {
    if (!node.has(name)) continue;
    PLACEWRIGHT_TRY(*member, node.at(name).and_then(&Node::boolean));
  }
  if (node.has("demands")) {
    PLACEWRIGHT_TRY(recorded.demands, read_all(node.at("demands"), read_demand));
  }
  return recorded;
}

Result<std::vector<RecordedVariant>> read_variants(const Node& node) {
  return read_all(Result<Node>(node), read_variant);
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
  if (node.has("uses_results")) {
    PLACEWRIGHT_TRY(launch.uses_results, node.at("uses_results").and_then(read_numbers));
  }
  PLACEWRIGHT_TRY(launch.points, read_all(node.at("points"), read_point_task));
  return launch;
}

Result<Loop> read_loop(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> pair, node.elements());
  if (pair.size() != 2) return node.wrong("a count and a list of operations");
  Loop loop;
  PLACEWRIGHT_TRY(loop.count, pair[0].number(uint64_t{1}, uint64_t{1} << 40));
  PLACEWRIGHT_TRY(loop.body, read_numbers(pair[1]));
  return loop;
}

Result<std::vector<Loop>> read_program(const Node& node) {
  return read_all(Result<Node>(node), read_loop);
}

Result<MeasuredTask> read_measured(const Node& node) {
  MeasuredTask measured;
  PLACEWRIGHT_TRY(measured.task, node.at("task").and_then(read_number<uint32_t>));
  PLACEWRIGHT_TRY(measured.kind, node.at("kind").and_then(read_kind));
  PLACEWRIGHT_TRY(measured.seconds, node.at("seconds").and_then(&Node::amount));
  PLACEWRIGHT_TRY(measured.count, node.at("count").and_then(read_number<uint64_t>));
  return measured;
}

}  // namespace

Result<Operation> read_operation(const Node& node) {
  for (const Operation::Kind kind : kOperationKinds) {
    const std::string word(word_of(kind));
    if (has_number(kind) && node.has(word.c_str())) {
      PLACEWRIGHT_TRY(const uint32_t number, node.at(word.c_str()).and_then(read_number<uint32_t>));
      return Operation{kind, number};
    }
    if (!has_number(kind) && node.text().value_or("") == word) return Operation{kind, 0};
  }
  return node.wrong("a launch, a fence, a wait, a clock, a fill or a trace's begin or end");
}

Result<Recording> read_unchecked(const Node& root) {
  PLACEWRIGHT_TRY(Workload workload, read_workload(root));
  Recording recording{std::move(workload)};
  PLACEWRIGHT_TRY(const int version, root.at("version").and_then(read_number<int>));
  if (version != kRecordingVersion)
    return fail(fmt::format("the file has version {}, which has no program; version {} has one",
                            version, kRecordingVersion));
  PLACEWRIGHT_TRY(const Node all, root.at("recording"));
  PLACEWRIGHT_TRY(recording.variants, read_all(all.at("variants"), read_variants));
  PLACEWRIGHT_TRY(recording.field_spaces, read_all(all.at("field_spaces"), read_field_space));
  PLACEWRIGHT_TRY(recording.point_sets, read_all(all.at("point_sets"), read_point_set));
  PLACEWRIGHT_TRY(recording.pieces, read_all(all.at("pieces"), read_piece));
  PLACEWRIGHT_TRY(recording.requirements, read_all(all.at("requirements"), read_requirement));
  PLACEWRIGHT_TRY(recording.argument_lists, read_all(all.at("argument_lists"), read_numbers));
  PLACEWRIGHT_TRY(recording.costs, read_all(all.at("costs"), read_cost));
  PLACEWRIGHT_TRY(recording.launches, read_all(all.at("launches"), read_launch));
  PLACEWRIGHT_TRY(recording.operations, read_all(all.at("operations"), read_operation));
  PLACEWRIGHT_TRY(recording.programs, read_all(all.at("programs"), read_program));
  PLACEWRIGHT_TRY(recording.program, all.at("program").and_then(read_number<uint32_t>));
  // Older recordings have none.
  if (all.has("measured")) {
    PLACEWRIGHT_TRY(recording.measured, read_all(all.at("measured"), read_measured));
  }
  PLACEWRIGHT_TRY(recording.left_out, read_all(all.at("left_out"), read_text));
  return recording;
}

Result<Recording> recording_from_json(const std::string& text) {
  const auto json = parse_json<nlohmann::ordered_json>(text);
  if (!json) return fail("the recording is " + json.error().message);
  Result<Recording> recording = read_unchecked(Node(*json, ""));
  const Result<void> checked = recording ? check(*recording) : tl::unexpected(recording.error());
  if (!checked) return fail(fmt::format("not a recording: {}", checked.error().message));
  return recording;
}

}  // namespace placewright::workload
