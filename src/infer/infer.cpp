// SPDX-License-Identifier: Apache-2.0
#include "infer/infer.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "decide/defaults.h"
#include "infer/accepted.h"
#include "infer/argument_rules.h"
#include "infer/index_maps.h"
#include "infer/tables.h"
#include "infer/votes.h"
#include "lang/check/checker.h"
#include "lang/syntax/words.h"
#include "support/text.h"
#include "workload/decisions.h"

namespace placewright::infer {
namespace {

class Inference {
 public:
  Inference(std::span<const ObservedTask> observed, const workload::Workload& workload)
      : workload_(workload),
        machine_(workload.machine),
        tasks_(count_votes(observed, workload, warnings_)) {}

  InferredMapping make(const std::string& title) {
    const std::string parts[] = {task_rules(),      replication_rules(), region_rules(),
                                 layout_rules(),    map_rules(),         priority_rules(),
                                 collection_rules()};
    std::string text = fmt::format(
        "# {}\n# Decisions that are not listed are those of Legion's default mapper.\n", title);
    const size_t head = text.size();
    for (const std::string& part : parts) {
      if (!part.empty()) text += "\n" + part;
    }
    // A mapping needs a statement; this one requests the default behavior.
    const std::string defaults = "\nTask * GPU, PROC, OMP, CPU;\n";
    if (text.size() == head) text += defaults;
    std::string accepted = only_accepted(text, machine_, warnings_);
    if (accepted.find(';') == std::string::npos) accepted += defaults;
    return {std::move(accepted), std::move(warnings_)};
  }

 private:
  void warn(std::string text) { warnings_.push_back(std::move(text)); }

  [[nodiscard]] const workload::WorkloadTask& facts_of(const std::string& name) const {
    return *std::ranges::find(workload_.tasks, name, &workload::WorkloadTask::name);
  }

  // ---- kinds

  /// The kind that a task gets when rules do not name it, under a `*` rule or none.
  [[nodiscard]] std::optional<machine::ProcessorKind> unnamed_kind(
      const workload::WorkloadTask& task, const std::vector<machine::ProcessorKind>& star) const {
    for (const machine::ProcessorKind kind : star) {
      const bool has_variant = std::ranges::find(task.variants, kind) != task.variants.end();
      if (has_variant && machine_.has(kind)) return kind;
    }
    return decide::default_processor_kind(task.variants, machine_);
  }

  [[nodiscard]] std::map<machine::ProcessorKind, std::vector<std::string>> exceptions(
      const std::vector<machine::ProcessorKind>& star) const {
    std::map<machine::ProcessorKind, std::vector<std::string>> result;
    for (const auto& [name, votes] : tasks_) {
      const machine::ProcessorKind kind = votes.kinds.winner();
      if (unnamed_kind(facts_of(name), star) != kind)
        result[kind].push_back(lang::written_name(name));
    }
    return result;
  }

  std::string task_rules() {
    std::set<machine::ProcessorKind> used;
    for (const auto& [name, votes] : tasks_) {
      for (const machine::ProcessorKind kind : votes.kinds.ranking()) used.insert(kind);
      if (!votes.kinds.unanimous()) {
        warn(fmt::format(
            "`{}` ran on several kinds of processors; the mapping uses the one that it ran on most",
            name));
      }
    }
    std::vector<machine::ProcessorKind> best_star;
    auto best = exceptions({});
    std::vector<machine::ProcessorKind> star(used.begin(), used.end());
    do {
      auto others = exceptions(star);
      if (others.size() + 1 >= best.size()) continue;
      best = std::move(others);
      best_star = star;
    } while (std::ranges::next_permutation(star).found);
    std::string text;
    if (!best_star.empty()) text = fmt::format("Task * {};\n", word_list(best_star));
    for (const auto& [kind, names] : best)
      text += fmt::format("Task {} {};\n", fmt::join(names, ", "), to_string(kind));
    return text;
  }

  template <class Kind>
  static std::string word_list(const std::vector<Kind>& kinds) {
    std::vector<std::string_view> words;
    for (const Kind kind : kinds) words.push_back(to_string(kind));
    return fmt::format("{}", fmt::join(words, ", "));
  }

  /// Empty for all nodes of the machine.
  [[nodiscard]] std::string written_nodes(const std::set<int>& nodes) const {
    const int first = *nodes.begin();
    const int last = *nodes.rbegin();
    const bool all = static_cast<int>(nodes.size()) == machine_.node_count() || first == last;
    return all ? "" : fmt::format(" {}..{}", first, last);
  }

  std::string replication_rules() const {
    bool beyond_default = false;
    std::map<std::string, std::vector<std::string>> names_on;  // nodes -> names
    for (const auto& [name, votes] : tasks_) {
      if (votes.shard_nodes.empty()) continue;
      const std::string nodes = written_nodes(votes.shard_nodes);
      names_on[nodes].push_back(lang::written_name(name));
      // The default mapper replicates top-level tasks only, and over all nodes.
      beyond_default |= votes.depth > 0 || !nodes.empty();
    }
    if (!beyond_default) return "";
    std::string text;
    for (const auto& [nodes, names] : names_on)
      text += fmt::format("ControlReplicate {}{};\n", fmt::join(names, ", "), nodes);
    return text;
  }

  // ---- arguments

  /// Every argument with the result of `value` for its votes.
  template <class Value>
  [[nodiscard]] std::vector<ArgumentValue> arguments(Value&& value) const {
    std::vector<ArgumentValue> result;
    for (const auto& [name, votes] : tasks_) {
      const workload::WorkloadTask& facts = facts_of(name);
      for (size_t k = 0; k < votes.arguments.size() && k < facts.arguments.size(); ++k) {
        result.push_back(
            {name, static_cast<int>(k), facts.arguments[k].names, value(votes.arguments[k])});
      }
    }
    return result;
  }

  std::string region_rules() const {
    std::set<machine::ProcessorKind> kinds;
    for (const auto& [name, votes] : tasks_) {
      for (const ArgumentVotes& argument : votes.arguments) {
        for (const auto& [kind, memories] : argument.memories) kinds.insert(kind);
      }
    }
    std::string text;
    for (const machine::ProcessorKind kind : kinds) {
      const auto memories = [&](const ArgumentVotes& argument) -> std::optional<std::string> {
        const auto found = argument.memories.find(kind);
        if (found == argument.memories.end()) return std::nullopt;
        return fmt::format("{} {}", to_string(kind), word_list(found->second.ranking()));
      };
      const std::string unruled =
          fmt::format("{} {}", to_string(kind), to_string(decide::default_memory(kind, machine_)));
      for (const ArgumentRule& rule : cover_arguments(arguments(memories), unruled))
        text += write_rule("Region", rule);
    }
    return text;
  }

  std::string layout_rules() {
    const auto layouts = [&](const ArgumentVotes& argument) -> std::optional<std::string> {
      if (argument.layouts.empty()) return std::nullopt;
      return "* " + argument.layouts.winner();
    };
    std::string text;
    for (const ArgumentRule& rule : cover_arguments(arguments(layouts), "* SOA F_order"))
      text += write_rule("Layout", rule);
    return text;
  }

  std::string collection_rules() const {
    const auto collects = [](const ArgumentVotes& argument) -> std::optional<std::string> {
      if (argument.collects.empty()) return std::nullopt;
      return argument.collects.winner() ? "yes" : "no";
    };
    std::string text;
    for (const ArgumentRule& rule : cover_arguments(arguments(collects), "no")) {
      // One matching rule is enough, so no rule can express an exception.
      if (rule.value == "yes")
        text += fmt::format("CollectMemory {} {};\n", words(rule.tasks), words(rule.regions));
    }
    return text;
  }

  static std::string words(const std::vector<std::string>& list) {
    return list.empty() ? "*" : fmt::format("{}", fmt::join(list, ", "));
  }

  std::string priority_rules() {
    std::map<int, std::vector<std::string>> tasks_with;
    for (const auto& [name, votes] : tasks_) {
      const int found = votes.priorities.winner();
      const int priority = std::clamp(found, -lang::kLargestPriority, lang::kLargestPriority);
      if (priority != found)
        warn(fmt::format("`{}` has priority {}, beyond those of a mapping, which uses {}", name,
                         found, priority));
      if (!votes.priorities.unanimous())
        warn(fmt::format("`{}` has changing priorities; the mapping uses {}", name, priority));
      if (priority != 0) tasks_with[priority].push_back(lang::written_name(name));
    }
    std::string text;
    for (const auto& [priority, names] : tasks_with)
      text += fmt::format("Priority {} {};\n", fmt::join(names, ", "), priority);
    return text;
  }

  // ---- places

  /// Whether a rule could change anything: there is more than one processor to choose from.
  [[nodiscard]] bool has_choice(machine::ProcessorKind kind) const {
    return machine_.node_count() > 1 || machine_.processors_per_node(kind) > 1;
  }
  [[nodiscard]] bool is_default(const ObservedPlace& place) const {
    return machine_.node_count() == 1 && place.ordinal == ObservedPlace::kAny;
  }

  std::vector<LaunchGroup> launch_groups() {
    std::map<std::tuple<std::string, machine::ProcessorKind, int>, LaunchGroup> groups;
    for (const auto& [name, votes] : tasks_) {
      bool changes = false;
      for (const auto& [key, points] : votes.points) {
        const auto& [kind, domain] = key;
        PlacedLaunches launches{domain, {}};
        bool all_default = true;
        for (const auto& [point, places] : points) {
          launches.places[point] = places.winner();
          all_default = all_default && is_default(places.winner());
          changes = changes || !places.unanimous();
        }
        if (!has_choice(kind) || all_default) continue;
        LaunchGroup& group = groups[{name, kind, domain.dim()}];
        group.task = name;
        group.kind = kind;
        group.dim = domain.dim();
        group.launches.push_back(std::move(launches));
      }
      if (changes) {
        warn(fmt::format(
            "points of `{}` ran on changing processors; the mapping uses the most frequent ones",
            name));
      }
    }
    std::vector<LaunchGroup> result;
    for (auto& [key, group] : groups) result.push_back(std::move(group));
    return result;
  }

  std::string map_rules() {
    const std::vector<LaunchGroup> groups = launch_groups();
    const std::vector<FoundMap> found = find_index_maps(groups, machine_);
    std::set<size_t> open;
    for (size_t k = 0; k < groups.size(); ++k) open.insert(k);
    std::string functions, rules;
    for (const FoundMap& map : found) {
      functions += map.text;
      rules += index_rules(map, groups);
      for (const size_t group : map.groups) open.erase(group);
    }
    for (const size_t group : open) write_tables(groups[group], functions, rules);
    write_singles(functions, rules);
    std::string machines;
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      if (functions.find(machine_variable(kind) + "[") != std::string::npos ||
          functions.find(machine_variable(kind) + ".") != std::string::npos)
        machines += fmt::format("{} = Machine({});\n", machine_variable(kind), to_string(kind));
    }
    return machines + functions + rules;
  }

  /// Whether a group's task is also launched in other dimensions on the same kind.
  static bool needs_condition(const LaunchGroup& group, const std::vector<LaunchGroup>& groups) {
    return std::ranges::any_of(groups, [&](const LaunchGroup& other) {
      return other.task == group.task && other.kind == group.kind && other.dim != group.dim;
    });
  }

  /// A rule for the kind where the map holds for all of its launches, else one for the tasks.
  std::string index_rules(const FoundMap& map, const std::vector<LaunchGroup>& groups) const {
    std::map<std::string, std::vector<std::string>> tasks_if;  // condition -> names
    for (const size_t k : map.groups) {
      const LaunchGroup& group = groups[k];
      const std::string condition =
          needs_condition(group, groups) ? fmt::format(" if task.ispace.len == {}", group.dim) : "";
      tasks_if[condition].push_back(lang::written_name(group.task));
    }
    if (tasks_if.size() == 1 && tasks_if.contains("") && covers_kind(map))
      return fmt::format("IndexTaskMap {} {};\n", to_string(map.kind), map.name);
    std::string text;
    for (const auto& [condition, names] : tasks_if)
      text += fmt::format("IndexTaskMap {} {}{};\n", fmt::join(names, ", "), map.name, condition);
    return text;
  }

  [[nodiscard]] bool covers_kind(const FoundMap& map) const {
    size_t launched = 0;
    for (const auto& [name, votes] : tasks_) {
      std::set<int> dims;
      for (const auto& [key, points] : votes.points) {
        if (key.first == map.kind) dims.insert(key.second.dim());
      }
      launched += dims.size();
    }
    return launched == map.groups.size();
  }

  void write_tables(const LaunchGroup& group, std::string& functions, std::string& rules) {
    warn(
        fmt::format("no formula fits where the points of `{}` went; where possible they are "
                    "written out one by one, which holds for these launch domains only",
                    group.task));
    for (const PlacedLaunches& launches : group.launches) {
      const std::string name = fmt::format("table_{}", ++tables_);
      const auto function = table_function(name, group.kind, launches);
      if (!function) {
        warn(fmt::format(
            "the launch of `{}` over {} is too long for a table and is left to the default mapper",
            group.task, launches.domain.to_string()));
        continue;
      }
      functions += *function;
      rules += fmt::format("IndexTaskMap {} {} if {};\n", lang::written_name(group.task), name,
                           domain_condition(launches.domain));
    }
  }

  void write_singles(std::string& functions, std::string& rules) {
    std::map<std::pair<machine::ProcessorKind, ObservedPlace>, std::vector<std::string>> tasks_at;
    for (const auto& [name, votes] : tasks_) {
      for (const auto& [kind, places] : votes.single_places) {
        if (!places.unanimous()) {
          warn(fmt::format(
              "`{}`, a single task, ran on changing processors and is left to the default mapper",
              name));
        } else if (has_choice(kind) && !is_default(places.winner())) {
          tasks_at[{kind, places.winner()}].push_back(lang::written_name(name));
        }
      }
    }
    for (const auto& [key, names] : tasks_at) {
      const auto& [kind, place] = key;
      const bool any = place.ordinal == ObservedPlace::kAny;
      const std::string ordinal = any ? "*" : std::to_string(place.ordinal);
      const std::string function = fmt::format("on_{}_{}_{}", lower_case(to_string(kind)),
                                               place.node, any ? "any" : ordinal);
      functions += fmt::format("def {}(Task task) {{\n  return {}[{}, {}];\n}}\n", function,
                               machine_variable(kind), place.node, ordinal);
      rules += fmt::format("SingleTaskMap {} {};\n", fmt::join(names, ", "), function);
    }
  }

  const workload::Workload& workload_;
  const machine::MachineShape& machine_;
  std::vector<std::string> warnings_;  ///< Before tasks_, whose initializer adds to them.
  std::map<std::string, TaskVotes> tasks_;
  int tables_ = 0;
};

}  // namespace

InferredMapping infer_mapping(std::span<const ObservedTask> tasks,
                              const workload::Workload& workload, const std::string& title) {
  return Inference(tasks, workload).make(title);
}

}  // namespace placewright::infer
