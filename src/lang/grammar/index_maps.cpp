// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/index_maps.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "lang/syntax/words.h"
#include "support/check.h"

namespace placewright::lang::grammar {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string space_name(machine::ProcessorKind kind) {
  return "m" + lower(machine::to_string(kind));
}

}  // namespace

std::string index_map_name(std::string_view map, machine::ProcessorKind kind) {
  return fmt::format("{}_{}", map, lower(machine::to_string(kind)));
}

std::string space_definition(machine::ProcessorKind kind) {
  return fmt::format("{} = Machine({}).merge(0, 1);\n", space_name(kind), machine::to_string(kind));
}

std::string index_map_definition(std::string_view map, machine::ProcessorKind kind) {
  const std::string head = fmt::format("def {}(Task task) {{\n", index_map_name(map, kind));
  const std::string m = space_name(kind);
  if (map == "block")
    return head + fmt::format(
                      "  at = task.ipoint - task.lo;\n"
                      "  return {0}[at[0] * {0}.volume / task.ispace[0]];\n}}\n",
                      m);
  if (map == "cyclic")
    return head + fmt::format("  return {0}[sum(task.ipoint - task.lo) % {0}.volume];\n}}\n", m);
  PLACEWRIGHT_CHECK(map == "grid");
  return head + fmt::format(
                    "  grid = {}.auto_split(0, task.ispace);\n"
                    "  return grid[*((task.ipoint - task.lo) * grid.size / task.ispace)];\n}}\n",
                    m);
}

std::string written_name(const std::string& name) {
  const bool is_number =
      !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c); });
  return is_number ? name : lang::written_name(name);
}

}  // namespace placewright::lang::grammar
