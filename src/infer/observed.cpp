// SPDX-License-Identifier: Apache-2.0
#include "infer/observed.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace placewright::infer {
namespace {

using nlohmann::json;

ObservedArgument read_argument(const json& from) {
  ObservedArgument argument;
  argument.memory = from.at("memory").get<std::string>();
  argument.layout = from.value("layout", "");
  argument.order = from.value("order", "");
  argument.compact = from.value("compact", false);
  argument.reduction = from.value("reduction", false);
  argument.collects = from.value("collects", false);
  argument.alignment = from.value("alignment", uint64_t{0});
  argument.address = from.value("address", uint64_t{0});
  if (from.contains("kept")) argument.kept = from.at("kept").get<bool>();
  return argument;
}

void read_point(const json& from, ObservedTask& task) {
  const auto coordinates = from.at("point").get<std::vector<int64_t>>();
  const Result<machine::LaunchDomain> domain =
      machine::parse_launch_domain(from.at("domain").get<std::string>());
  if (!domain || domain->dim() != static_cast<int>(coordinates.size()))
    throw std::invalid_argument("its launch domain is not one");
  machine::DomainPoint& point = task.point.emplace();
  point.dim = domain->dim();
  std::ranges::copy(coordinates, point.at.begin());
  task.domain = *domain;
}

std::optional<ObservedTask> read_task(const json& from) {
  const auto kind = machine::parse_processor_kind(from.value("kind", ""));
  if (!kind) return std::nullopt;
  ObservedTask task;
  task.name = from.at("task").get<std::string>();
  task.depth = from.value("depth", 0);
  task.is_shard = from.value("shard", false);
  if (from.contains("point")) read_point(from, task);
  task.kind = *kind;
  task.place = {from.at("node").get<int>(), from.at("processor").get<int>()};
  task.choices = from.value("choices", 1);
  task.priority = from.value("priority", 0);
  task.in_flight = from.value("in_flight", 0);
  for (const json& argument : from.at("arguments"))
    task.arguments.push_back(read_argument(argument));
  return task;
}

}  // namespace

Result<std::vector<ObservedTask>> read_decisions(std::string_view lines) {
  std::vector<ObservedTask> tasks;
  std::istringstream stream{std::string(lines)};
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    try {
      if (auto task = read_task(json::parse(line))) tasks.push_back(std::move(*task));
    } catch (const std::exception& error) {
      return fail(fmt::format("line {} of the decisions cannot be read: {}", number, error.what()));
    }
  }
  return tasks;
}

}  // namespace placewright::infer
