// SPDX-License-Identifier: Apache-2.0
#include "infer/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace placewright::infer {
namespace {

constexpr size_t kMostDifferences = 10;

using Key = std::tuple<std::string, machine::LaunchDomain, machine::DomainPoint>;

std::string place_text(const ObservedTask& task) {
  if (task.choices > 1)
    return fmt::format("any of {} {}s of node {}", task.choices, to_string(task.kind),
                       task.place.node);
  return fmt::format("{} {} of node {}", to_string(task.kind), task.place.ordinal, task.place.node);
}

std::string layout_text(const ObservedArgument& argument) {
  if (!argument.order) return "";
  return fmt::format("{} {}_order{}", to_string(argument.order->fields),
                     to_string(argument.order->dimensions), argument.compact ? " Compact" : "");
}

std::string subject(const ObservedTask& task) {
  return task.point ? fmt::format("`{}` {}", task.name, to_string(*task.point))
                    : fmt::format("`{}`", task.name);
}

std::string all_text(const ObservedTask& task) {
  std::string text = place_text(task);
  for (const ObservedArgument& argument : task.arguments)
    text += fmt::format("|{}{}", to_string(argument.memory), layout_text(argument));
  return text;
}

using Tasks = std::map<Key, std::vector<const ObservedTask*>>;

/// The tasks of one key in an order that does not depend on when they ran.
Tasks by_key(std::span<const ObservedTask> tasks) {
  Tasks result;
  for (const ObservedTask& task : tasks) {
    if (task.depth == 0 || task.is_shard) continue;
    const machine::DomainPoint point = task.point.value_or(machine::DomainPoint{});
    result[{task.name, task.domain, point}].push_back(&task);
  }
  for (auto& [key, list] : result)
    std::ranges::stable_sort(list, {}, [](const ObservedTask* task) { return all_text(*task); });
  return result;
}

class Comparison {
 public:
  void compare(const ObservedTask& wanted, const ObservedTask* found) {
    count(agreement_.processors, subject(wanted), place_text(wanted),
          found == nullptr ? "did not run" : place_text(*found));
    for (size_t k = 0; k < wanted.arguments.size(); ++k) {
      const ObservedArgument& argument = wanted.arguments[k];
      if (std::holds_alternative<machine::NoInstance>(argument.memory)) continue;
      const ObservedArgument* other =
          found == nullptr || k >= found->arguments.size() ? nullptr : &found->arguments[k];
      const std::string about = fmt::format("{} argument {}", subject(wanted), k);
      count(agreement_.memories, about, std::string(to_string(argument.memory)),
            other == nullptr ? "none" : std::string(to_string(other->memory)));
      if (!argument.order) continue;
      count(agreement_.layouts, about, layout_text(argument),
            other == nullptr ? "none" : layout_text(*other));
    }
  }

  Agreement take() { return std::move(agreement_); }

 private:
  void count(Agreement::Count& of, const std::string& about, const std::string& wanted,
             const std::string& found) {
    ++of.total;
    if (wanted == found) {
      ++of.equal;
    } else if (agreement_.differences.size() < kMostDifferences) {
      agreement_.differences.push_back(fmt::format("{}: {}, not {}", about, found, wanted));
    }
  }

  Agreement agreement_;
};

}  // namespace

Agreement compare(std::span<const ObservedTask> wanted, std::span<const ObservedTask> found) {
  const Tasks theirs = by_key(wanted);
  const Tasks ours = by_key(found);
  Comparison comparison;
  for (const auto& [key, list] : theirs) {
    const auto same = ours.find(key);
    for (size_t k = 0; k < list.size(); ++k) {
      const bool exists = same != ours.end() && k < same->second.size();
      comparison.compare(*list[k], exists ? same->second[k] : nullptr);
    }
  }
  return comparison.take();
}

}  // namespace placewright::infer
