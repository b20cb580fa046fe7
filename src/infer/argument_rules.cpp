// SPDX-License-Identifier: Apache-2.0
#include "infer/argument_rules.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "lang/syntax/words.h"

namespace placewright::infer {
namespace {

bool has_name(const ArgumentValue& argument, const std::string& name) {
  return std::ranges::find(argument.names, name) != argument.names.end();
}

/// Covers everything that differs from one base value.
class Cover {
 public:
  Cover(std::span<const ArgumentValue> arguments, const std::string& base) : arguments_(arguments) {
    for (size_t k = 0; k < arguments.size(); ++k) {
      if (arguments[k].value && *arguments[k].value != base) open_.insert(k);
    }
  }

  std::vector<ArgumentRule> make() {
    while (cover_a_name()) {
    }
    join_names();
    cover_tasks();
    cover_singly();
    return std::move(rules_);
  }

 private:
  /// The common value of all selected arguments; nullopt if they differ.
  template <class Selects>
  std::optional<std::string> common_value(Selects&& selects) const {
    std::optional<std::string> common;
    for (const ArgumentValue& argument : arguments_) {
      if (!argument.value || !selects(argument)) continue;
      if (common && *common != *argument.value) return std::nullopt;
      common = argument.value;
    }
    return common;
  }

  template <class Selects>
  size_t close(Selects&& selects) {
    return std::erase_if(open_, [&](size_t k) { return selects(arguments_[k]); });
  }

  /// Adds a rule for a region in all tasks, if it covers more than one task.
  bool cover_a_name() {
    std::map<std::string, std::set<std::string>> tasks_of;
    for (const size_t k : open_) {
      for (const std::string& name : arguments_[k].names) tasks_of[name].insert(arguments_[k].task);
    }
    const std::string* best = nullptr;
    size_t most = 1;
    for (const auto& [name, tasks] : tasks_of) {
      if (tasks.size() <= most || !lang::can_be_written(name)) continue;
      // Clang 14 captures no structured bindings.
      const auto selects = [&wanted = name](const auto& argument) {
        return has_name(argument, wanted);
      };
      if (!common_value(selects)) continue;
      best = &name;
      most = tasks.size();
    }
    if (best == nullptr) return false;
    const auto selects = [&](const ArgumentValue& argument) { return has_name(argument, *best); };
    rules_.push_back({{}, {lang::written_name(*best)}, *common_value(selects)});
    return close(selects) > 0;
  }

  /// Joins all regions with one value into one statement.
  void join_names() {
    std::map<std::string, std::vector<std::string>> regions_of;
    for (const ArgumentRule& rule : rules_) regions_of[rule.value].push_back(rule.regions.front());
    rules_.clear();
    for (auto& [value, regions] : regions_of) {
      std::ranges::sort(regions);
      rules_.push_back({{}, std::move(regions), value});
    }
  }

  /// Rules for all arguments of a task, where at least two need one.
  void cover_tasks() {
    std::map<std::string, int> needs;
    for (const size_t k : open_) ++needs[arguments_[k].task];
    std::map<std::string, std::vector<std::string>> tasks_with;  // value -> tasks
    for (const auto& [task, count] : needs) {
      const auto selects = [&wanted = task](const ArgumentValue& argument) {
        return argument.task == wanted;
      };
      const auto value = common_value(selects);
      if (count < 2 || !value) continue;
      tasks_with[*value].push_back(lang::written_name(task));
      close(selects);
    }
    for (auto& [value, tasks] : tasks_with) rules_.push_back({std::move(tasks), {}, value});
  }

  /// A name for an argument that matches no argument of the task with another value.
  std::string selector(const ArgumentValue& argument) const {
    for (const std::string& name : argument.names) {
      const auto selects = [&](const ArgumentValue& other) {
        return other.task == argument.task && has_name(other, name);
      };
      if (lang::can_be_written(name) && common_value(selects)) return lang::written_name(name);
    }
    return std::to_string(argument.index);
  }

  void cover_singly() {
    std::map<std::string, std::map<std::string, std::vector<std::string>>> regions_of;
    for (const size_t k : open_) {
      const ArgumentValue& argument = arguments_[k];
      auto& regions = regions_of[argument.task][*argument.value];
      const std::string region = selector(argument);
      if (std::ranges::find(regions, region) == regions.end()) regions.push_back(region);
    }
    std::map<std::pair<std::vector<std::string>, std::string>, std::vector<std::string>> tasks_of;
    for (const auto& [task, values] : regions_of) {
      for (const auto& [value, regions] : values)
        tasks_of[{regions, value}].push_back(lang::written_name(task));
    }
    for (const auto& [key, tasks] : tasks_of) rules_.push_back({tasks, key.first, key.second});
  }

  std::span<const ArgumentValue> arguments_;
  std::set<size_t> open_;
  std::vector<ArgumentRule> rules_;
};

}  // namespace

std::vector<ArgumentRule> cover_arguments(std::span<const ArgumentValue> arguments,
                                          const std::string& unruled) {
  std::vector<ArgumentRule> best = Cover(arguments, unruled).make();
  std::set<std::string> values;
  for (const ArgumentValue& argument : arguments) {
    if (argument.value && *argument.value != unruled) values.insert(*argument.value);
  }
  for (const std::string& base : values) {
    std::vector<ArgumentRule> rules = {{{}, {}, base}};
    std::ranges::move(Cover(arguments, base).make(), std::back_inserter(rules));
    if (rules.size() < best.size()) best = std::move(rules);
  }
  return best;
}

std::string write_rule(std::string_view keyword, const ArgumentRule& rule) {
  const auto list = [](const std::vector<std::string>& words) {
    return words.empty() ? "*" : fmt::format("{}", fmt::join(words, ", "));
  };
  return fmt::format("{} {} {} {};\n", keyword, list(rule.tasks), list(rule.regions), rule.value);
}

}  // namespace placewright::infer
