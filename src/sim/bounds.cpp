// SPDX-License-Identifier: Apache-2.0
#include "sim/bounds.h"

#include <placewright/task_cost.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sim/program_order.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using machine::ProcessorKind;

/// A weighted mean of two loads is at most the larger one. So many weights are tried.
constexpr int kWeights = 64;

/// What is certain about one task, wherever it runs.
struct LeastWork {
  double seconds = 0;
  /// Seconds of a whole processor; infinite: it cannot run there.
  double gpu_s = std::numeric_limits<double>::infinity();
  double cpu_s = std::numeric_limits<double>::infinity();
};

LeastWork least_work(const TaskCost& cost, const std::vector<ProcessorKind>& variants,
                     const ModelledMachine& machine) {
  LeastWork work;
  const auto can_run = [&](ProcessorKind kind) {
    return std::ranges::find(variants, kind) != variants.end() && machine.machine.shape().has(kind);
  };
  double seconds = std::numeric_limits<double>::infinity();
  if (can_run(ProcessorKind::Gpu)) {
    const double gpu_s = least_gpu_s(cost, machine.table);
    work.gpu_s = gpu_s * modelled_gpu_time(cost, {}, machine.table).share;
    seconds = gpu_s;
  }
  if (can_run(ProcessorKind::Cpu)) {
    work.cpu_s = modelled_cpu_time(cost, {}, machine.table).alone_s();
    seconds = std::min(seconds, work.cpu_s);
  }
  if (seconds < std::numeric_limits<double>::infinity()) work.seconds = seconds;
  return work;
}

class Chain final : public ProgramOrder {
 public:
  Chain(const workload::Recording& recording, const Data& data, const ModelledMachine& machine,
        Timeline& timeline)
      : ProgramOrder(recording, timeline),
        data_(&data),
        machine_(&machine),
        writers_(data.cells().size()) {}

  [[nodiscard]] double work_s() const;

 private:
  [[nodiscard]] Outcome launch(Cursor& cursor, const workload::Launch& launch) override;
  /// Nobody needs what was written before.
  void fill(const Cursor&, uint32_t requirement) override {
    for (const uint32_t cell : data_->used_by(requirement)) writers_[cell].clear();
  }
  [[nodiscard]] const LeastWork& work_of(const workload::Launch& launch, uint32_t cost);
  void wait_for_data(const workload::PointTask& task, std::vector<ActivityId>& after) const;
  void note_writes(const workload::PointTask& task, ActivityId activity);

  const Data* data_;
  const ModelledMachine* machine_;
  std::vector<std::vector<ActivityId>> writers_;  ///< By cell: whose data a reader needs.
  struct Counted {
    LeastWork work;
    double count = 0;
  };
  std::map<std::pair<std::string, uint32_t>, Counted> works_;  ///< By task and cost.
};

const LeastWork& Chain::work_of(const workload::Launch& launch, uint32_t cost) {
  const auto [known, is_new] = works_.try_emplace({launch.task, cost});
  if (is_new) {
    const auto& tasks = recording().workload.tasks;
    const auto task = std::ranges::find(tasks, launch.task, &workload::WorkloadTask::name);
    if (task != tasks.end())
      known->second.work = least_work(recording().costs[cost], task->variants, *machine_);
  }
  known->second.count += 1;
  return known->second.work;
}

void Chain::wait_for_data(const workload::PointTask& task, std::vector<ActivityId>& after) const {
  for (const uint32_t number : recording().argument_lists[task.arguments]) {
    const Privilege privilege = recording().requirements[number].privilege;
    if (privilege != Privilege::ReadOnly && privilege != Privilege::ReadWrite) continue;
    for (const uint32_t cell : data_->used_by(number))
      after.insert(after.end(), writers_[cell].begin(), writers_[cell].end());
  }
}

void Chain::note_writes(const workload::PointTask& task, ActivityId activity) {
  for (const uint32_t number : recording().argument_lists[task.arguments]) {
    const Privilege privilege = recording().requirements[number].privilege;
    for (const uint32_t cell : data_->used_by(number)) {
      // Folds of several tasks are put together by whoever reads.
      if (privilege == Privilege::Reduce) writers_[cell].push_back(activity);
      if (machine::writes(privilege)) writers_[cell] = {activity};
    }
  }
}

tl::expected<void, decide::Refusal> Chain::launch(Cursor& cursor, const workload::Launch& launch) {
  std::vector<ActivityId> ends;
  std::vector<Cursor> nested;
  for (const workload::PointTask& task : launch.points) {
    std::vector<ActivityId> after = results(cursor, launch);
    wait_for_data(task, after);
    Work work;
    if (task.cost) work.duration_s = work_of(launch, *task.cost).seconds;
    const ActivityId activity = timeline().add(work, std::move(after));
    note_writes(task, activity);
    ends.push_back(activity);
    if (task.program) nested.push_back({*task.program, std::nullopt, activity});
  }
  auto nested_ends = run_together(std::move(nested));
  if (!nested_ends) return tl::unexpected(std::move(nested_ends).error());
  ends.insert(ends.end(), nested_ends->begin(), nested_ends->end());
  launched(cursor, std::move(ends));
  return {};
}

/// The least T with x of each task on GPUs and the rest on CPUs, neither of which is busy for longer.
/// T is at least any weighted mean of both loads, and each task adds at least the smaller of its parts.
double Chain::work_s() const {
  const machine::MachineShape& shape = machine_->machine.shape();
  const auto gpus = static_cast<double>(shape.processors(ProcessorKind::Gpu));
  const auto cpus = static_cast<double>(shape.processors(ProcessorKind::Cpu));
  double best = 0;
  for (int i = 0; i <= kWeights; ++i) {
    const double weight = static_cast<double>(i) / kWeights;
    double sum = 0;
    for (const auto& [name, counted] : works_) {
      const LeastWork& work = counted.work;
      const bool on_gpus = work.gpu_s < std::numeric_limits<double>::infinity();
      const bool on_cpus = work.cpu_s < std::numeric_limits<double>::infinity();
      double least = on_gpus || on_cpus ? std::numeric_limits<double>::infinity() : 0;
      if (on_gpus) least = std::min(least, weight * work.gpu_s / gpus);
      if (on_cpus) least = std::min(least, (1 - weight) * work.cpu_s / cpus);
      sum += counted.count * least;
    }
    best = std::max(best, sum);
  }
  return best;
}

}  // namespace

/// As work_s() of all tasks, for the memories of one: any weighted mean of the frame buffer's time and of
/// both directions of the bus is at most the longest of them.
double least_gpu_s(const TaskCost& cost, const MachineTable& machine) {
  TaskCost compute = cost;
  compute.arguments.clear();
  GpuTime least = modelled_gpu_time(compute, {}, machine);
  struct Times {
    double frame_buffer_s;
    double bus_s;  ///< The mean of both directions.
  };
  std::vector<Times> arguments;
  for (const ArgumentCost& argument : cost.arguments) {
    TaskCost alone;
    alone.arguments = {argument};
    std::vector<ArgumentPlace> places(argument.requirement + 1, {ModelledMemory::FrameBuffer});
    const GpuTime near = modelled_gpu_time(alone, places, machine);
    places.back().memory = ModelledMemory::ZeroCopy;
    const GpuTime far = modelled_gpu_time(alone, places, machine);
    arguments.push_back({near.frame_buffer_s, (far.to_device_s + far.to_host_s) / 2});
    least.hottest_line_s =
        std::max(least.hottest_line_s, std::min(near.hottest_line_s, far.hottest_line_s));
  }
  for (int i = 0; i <= kWeights; ++i) {
    const double weight = static_cast<double>(i) / kWeights;
    double sum = 0;
    for (const Times& each : arguments)
      sum += std::min(weight * each.frame_buffer_s, (1 - weight) * each.bus_s);
    least.frame_buffer_s = std::max(least.frame_buffer_s, sum);
  }
  return least.alone_s();
}

Bounds find_bounds(const workload::Recording& recording, const Data& data,
                   const ModelledMachine& machine) {
  Timeline timeline;
  Chain chain(recording, data, machine, timeline);
  // Its launches refuse nothing.
  (void)chain.run(/*most_passes=*/0);
  timeline.run();
  Bounds bounds;
  bounds.work_s = chain.work_s();
  for (ActivityId activity = 0; activity < timeline.size(); ++activity)
    bounds.chain_s = std::max(bounds.chain_s, timeline.end(activity));
  return bounds;
}

}  // namespace placewright::sim
