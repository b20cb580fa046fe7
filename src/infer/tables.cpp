// SPDX-License-Identifier: Apache-2.0
#include "infer/tables.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace placewright::infer {
namespace {

template <class Numbers>
std::string tuple_text(const Numbers& numbers) {
  return fmt::format("({}{})", fmt::join(numbers, ", "), numbers.size() == 1 ? "," : "");
}

std::string point_text(const machine::DomainPoint& point) {
  return tuple_text(std::vector<int64_t>(point.at.begin(), point.at.begin() + point.dim));
}

/// The point's position with the first coordinate fastest, as LaunchDomain::linear() counts.
std::string position_text(int dim) {
  std::string text = fmt::format("c[{}]", dim - 1);
  for (int d = dim - 2; d >= 0; --d)
    text = fmt::format("c[{}] + task.ispace[{}] * ({})", d, d, text);
  return text;
}

}  // namespace

std::optional<std::string> table_function(const std::string& name, machine::ProcessorKind kind,
                                          const PlacedLaunches& launches) {
  const int64_t volume = launches.domain.volume();
  if (volume > kLongestTable) return std::nullopt;
  const auto is_any = [](const auto& each) { return each.second.ordinal == ObservedPlace::kAny; };
  const bool any = std::ranges::any_of(launches.places, is_any);
  if (any && !std::ranges::all_of(launches.places, is_any)) return std::nullopt;
  // Points of the box that are not in the launch are never requested.
  std::vector<int> nodes(static_cast<size_t>(volume)), ordinals(static_cast<size_t>(volume));
  for (const auto& [point, place] : launches.places) {
    const auto at = static_cast<size_t>(launches.domain.linear(point));
    nodes[at] = place.node;
    ordinals[at] = place.ordinal;
  }
  std::string text =
      fmt::format("def {}(Task task) {{\n  c = task.ipoint - task.lo;\n  i = {};\n  nodes = {};\n",
                  name, position_text(launches.domain.dim()), tuple_text(nodes));
  if (!any) text += fmt::format("  processors = {};\n", tuple_text(ordinals));
  return text + fmt::format("  return {}[nodes[i], {}];\n}}\n", machine_variable(kind),
                            any ? "*" : "processors[i]");
}

std::string domain_condition(const machine::LaunchDomain& domain) {
  return fmt::format("task.ispace.len == {} && task.lo == {} && task.hi == {}", domain.dim(),
                     point_text(domain.lo), point_text(domain.hi));
}

}  // namespace placewright::infer
