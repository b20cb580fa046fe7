// SPDX-License-Identifier: Apache-2.0
#include "tune/knob_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "lang/syntax/words.h"
#include "support/check.h"

namespace placewright::tune {
namespace {

/// A name that only this argument of the task has; a number loses against rules by name.
std::string region_of(const SearchSpace& space, const Knob& knob) {
  const auto& arguments = space.workload().tasks[knob.task].arguments;
  const auto& names = arguments[knob.argument].names;
  std::string number = std::to_string(knob.argument);
  if (names.empty() || !lang::can_be_written(names.front())) return number;
  const auto shared =
      std::ranges::count_if(arguments, [&](const workload::WorkloadArgument& other) {
        return std::ranges::find(other.names, names.front()) != other.names.end();
      });
  return shared == 1 ? lang::written_name(names.front()) : number;
}

}  // namespace

std::string rule_of(const SearchSpace& space, const Knob& knob, const Choice& choice) {
  PLACEWRIGHT_CHECK(!knob.is<IndexMap>());
  const std::string& name = space.workload().tasks[knob.task].name;
  if (!lang::can_be_written(name)) return "";
  const std::string task = lang::written_name(name);
  const std::string word = to_string(choice);
  if (knob.is<machine::ProcessorKind>()) return fmt::format("Task {} {};\n", task, word);
  const std::string region = region_of(space, knob);
  if (knob.is<machine::MemoryKind>())
    return fmt::format("Region {} {} {} {};\n", task, region, machine::to_string(knob.processor),
                       word);
  return fmt::format("Layout {} {} * {};\n", task, region, word);
}

}  // namespace placewright::tune
