// SPDX-License-Identifier: Apache-2.0
// A workload as JSON, written and read.
#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "workload/recording.h"
#include "workload/workload_node.h"

namespace placewright::workload {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "placewright-workload";

// ---- writing

Json coordinates(const machine::DomainPoint& point) {
  Json list = Json::array();
  for (int d = 0; d < point.dim; ++d) list.push_back(point.at[d]);
  return list;
}

Json node_json(const machine::NodeShape& node) {
  Json processors = Json::object();
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    const int count = node.processors[static_cast<size_t>(kind)];
    if (count > 0) processors[std::string(to_string(kind))] = count;
  }
  Json memories = Json::object();
  for (const machine::MemoryKind kind : machine::kMemoryKinds) {
    const uint64_t bytes = node.memory_bytes[static_cast<size_t>(kind)];
    if (bytes > 0) memories[std::string(to_string(kind))] = bytes;
  }
  return {{"processors", std::move(processors)}, {"memories", std::move(memories)}};
}

Json launch_json(const WorkloadLaunch& launch) {
  Json json = {{"kind", launch.index ? "index" : "single"}};
  if (launch.index) {
    json["lo"] = coordinates(launch.domain.lo);
    json["hi"] = coordinates(launch.domain.hi);
  }
  json["count"] = launch.count;
  if (launch.tag != 0) json["tag"] = launch.tag;
  if (launch.depth != 0) json["depth"] = launch.depth;
  if (launch.mapper != 0) json["mapper"] = launch.mapper;
  return json;
}

Json task_json(const WorkloadTask& task) {
  Json variants = Json::array();
  for (const machine::ProcessorKind kind : task.variants)
    variants.push_back(std::string(to_string(kind)));
  Json arguments = Json::array();
  for (const WorkloadArgument& argument : task.arguments) {
    arguments.push_back({{"names", argument.names},
                         {"privilege", to_string(argument.privilege)},
                         {"dim", argument.dim},
                         {"fields", argument.fields},
                         {"bytes", argument.bytes}});
    if (!argument.demands.empty()) arguments.back()["demands"] = argument.demands;
  }
  Json launches = Json::array();
  for (const WorkloadLaunch& launch : task.launches) launches.push_back(launch_json(launch));
  return {{"name", task.name},
          {"variants", std::move(variants)},
          {"inner", task.inner},
          {"arguments", std::move(arguments)},
          {"launches", std::move(launches)}};
}

// ---- reading

using Node = WorkloadNode;

Result<machine::ProcessorKind> read_processor_kind(const Node& node) {
  PLACEWRIGHT_TRY(const std::string word, node.text());
  const auto kind = machine::parse_processor_kind(word);
  if (!kind) return node.wrong("CPU, GPU, IO, PY, PROC or OMP");
  return *kind;
}

Result<machine::NodeShape> read_node(const Node& node) {
  machine::NodeShape shape;
  PLACEWRIGHT_TRY(const auto processors, node.at("processors").and_then(&Node::members));
  for (const auto& [name, value] : processors) {
    const auto kind = machine::parse_processor_kind(name);
    if (!kind) return value.wrong("under a known kind of processor");
    PLACEWRIGHT_TRY(shape.processors[static_cast<size_t>(*kind)], value.number(0, 1 << 20));
  }
  PLACEWRIGHT_TRY(const auto memories, node.at("memories").and_then(&Node::members));
  for (const auto& [name, value] : memories) {
    const auto kind = machine::parse_memory_kind(name);
    if (!kind) return value.wrong("under a known kind of memory");
    PLACEWRIGHT_TRY(shape.memory_bytes[static_cast<size_t>(*kind)], value.size());
  }
  return shape;
}

Result<machine::DomainPoint> read_point(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> coordinates, node.elements());
  if (coordinates.empty() || coordinates.size() > machine::kMaxDim)
    return node.wrong(fmt::format("a list of 1 to {} numbers", machine::kMaxDim));
  machine::DomainPoint point;
  point.dim = static_cast<int>(coordinates.size());
  for (int d = 0; d < point.dim; ++d) {
    PLACEWRIGHT_TRY(point.at[d], coordinates[d].number(-machine::kLargestCoordinate,
                                                       machine::kLargestCoordinate));
  }
  return point;
}

Result<machine::LaunchDomain> read_domain(const Node& node) {
  machine::LaunchDomain domain;
  PLACEWRIGHT_TRY(domain.lo, node.at("lo").and_then(read_point));
  PLACEWRIGHT_TRY(const Node hi, node.at("hi"));
  PLACEWRIGHT_TRY(domain.hi, read_point(hi));
  if (domain.lo.dim != domain.hi.dim) return hi.wrong("as many numbers as `lo` has");
  return domain;
}

Result<WorkloadLaunch> read_launch(const Node& node) {
  WorkloadLaunch launch;
  PLACEWRIGHT_TRY(const Node kind, node.at("kind"));
  PLACEWRIGHT_TRY(const std::string word, kind.text());
  if (word != "index" && word != "single") return kind.wrong("`index` or `single`");
  launch.index = word == "index";
  PLACEWRIGHT_TRY(launch.count, node.at("count").and_then(&Node::size));
  if (node.has("tag")) {
    PLACEWRIGHT_TRY(launch.tag, node.at("tag").and_then(&Node::size));
  }
  if (node.has("depth")) {
    PLACEWRIGHT_TRY(const Node depth, node.at("depth"));
    PLACEWRIGHT_TRY(launch.depth, depth.number(0, 1 << 20));
  }
  if (node.has("mapper")) {
    PLACEWRIGHT_TRY(launch.mapper, node.at("mapper").and_then(&Node::size));
  }
  if (launch.index) {
    PLACEWRIGHT_TRY(launch.domain, read_domain(node));
  }
  return launch;
}

Result<machine::Privilege> read_privilege(const Node& node) {
  PLACEWRIGHT_TRY(const std::string word, node.text());
  const auto privilege = machine::parse_privilege(word);
  if (!privilege) return node.wrong("RO, RW, WD, RED or NONE");
  return *privilege;
}

Result<WorkloadArgument> read_argument(const Node& node) {
  WorkloadArgument argument;
  PLACEWRIGHT_TRY(argument.names, read_all(node.at("names"), read_text));
  PLACEWRIGHT_TRY(argument.privilege, node.at("privilege").and_then(read_privilege));
  PLACEWRIGHT_TRY(const Node dim, node.at("dim"));
  PLACEWRIGHT_TRY(argument.dim, dim.number(0, machine::kMaxDim));
  PLACEWRIGHT_TRY(const Node fields, node.at("fields"));
  PLACEWRIGHT_TRY(argument.fields, fields.number(0, 1 << 20));
  PLACEWRIGHT_TRY(argument.bytes, node.at("bytes").and_then(&Node::size));
  if (node.has("demands")) {
    PLACEWRIGHT_TRY(argument.demands, read_all(node.at("demands"), read_text));
  }
  return argument;
}

Result<WorkloadTask> read_task(const Node& node) {
  WorkloadTask task;
  PLACEWRIGHT_TRY(task.name, node.at("name").and_then(read_text));
  PLACEWRIGHT_TRY(task.variants, read_all(node.at("variants"), read_processor_kind));
  PLACEWRIGHT_TRY(task.inner, node.at("inner").and_then(&Node::boolean));
  PLACEWRIGHT_TRY(task.arguments, read_all(node.at("arguments"), read_argument));
  PLACEWRIGHT_TRY(task.launches, read_all(node.at("launches"), read_launch));
  return task;
}

Result<machine::MachineShape> read_machine(const Node& node) {
  PLACEWRIGHT_TRY(const Node list, node.at("nodes"));
  PLACEWRIGHT_TRY(std::vector<machine::NodeShape> nodes, read_all(Result<Node>(list), read_node));
  if (nodes.empty()) return list.wrong("at least one node");
  PLACEWRIGHT_TRY_VOID(machine::check_size(nodes));
  return machine::MachineShape(std::move(nodes));
}

}  // namespace

Result<Workload> read_workload(const Node& root) {
  PLACEWRIGHT_TRY(const Node format, root.at("format"));
  PLACEWRIGHT_TRY(const std::string word, format.text());
  if (word != kFormat) return format.wrong(fmt::format("`{}`", kFormat));
  PLACEWRIGHT_TRY(const Node version_node, root.at("version"));
  PLACEWRIGHT_TRY(const int version, version_node.number(0, INT_MAX));
  if (version != kWorkloadVersion && version != kRecordingVersion)
    return fail(fmt::format("the file has version {}, this program reads versions {} and {}",
                            version, kWorkloadVersion, kRecordingVersion));
  PLACEWRIGHT_TRY(machine::MachineShape machine, root.at("machine").and_then(read_machine));
  Workload workload{std::move(machine), {}};
  PLACEWRIGHT_TRY(workload.tasks, read_all(root.at("tasks"), read_task));
  std::ranges::sort(workload.tasks, {}, &WorkloadTask::name);
  return workload;
}

nlohmann::ordered_json workload_json(const Workload& workload) {
  Json nodes = Json::array();
  for (int i = 0; i < workload.machine.node_count(); ++i)
    nodes.push_back(node_json(workload.machine.node(i)));
  Json tasks = Json::array();
  for (const WorkloadTask& task : workload.tasks) tasks.push_back(task_json(task));
  return {{"format", std::string(kFormat)},
          {"version", kWorkloadVersion},
          {"machine", {{"nodes", std::move(nodes)}}},
          {"tasks", std::move(tasks)}};
}

std::string to_json(const Workload& workload) {
  return workload_json(workload).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Workload> workload_from_json(const std::string& text) {
  const auto json = parse_json<Json>(text);
  if (!json) return fail("the workload is " + json.error().message);
  Result<Workload> workload = read_workload(Node(*json, ""));
  if (!workload) return fail(fmt::format("not a workload: {}", workload.error().message));
  return workload;
}

}  // namespace placewright::workload
