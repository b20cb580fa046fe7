// SPDX-License-Identifier: Apache-2.0
// A workload as JSON, written and read.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "workload/workload.h"

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

/// The first error; caught only in workload_from_json.
struct Mistake {
  std::string message;
};

/// A value of the file with its path, for messages.
class Node {
 public:
  Node(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  [[nodiscard]] Node at(const char* name) const {
    if (!json_->is_object()) wrong("an object");
    const auto member = json_->find(name);
    if (member == json_->end()) throw Mistake{fmt::format("`{}` is missing", join(name))};
    return {*member, join(name)};
  }
  [[nodiscard]] bool has(const char* name) const { return json_->contains(name); }
  [[nodiscard]] std::vector<Node> elements() const {
    if (!json_->is_array()) wrong("a list");
    std::vector<Node> nodes;
    for (size_t i = 0; i < json_->size(); ++i)
      nodes.emplace_back((*json_)[i], fmt::format("{}[{}]", path_, i));
    return nodes;
  }
  [[nodiscard]] std::vector<std::pair<std::string, Node>> members() const {
    if (!json_->is_object()) wrong("an object");
    std::vector<std::pair<std::string, Node>> nodes;
    for (const auto& [name, value] : json_->items())
      nodes.emplace_back(name, Node(value, join(name)));
    return nodes;
  }
  [[nodiscard]] std::string text() const {
    if (!json_->is_string()) wrong("a string");
    return json_->get<std::string>();
  }
  [[nodiscard]] bool boolean() const {
    if (!json_->is_boolean()) wrong("true or false");
    return json_->get<bool>();
  }
  [[nodiscard]] int64_t integer() const {
    if (!json_->is_number_integer()) wrong("a whole number");
    if (json_->is_number_unsigned() && json_->get<uint64_t>() > INT64_MAX)
      wrong("a number below 2^63");
    return json_->get<int64_t>();
  }
  [[nodiscard]] int64_t integer(int64_t lowest, int64_t highest) const {
    const int64_t value = integer();
    if (value < lowest || value > highest)
      wrong(fmt::format("a number from {} to {}", lowest, highest));
    return value;
  }
  [[nodiscard]] uint64_t size() const {
    if (!json_->is_number_unsigned()) wrong("a whole number that is not negative");
    return json_->get<uint64_t>();
  }
  [[noreturn]] void wrong(std::string_view expected) const {
    throw Mistake{fmt::format("`{}` is `{}`, expected {}", path_, shown(), expected)};
  }

 private:
  [[nodiscard]] std::string join(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  [[nodiscard]] std::string shown() const {
    if (json_->is_object()) return "{...}";
    if (json_->is_array()) return "[...]";
    return json_->dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  const Json* json_;
  std::string path_;
};

machine::ProcessorKind read_processor_kind(const std::string& word, const Node& node) {
  const auto kind = machine::parse_processor_kind(word);
  if (!kind) node.wrong("CPU, GPU, IO, PY, PROC or OMP");
  return *kind;
}

machine::NodeShape read_node(const Node& node) {
  machine::NodeShape shape;
  for (const auto& [name, value] : node.at("processors").members()) {
    const auto kind = machine::parse_processor_kind(name);
    if (!kind) value.wrong("under a known kind of processor");
    shape.processors[static_cast<size_t>(*kind)] = static_cast<int>(value.integer(0, 1 << 20));
  }
  for (const auto& [name, value] : node.at("memories").members()) {
    const auto kind = machine::parse_memory_kind(name);
    if (!kind) value.wrong("under a known kind of memory");
    shape.memory_bytes[static_cast<size_t>(*kind)] = value.size();
  }
  return shape;
}

machine::DomainPoint read_point(const Node& node) {
  const std::vector<Node> coordinates = node.elements();
  if (coordinates.empty() || coordinates.size() > machine::kMaxDim)
    node.wrong(fmt::format("a list of 1 to {} numbers", machine::kMaxDim));
  machine::DomainPoint point;
  point.dim = static_cast<int>(coordinates.size());
  for (int d = 0; d < point.dim; ++d) point.at[d] = coordinates[d].integer();
  return point;
}

WorkloadLaunch read_launch(const Node& node) {
  WorkloadLaunch launch;
  const Node kind = node.at("kind");
  if (kind.text() != "index" && kind.text() != "single") kind.wrong("`index` or `single`");
  launch.index = kind.text() == "index";
  launch.count = node.at("count").size();
  if (node.has("tag")) launch.tag = node.at("tag").size();
  if (node.has("depth")) launch.depth = static_cast<int>(node.at("depth").integer(0, 1 << 20));
  if (launch.index) {
    launch.domain = {read_point(node.at("lo")), read_point(node.at("hi"))};
    if (launch.domain.lo.dim != launch.domain.hi.dim)
      node.at("hi").wrong("as many numbers as `lo` has");
  }
  return launch;
}

WorkloadArgument read_argument(const Node& node) {
  WorkloadArgument argument;
  for (const Node& name : node.at("names").elements()) argument.names.push_back(name.text());
  const auto privilege = machine::parse_privilege(node.at("privilege").text());
  if (!privilege) node.at("privilege").wrong("RO, RW, WD, RED or NONE");
  argument.privilege = *privilege;
  argument.dim = static_cast<int>(node.at("dim").integer(0, machine::kMaxDim));
  argument.fields = static_cast<int>(node.at("fields").integer(0, 1 << 20));
  argument.bytes = node.at("bytes").size();
  return argument;
}

WorkloadTask read_task(const Node& node) {
  WorkloadTask task;
  task.name = node.at("name").text();
  for (const Node& kind : node.at("variants").elements())
    task.variants.push_back(read_processor_kind(kind.text(), kind));
  task.inner = node.at("inner").boolean();
  for (const Node& argument : node.at("arguments").elements())
    task.arguments.push_back(read_argument(argument));
  for (const Node& launch : node.at("launches").elements())
    task.launches.push_back(read_launch(launch));
  return task;
}

Workload read_workload(const Node& root) {
  if (root.at("format").text() != kFormat) root.at("format").wrong(fmt::format("`{}`", kFormat));
  const Node version = root.at("version");
  if (version.integer() != kWorkloadVersion)
    throw Mistake{fmt::format("the file has version {}, this program reads version {}",
                              version.integer(), kWorkloadVersion)};
  std::vector<machine::NodeShape> nodes;
  for (const Node& node : root.at("machine").at("nodes").elements())
    nodes.push_back(read_node(node));
  if (nodes.empty()) root.at("machine").at("nodes").wrong("at least one node");
  Workload workload{machine::MachineShape(std::move(nodes)), {}};
  for (const Node& task : root.at("tasks").elements()) workload.tasks.push_back(read_task(task));
  std::ranges::sort(workload.tasks, {}, &WorkloadTask::name);
  return workload;
}

}  // namespace

std::string to_json(const Workload& workload) {
  Json nodes = Json::array();
  for (int i = 0; i < workload.machine.node_count(); ++i)
    nodes.push_back(node_json(workload.machine.node(i)));
  Json tasks = Json::array();
  for (const WorkloadTask& task : workload.tasks) tasks.push_back(task_json(task));
  const Json root = {{"format", std::string(kFormat)},
                     {"version", kWorkloadVersion},
                     {"machine", {{"nodes", std::move(nodes)}}},
                     {"tasks", std::move(tasks)}};
  return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Workload> workload_from_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    return fail(fmt::format("the workload is not JSON: wrong at byte {}", error.byte));
  }
  try {
    return read_workload(Node(json, ""));
  } catch (const Mistake& mistake) {
    return fail(fmt::format("not a workload: {}", mistake.message));
  }
}

}  // namespace placewright::workload
