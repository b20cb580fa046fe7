// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/value.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>

#include "support/overload.h"

namespace placewright::lang {

void IntTuple::push_back(int64_t element) {
  if (size_ < near_.size()) {
    near_[size_] = element;
  } else {
    if (spilled_.empty()) spilled_.assign(near_.begin(), near_.end());
    spilled_.push_back(element);
  }
  ++size_;
}

bool operator==(const IntTuple& a, const IntTuple& b) {
  return std::ranges::equal(a.span(), b.span());
}

LaunchedTask::LaunchedTask(const LaunchFacts& launch) : facts(launch) {
  parent.launch = TaskView::Launch::Parent;
  parent.processor = {launch.parent.node, launch.parent.ordinal};
  task.parent = &parent;
  task.facts = &facts;
  if (facts.domain) {
    task.domain = &*facts.domain;
    task.point = facts.domain->lo;
  } else {
    task.launch = TaskView::Launch::Single;
    task.processor = {launch.parent.node, 0};
  }
}

std::string describe(const Value& value) {
  return std::visit(
      Overload{[](std::monostate) -> std::string { return "nothing"; },
               [](int64_t) -> std::string { return "an integer"; },
               [](LargeInteger) -> std::string { return "an integer above 9223372036854775807"; },
               [](bool) -> std::string { return "a bool"; },
               [](const TupleValue& tuple) {
                 return tuple.processor ? fmt::format("a {} processor", to_string(*tuple.processor))
                                        : fmt::format("a tuple of {}", tuple.elements.size());
               },
               [](const machine::ProcessorSpace& space) {
                 return fmt::format("a processor space of {} dimension{}", space.rank(),
                                    space.rank() == 1 ? "" : "s");
               },
               [](const TaskView*) -> std::string { return "a task"; },
               [](machine::ProcessorKind) -> std::string { return "a processor kind"; },
               [](machine::MemoryKind) -> std::string { return "a memory kind"; },
               [](FunctionValue) -> std::string { return "a function"; },
               [](MachineWord) -> std::string { return "`Machine` without a processor kind"; },
               [](const PointSet&) -> std::string { return "a set of processors"; }},
      value);
}

std::string to_string(const Value& value) {
  return std::visit(
      Overload{[](int64_t number) { return std::to_string(number); },
               [](LargeInteger large) { return std::to_string(large.value); },
               [](bool truth) -> std::string { return truth ? "true" : "false"; },
               [](const TupleValue& tuple) {
                 return fmt::format("{}", fmt::join(tuple.elements.span(), ","));
               },
               [](const machine::ProcessorSpace& space) {
                 return fmt::format("Processor {}: {}", machine::to_string(space.kind()),
                                    fmt::join(space.sizes().span(), " "));
               },
               [](machine::ProcessorKind kind) { return std::string(machine::to_string(kind)); },
               [](machine::MemoryKind kind) { return std::string(machine::to_string(kind)); },
               [](const PointSet& set) {
                 std::string text;
                 for (const machine::ProcessorPosition& point : set.points) {
                   if (!text.empty()) text += ' ';
                   text += fmt::format("({},{})", point.node, point.ordinal);
                 }
                 return text;
               },
               [&value](const auto&) { return describe(value); }},
      value);
}

}  // namespace placewright::lang
