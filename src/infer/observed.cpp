// SPDX-License-Identifier: Apache-2.0
#include "infer/observed.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "support/json.h"
#include "support/try.h"

namespace placewright::infer {
namespace {

using nlohmann::json;

/// A word of the file with what it stands for.
template <class Meaning>
Result<Meaning> read_word(const json& from, const char* member,
                          std::optional<Meaning> (*parse)(std::string_view)) {
  const auto word = from.at(member).get<std::string>();
  const std::optional<Meaning> meaning = parse(word);
  if (!meaning) return fail(fmt::format("`{}` is `{}`", member, word));
  return *meaning;
}

Result<ObservedArgument> read_argument(const json& from) {
  ObservedArgument argument;
  PLACEWRIGHT_TRY(argument.memory, read_word(from, "memory", machine::parse_instance_memory));
  if (from.contains("layout")) {
    machine::DataOrder& order = argument.order.emplace();
    PLACEWRIGHT_TRY(order.fields, read_word(from, "layout", machine::parse_field_order));
    PLACEWRIGHT_TRY(order.dimensions, read_word(from, "order", machine::parse_dimension_order));
  }
  argument.compact = from.value("compact", false);
  argument.reduction = from.value("reduction", false);
  argument.collects = from.value("collects", false);
  argument.alignment = from.value("alignment", uint64_t{0});
  argument.address = from.value("address", uint64_t{0});
  if (from.contains("kept")) argument.kept = from.at("kept").get<bool>();
  return argument;
}

Result<void> read_point(const json& from, ObservedTask& task) {
  const auto coordinates = from.at("point").get<std::vector<int64_t>>();
  PLACEWRIGHT_TRY(task.domain, machine::parse_launch_domain(from.at("domain").get<std::string>()));
  if (task.domain.dim() != static_cast<int>(coordinates.size()))
    return fail("its point has another dimension than its launch domain");
  machine::DomainPoint& point = task.point.emplace();
  point.dim = task.domain.dim();
  std::ranges::copy(coordinates, point.at.begin());
  return {};
}

Result<ObservedTask> read_task(const json& from, machine::ProcessorKind kind) {
  ObservedTask task;
  task.name = from.at("task").get<std::string>();
  task.depth = from.value("depth", 0);
  task.is_shard = from.value("shard", false);
  if (from.contains("point")) PLACEWRIGHT_TRY_VOID(read_point(from, task));
  task.kind = kind;
  task.place = {from.at("node").get<int>(), from.at("processor").get<int>()};
  task.choices = from.value("choices", 1);
  task.priority = from.value("priority", 0);
  task.in_flight = from.value("in_flight", 0);
  for (const json& each : from.at("arguments")) {
    PLACEWRIGHT_TRY(ObservedArgument argument, read_argument(each));
    task.arguments.push_back(std::move(argument));
  }
  return task;
}

/// Appends the task of one line.
Result<void> read_line(const std::string& line, std::vector<ObservedTask>& tasks) {
  return read_json_text(line, [&](const json& from) -> Result<void> {
    const auto kind = machine::parse_processor_kind(from.value("kind", ""));
    if (!kind) return {};
    PLACEWRIGHT_TRY(ObservedTask task, read_task(from, *kind));
    tasks.push_back(std::move(task));
    return {};
  });
}

}  // namespace

Result<std::vector<ObservedTask>> read_decisions(std::string_view lines) {
  std::vector<ObservedTask> tasks;
  std::istringstream stream{std::string(lines)};
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (const Result<void> read = read_line(line, tasks); !read)
      return fail(
          fmt::format("line {} of the decisions cannot be read: {}", number, read.error().message));
  }
  return tasks;
}

}  // namespace placewright::infer
