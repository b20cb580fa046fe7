// SPDX-License-Identifier: Apache-2.0
#include "sim/simulate.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/walk.h"
#include "support/statistics.h"
#include "support/try.h"

namespace placewright::sim {
namespace {

constexpr uint64_t kMostTasks = 4'000'000;
constexpr size_t kFewestWindows = 3;
/// A prediction makes a model of each.
constexpr int kMostNodes = 4096;

std::string name_of(const MemoryPlace& place, int nodes) {
  std::string name(to_string(place.kind));
  if (place.gpu >= 0) name += fmt::format(" {}", place.gpu);
  if (nodes > 1) name += fmt::format(" of node {}", place.node);
  return name;
}

std::vector<MovedBetween> by_kind(const Moves& moves, const ModelledMachine& machine) {
  std::map<std::tuple<std::string, std::string, bool, bool>, Moved> sums;
  for (const auto& [between, moved] : moves) {
    const auto [from, to] = between;
    const auto kind = [&](uint64_t memory) {
      return memory == 0 ? std::string() : std::string(to_string(machine.place(memory).kind));
    };
    const bool is_across = from != 0 && machine.place(from).node != machine.place(to).node;
    Moved& sum = sums[{kind(from), kind(to), from == to, is_across}];
    sum.bytes += moved.bytes;
    sum.count += moved.count;
  }
  std::vector<MovedBetween> list;
  for (const auto& [between, moved] : sums) {
    const auto& [from, to, is_local, is_across] = between;
    list.push_back({from, to, is_local, is_across, moved.bytes, moved.count});
  }
  return list;
}

double median_of_later_half(const std::vector<double>& values) {
  return median({values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end()});
}

/// From the end of one pass to that of the next.
std::vector<double> distances(const std::vector<ActivityId>& ends, const Timeline& timeline) {
  std::vector<double> distances;
  for (size_t i = 1; i < ends.size(); ++i)
    distances.push_back(timeline.end(ends[i]) - timeline.end(ends[i - 1]));
  return distances;
}

void read_times(const Walk& walk, const Timeline& timeline, Prediction& prediction) {
  const std::vector<ActivityId>& clocks = walk.clocks();
  const auto time = [&](ActivityId activity) {
    return activity == kNoActivity ? 0 : timeline.end(activity);
  };
  for (size_t i = 1; i < clocks.size(); i += 2)
    prediction.windows_s.push_back(time(clocks[i]) - time(clocks[i - 1]));
  for (ActivityId activity = 0; activity < timeline.size(); ++activity)
    prediction.all_s = std::max(prediction.all_s, timeline.end(activity));
  const std::vector<double> passes = distances(walk.passes(), timeline);
  if (prediction.windows_s.size() >= kFewestWindows) {
    prediction.step_s = median_of_later_half(prediction.windows_s);
  } else if (!passes.empty()) {
    prediction.step_s = median_of_later_half(passes);
  } else {
    prediction.step_s = prediction.all_s;
  }
}

/// The critical path of the passes that the step's time is of, or of everything.
std::vector<Blame> critical_passes(const Walk& walk, const Timeline& timeline, const Labels& labels,
                                   const workload::Recording& recording,
                                   const ModelledMachine& machine) {
  const std::vector<ActivityId>& passes = walk.passes();
  if (passes.size() > 1)
    return critical_path(timeline, labels, recording, machine, passes.back(),
                         timeline.end(passes[(passes.size() - 1) / 2]));
  ActivityId last = kNoActivity;
  for (ActivityId activity = 0; activity < timeline.size(); ++activity)
    if (last == kNoActivity || timeline.end(activity) > timeline.end(last)) last = activity;
  if (last == kNoActivity) return {};
  return critical_path(timeline, labels, recording, machine, last, 0);
}

}  // namespace

struct Simulator::Parts {
  const workload::Recording* recording;
  std::shared_ptr<const MeasuredTasks> measured;
  ModelledMachine machine;
  std::shared_ptr<const Data> data;
  Level level;
};

Simulator::Simulator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;
Simulator::~Simulator() = default;

Result<Simulator> Simulator::make(const workload::Recording& recording,
                                  const machine::MachineDescription& machine,
                                  const Modelling& modelling) {
  const auto level = modelling.level;
  const int nodes = machine.nodes();
  if (nodes > kMostNodes)
    return fail(
        fmt::format("{}: {} nodes; at most {} can be simulated", machine.file, nodes, kMostNodes));
  if (nodes > 1 && level == Level::Driver)
    return fail(fmt::format("{}: {} nodes cannot be simulated as the driver of one node has it",
                            machine.file, nodes),
                "leave the level out, or use `shared`");
  if (const uint64_t tasks = workload::count_points(recording); tasks > kMostTasks)
    return fail(
        fmt::format("the recording has {} tasks; at most {} can be simulated", tasks, kMostTasks),
        "record fewer iterations");
  const bool runtime_cost =
      modelling.runtime_cost.value_or(machine.gpus() == 0 && machine.has_runtime());
  if (runtime_cost && !machine.has_runtime())
    return fail(fmt::format(
        "{}: no section `[runtime]`, so what the runtime's work takes is unknown", machine.file));
  PLACEWRIGHT_TRY(ModelledMachine modelled,
                  model_machine(machine, runtime_cost, machine::RangeEnd::Nominal));
  PLACEWRIGHT_TRY(Data data, Data::cut(recording));
  return Simulator(std::make_unique<Parts>(
      Parts{&recording, std::make_shared<const MeasuredTasks>(recording), std::move(modelled),
            std::make_shared<const Data>(std::move(data)),
            level.value_or(nodes > 1 || machine.gpus() == 0 ? Level::Shared : Level::Driver)}));
}

Result<Simulator> Simulator::at_end(const machine::MachineDescription& machine,
                                    machine::RangeEnd end) const {
  PLACEWRIGHT_TRY(ModelledMachine modelled, model_machine(machine, has_runtime_cost(), end));
  return Simulator(std::make_unique<Parts>(Parts{
      parts_->recording, parts_->measured, std::move(modelled), parts_->data, parts_->level}));
}

Level Simulator::level() const { return parts_->level; }

bool Simulator::has_runtime_cost() const { return parts_->machine.table.runtime.has_value(); }

Bounds Simulator::bounds() const {
  return find_bounds(*parts_->recording, *parts_->data, parts_->machine);
}

const machine::MachineShape& Simulator::shape() const { return parts_->machine.machine.shape(); }

tl::expected<Prediction, decide::Refusal> Simulator::predict(const policy::Rules& rules,
                                                             const Effort& effort) const {
  const auto& [recording, measured, machine, cut, level] = *parts_;
  const Data& data = *cut;
  Timeline timeline;
  timeline.vary(effort.variation.seed, effort.variation.part);
  Loads loads;
  WorkModel model(machine, level, timeline, effort.explains ? &loads : nullptr);
  Instances instances(*recording, data, machine);
  Labels labels(effort.explains);
  Coherence coherence(data, machine, instances, model, timeline, labels);
  Mapping mapping(*recording, data, machine, rules, instances, coherence);
  Walk walk(*recording, mapping, coherence, data, instances, *measured, model, timeline, labels,
            !effort.decides_only);
  if (auto started = mapping.start(); !started) return tl::unexpected(std::move(started).error());
  if (auto walked = walk.run(effort.most_passes); !walked)
    return tl::unexpected(std::move(walked).error());
  Prediction prediction;
  if (!effort.decides_only) {
    timeline.run();
    read_times(walk, timeline, prediction);
  }
  if (effort.explains) {
    prediction.critical = critical_passes(walk, timeline, labels, *recording, machine);
    prediction.loads = loads.all();
    if (effort.observes && !effort.decides_only)
      prediction.observed =
          observe({*recording, data, machine, instances, model, timeline, labels, level});
  }
  prediction.activities = timeline.size();
  prediction.moves = by_kind(coherence.moves(), machine);
  prediction.unmodelled_bytes = coherence.unmodelled_bytes();
  prediction.measured_tasks = walk.measured_tasks();
  const machine::MachineShape& shape = machine.machine.shape();
  for (uint64_t memory = 1; memory <= machine.memories.size(); ++memory) {
    const MemoryPlace& place = machine.place(memory);
    prediction.peaks.push_back(
        {place.kind, name_of(place, shape.node_count()), instances.peak(memory),
         shape.node(place.node).memory_bytes[static_cast<size_t>(place.kind)]});
  }
  return prediction;
}

}  // namespace placewright::sim
