// SPDX-License-Identifier: Apache-2.0
#include "sim/observed_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "profile/intervals.h"
#include "support/statistics.h"

namespace placewright::sim {
namespace {

using profile::CopyProfile;
using profile::InstanceProfile;
using profile::ProcessorProfile;
using profile::TaskProfile;

class Observer {
 public:
  explicit Observer(const SimulatedRun& run) : run_(run), ready_s_(run.timeline.ready_times()) {}

  ObservedRun observe() {
    observed_.profile.runtime = fmt::format("simulated, level {}", to_string(run_.level));
    observed_.profile.nodes = run_.machine.machine.node_count();
    for (ActivityId activity = 0; activity < run_.timeline.size(); ++activity) {
      const Label label = run_.labels.of(activity);
      if (label.kind == Label::Kind::Task) {
        add_task(activity, label);
      } else if (label.kind == Label::Kind::Runtime) {
        add_span(activity, label, "the runtime", label.place.node);
      } else if (label.kind != Label::Kind::Wait) {
        add_copy(activity, label);
      }
    }
    take_tasks();
    take_processors();
    for (auto& [key, copy] : copies_) observed_.profile.copies.push_back(std::move(copy));
    take_instances();
    take_memories();
    sort();
    return std::move(observed_);
  }

 private:
  using Processor = std::tuple<int, std::string, int>;  ///< As profiles sort them.
  using Interval = profile::IntervalOfSeconds;
  struct Task {
    TaskProfile profile;
    std::vector<double> runs_s;
  };

  [[nodiscard]] double seconds(ActivityId activity) const {
    return run_.timeline.end(activity) - run_.timeline.start(activity);
  }
  [[nodiscard]] double wait_s(ActivityId activity) const {
    return std::max(0.0, run_.timeline.start(activity) - ready_s_[activity]);
  }
  [[nodiscard]] const workload::WorkloadTask& task(uint32_t number) const {
    return run_.recording.workload.tasks[number];
  }
  [[nodiscard]] std::string region(const ArgumentId& id) const {
    const auto& arguments = task(id.task).arguments;
    const auto number = static_cast<size_t>(id.argument);
    return number < arguments.size() && !arguments[number].names.empty()
               ? arguments[number].names.front()
               : "";
  }
  [[nodiscard]] profile::MemoryPlace memory(uint64_t id) const {
    const MemoryPlace& place = run_.machine.place(id);
    return {place.kind, std::max(place.gpu, 0), place.node};
  }

  void add_span(ActivityId activity, const Label& label, std::string where, int node) {
    if (seconds(activity) <= 0) return;
    observed_.spans.push_back({words(label, run_.recording, run_.machine), std::move(where), node,
                               label.kind == Label::Kind::Task, run_.timeline.start(activity),
                               run_.timeline.end(activity)});
  }

  void add_task(ActivityId activity, const Label& label) {
    const bool is_gpu = label.place.kind == machine::ProcessorKind::Gpu;
    int processor = label.place.ordinal;
    if (const auto engine = run_.timeline.taken(activity); engine && !is_gpu)
      processor = run_.model.cpu_of(label.place.node, *engine);
    const std::string kind(to_string(label.place.kind));
    const double took_s = seconds(activity);
    Task& sum = tasks_[{label.of.task, kind, label.place.node, processor}];
    TaskProfile& row = sum.profile;
    row.task = task(label.of.task).name;
    row.kind = kind;
    row.node = label.place.node;
    row.processor = processor;
    ++row.count;
    row.wait_s += wait_s(activity);
    (is_gpu ? row.device_s : row.run_s) += took_s;
    row.longest_s = std::max(row.longest_s, took_s);
    sum.runs_s.push_back(took_s);
    busy_[{label.place.node, kind, processor}].push_back(
        {run_.timeline.start(activity), run_.timeline.end(activity)});
    add_span(activity, label, fmt::format("{} {}", kind, processor), label.place.node);
  }

  void add_copy(ActivityId activity, const Label& label) {
    using End = std::optional<profile::MemoryPlace>;
    const End from = label.from == 0 ? End() : End(memory(label.from));
    const profile::MemoryPlace to = memory(label.to);
    const std::string source = label.from == 0 ? "" : region(label.source);
    CopyProfile& row = copies_[{from, to, label.of, source, label.converts}];
    row.from = from;
    row.to = to;
    row.region = region(label.of);
    row.source = source;
    row.consumer = task(label.of.task).name;
    row.argument = label.of.argument;
    ++row.count;
    row.bytes += label.bytes;
    row.time_s += seconds(activity);
    row.wait_s += wait_s(activity);
    row.converts = label.converts;
    add_span(activity, label, fmt::format("copies into {} {}", to_string(to.kind), to.index),
             to.node);
  }

  void take_tasks() {
    double first_s = 0, last_s = 0;
    bool is_first = true;
    for (const auto& [processor, intervals] : busy_)
      for (const Interval& each : intervals) {
        first_s = is_first ? each.begin : std::min(first_s, each.begin);
        last_s = std::max(last_s, each.end);
        is_first = false;
      }
    observed_.profile.span_s = last_s - first_s;
    for (auto& [key, sum] : tasks_) {
      sum.profile.median_s = median(std::move(sum.runs_s));
      observed_.profile.tasks.push_back(std::move(sum.profile));
    }
  }

  void take_processors() {
    std::map<std::pair<int, std::string>, Interval> windows;
    for (const auto& [processor, intervals] : busy_)
      for (const Interval& each : intervals) {
        const auto [window, fresh] =
            windows.try_emplace({std::get<0>(processor), std::get<1>(processor)}, each);
        window->second.begin = std::min(window->second.begin, each.begin);
        window->second.end = std::max(window->second.end, each.end);
      }
    const machine::MachineShape& shape = run_.machine.machine.shape();
    for (int node = 0; node < shape.node_count(); ++node)
      for (const machine::ProcessorKind kind :
           {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu})
        for (int number = 0; number < shape.processors(kind, node); ++number) {
          const std::string name(to_string(kind));
          const auto window = windows.find({node, name});
          std::vector<Interval>& busy = busy_[{node, name, number}];
          ProcessorProfile row{name, node, number, busy.size()};
          if (window != windows.end()) row.window_s = window->second.end - window->second.begin;
          row.busy_s = profile::covered(std::move(busy));
          observed_.profile.processors.push_back(std::move(row));
        }
  }

  void take_instances() {
    std::map<std::pair<uint64_t, ArgumentId>, InstanceProfile> rows;
    std::map<std::pair<uint64_t, ArgumentId>, std::set<std::pair<uint32_t, uint32_t>>> distinct;
    for (const Instance& each : run_.instances.all()) {
      const std::pair key{each.memory, each.made_for};
      InstanceProfile& row = rows[key];
      ++row.count;
      row.bytes += each.bytes;
      row.largest = std::max(row.largest, each.bytes);
      distinct[key].emplace(each.tree, each.points);
    }
    for (auto& [key, row] : rows) {
      row.memory = memory(key.first);
      row.region = region(key.second);
      row.task = task(key.second.task).name;
      row.argument = key.second.argument;
      row.distinct = distinct[key].size();
      observed_.profile.instances.push_back(std::move(row));
    }
  }

  void take_memories() {
    const machine::MachineShape& shape = run_.machine.machine.shape();
    for (uint64_t id = 1; id <= run_.machine.memories.size(); ++id) {
      const MemoryPlace& place = run_.machine.place(id);
      observed_.profile.memories.push_back(
          {memory(id), shape.node(place.node).memory_bytes[static_cast<size_t>(place.kind)],
           run_.instances.peak(id)});
    }
  }

  void sort() {
    const auto by = [](auto& list, auto key) {
      std::ranges::stable_sort(list, std::greater<>(), key);
    };
    by(observed_.profile.tasks, [](const TaskProfile& row) { return row.run_s + row.device_s; });
    by(observed_.profile.copies, &CopyProfile::time_s);
    by(observed_.profile.instances, &InstanceProfile::bytes);
    std::ranges::stable_sort(observed_.spans, {}, &Span::start_s);
  }

  const SimulatedRun& run_;
  std::vector<double> ready_s_;
  ObservedRun observed_;
  std::map<std::tuple<uint32_t, std::string, int, int>, Task> tasks_;
  std::map<Processor, std::vector<Interval>> busy_;
  std::map<std::tuple<std::optional<profile::MemoryPlace>, profile::MemoryPlace, ArgumentId,
                      std::string, bool>,
           CopyProfile>
      copies_;
};

}  // namespace

ObservedRun observe(const SimulatedRun& run) { return Observer(run).observe(); }

}  // namespace placewright::sim
