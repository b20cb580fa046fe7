// SPDX-License-Identifier: Apache-2.0
// What the preload library calls in place of Legion's functions that launch tasks and mark traces,
// in a run that tries several mappings or is recorded. `next` is Legion's own function.
#include "legion/launch_hooks.h"

#include <map>
#include <mutex>
#include <utility>

#include "legion/exploration.h"
#include "legion/program_order.h"
#include "legion/record_hooks.h"

namespace placewright::legion {
namespace {

using explore::add_to_hash;
using explore::LaunchEvent;
using Legion::Context;
using Legion::Runtime;

/// Legion's names live as long as the task is registered.
std::string task_name(Runtime* runtime, Legion::TaskID task) {
  static std::mutex mutex;
  static std::map<Legion::TaskID, std::string> names;
  {
    const std::lock_guard lock(mutex);
    if (const auto known = names.find(task); known != names.end()) return known->second;
  }
  const char* name = nullptr;
  runtime->retrieve_name(task, name);
  const std::lock_guard lock(mutex);
  return names[task] = name == nullptr ? "" : name;
}

/// Not the regions themselves: programs that take turns with two of them repeat one block.
uint64_t add_requirement(uint64_t hash, const Legion::RegionRequirement& requirement) {
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.handle_type));
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.privilege));
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.prop));
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.redop));
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.projection));
  hash = add_to_hash(hash, static_cast<uint64_t>(requirement.parent.get_dim()));
  for (const Legion::FieldID field : requirement.privilege_fields) hash = add_to_hash(hash, field);
  return hash;
}

template <class Launcher>
LaunchEvent event_of(Runtime* runtime, const Launcher& launcher, bool is_index) {
  LaunchEvent event;
  event.name = task_name(runtime, launcher.task_id);
  uint64_t hash = add_to_hash(is_index ? 1 : 2, uint64_t{launcher.task_id});
  hash = add_to_hash(hash, uint64_t{launcher.tag});
  for (const Legion::RegionRequirement& requirement : launcher.region_requirements)
    hash = add_requirement(hash, requirement);
  event.family = event.shape = hash;
  return event;
}

LaunchEvent event_of(Runtime* runtime, const Legion::IndexTaskLauncher& launcher) {
  LaunchEvent event = event_of(runtime, launcher, true);
  if (launcher.launch_space.exists()) {
    event.shape = add_to_hash(event.shape, uint64_t{launcher.launch_space.get_id()});
    return event;
  }
  const Legion::Domain& domain = launcher.launch_domain;
  for (int dim = 0; dim < domain.get_dim(); ++dim) {
    event.shape = add_to_hash(event.shape, static_cast<uint64_t>(domain.lo()[dim]));
    event.shape = add_to_hash(event.shape, static_cast<uint64_t>(domain.hi()[dim]));
  }
  return event;
}

LaunchEvent event_of(Runtime* runtime, const Legion::TaskLauncher& launcher) {
  return event_of(runtime, launcher, false);
}

bool is_bound(const Legion::IndexTaskLauncher& launcher) { return launcher.concurrent; }
bool is_bound(const Legion::TaskLauncher&) { return false; }

/// Calls `launch` and notes the launch and what it waits for.
template <class Launcher, class Launch>
auto launch_recorded(Runtime* runtime, Context ctx, const Launcher& launcher, Launch&& launch) {
  const std::shared_ptr<ProgramOrder> order = current_program_order();
  if (order == nullptr) return launch(launcher);
  const Legion::Task& parent = *runtime->get_local_task(ctx);
  order->launching(parent, launcher.futures);
  auto result = launch(launcher);
  order->launched(parent, result);
  return result;
}

/// In a run that is recorded.
void note_trace(Context ctx, workload::Operation::Kind kind, Legion::TraceID trace) {
  if (const auto order = current_program_order())
    order->traced(*Runtime::get_runtime()->get_local_task(ctx), kind, trace);
}

/// Calls `launch` with the launcher, marked with the generation of its step.
template <class Launcher, class Launch>
auto launch_marked(Runtime* runtime, Context ctx, const Launcher& launcher, Launch&& launch) {
  const std::shared_ptr<Exploration> exploration = current_exploration();
  if (exploration == nullptr)
    return launch_recorded(runtime, ctx, launcher, std::forward<Launch>(launch));
  const Generation generation =
      exploration->launched(ctx, event_of(runtime, launcher), is_bound(launcher));
  const auto started = [&] {
    if (generation == 0 || !exploration->answers_for(launcher.map_id)) return launch(launcher);
    Launcher marked = launcher;
    const std::vector<char> data = with_mark(launcher.map_arg, generation);
    marked.map_arg = Legion::UntypedBuffer(data.data(), data.size());
    return launch(marked);
  };
  auto result = started();
  exploration->returned(ctx, result);
  return result;
}

}  // namespace
}  // namespace placewright::legion

using placewright::legion::current_exploration;
using placewright::legion::launch_marked;
using placewright::legion::Outputs;

Legion::Future placewright_execute_task(placewright::legion::ExecuteTask next,
                                        Legion::Runtime* runtime, Legion::Context ctx,
                                        const Legion::TaskLauncher& launcher, Outputs* outputs) {
  return launch_marked(runtime, ctx, launcher, [&](const Legion::TaskLauncher& marked) {
    return next(runtime, ctx, marked, outputs);
  });
}

Legion::FutureMap placewright_execute_index_space(placewright::legion::ExecuteIndexSpace next,
                                                  Legion::Runtime* runtime, Legion::Context ctx,
                                                  const Legion::IndexTaskLauncher& launcher,
                                                  Outputs* outputs) {
  return launch_marked(runtime, ctx, launcher, [&](const Legion::IndexTaskLauncher& marked) {
    return next(runtime, ctx, marked, outputs);
  });
}

Legion::Future placewright_execute_reduction(placewright::legion::ExecuteReduction next,
                                             Legion::Runtime* runtime, Legion::Context ctx,
                                             const Legion::IndexTaskLauncher& launcher,
                                             int operation, bool is_deterministic,
                                             Outputs* outputs) {
  return launch_marked(runtime, ctx, launcher, [&](const Legion::IndexTaskLauncher& marked) {
    return next(runtime, ctx, marked, operation, is_deterministic, outputs);
  });
}

using placewright::legion::note_trace;
using placewright::workload::Operation;

Legion::TraceID placewright_begun_trace(Legion::Context ctx, Legion::TraceID trace) {
  note_trace(ctx, Operation::Kind::BeginTrace, trace);
  const auto exploration = current_exploration();
  return exploration == nullptr ? trace : exploration->begun_trace(ctx, trace);
}

Legion::TraceID placewright_ended_trace(Legion::Context ctx, Legion::TraceID trace) {
  note_trace(ctx, Operation::Kind::EndTrace, trace);
  const auto exploration = current_exploration();
  return exploration == nullptr ? trace : exploration->ended_trace(ctx, trace);
}
