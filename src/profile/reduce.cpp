// SPDX-License-Identifier: Apache-2.0
#include "profile/reduce.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "machine/kinds.h"
#include "profile/collect.h"
#include "profile/intervals.h"
#include "support/statistics.h"
#include "support/try.h"

namespace placewright::profile {
namespace {

// Realm's numbering of kinds (realm/realm_c.h of Legion 25.12).
constexpr uint64_t kUtility = 3;
constexpr std::array<std::pair<uint64_t, machine::ProcessorKind>, 6> kProcessorCodes = {
    {{1, machine::ProcessorKind::Gpu},
     {2, machine::ProcessorKind::Cpu},
     {4, machine::ProcessorKind::Io},
     {6, machine::ProcessorKind::Proc},
     {7, machine::ProcessorKind::Omp},
     {8, machine::ProcessorKind::Py}}};
constexpr std::array<std::pair<uint64_t, machine::MemoryKind>, 5> kMemoryCodes = {
    {{2, machine::MemoryKind::SysMem},
     {3, machine::MemoryKind::RdMem},
     {4, machine::MemoryKind::SockMem},
     {5, machine::MemoryKind::ZcMem},
     {6, machine::MemoryKind::FbMem}}};

/// LEGION_DIM_F (legion/api/config.h of Legion 25.12).
constexpr uint64_t kFieldDimension = 9;

/// Both processors and memories: the 16 bits below the uppermost 8 of a Realm id.
int node_of(uint64_t realm_id) { return static_cast<int>(realm_id >> 40U & 0xffffU); }

/// A processor in the terms of the language.
struct Place {
  std::string kind;
  int ordinal = 0;
  int node = 0;
};

class Reducer {
 public:
  Reducer(const Collected& all, const workload::Workload* workload)
      : all_(all), workload_(workload) {
    number(all.processors, places_, processor_kind);
    number(all.memories, memories_, memory_kind);
  }

  void reduce(Profile& profile) {
    add_tasks(profile);
    add_processors(profile);
    add_copies(profile, all_.copies);
    add_copies(profile, all_.fills);
    add_instances(profile);
    add_mapper_calls(profile);
    const auto by = [](auto& list, auto member) {
      std::ranges::stable_sort(list, std::greater<>(), member);
    };
    by(profile.tasks, &TaskProfile::run_s);
    by(profile.copies, &CopyProfile::time_s);
    by(profile.instances, &InstanceProfile::bytes);
    by(profile.mapper_calls, &MapperCallProfile::time_s);
  }

 private:
  static std::string processor_kind(uint64_t code) {
    for (const auto& [known, kind] : kProcessorCodes) {
      if (known == code) return std::string(to_string(kind));
    }
    return code == kUtility ? "UTIL" : "other";
  }
  static MemoryPlaceKind memory_kind(uint64_t code) {
    for (const auto& [known, kind] : kMemoryCodes) {
      if (known == code) return kind;
    }
    return OtherMemory{code};
  }

  /// Ordinals of a kind on a node, in ascending order of ids, as mapping functions count them.
  template <class Where, class Kind>
  static void number(const std::map<uint64_t, Described>& described,
                     std::map<uint64_t, Where>& places, Kind (*kind_of)(uint64_t)) {
    std::map<std::pair<Kind, int>, int> next;
    for (const auto& [id, facts] : described) {
      const Kind kind = kind_of(facts.kind);
      const int node = node_of(id);
      places[id] = {kind, next[{kind, node}]++, node};
    }
  }

  [[nodiscard]] Place place(uint64_t processor) const {
    const auto found = places_.find(processor);
    return found == places_.end() ? Place{"other", 0, node_of(processor)} : found->second;
  }
  [[nodiscard]] MemoryPlace memory(uint64_t id) const {
    const auto found = memories_.find(id);
    return found == memories_.end() ? MemoryPlace{OtherMemory{}, 0, node_of(id)} : found->second;
  }
  /// The end of a copy. A fill has one.
  [[nodiscard]] std::optional<MemoryPlace> end(uint64_t memory_id) const {
    return memory_id == 0 ? std::nullopt : std::optional(memory(memory_id));
  }

  [[nodiscard]] std::string task_name(uint64_t task) const {
    const auto found = all_.task_names.find(task);
    std::string name = found == all_.task_names.end() ? "" : found->second;
    if (!name.empty() && !name.starts_with("unnamed_task_")) return name;
    // In that case the runtime itself names the task after its first variant.
    const auto variant = all_.variants.lower_bound({task, 0});
    if (variant != all_.variants.end() && variant->first.first == task) return variant->second;
    return name.empty() ? fmt::format("task {}", task) : name;
  }

  [[nodiscard]] std::string operation_name(uint64_t op) const {
    if (const auto task = all_.task_of.find(op); task != all_.task_of.end())
      return task_name(task->second);
    const auto kind = all_.operation_of.find(op);
    if (kind == all_.operation_of.end()) return "runtime";
    const auto name = all_.operations.find(kind->second);
    return name == all_.operations.end() ? "operation" : name->second;
  }

  [[nodiscard]] std::string region_name(const std::string& task, int argument) const {
    if (workload_ == nullptr || argument < 0) return "";
    const auto found = std::ranges::find(workload_->tasks, task, &workload::WorkloadTask::name);
    if (found == workload_->tasks.end() || argument >= static_cast<int>(found->arguments.size()))
      return "";
    const auto& names = found->arguments[static_cast<size_t>(argument)].names;
    return names.empty() ? "" : names.front();
  }

  void add_tasks(Profile& profile) {
    std::map<std::tuple<uint64_t, uint64_t, uint64_t>, TaskProfile> tasks;
    std::map<std::tuple<uint64_t, uint64_t, uint64_t>, std::vector<double>> runs;
    std::set<uint64_t> seen;
    // Clocks of different nodes need not agree, so spans are computed per node.
    std::map<int, std::pair<uint64_t, uint64_t>> spans;
    for (const Ran& ran : all_.ran) {
      const std::tuple key{ran.task, ran.variant, ran.processor};
      TaskProfile& task = tasks[key];
      const Place where = place(ran.processor);
      if (task.count == 0) {
        task.task = task_name(ran.task);
        const auto variant = all_.variants.find({ran.task, ran.variant});
        task.variant = variant == all_.variants.end() ? "" : variant->second;
        task.kind = where.kind;
        task.node = where.node;
        task.processor = where.ordinal;
      }
      const auto found = all_.blocked.find(ran.op);
      const bool first = seen.insert(ran.op).second;
      const double blocked = found == all_.blocked.end() || !first
                                 ? 0
                                 : static_cast<double>(found->second) * kNanosecond;
      const double whole = seconds(ran.start, ran.stop);
      ++task.count;
      task.wait_s += seconds(ran.ready, ran.start);
      task.run_s += std::max(0.0, whole - blocked);
      task.blocked_s += std::min(whole, blocked);
      task.device_s += seconds(ran.device_start, ran.device_stop);
      task.longest_s = std::max(task.longest_s, whole);
      const double on_device = seconds(ran.device_start, ran.device_stop);
      runs[key].push_back(on_device > 0 ? on_device : std::max(0.0, whole - blocked));
      note_busy(ran, std::max(0.0, whole - blocked));
      auto [span, fresh] = spans.try_emplace(where.node, ran.start, ran.stop);
      span->second.first = std::min(span->second.first, ran.start);
      span->second.second = std::max(span->second.second, ran.stop);
    }
    for (auto& [key, task] : tasks) {
      task.median_s = median(runs[key]);
      profile.tasks.push_back(std::move(task));
    }
    for (const auto& [node, span] : spans)
      profile.span_s = std::max(profile.span_s, seconds(span.first, span.second));
  }

  /// What one processor did.
  struct Busy {
    uint64_t tasks = 0;
    double run_s = 0;
    std::vector<Interval> device, managed;
    Interval window{UINT64_MAX, 0};
  };

  void note_busy(const Ran& ran, double run_s) {
    Busy& busy = busy_[ran.processor];
    ++busy.tasks;
    busy.run_s += run_s;
    busy.window.begin = std::min(busy.window.begin, ran.start);
    busy.window.end = std::max({busy.window.end, ran.stop, ran.device_stop});
    if (ran.device_stop > ran.device_start)
      busy.device.push_back({ran.device_start, ran.device_stop});
  }

  /// Adds the parts of a runtime task in which it was not blocked.
  void add_managed(const Managed& managed) {
    std::vector<Interval>& parts = busy_[managed.processor].managed;
    uint64_t begin = managed.start;
    const auto waits = all_.managed_waits.find({managed.op, managed.kind});
    if (waits != all_.managed_waits.end()) {
      // The waits are in order of time, because a task is sequential.
      for (const Waited& wait : waits->second) {
        if (wait.start < begin || wait.end > managed.stop) continue;
        parts.push_back({begin, wait.start});
        begin = wait.end;
      }
    }
    parts.push_back({begin, managed.stop});
  }

  void add_processors(Profile& profile) {
    for (const Managed& managed : all_.managed) add_managed(managed);
    std::map<std::pair<std::string, int>, Interval> windows;
    for (const auto& [id, where] : places_) {
      const Busy& busy = busy_[id];
      auto [window, fresh] = windows.try_emplace({where.kind, where.node}, busy.window);
      window->second.begin = std::min(window->second.begin, busy.window.begin);
      window->second.end = std::max(window->second.end, busy.window.end);
    }
    for (const auto& [id, where] : places_) {
      Busy& busy = busy_[id];
      const Interval window = windows.at({where.kind, where.node});
      const double window_s = seconds(window.begin, window.end);
      const double busy_s = busy.device.empty() ? busy.run_s : covered(std::move(busy.device));
      profile.processors.push_back({where.kind, where.node, where.ordinal, busy.tasks,
                                    std::min(busy_s, window_s), covered(std::move(busy.managed)),
                                    window_s});
    }
    std::ranges::sort(profile.processors, {}, [](const ProcessorProfile& each) {
      return std::tuple(each.node, each.kind, each.processor);
    });
  }

  /// The order of an instance's dimensions, fastest first; empty if unknown. The position of the
  /// fields counts only if there are several.
  [[nodiscard]] std::vector<uint64_t> order(uint64_t instance) const {
    const auto found = all_.orders.find(instance);
    if (found == all_.orders.end()) return {};
    const auto fields = all_.fields.find(instance);
    const bool several = fields != all_.fields.end() && fields->second.size() > 1;
    std::vector<uint64_t> dimensions;
    for (const auto& [position, dimension] : found->second) {
      if (dimension != kFieldDimension || several) dimensions.push_back(dimension);
    }
    return dimensions;
  }

  [[nodiscard]] bool converts(const Endpoints& ends) const {
    const std::vector<uint64_t> from = order(ends.source), to = order(ends.instance);
    // With different lengths one instance has a single field, which does not count as a conversion.
    return !from.empty() && from.size() == to.size() && from != to;
  }

  /// The argument that an instance was made for; empty where it has no name.
  [[nodiscard]] std::string first_region(uint64_t instance) const {
    const auto use = all_.first_use.find(instance);
    if (use == all_.first_use.end()) return "";
    return region_name(operation_name(use->second.first), static_cast<int>(use->second.second));
  }

  /// The argument of an operation that a copy into an instance is for: of those that share the
  /// instance the one that uses the copied field. -1 if no argument uses the instance.
  [[nodiscard]] int argument_of(const Endpoints& ends, uint64_t op) const {
    const auto uses = all_.used.find({ends.instance, op});
    if (uses == all_.used.end()) return -1;
    const auto same_field = std::ranges::find(uses->second, ends.field, &Use::field);
    const Use& use = same_field == uses->second.end() ? uses->second.front() : *same_field;
    return static_cast<int>(use.argument);
  }

  void add_copies(Profile& profile, const std::vector<Moved>& moves) {
    using End = std::optional<MemoryPlace>;
    std::map<std::tuple<End, End, std::string, int, std::string, bool>, CopyProfile> copies;
    for (const Moved& moved : moves) {
      const auto where = all_.endpoints.find(moved.event);
      const Endpoints ends = where == all_.endpoints.end() ? Endpoints{} : where->second;
      const int argument = argument_of(ends, moved.op);
      const std::string consumer = operation_name(moved.op);
      const std::string source = first_region(ends.source);
      const bool converting = converts(ends);
      const End from = end(ends.from), to = end(ends.to);
      CopyProfile& copy = copies[{from, to, consumer, argument, source, converting}];
      if (copy.count == 0) {
        copy.from = from;
        copy.to = to;
        copy.consumer = consumer;
        copy.argument = argument;
        copy.region = region_name(consumer, argument);
        copy.source = source;
        copy.converts = converting;
      }
      ++copy.count;
      copy.bytes += moved.bytes;
      copy.time_s += seconds(moved.start, moved.stop);
      copy.wait_s += seconds(moved.ready, moved.start);
    }
    for (auto& [key, copy] : copies) profile.copies.push_back(std::move(copy));
  }

  void add_instances(Profile& profile) {
    std::map<std::tuple<uint64_t, std::string, int>, InstanceProfile> groups;
    std::map<std::tuple<uint64_t, std::string, int>, std::set<RegionKey>> regions;
    std::map<uint64_t, std::vector<std::pair<uint64_t, int64_t>>> changes;  // memory -> time, bytes
    for (const Lived& lived : all_.instances) {
      if (lived.bytes == 0) continue;
      const auto use = all_.first_use.find(lived.unique);
      const std::string task = use == all_.first_use.end() ? "" : operation_name(use->second.first);
      const int argument = use == all_.first_use.end() ? -1 : static_cast<int>(use->second.second);
      const std::tuple key{lived.memory, task, argument};
      InstanceProfile& group = groups[key];
      if (const auto region = all_.regions.find(lived.unique); region != all_.regions.end())
        regions[key].insert(region->second);
      group.memory = memory(lived.memory);
      group.task = task;
      group.argument = argument;
      group.region = region_name(task, argument);
      ++group.count;
      group.bytes += lived.bytes;
      group.largest = std::max(group.largest, lived.bytes);
      group.lifetime_s += seconds(lived.create, lived.destroy);
      changes[lived.memory].emplace_back(lived.create, static_cast<int64_t>(lived.bytes));
      changes[lived.memory].emplace_back(lived.destroy, -static_cast<int64_t>(lived.bytes));
    }
    for (auto& [key, group] : groups) {
      group.distinct = regions[key].size();
      profile.instances.push_back(std::move(group));
    }
    for (auto& [id, list] : changes) {
      // At equal times, releases are counted before allocations.
      std::ranges::sort(list);
      int64_t now = 0, peak = 0;
      for (const auto& [time, bytes] : list) peak = std::max(peak, now += bytes);
      const auto facts = all_.memories.find(id);
      profile.memories.push_back({memory(id),
                                  facts == all_.memories.end() ? 0 : facts->second.capacity,
                                  static_cast<uint64_t>(peak)});
    }
  }

  void add_mapper_calls(Profile& profile) {
    std::map<uint64_t, MapperCallProfile> calls;
    for (const MapperCall& call : all_.calls) {
      MapperCallProfile& entry = calls[call.kind];
      const auto name = all_.mapper_calls.find(call.kind);
      if (name != all_.mapper_calls.end()) entry.call = name->second;
      ++entry.count;
      entry.time_s += seconds(call.start, call.stop);
    }
    for (auto& [kind, call] : calls) profile.mapper_calls.push_back(std::move(call));
  }

  const Collected& all_;
  const workload::Workload* workload_;
  std::map<uint64_t, Place> places_;
  std::map<uint64_t, MemoryPlace> memories_;
  std::map<uint64_t, Busy> busy_;  ///< By processor.
};

}  // namespace

Result<Profile> reduce(std::span<const std::string> paths, const workload::Workload* workload) {
  Collected all;
  Profile profile;
  const RecordHandlers on = handlers(all);
  for (const std::string& path : paths) {
    PLACEWRIGHT_TRY(const LogFacts facts, read_log(path, on));
    profile.runtime = facts.runtime;
    profile.records += facts.records;
    profile.log_bytes += facts.bytes;
    profile.truncated |= facts.truncated;
  }
  profile.nodes = static_cast<int>(paths.size());
  Reducer(all, workload).reduce(profile);
  return profile;
}

}  // namespace placewright::profile
