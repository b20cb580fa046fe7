// SPDX-License-Identifier: Apache-2.0
#include "legion/recorder.h"

#include <algorithm>

#include "support/files.h"
#include "support/json.h"

namespace placewright::legion {
namespace {

nlohmann::json reason_json(const decide::ReasonText& reason) {
  nlohmann::json result = nlohmann::json::object();
  if (!reason.rule.empty()) result["rule"] = reason.rule;
  if (!reason.note.empty()) result["note"] = reason.note;
  return result;
}

nlohmann::json argument_json(const MappedArgument& argument) {
  nlohmann::json result = {{"memory", to_string(argument.memory)}};
  if (argument.order) {
    result["layout"] = to_string(argument.order->fields);
    result["order"] = to_string(argument.order->dimensions);
    result["instance_bytes"] = argument.instance_bytes;
    if (argument.alignment > 0) result["alignment"] = argument.alignment;
    if (argument.address > 0) result["address"] = argument.address;
  }
  if (argument.compact) result["compact"] = true;
  if (argument.reduction) result["reduction"] = true;
  if (argument.collects) result["collects"] = true;
  result["memory_reason"] = reason_json(argument.memory_reason);
  if (argument.order) result["layout_reason"] = reason_json(argument.layout_reason);
  return result;
}

}  // namespace

Recorder::Recorder(const std::string& decisions, const std::string& workload,
                   const MachineView& machine, int process, const StatusFile& status)
    : machine_(&machine), status_(&status) {
  if (!decisions.empty()) {
    Result<LineFile> file = LineFile::create(numbered_path(decisions, process));
    if (!file) end_run(status, {file.error().message});
    decisions_ = std::move(*file);
  }
  if (!workload.empty()) workload_path_ = numbered_path(workload, process);
}

Recorder::~Recorder() {
  if (wants_workload()) write_workload();
}

void Recorder::mapped(MappedTask task) {
  const std::lock_guard lock(mutex_);
  task.in_flight = ++counts_[{task.name, task.target}];
  in_flight_[task.id] = std::move(task);
}

void Recorder::ran(Legion::UniqueID id, Legion::Processor processor,
                   const std::map<unsigned, bool>& kept) {
  const std::lock_guard lock(mutex_);
  const auto found = in_flight_.find(id);
  if (found == in_flight_.end()) return;
  const MappedTask& task = found->second;
  nlohmann::json line = {{"task", task.name},         {"variant", task.variant},
                         {"depth", task.depth},       {"choices", task.choices},
                         {"priority", task.priority}, {"in_flight", task.in_flight}};
  if (task.point.get_dim() > 0) {
    std::vector<int64_t> point;
    for (int d = 0; d < task.point.get_dim(); ++d) point.push_back(task.point[d]);
    line["point"] = point;
    line["domain"] = task.domain.to_string();
  }
  if (task.is_shard) line["shard"] = true;
  if (const auto place = machine_->place(processor)) {
    line["kind"] = to_string(place->kind);
    line["node"] = place->node;
    line["processor"] = place->ordinal;
  }
  line["kind_reason"] = reason_json(task.kind_reason);
  line["place_reason"] = reason_json(task.place_reason);
  line["arguments"] = nlohmann::json::array();
  for (const MappedArgument& argument : task.arguments)
    line["arguments"].push_back(argument_json(argument));
  for (const auto& [index, is_kept] : kept) line["arguments"][index]["kept"] = is_kept;
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (const auto written = decisions_->append(text + "\n"); !written)
    end_run(*status_, {written.error().message});
  --counts_[{task.name, task.target}];
  in_flight_.erase(found);
}

workload::WorkloadTask& Recorder::task(const std::string& name) {
  workload::WorkloadTask& result = tasks_[name];
  result.name = name;
  return result;
}

void Recorder::launched(const std::string& name,
                        const std::vector<machine::ProcessorKind>& variants, bool inner,
                        const workload::WorkloadLaunch& launch) {
  const std::lock_guard lock(mutex_);
  workload::WorkloadTask& entry = task(name);
  entry.variants = variants;
  entry.inner = inner;
  const auto same = std::ranges::find_if(
      entry.launches,
      [&](const workload::WorkloadLaunch& other) { return same_launch(launch, other); });
  if (same == entry.launches.end()) {
    entry.launches.push_back(launch);
  } else {
    ++same->count;
  }
}

void Recorder::saw_argument(const std::string& name, size_t index,
                            const workload::WorkloadArgument& argument) {
  const std::lock_guard lock(mutex_);
  workload::WorkloadTask& entry = task(name);
  if (entry.arguments.size() <= index) entry.arguments.resize(index + 1);
  workload::WorkloadArgument& known = entry.arguments[index];
  const uint64_t bytes = std::max(known.bytes, argument.bytes);
  if (known.names.empty()) known.names = argument.names;
  known.privilege = argument.privilege;
  known.dim = argument.dim;
  known.fields = std::max(known.fields, argument.fields);
  known.bytes = bytes;
  if (known.demands.empty()) known.demands = argument.demands;
}

void Recorder::save_workload() {
  if (!wants_workload()) return;
  const std::lock_guard lock(mutex_);
  write_workload();
}

workload::Workload Recorder::workload() {
  const std::lock_guard lock(mutex_);
  return collected();
}

workload::Workload Recorder::collected() const {
  workload::Workload workload{machine_->shape(), {}};
  // Those that were seen only as points that another process launched are here too; their launch is
  // in that process's file.
  for (const auto& [name, entry] : tasks_) workload.tasks.push_back(entry);
  return workload;
}

void Recorder::write_workload() {
  if (const auto written = write_file(workload_path_, to_json(collected())); !written)
    end_run(*status_, {written.error().message});
}

}  // namespace placewright::legion
