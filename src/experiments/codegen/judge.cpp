// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "experiments/codegen/expectation.h"

namespace placewright::experiments {
namespace {

using infer::ObservedArgument;
using infer::ObservedPlace;
using infer::ObservedTask;

constexpr size_t kMostDifferences = 8;

std::string place_text(machine::ProcessorKind kind, const ObservedPlace& place) {
  return fmt::format("{} {} of node {}", to_string(kind), place.ordinal, place.node);
}

/// Counts facts and collects those that differ, equal ones once. The message does not depend on the
/// order of events, because it becomes part of a prompt that a recording must recognise.
class Findings {
 public:
  void expect(bool holds, const std::string& subject, const ObservedTask* task,
              const std::string& what) {
    ++facts_;
    if (holds) return;
    Difference& difference = differences_[fmt::format("{}: {}", subject, what)];
    ++difference.count;
    if (task == nullptr || !task->point) return;
    const bool is_first = !difference.point || *task->point < *difference.point;
    if (is_first) difference.point = task->point;
  }

  [[nodiscard]] Judgement judgement() const {
    Judgement result{differences_.empty(), facts_, ""};
    size_t listed = 0;
    for (const auto& [text, difference] : differences_) {
      if (++listed > kMostDifferences) break;
      result.message += text;
      if (difference.point)
        result.message +=
            fmt::format(" (at point {}; {} times)", to_string(*difference.point), difference.count);
      result.message += '\n';
    }
    if (differences_.size() > kMostDifferences)
      result.message +=
          fmt::format("... and {} more differences\n", differences_.size() - kMostDifferences);
    return result;
  }

 private:
  struct Difference {
    std::optional<machine::DomainPoint> point;  ///< The first point.
    size_t count = 0;
  };
  size_t facts_ = 0;
  std::map<std::string, Difference> differences_;
};

/// Where an instance is: node, kind of memory, address.
using InstanceKey = std::tuple<int, machine::InstanceMemory, uint64_t>;

InstanceKey instance_key(const ObservedTask& task, const ObservedArgument& argument) {
  return {task.place.node, argument.memory, argument.address};
}

class Judge {
 public:
  Judge(int strategy, std::span<const ObservedTask> tasks, const machine::MachineShape& machine)
      : expected_(expectation_of(strategy)), tasks_(tasks), machine_(machine) {}

  Judgement run() {
    check_coverage();
    for (const ObservedTask& task : tasks_) {
      const CircuitTask* known = find_circuit_task(task.name);
      if (known == nullptr || !task.point) continue;
      check_processor(task, *known);
      for (size_t k = 0; k < task.arguments.size() && k < known->regions.size(); ++k)
        check_argument(task, *known, k);
    }
    if (expected_.collects_currents) check_fates();
    if (expected_.limit > 0) check_limit();
    return findings_.judgement();
  }

 private:
  static std::string subject(const CircuitTask& task, size_t argument) {
    return fmt::format("`{}` argument {} ({})", task.name, argument, task.regions[argument]);
  }

  /// A task that never ran proves nothing.
  void check_coverage() {
    for (const CircuitTask& known : circuit_tasks()) {
      std::set<machine::DomainPoint> seen;
      int64_t wanted = 1;
      for (const ObservedTask& task : tasks_) {
        if (task.name != known.name || !task.point) continue;
        seen.insert(*task.point);
        wanted = task.domain.volume();
      }
      findings_.expect(static_cast<int64_t>(seen.size()) == wanted, fmt::format("`{}`", known.name),
                       nullptr,
                       fmt::format("{} of {} points were seen to run", seen.size(), wanted));
    }
  }

  void check_processor(const ObservedTask& task, const CircuitTask& known) {
    const std::string about = fmt::format("`{}`", known.name);
    const machine::ProcessorKind kind = expected_.kind(known);
    findings_.expect(
        task.kind == kind, about, &task,
        fmt::format("ran on a {}, should run on a {}", to_string(task.kind), to_string(kind)));
    const auto place = expected_.place_of(known, task.point->at[0], machine_);
    if (!place) return;
    findings_.expect(task.place == *place,
                     fmt::format("`{}` point {}", known.name, task.point->at[0]), &task,
                     fmt::format("ran on {}, should run on {}", place_text(task.kind, task.place),
                                 place_text(kind, *place)));
  }

  void check_argument(const ObservedTask& task, const CircuitTask& known, size_t index) {
    const ObservedArgument& argument = task.arguments[index];
    const std::string about = subject(known, index);
    const machine::InstanceMemory memory = expected_.memory(known, index);
    findings_.expect(
        argument.memory == memory, about, &task,
        fmt::format("was in {}, should be in {}", to_string(argument.memory), to_string(memory)));
    const bool collects = expected_.collects(known, index);
    findings_.expect(
        argument.collects == collects, about, &task,
        fmt::format("was {} early collection, should {}be",
                    argument.collects ? "marked for" : "not marked for", collects ? "" : "not "));
    if (!argument.order) return;
    // A reduction instance has one field here, so there is nothing to interleave.
    const machine::FieldOrder found = argument.order->fields;
    const machine::FieldOrder wanted =
        expected_.array_of_structs ? machine::FieldOrder::Aos : machine::FieldOrder::Soa;
    findings_.expect(
        argument.reduction || found == wanted, about, &task,
        fmt::format("was laid out as {}, should be {}", to_string(found), to_string(wanted)));
    if (expected_.alignment > 0) check_alignment(task, about, argument);
  }

  void check_alignment(const ObservedTask& task, const std::string& about,
                       const ObservedArgument& argument) {
    const bool demanded = argument.alignment > 0 && argument.alignment % expected_.alignment == 0;
    findings_.expect(demanded, about, &task,
                     fmt::format("its layout aligns fields to {} bytes, should be {}",
                                 argument.alignment == 0 ? "an unspecified number of"
                                                         : std::to_string(argument.alignment),
                                 expected_.alignment));
    findings_.expect(
        argument.address % expected_.alignment == 0, about, &task,
        fmt::format("was at an address that is not a multiple of {}", expected_.alignment));
  }

  /// Legion may free an instance that only collected arguments use; one that also holds data for
  /// others stays, regardless of this task.
  void check_fates() {
    std::set<InstanceKey> of_others;
    for (const ObservedTask& task : tasks_) {
      for (const ObservedArgument& argument : task.arguments)
        if (!argument.collects) of_others.insert(instance_key(task, argument));
    }
    size_t given_up = 0;
    for (const ObservedTask& task : tasks_) {
      const CircuitTask* known = find_circuit_task(task.name);
      if (known == nullptr) continue;
      for (size_t k = 0; k < task.arguments.size() && k < known->regions.size(); ++k) {
        const ObservedArgument& argument = task.arguments[k];
        if (!expected_.collects(*known, k) || !argument.kept) continue;
        if (!*argument.kept) ++given_up;
        findings_.expect(!*argument.kept || of_others.contains(instance_key(task, argument)),
                         subject(*known, k), &task,
                         "Legion still kept the instance after the task had run");
      }
    }
    findings_.expect(given_up > 0, "`calculate_new_currents`", nullptr,
                     "Legion released none of the instances that it only reads");
  }

  void check_limit() {
    std::map<ObservedPlace, int> most;
    for (const ObservedTask& task : tasks_) {
      if (task.name != circuit_tasks().front().name) continue;
      int& count = most[task.place];
      count = std::max(count, task.in_flight);
    }
    for (const auto& [place, count] : most) {
      // Without a limit the number depends on how fast points are mapped.
      const std::string seen = count > expected_.limit
                                   ? fmt::format("more than {}", expected_.limit)
                                   : fmt::format("at most {}", count);
      findings_.expect(
          count == expected_.limit,
          fmt::format("`{}` on {}", circuit_tasks().front().name,
                      place_text(machine::ProcessorKind::Gpu, place)),
          nullptr,
          fmt::format("{} points were in flight at a time, should be {}", seen, expected_.limit));
    }
  }

  Expectation expected_;
  std::span<const ObservedTask> tasks_;
  const machine::MachineShape& machine_;
  Findings findings_;
};

}  // namespace

Judgement judge(int strategy, std::span<const ObservedTask> tasks,
                const machine::MachineShape& machine) {
  return Judge(strategy, tasks, machine).run();
}

}  // namespace placewright::experiments
