// SPDX-License-Identifier: Apache-2.0
#include "legion/exploration.h"

#include <fmt/core.h>
#include <placewright/virtual_gpu.h>

#include <chrono>
#include <thread>

namespace placewright::legion {
namespace {

/// Traces of the program times mappings that are tried inside them.
constexpr size_t kMostTraces = 1 << 16;
/// Inner tasks whose launches are followed; a program that has more launches no loop from them.
constexpr size_t kMostParents = 64;
/// Steps after which the state of the launches is written down.
constexpr uint64_t kStepsPerAgreement = 64;
/// After so many steps all tasks of a step have been mapped.
constexpr uint64_t kStepsUntilKnown = 8;
constexpr std::chrono::milliseconds kPlanPoll{2};
constexpr std::chrono::seconds kLongestLearning{30};
/// Steps after which a task that was launched by another one counts as a loop.
constexpr uint64_t kStepsOfInner = 16;

double now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

explore::LaunchEvent trace_event(explore::LaunchEvent::Kind kind, Legion::TraceID trace) {
  explore::LaunchEvent event;
  event.kind = kind;
  event.family = event.shape = explore::add_to_hash(static_cast<uint64_t>(kind) + 1, trace);
  return event;
}

}  // namespace

Exploration::Exploration(const std::string& plan, const std::string& log, Session& session,
                         Legion::Runtime* runtime)
    : session_(&session),
      runtime_(runtime),
      generations_(
          session, runtime,
          [this](const std::string& mapping, const auto& refusal) {
            const std::lock_guard lock(mutex_);
            explorer_->failed(mapping, {refusal.id, refusal.message});
          },
          [this](Generation generation) { learn(generation); }) {
  auto opened = explore::PlanFile::open(plan);
  if (!opened) session.refuse({"cannot explore: " + opened.error().message});
  const bool is_alone = session.machine().node_count() == 1;
  if (!is_alone && !opened->is_agreed())
    session.refuse({"cannot explore: several processes need a plan that is complete, or `waits`"});
  auto file = LineFile::create(numbered_path(log, session.process()));
  if (!file) session.refuse({"cannot explore: " + file.error().message});
  log_ = *std::move(file);
  step_task_ = opened->header().step;
  explorer_.emplace(*std::move(opened), is_alone, [this](const std::string& line) { write(line); });
  (void)read_plan();
  session.report_unmodelled(
      [this](const Legion::Task& task, double seconds) { copied(task, seconds); });
  next_trace_ = runtime->generate_library_trace_ids("placewright", kMostTraces);
  end_of_traces_ = next_trace_ + kMostTraces;
}

Exploration::~Exploration() {
  session_->report_unmodelled([](const Legion::Task&, double) {});
  const std::lock_guard lock(mutex_);
  for (const auto& [id, parent] : parents_) {
    if (const explore::Block* block = parent->finder.block(); block != nullptr && id == explored_)
      write(explore::to_line(explore::BlockEnd{block->number, block->steps, block->changes}));
  }
  // The steps in flight at the end of the program are lost: nobody waits for them.
  if (explorer_) explorer_->end_block();
}

void Exploration::write(const std::string& line) {
  if (const auto written = log_->append(line); !written)
    session_->refuse({"cannot explore: " + written.error().message});
}

bool Exploration::separates(Legion::TraceID trace) {
  const std::lock_guard lock(mutex_);
  return separated_.contains(trace);
}

bool Exploration::answers_for(Legion::MapperID mapper) const {
  return mapper == 0 || session_->options().replace_mapper;
}

Exploration::ParentPtr Exploration::parent(Legion::Context ctx) {
  const Legion::Task* task = runtime_->get_local_task(ctx);
  const Legion::UniqueID id = task->get_unique_id();
  const std::lock_guard lock(mutex_);
  const auto known = parents_.find(id);
  if (known != parents_.end()) return known->second;
  if (parents_.size() >= kMostParents)
    std::erase_if(parents_, [&](const auto& each) {
      return each.second->depth > 0 && each.first != explored_;
    });
  auto made = std::make_shared<Parent>(id, task->get_depth(), step_task_);
  made->inherited = made->generation = generation_of(*task);
  parents_.emplace(id, made);
  return made;
}

Generation Exploration::launched(Legion::Context ctx, const explore::LaunchEvent& event,
                                 bool is_bound) {
  const ParentPtr parent = this->parent(ctx);
  if (parent->inherited != 0) return parent->inherited;
  add(*parent, event);
  // Some launches keep the run's own mapping, because they must be mapped together.
  return is_bound ? 0 : parent->generation;
}

void Exploration::kept(const Legion::Task& task, const char* why) {
  const std::string name = task.get_task_name();
  const std::lock_guard lock(mutex_);
  if (kept_.insert(name).second) write(explore::to_line(explore::KeptTask{name, why}));
}

void Exploration::returned(Legion::Context ctx, const Legion::Future& future) {
  const ParentPtr parent = this->parent(ctx);
  if (parent->step && future.exists()) parent->step->end = {future, {}};
}

void Exploration::returned(Legion::Context ctx, const Legion::FutureMap& futures) {
  const ParentPtr parent = this->parent(ctx);
  if (parent->step && futures.exists()) parent->step->end = {{}, futures};
}

void Exploration::add(Parent& parent, const explore::LaunchEvent& event) {
  const bool was_in_block = parent.finder.block() != nullptr;
  const bool begins = parent.finder.add(event);
  const bool is_in_block = parent.finder.block() != nullptr;
  if (!explores(parent)) {
    parent.generation = 0;
    return;
  }
  if (!is_in_block && was_in_block) end_block(parent);
  if (begins) begin_step(parent);
}

/// The outermost parent that repeats something is explored. One that was launched itself must have
/// done so for a while: what its own parent repeats, which is more, may not have been seen yet.
bool Exploration::explores(const Parent& parent) {
  const explore::Block* block = parent.finder.block();
  const std::lock_guard lock(mutex_);
  const bool is_new_block = block != nullptr && block->steps == 0;
  if (explored_ == parent.id) {
    if (is_new_block && explored_block_ != block->number) {
      explored_block_ = block->number;
      write(explore::to_line(*block));
    }
    return true;
  }
  if (block == nullptr || (explored_ != 0 && parent.depth >= explored_depth_)) return false;
  if (parent.depth > 0 && block->steps < kStepsOfInner) return false;
  if (explored_ != 0) explorer_->end_block();
  explored_ = parent.id;
  explored_depth_ = parent.depth;
  explored_block_ = block->number;
  write(explore::to_line(*block));
  return true;
}

void Exploration::begin_step(Parent& parent) {
  const explore::Block& block = *parent.finder.block();
  bool is_over = false;
  {
    const std::lock_guard lock(mutex_);
    is_over = explorer_->is_over();
    if (block.steps % kStepsPerAgreement == 0)
      write(explore::to_line(explore::Agreement{block.number, block.steps, parent.finder.hash()}));
  }
  // Whoever writes the plan needs to know what can be decided.
  if (block.steps == kStepsUntilKnown) session_->recorder().save_workload();
  if (is_over) {
    parent.step.reset();
    parent.in_flight.clear();
    parent.generation = generations_.number(explorer_->last_mapping());
    return;
  }
  if (parent.step) {
    parent.step->windows = virtual_gpu_measured().windows_s;
    parent.in_flight.push_back(*std::move(parent.step));
  }
  parent.step.emplace();
  size_t ahead = 0;
  {
    const std::lock_guard lock(mutex_);
    ahead = static_cast<size_t>(explorer_->ahead());
  }
  wait_for_steps(parent, ahead - 1);
  wait_for_plan(parent);
  std::string mapping;
  {
    const std::lock_guard lock(mutex_);
    mapping = explorer_->begin_step(block.number);
  }
  parent.generation = generations_.number(mapping);
}

void Exploration::end_block(Parent& parent) {
  parent.step.reset();
  wait_for_steps(parent, 0);
  const std::lock_guard lock(mutex_);
  explorer_->end_block();
  parent.generation = 0;
}

void Exploration::wait_for_steps(Parent& parent, size_t most) {
  while (parent.in_flight.size() > most) {
    const Step step = std::move(parent.in_flight.front());
    parent.in_flight.pop_front();
    if (step.end.future.exists()) {
      step.end.future.get_void_result(/*silence_warnings=*/true);
    } else if (step.end.futures.exists()) {
      step.end.futures.wait_all_results(/*silence_warnings=*/true);
    }
    const double time = now();
    const std::lock_guard lock(mutex_);
    explorer_->end_step(time, step.windows);
  }
}

bool Exploration::read_plan() {
  const std::lock_guard reading(reading_);
  std::vector<std::string> fresh;
  Result<void> read;
  bool knows_next = false;
  {
    const std::lock_guard lock(mutex_);
    read = explorer_->read_plan();
    const std::vector<std::string>& named = explorer_->named();
    fresh.assign(named.begin() + static_cast<std::ptrdiff_t>(numbered_), named.end());
    numbered_ = named.size();
    knows_next = explorer_->knows_next();
  }
  if (!read)
    session_->say(fmt::format("the exploration ends, because its plan is unreadable: {}",
                              read.error().message));
  for (const std::string& mapping : fresh) (void)generations_.number(mapping);
  return knows_next;
}

void Exploration::learn(Generation generation) {
  // The plan named it before the task was launched. A shared file system may show that late.
  const auto start = std::chrono::steady_clock::now();
  while (!generations_.knows(generation)) {
    (void)read_plan();
    if (generations_.knows(generation)) return;
    if (std::chrono::steady_clock::now() - start > kLongestLearning)
      session_->refuse({"cannot explore: the processes read different plans"});
    std::this_thread::sleep_for(kPlanPoll);
  }
}

void Exploration::wait_for_plan(Parent& parent) {
  const auto knows_next = [&] {
    const std::lock_guard lock(mutex_);
    return explorer_->knows_next();
  };
  if (knows_next() || read_plan() || !explorer_->header().waits) return;
  // Whoever writes the plan may wait for the steps in flight, which may need this processor.
  wait_for_steps(parent, 0);
  const double start = now();
  while (!read_plan()) std::this_thread::sleep_for(kPlanPoll);
  const double end = now();
  const bool is_window_open = virtual_gpu_measured().readings % 2 == 1;
  const std::lock_guard lock(mutex_);
  explorer_->resumed(end, is_window_open ? end - start : 0);
}

void Exploration::copied(const Legion::Task& task, double seconds) {
  const std::string mapping = generations_.mapping(generation_of(task));
  const std::lock_guard lock(mutex_);
  explorer_->copied(mapping, seconds);
}

Legion::TraceID Exploration::begun_trace(Legion::Context ctx, Legion::TraceID trace) {
  const ParentPtr parent = this->parent(ctx);
  if (parent->inherited == 0)
    add(*parent, trace_event(explore::LaunchEvent::Kind::TraceBegin, trace));
  const Generation generation = parent->generation;
  const std::lock_guard lock(mutex_);
  Legion::TraceID translated = trace;
  if (generation != 0) {
    const auto [known, is_new] = parent->traces.try_emplace({trace, generation}, 0);
    if (is_new) known->second = next_trace_ < end_of_traces_ ? next_trace_++ : trace;
    translated = known->second;
  }
  separated_.insert(translated);
  parent->open_traces.push_back(translated);
  return translated;
}

Legion::TraceID Exploration::ended_trace(Legion::Context ctx, Legion::TraceID trace) {
  const ParentPtr parent = this->parent(ctx);
  if (parent->inherited == 0)
    add(*parent, trace_event(explore::LaunchEvent::Kind::TraceEnd, trace));
  if (parent->open_traces.empty()) return trace;
  const Legion::TraceID translated = parent->open_traces.back();
  parent->open_traces.pop_back();
  return translated;
}

}  // namespace placewright::legion
