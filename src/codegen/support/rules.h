// SPDX-License-Identifier: Apache-2.0
// Which rule decides. The specific rule beats the general one, and among rules with the same key
// the first one wins. The memory list of an argument is concatenated from all keys that match.

using placewright::machine::MemoryKind;
using placewright::machine::ProcessorKind;
using Condition = bool (*)(const TaskFacts& task);
using PlaceFunction = Target (*)(const TaskFacts& task);

/// Names of tasks; empty means all.
using Tasks = std::vector<std::string>;

/// A region by name, or by the number of its requirement.
struct Argument {
  Argument(const char* text) : name(text) {}
  Argument(int number) : index(number) {}
  std::string name;
  int index = -1;
};
/// Empty means all.
using Arguments = std::vector<Argument>;

// `line` is the line of the mapping. A rule without a condition always applies.
struct ProcessorRule {
  int line;
  Tasks tasks;
  std::vector<ProcessorKind> kinds;
  Condition condition;
};
struct MemoryRule {
  int line;
  Tasks tasks;
  Arguments arguments;
  std::optional<ProcessorKind> kind;  ///< Empty means all kinds.
  std::vector<MemoryKind> memories;
  Condition condition;
};
struct LayoutRule {
  int line;
  Tasks tasks;
  Arguments arguments;
  std::optional<MemoryKind> memory;  ///< Empty means all kinds.
  placewright::policy::LayoutRule layout;
  Condition condition;
};
struct MapRule {
  int line;
  bool index;  ///< For index launches if true, else for single tasks.
  Tasks tasks;
  std::optional<ProcessorKind> kind;  ///< Selects by kind instead of by task.
  PlaceFunction function;
  Condition condition;
};
struct NumberRule {
  int line;
  Tasks tasks;
  std::optional<ProcessorKind> kind;  ///< Selects by kind instead of by task.
  int number;
  Condition condition;
};
struct ArgumentRule {
  int line;
  Tasks tasks;
  Arguments arguments;
  Condition condition;
};
struct TaskRule {
  int line;
  Tasks tasks;
  Condition condition;
};

struct Rules {
  std::vector<ProcessorRule> processors;
  std::vector<MemoryRule> memories;
  std::vector<LayoutRule> layouts;
  std::vector<MapRule> maps;
  std::vector<NumberRule> limits;
  std::vector<NumberRule> priorities;
  std::vector<ArgumentRule> collected;
  std::vector<TaskRule> replicated;
};

/// The mapping's rules in file order.
const Rules& rules();

/// A launch of a task as the rules see it.
struct Launch {
  std::string task;
  TaskFacts facts;  ///< TaskFacts::What::Launch.
};

/// Whether a rule lists the task by name or, if `by_name` is false, applies to all tasks.
template <class Rule>
bool selects(const Rule& rule, const Launch& launch, bool by_name) {
  const bool listed =
      std::find(rule.tasks.begin(), rule.tasks.end(), launch.task) != rule.tasks.end();
  if (by_name ? !listed : !rule.tasks.empty()) return false;
  if (rule.condition == nullptr) return true;
  at_line(rule.line);
  return rule.condition(launch.facts);
}

/// The first rule for the task's name, else the first for all tasks; null if there is none.
template <class Rule>
const Rule* find_rule(const std::vector<Rule>& list, const Launch& launch) {
  for (const bool by_name : {true, false}) {
    for (const Rule& rule : list) {
      if (selects(rule, launch, by_name)) return &rule;
    }
  }
  return nullptr;
}

/// The keys that match an argument, best first: its names, its number, all.
struct ArgumentKey {
  bool by_task;
  enum class Form { Name, Index, Any } form;
  std::string name;
  int index;
};
inline std::vector<ArgumentKey> keys(const std::vector<std::string>& names, int index) {
  std::vector<ArgumentKey> result;
  for (const bool by_task : {true, false}) {
    for (const std::string& name : names)
      result.push_back({by_task, ArgumentKey::Form::Name, name, -1});
    result.push_back({by_task, ArgumentKey::Form::Index, "", index});
    result.push_back({by_task, ArgumentKey::Form::Any, "", -1});
  }
  return result;
}
template <class Rule>
bool matches(const Rule& rule, const Launch& launch, const ArgumentKey& key) {
  const bool any = key.form == ArgumentKey::Form::Any;
  const bool fits =
      any ? rule.arguments.empty()
          : std::any_of(rule.arguments.begin(), rule.arguments.end(), [&](const Argument& each) {
              return key.form == ArgumentKey::Form::Index
                         ? each.name.empty() && each.index == key.index
                         : each.name == key.name;
            });
  return fits && selects(rule, launch, key.by_task);
}

/// Memories for an argument in order of preference.
inline std::vector<MemoryKind> memories(const Launch& launch, const std::vector<std::string>& names,
                                        int index, ProcessorKind kind) {
  std::vector<MemoryKind> result;
  for (const ArgumentKey& key : keys(names, index)) {
    const MemoryRule* found = nullptr;
    for (const MemoryRule& rule : rules().memories) {
      if (!matches(rule, launch, key)) continue;
      if (rule.kind == kind && (found == nullptr || !found->kind)) found = &rule;
      if (!rule.kind && found == nullptr) found = &rule;
    }
    if (found != nullptr)
      result.insert(result.end(), found->memories.begin(), found->memories.end());
  }
  return result;
}

inline const LayoutRule* layout(const Launch& launch, const std::vector<std::string>& names,
                                int index, MemoryKind memory) {
  for (const ArgumentKey& key : keys(names, index)) {
    const LayoutRule* found = nullptr;
    for (const LayoutRule& rule : rules().layouts) {
      if (!matches(rule, launch, key)) continue;
      if (rule.memory == memory && (found == nullptr || !found->memory)) found = &rule;
      if (!rule.memory && found == nullptr) found = &rule;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

inline bool is_collected(const Launch& launch, const std::vector<std::string>& names, int index) {
  for (const ArgumentKey& key : keys(names, index)) {
    for (const ArgumentRule& rule : rules().collected) {
      if (matches(rule, launch, key)) return true;
    }
  }
  return false;
}

/// The first rule for the task's name, else for its kind of processor, else for all tasks; null if
/// there is none.
template <class Rule>
const Rule* rule_for_kind(const std::vector<Rule>& list, const Launch& launch, ProcessorKind kind) {
  const auto first = [&](const auto& fits) -> const Rule* {
    for (const Rule& rule : list) {
      if constexpr (requires { rule.index; }) {
        if (rule.index != launch.facts.is_index) continue;
      }
      if (fits(rule)) return &rule;
    }
    return nullptr;
  };
  const Rule* rule =
      first([&](const Rule& each) { return !each.kind && selects(each, launch, true); });
  // A rule for a kind lists no tasks.
  if (rule == nullptr)
    rule =
        first([&](const Rule& each) { return each.kind == kind && selects(each, launch, false); });
  if (rule == nullptr)
    rule = first([&](const Rule& each) { return !each.kind && selects(each, launch, false); });
  return rule;
}
