// SPDX-License-Identifier: Apache-2.0
// From the mapping's functions to what the rules call, and the short forms in which rules are written.

using placewright::machine::FactsUsed;
using placewright::machine::LaunchFacts;
using placewright::machine::MemoryKind;
using placewright::machine::ProcessorKind;
using placewright::policy::CompiledCondition;
using placewright::policy::CompiledFunction;
using placewright::policy::Relation;
using placewright::policy::RuleHead;
using placewright::policy::RuleList;

template <class Value, class Function>
placewright::Result<Value> answer(const Function& function) {
  try {
    return function();
  } catch (const MappingError& error) {
    return placewright::fail(error.message);
  }
}

/// A rule on a line of the mapping: for the tasks listed, or for all.
inline RuleHead at(uint32_t line, std::vector<std::string> tasks = {}, int condition = -1) {
  return {{line, line + 1}, {std::move(tasks), std::nullopt}, condition};
}
/// For tasks that run on a kind of processor.
inline RuleHead on(uint32_t line, ProcessorKind kind, int condition = -1) {
  return {{line, line + 1}, {{}, kind}, condition};
}

inline Tuple tuple(const placewright::machine::DomainPoint& point) {
  return Tuple(std::span(point.at).first(static_cast<size_t>(point.dim)));
}

/// What a function knows of a launch; `what` it is called for.
inline TaskFacts task_facts(TaskFacts::What what, const LaunchFacts& launch) {
  TaskFacts task{what, launch};
  if (launch.domain) {
    task.first = tuple(launch.domain->lo);
    task.last = tuple(launch.domain->hi);
  }
  return task;
}

/// `used`: what the function asks of a launch beside its domain.
template <class Function>
CompiledFunction map_function(const char* name, const Function& function, FactsUsed used = {}) {
  const auto at_point = [function](const LaunchFacts& launch, const auto& point) {
    TaskFacts task = task_facts(TaskFacts::What::Point, launch);
    task.point = tuple(point);
    return answer<FunctionResult>([&] { return target(function(task)); });
  };
  const auto of_single_task = [function](const LaunchFacts& launch) {
    const TaskFacts task = task_facts(TaskFacts::What::Single, launch);
    return answer<FunctionResult>([&] { return target(function(task)); });
  };
  return {name, used, at_point, of_single_task};
}

template <class Function>
CompiledCondition condition(int line, const Function& function) {
  return [line, function](const LaunchFacts& launch) {
    const TaskFacts task = task_facts(TaskFacts::What::Launch, launch);
    at_line(line);
    return answer<bool>([&] { return function(task); });
  };
}
