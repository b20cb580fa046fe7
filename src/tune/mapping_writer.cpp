// SPDX-License-Identifier: Apache-2.0
#include "tune/mapping_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "decide/defaults.h"
#include "explain/edit.h"
#include "lang/syntax/words.h"
#include "support/text.h"
#include "support/whole_words.h"
#include "tune/knob_rules.h"

namespace placewright::tune {
namespace {

class Writer {
 public:
  /// Names that `beside` uses are not defined again.
  Writer(const SearchSpace& space, const Assignment& assignment, std::string beside = "")
      : space_(space),
        assignment_(assignment),
        tasks_(space.workload().tasks),
        beside_(std::move(beside)) {}

  std::string write() {
    std::string text;
    for (const std::string& part : {task_rules(), region_rules(), layout_rules(), map_rules()}) {
      if (part.empty()) continue;
      if (!text.empty()) text += "\n";
      text += part;
    }
    return text.empty() ? default_rule() : text;
  }

  // Definitions and rules of all index maps that are not the default mapper's.
  std::string map_rules() const {
    std::map<std::string, std::vector<std::string>> tasks_of;  // function -> names
    std::map<std::string, std::string> bodies;
    std::set<machine::ProcessorKind> machines;
    for (int task = 0; task < count(); ++task) {
      const IndexMap map = space_.index_map(assignment_, task);
      if (map == IndexMap::Default) continue;
      const machine::ProcessorKind kind = space_.kind(assignment_, task);
      const std::string function = unused(function_name(map, kind, task));
      machines.insert(kind);
      bodies[function] = function_text(function, map, kind, task);
      tasks_of[function].push_back(name(task));
    }
    std::string text;
    for (const machine::ProcessorKind kind : machines)
      text += fmt::format("{} = Machine({});\n", machine_name(kind), machine::to_string(kind));
    for (const auto& [function, body] : bodies)
      text += fmt::format("{}IndexTaskMap {} {};\n", body, fmt::join(tasks_of[function], ", "),
                          function);
    return text;
  }

 private:
  std::string unused(const std::string& word) const {
    std::string name = word;
    for (int number = 2; contains_word(beside_, name); ++number)
      name = fmt::format("{}_{}", word, number);
    return name;
  }
  std::string machine_name(machine::ProcessorKind kind) const {
    return unused("m" + lower_case(machine::to_string(kind)));
  }

  // A mapping needs a statement; this one requests the default behavior.
  std::string default_rule() const {
    std::vector<std::string_view> kinds;
    for (const machine::ProcessorKind kind : decide::kDefaultProcessorOrder) {
      if (space_.machine().has(kind)) kinds.push_back(machine::to_string(kind));
    }
    return fmt::format("Task * {};\n", fmt::join(kinds, ", "));
  }

  std::string task_rules() const {
    std::map<machine::ProcessorKind, std::vector<std::string>> by_kind;
    for (int task = 0; task < count(); ++task) {
      const machine::ProcessorKind kind = space_.kind(assignment_, task);
      if (kind != space_.kind(space_.defaults(), task)) by_kind[kind].push_back(name(task));
    }
    std::string text;
    for (const auto& [kind, names] : by_kind)
      text += fmt::format("Task {} {};\n", fmt::join(names, ", "), machine::to_string(kind));
    return text;
  }

  // The content of an argument's rule; two arguments may share a rule if these are equal.
  std::string memory_of(int task, int argument) const {
    return fmt::format("{} {}", machine::to_string(space_.kind(assignment_, task)),
                       machine::to_string(space_.memory(assignment_, task, argument)));
  }
  bool memory_is_default(int task, int argument) const {
    return space_.memory(assignment_, task, argument) ==
           decide::default_memory(space_.kind(assignment_, task), space_.machine());
  }

  std::string region_rules() {
    std::string text;
    std::set<std::string> everywhere;  // names already covered by a `*` rule
    for (int task = 0; task < count(); ++task) {
      for (int a = 0; a < arguments(task); ++a) {
        if (memory_is_default(task, a)) continue;
        const std::string region = region_name(task, a, &Writer::memory_of);
        const std::string value = memory_of(task, a);
        if (!region.empty() && reaches_only_alike(region, task, a)) {
          if (everywhere.insert(region).second)
            text += fmt::format("Region * {} {};\n", lang::written_name(region), value);
          continue;
        }
        add_line(text, fmt::format("Region {} {} {};\n", name(task),
                                   region.empty() ? std::to_string(a) : lang::written_name(region),
                                   value));
      }
    }
    return text;
  }

  std::string layout_of(int task, int argument) const {
    return to_string(Choice(space_.layout(assignment_, task, argument)));
  }

  std::string layout_rules() {
    std::string text;
    for (int task = 0; task < count(); ++task) {
      for (int a = 0; a < arguments(task); ++a) {
        if (space_.layout(assignment_, task, a) == LayoutChoice{}) continue;
        const std::string region = region_name(task, a, &Writer::layout_of);
        add_line(text, fmt::format("Layout {} {} * {};\n", name(task),
                                   region.empty() ? std::to_string(a) : lang::written_name(region),
                                   layout_of(task, a)));
      }
    }
    return text;
  }

  // The best name of an argument if, within the task, it matches only arguments with the same
  // value; otherwise empty, and the rule must use the index.
  std::string region_name(int task, int argument,
                          std::string (Writer::*value)(int, int) const) const {
    const auto& list = tasks_[task].arguments;
    if (list[argument].names.empty() || !lang::can_be_written(list[argument].names.front()))
      return {};
    const std::string& name = list[argument].names.front();
    for (int other = 0; other < arguments(task); ++other) {
      const bool named = std::ranges::find(list[other].names, name) != list[other].names.end();
      if (named && (this->*value)(task, other) != (this->*value)(task, argument)) return {};
    }
    return name;
  }

  // Whether a `*` rule for the name is right for every argument of the application that has it,
  // and more than one task benefits.
  bool reaches_only_alike(const std::string& region, int task, int argument) const {
    std::set<int> reached;
    for (int t = 0; t < count(); ++t) {
      for (int a = 0; a < arguments(t); ++a) {
        const auto& names = tasks_[t].arguments[a].names;
        if (std::ranges::find(names, region) == names.end()) continue;
        if (space_.kind(assignment_, t) != space_.kind(assignment_, task)) continue;
        if (memory_of(t, a) != memory_of(task, argument)) return false;
        reached.insert(t);
      }
    }
    return reached.size() > 1;
  }

  const machine::DomainPoint& lower_bound(int task) const {
    const auto& launches = tasks_[task].launches;
    return std::ranges::find(launches, true, &workload::WorkloadLaunch::index)->domain.lo;
  }

  std::string function_name(IndexMap map, machine::ProcessorKind kind, int task) const {
    const machine::DomainPoint& lo = lower_bound(task);
    std::string name =
        fmt::format("{}_{}_{}d", to_string(map), lower_case(machine::to_string(kind)), lo.dim);
    for (int d = 0; d < lo.dim; ++d) {
      if (lo.at != machine::DomainPoint{}.at)
        name += fmt::format("_{}{}", lo.at[d] < 0 ? "m" : "", std::abs(lo.at[d]));
    }
    return name;
  }

  // The point's position in the launch, first coordinate fastest, from 0.
  static std::string linear_expression(const machine::DomainPoint& lo) {
    std::string text;
    for (int d = lo.dim - 1; d >= 0; --d) {
      std::string coordinate = fmt::format("task.ipoint[{}]", d);
      if (lo.at[d] > 0) coordinate = fmt::format("({} - {})", coordinate, lo.at[d]);
      if (lo.at[d] < 0) coordinate = fmt::format("({} + {})", coordinate, -lo.at[d]);
      text = text.empty() ? coordinate
                          : fmt::format("{} + task.ispace[{}] * {}", coordinate, d,
                                        d == lo.dim - 2 ? text : "(" + text + ")");
    }
    return text;
  }

  std::string function_text(const std::string& function, IndexMap map, machine::ProcessorKind kind,
                            int task) const {
    const std::string m = machine_name(kind);
    std::string text = fmt::format("def {}(Task task) {{\n  i = {};\n", function,
                                   linear_expression(lower_bound(task)));
    if (map == IndexMap::Block) {
      text += fmt::format("  p = i * {}.volume / task.ispace.volume;\n", m);
      text += fmt::format("  return {0}[p / {0}.size[1], p % {0}.size[1]];\n}}\n", m);
    } else {
      text += fmt::format("  return {0}[i % {0}.size[0], i / {0}.size[0] % {0}.size[1]];\n}}\n", m);
    }
    return text;
  }

  static void add_line(std::string& text, const std::string& line) {
    if (text.find(line) == std::string::npos) text += line;
  }
  int count() const { return static_cast<int>(tasks_.size()); }
  int arguments(int task) const { return static_cast<int>(tasks_[task].arguments.size()); }
  std::string name(int task) const { return lang::written_name(tasks_[task].name); }

  const SearchSpace& space_;
  const Assignment& assignment_;
  const std::vector<workload::WorkloadTask>& tasks_;
  std::string beside_;
};

// Rules for what differs from the base, and the base.
std::string write_changes(const SearchSpace& space, const Assignment& assignment) {
  const BaseMapping& base = *space.base();
  Assignment new_maps = assignment;
  std::string rules;
  for (size_t k = 0; k < assignment.size(); ++k) {
    const Knob& knob = space.knobs()[k];
    const bool differs = assignment[k] != base.assignment[k];
    if (knob.is<IndexMap>()) {
      if (!differs) new_maps[k] = 0;
    } else if (differs && space.is_active(assignment, static_cast<int>(k))) {
      rules += rule_of(space, knob, knob.choices[assignment[k]]);
    }
  }
  rules += Writer(space, new_maps, base.text).map_rules();
  return rules.empty() ? base.text : explain::apply_edit({"", rules}, base.text);
}

}  // namespace

std::string write_mapping(const SearchSpace& space, const Assignment& assignment) {
  return space.base() ? write_changes(space, assignment) : Writer(space, assignment).write();
}

std::string write_defaults(const SearchSpace& space) {
  return Writer(space, space.defaults()).write();
}

workload::Candidate default_candidate(const SearchSpace& space) {
  return workload::compile_candidate(
      "default.mapping", titled("What Legion's default mapper decides.", write_defaults(space)),
      space.workload(), space.machine());
}

std::string titled(const std::string& title, const std::string& mapping) {
  return fmt::format(
      "# {}\n# Decisions that are not listed are those of Legion's default mapper.\n\n{}", title,
      mapping);
}

std::string untitled(const std::string& mapping) {
  const size_t end = mapping.find("\n\n");
  return end == std::string::npos ? mapping : mapping.substr(end + 2);
}

}  // namespace placewright::tune
