// SPDX-License-Identifier: Apache-2.0
#include "legion/host_copies.h"

#include <fmt/core.h>
#include <placewright/machine_table.h>
#include <placewright/virtual_gpu.h>

#include "legion/convert.h"

namespace placewright::legion {
namespace {

using namespace Legion::Mapping::ProfilingMeasurements;
using Realm::RegionInstance;

/// A response says nothing of its request but what it measured, so one more measurement marks those
/// of operations mapped before the program read the clock.
using MappedBeforeFirstReading = OperationTimeline;

/// A run is not timed if these copies would take more than this part of what it measures ...
constexpr double kMostShare = 0.05;
/// ... and from here on it says so.
constexpr double kNotedShare = 0.01;
constexpr const char* kNotModelled = "virtual GPUs do not model copies that a CPU makes";

/// The memory of the first instance, if a CPU reads and writes it.
std::optional<machine::MemoryKind> host_memory(const std::vector<RegionInstance>& instances) {
  if (instances.empty()) return std::nullopt;
  const auto kind = from_legion(instances.front().get_location().kind());
  const bool is_host = kind && machine::can_address(machine::ProcessorKind::Cpu, *kind);
  return is_host ? kind : std::nullopt;
}

bool crosses_nodes(const OperationCopyInfo::InstInfo& info) {
  return !info.src_insts.empty() && !info.dst_insts.empty() &&
         info.src_insts.front().address_space() != info.dst_insts.front().address_space();
}

}  // namespace

HostCopies::HostCopies(bool wanted) {
  if (!wanted || virtual_gpu_count() == 0) return;
  const MachineTableResult machine = machine_table_from_environment();
  if (!machine.table) return;
  bandwidth_ = machine.table->host_memory_bandwidth;
  time_scale_ = machine.table->time_scale;
}

void HostCopies::watch(Request& request) const {
  if (!is_watching()) return;
  const std::uint64_t readings = virtual_gpu_measured().readings;
  if (readings > 0 && readings % 2 == 0) return;
  request.add_measurement<OperationCopyInfo>();
  request.add_measurement<OperationMemoryUsage>();
  if (readings == 0) request.add_measurement<MappedBeforeFirstReading>();
}

double HostCopies::seconds(const Kind& kind, uint64_t bytes) const {
  // Each byte of a fill is written, of a copy also read, of a reduction read once more.
  return (1.0 + static_cast<int>(kind.work)) * static_cast<double>(bytes) / bandwidth_;
}

double HostCopies::finished(const Response& response) {
  OperationCopyInfo copies;
  OperationMemoryUsage usage;
  if (!response.get_measurement(copies) || !response.get_measurement(usage)) return 0;
  double all = 0;
  const bool is_early = response.has_measurement<MappedBeforeFirstReading>();
  for (const OperationCopyInfo::InstInfo& info : copies.inst_info) {
    const auto target = host_memory(info.dst_insts);
    if (!target || crosses_nodes(info)) continue;
    Kind kind{Work::Fill, *target, *target};
    if (info.request_type != OperationCopyInfo::FILL) {
      const auto source = host_memory(info.src_insts);
      const bool reduces = info.request_type == OperationCopyInfo::REDUCE;
      // Copies from a frame buffer are the GPU's; what they bring is folded by a CPU.
      if (!source && !reduces) continue;
      kind = {reduces ? Work::Reduction : Work::Copy, source.value_or(machine::MemoryKind::FbMem),
              *target};
    }
    const uint64_t bytes = usage.size / copies.inst_info.size();
    all += seconds(kind, bytes) * time_scale_;
    const std::lock_guard lock(mutex_);
    Total& total = (is_early ? early_ : measured_)[kind];
    ++total.count;
    total.bytes += bytes;
  }
  return all;
}

std::string HostCopies::describe(const Kind& kind, const Total& total) {
  switch (kind.work) {
    case Work::Fill:
      return fmt::format("{} fills of {} ({} bytes)", total.count, to_string(kind.target),
                         total.bytes);
    case Work::Copy:
      return fmt::format("{} copies from {} to {} ({} bytes)", total.count, to_string(kind.source),
                         to_string(kind.target), total.bytes);
    case Work::Reduction:
      break;
  }
  return fmt::format("{} reductions from {} into {} ({} bytes)", total.count,
                     to_string(kind.source), to_string(kind.target), total.bytes);
}

HostCopies::Verdict HostCopies::verdict() const {
  const std::lock_guard lock(mutex_);
  const VirtualGpuMeasured measured = virtual_gpu_measured();
  const bool has_window = measured.windows_s > 0;
  Totals totals = measured_;
  if (!has_window) {
    for (const auto& [kind, total] : early_) {
      totals[kind].count += total.count;
      totals[kind].bytes += total.bytes;
    }
  }
  double seconds = 0;
  std::string list;
  for (const auto& [kind, total] : totals) {
    seconds += this->seconds(kind, total.bytes);
    list += (list.empty() ? "" : ", ") + describe(kind, total);
  }
  const std::chrono::duration<double> run = Clock::now() - start_;
  const double measured_s = (has_window ? measured.windows_s : run.count()) / time_scale_;
  if (seconds < kNotedShare * measured_s) return {};
  const std::string share = fmt::format("{:.2g} s of the {:.2g} s that {}", seconds, measured_s,
                                        has_window ? "the program measured" : "the program ran");
  if (seconds < kMostShare * measured_s) {
    return {std::nullopt,
            fmt::format("{}; here they would add at least {}: {}", kNotModelled, share, list)};
  }
  decide::Refusal refusal;
  refusal.message = fmt::format("this run cannot be timed: {}, and these would add at least {}: {}",
                                kNotModelled, share, list);
  refusal.help =
      "keep the data in one memory that all its tasks can address (ZCMEM), or between frame "
      "buffers "
      "and one host memory; --correctness runs any mapping";
  refusal.id = "unmodelled-copies";
  return {std::move(refusal), ""};
}

}  // namespace placewright::legion
