// SPDX-License-Identifier: Apache-2.0
// What happens when a memory is full: the argument goes to the next memory of its rule. Tasks for
// which every memory is full are returned to Legion and retried when a task in flight has
// finished or an older task was served. When no task is in flight they are retried repeatedly for a
// moment, because deletions may still be pending; after that the run ends for lack of memory.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <chrono>
#include <thread>

#include "legion/mapper.h"

namespace placewright::legion {
namespace {

using Legion::LogicalRegion;
using Legion::Memory;
using Legion::RegionRequirement;
using Legion::Mapping::PhysicalInstance;

/// When no watched task is in flight, deletions may still be pending, and tasks mapped before
/// memory became tight may still be running.
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::chrono::milliseconds kPause{2};

std::string describe(const std::vector<RefusalShare>& holders) {
  std::vector<std::string> texts;
  for (const RefusalShare& share : holders) {
    texts.push_back(fmt::format("{} bytes in {} for argument {} of `{}`", share.bytes, share.count,
                                share.argument, share.task));
  }
  if (texts.empty()) return "";
  return fmt::format("; the largest live instances: {}", fmt::join(texts, ", "));
}

std::string capacity_flag(machine::MemoryKind kind) {
  switch (kind) {
    case machine::MemoryKind::FbMem:
      return "-ll:fsize";
    case machine::MemoryKind::ZcMem:
      return "-ll:zsize";
    case machine::MemoryKind::RdMem:
      return "-ll:rsize";
    case machine::MemoryKind::SockMem:
    case machine::MemoryKind::RegSockMem:
      return "-ll:nsize";
    default:
      return "-ll:csize";
  }
}

}  // namespace

std::optional<PhysicalInstance> PlacewrightMapper::obtain_instance(
    Mapping& mapping, const Argument& argument, const std::vector<UsableMemory>& usable,
    const std::vector<LogicalRegion>& regions) {
  const RegionRequirement& requirement = argument.requirement;
  std::optional<FullMemory> full;
  std::vector<Memory> too_full;
  for (const UsableMemory& each : usable) {
    const MemoryChoice& choice = *each.choice;
    std::vector<LogicalRegion> around = regions;
    if (around.empty()) {
      if (const auto valid = reuse_valid(mapping, argument.index, each)) return valid;
      around = {choice.layout.tight ? requirement.region
                                    : default_policy_select_instance_region(
                                          mapping.ctx, each.memory, requirement,
                                          choice.layout.constraints, /*force_new_instances=*/false,
                                          /*meets_constraints=*/true)};
    }
    auto made = make_instance(mapping, argument.index, each, around);
    if (made) {
      if (full) say_fallback(mapping, argument.index, *full, choice);
      return *made;
    }
    if (made.error().bytes <= each.memory.capacity()) too_full.push_back(each.memory);
    if (!full) full = made.error();
  }
  const bool may_hold = !too_full.empty() && !session_->options().as_published;
  if (may_hold && hold(mapping, std::move(too_full))) {
    say_waiting(mapping, argument.index, *full);
    return std::nullopt;
  }
  refuse_instance(mapping, argument.index, *full);
}

void PlacewrightMapper::refuse_instance(Mapping& mapping, unsigned index, const FullMemory& full) {
  const MemoryChoice& choice = *full.choice;
  std::vector<RefusalShare> holders = largest_shares(mapping.ctx, full.memory);
  session_->refuse(
      {fmt::format("out of memory: {} needs {} bytes of {} next to {}, which holds {} bytes in all "
                   "and is full{}",
                   describe_argument(mapping.ctx, mapping.task, index), full.bytes,
                   to_string(choice.kind), session_->machine().describe(mapping.target),
                   full.memory.capacity(), describe(holders)),
       fmt::format("list another memory after it, collect read-only data with CollectMemory, or "
                   "make the memory larger ({})",
                   capacity_flag(choice.kind)),
       choice.has_rule() ? session_->position(choice.rule) : "", choice.kind, "out-of-memory",
       refused_argument(mapping.ctx, mapping.task, index), full.bytes, full.memory.capacity(),
       std::move(holders)});
}

std::vector<RefusalShare> PlacewrightMapper::largest_shares(MapperContext ctx,
                                                            Memory memory) const {
  constexpr size_t kMostShares = 3;
  std::vector<RefusalShare> largest;
  for (const auto& share : session_->memory_pressure().shares(memory)) {
    if (largest.size() == kMostShares) break;
    const char* name = nullptr;
    runtime->retrieve_name(ctx, share.task, name);
    largest.push_back({name, share.argument, share.count, share.bytes});
  }
  return largest;
}

void PlacewrightMapper::say_waiting(Mapping& mapping, unsigned index, const FullMemory& full) {
  // Without a size it only yields to an older task, which has already reported the problem.
  if (full.bytes == 0) return;
  if (!session_->first_time(fmt::format("wait {} {}", mapping.task.task_id, index))) return;
  say(fmt::format(
      "{}: {} is full, so it waits for {} bytes that tasks in flight release (reported once)",
      describe_argument(mapping.ctx, mapping.task, index), to_string(full.choice->kind),
      full.bytes));
}

void PlacewrightMapper::say_fallback(Mapping& mapping, unsigned index, const FullMemory& full,
                                     const MemoryChoice& instead) {
  if (!session_->first_time(fmt::format("full {} {} {}", mapping.task.task_id, index,
                                        static_cast<int>(full.choice->kind))))
    return;
  say(fmt::format("{}: {} is full, {} bytes go to {} instead (reported once)",
                  describe_argument(mapping.ctx, mapping.task, index), to_string(full.choice->kind),
                  full.bytes, to_string(instead.kind)));
}

bool PlacewrightMapper::may_wait(const Mapping& mapping) {
  const Legion::Task& task = mapping.task;
  return !mapping.input.shard_processor.exists() && !task.must_epoch_task &&
         !task.concurrent_task && !maps_collectively(task);
}

MemoryPressure::Waiter PlacewrightMapper::waiter(const Legion::Task& task,
                                                 std::vector<Legion::Memory> memories) {
  const Legion::Task* parent = task.get_parent_task();
  return {task.get_unique_id(), parent == nullptr ? 0 : parent->get_unique_id(),
          task.get_context_index(), std::move(memories)};
}

bool PlacewrightMapper::is_held(const Legion::Task& task) const {
  const auto held = held_.find(task.get_unique_id());
  if (held == held_.end()) return false;
  const MemoryPressure::Progress now = session_->memory_pressure().progress();
  if (now.changes != held->second.changes) return false;
  return now.in_flight > 0 || held->second.yields;
}

bool PlacewrightMapper::hold(const Mapping& mapping, std::vector<Legion::Memory> memories) {
  if (!may_wait(mapping)) return false;
  MemoryPressure& pressure = session_->memory_pressure();
  const MemoryPressure::Waiter self = waiter(mapping.task, std::move(memories));
  const MemoryPressure::Progress now = pressure.wait(self, waiting_);
  Held& held = held_[self.task];
  held.changes = now.changes;
  held.yields = now.yields;
  if (now.in_flight > 0 || now.yields) return true;
  if (now.idle > kPatience) return false;
  std::this_thread::sleep_for(kPause);
  return true;
}

void PlacewrightMapper::give_back(const Mapping& mapping) {
  limits_.finished(mapping.ctx, mapping.task.task_id);
  Held& held = held_.at(mapping.task.get_unique_id());
  held.made.insert(held.made.end(), mapping.made.begin(), mapping.made.end());
  if (held.yields) {
    // What this task has made, now or when it did not have to yield, may be what the older task
    // needs. A task that does not yield finds it again.
    std::erase_if(held.made, [&](const auto& instance) {
      if (!runtime->acquire_instance(mapping.ctx, instance)) return true;
      runtime->set_garbage_collection_priority(mapping.ctx, instance, LEGION_GC_EAGER_PRIORITY);
      return false;
    });
  }
  mapping.output.abort_mapping = true;
}

bool PlacewrightMapper::is_watched(const Mapping& mapping) const {
  // Other tasks may depend on a task that is not mapped yet, possibly the one that waits.
  return session_->memory_pressure().is_tight() && mapping.facts != nullptr &&
         mapping.facts->leaf && may_wait(mapping);
}

void PlacewrightMapper::watch(const Mapping& mapping) {
  MemoryPressure& pressure = session_->memory_pressure();
  const Legion::UniqueID task = mapping.task.get_unique_id();
  held_.erase(task);
  pressure.served(mapping.ctx, task);
  if (is_watched(mapping)) pressure.started(task);
}

}  // namespace placewright::legion
