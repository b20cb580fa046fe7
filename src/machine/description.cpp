// SPDX-License-Identifier: Apache-2.0
#include "machine/description.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "support/check.h"
#include "support/source.h"

namespace placewright::machine {
namespace {

constexpr std::string_view kFasterWhenLarge[] = {"peak", "efficiency", "bandwidth", "lanes",
                                                 "utility_processors"};

/// Larger peaks, efficiencies, bandwidths, lane and processor counts make a machine faster; larger
/// times, sector sizes and factors make it slower.
bool is_faster_when_large(std::string_view key) {
  for (const std::string_view word : kFasterWhenLarge) {
    if (key.find(word) != std::string_view::npos) return true;
  }
  return false;
}

double at_end(const MachineDescription& machine, std::string_view key, RangeEnd end) {
  const Quantity& quantity = machine.quantity(key);
  if (end == RangeEnd::Nominal) return quantity.value;
  return is_faster_when_large(key) == (end == RangeEnd::Fast) ? quantity.max : quantity.min;
}

/// `<what>_peak` times `<what>_efficiency`.
double reached(const MachineDescription& machine, const std::string& what, RangeEnd end) {
  return at_end(machine, what + "_peak", end) * at_end(machine, what + "_efficiency", end);
}

class Table {
 public:
  void add(std::string_view key, double value) { text_ += fmt::format("{} {:.17g}\n", key, value); }
  void comment(std::string_view line) { text_ += fmt::format("# {}\n", line); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_gpus(const MachineDescription& machine, RangeEnd end, Table& table) {
  table.add("gpu.count", machine.gpus());
  // The device has more than Legion manages: Realm's own buffers take space beside the frame
  // buffer.
  table.add("gpu.frame_buffer_bytes", machine.quantity("gpu.memory").value);
  table.add("gpu.memory_bandwidth", reached(machine, "gpu.memory_bandwidth", end));
  table.add("gpu.fp32_flops", reached(machine, "gpu.fp32", end));
  table.add("gpu.fp64_flops", reached(machine, "gpu.fp64", end));
  table.add("gpu.kernel_launch_s", at_end(machine, "gpu.kernel_launch", end));
  table.add("gpu.sector_bytes", at_end(machine, "gpu.sector", end));
  table.add("gpu.lanes", at_end(machine, "gpu.lanes", end));
  table.add("gpu.atomic_bus_factor", at_end(machine, "gpu.atomic_bus_factor", end));
  const double bus = reached(machine, "bus.bandwidth", end);
  table.add("bus.bandwidth_to_device", bus);
  table.add("bus.bandwidth_to_host", bus);
  table.add("bus.latency_s", at_end(machine, "bus.latency", end));
  for (size_t gpu = 0; gpu < machine.bus_groups.size(); ++gpu) {
    table.add(fmt::format("bus.group.{}", gpu), machine.bus_groups[gpu]);
  }
  table.add("zero_copy.bytes", static_cast<double>(machine.zero_copy_bytes()));
  table.add("peer.bandwidth", reached(machine, "peer.bandwidth", end));
  table.add("peer.latency_s", at_end(machine, "peer.latency", end));
}

double at_end(const AccessPoint& point, RangeEnd end) {
  if (end == RangeEnd::Nominal) return point.value;
  return end == RangeEnd::Fast ? point.max : point.min;
}

void add_access(const MachineDescription& machine, RangeEnd end, Table& table) {
  for (const auto& [place, access] : machine.access) {
    for (const auto& [pattern, curve] : access.curves) {
      for (const AccessPoint& point : curve.points)
        table.add(fmt::format("access.{}.{}.{:.0f}", place, pattern, point.footprint),
                  at_end(point, end));
    }
    const HotLine& line = access.hot_line;
    if (line.source.empty()) continue;
    table.add(fmt::format("access.{}.hot_line_s", place), end == RangeEnd::Nominal ? line.value
                                                          : end == RangeEnd::Fast  ? line.min
                                                                                   : line.max);
  }
}

void add_sockets(const MachineDescription& machine, RangeEnd end, Table& table) {
  table.add("sockets.count", machine.sockets());
  table.add("sockets.link_bandwidth", reached(machine, "sockets.link_bandwidth", end));
  for (size_t gpu = 0; gpu < machine.gpu_sockets.size(); ++gpu)
    table.add(fmt::format("sockets.gpu.{}", gpu), machine.gpu_sockets[gpu]);
}

void add_runtime(const MachineDescription& machine, RangeEnd end, Table& table) {
  table.add("runtime.utility_processors", at_end(machine, "runtime.utility_processors", end));
  for (const std::string_view work :
       {"task", "argument", "copy", "instance", "captured_task", "captured_argument",
        "replayed_task", "replayed_argument", "replayed_copy"}) {
    table.add(fmt::format("runtime.{}_s", work),
              at_end(machine, fmt::format("runtime.{}", work), end));
  }
}

/// The reader of the table requires every number; without GPUs these are never used.
void add_no_gpus(Table& table) {
  table.comment("no GPUs: what follows up to zero_copy.bytes is not used");
  for (const std::string_view key :
       {"gpu.frame_buffer_bytes", "gpu.memory_bandwidth", "gpu.fp32_flops", "gpu.fp64_flops",
        "gpu.kernel_launch_s", "gpu.sector_bytes", "gpu.atomic_bus_factor",
        "bus.bandwidth_to_device", "bus.bandwidth_to_host", "bus.latency_s", "peer.bandwidth",
        "peer.latency_s"}) {
    table.add(key, 1);
  }
  table.add("gpu.count", 0);
  table.add("zero_copy.bytes", 0);
}

}  // namespace

const Quantity& MachineDescription::quantity(std::string_view key) const {
  static const Quantity kNone;
  const auto found = quantities.find(key);
  return found == quantities.end() ? kNone : found->second;
}

int MachineDescription::count(std::string_view key) const {
  return static_cast<int>(quantity(key).value);
}

uint64_t MachineDescription::bytes(std::string_view key) const {
  return static_cast<uint64_t>(quantity(key).value);
}

MachineShape machine_shape(const MachineDescription& machine) {
  NodeShape node;
  const auto memory = [&](MemoryKind kind) -> uint64_t& {
    return node.memory_bytes[static_cast<size_t>(kind)];
  };
  node.processors[static_cast<size_t>(ProcessorKind::Cpu)] = machine.cpu_processors();
  node.processors[static_cast<size_t>(ProcessorKind::Gpu)] = machine.gpus();
  memory(MemoryKind::SysMem) = machine.system_memory_bytes();
  memory(MemoryKind::FbMem) = machine.frame_buffer_bytes();
  memory(MemoryKind::ZcMem) = machine.zero_copy_bytes();
  return MachineShape(std::vector<NodeShape>(static_cast<size_t>(machine.nodes()), node));
}

std::string flat_machine_table(const MachineDescription& machine, const TableSettings& settings) {
  PLACEWRIGHT_CHECK(settings.time_scale >= 0);
  const RangeEnd end = settings.end;
  Table table;
  table.comment(fmt::format("{}: one node of {}", machine.file, machine.name));
  table.add("time_scale", settings.time_scale == 0 ? machine.time_scale() : settings.time_scale);
  table.add("move_bytes", settings.move_bytes ? 1 : 0);
  if (machine.gpus() > 0) {
    add_gpus(machine, end, table);
  } else {
    add_no_gpus(table);
  }
  if (machine.has_network()) {
    table.add("network.bandwidth", reached(machine, "network.bandwidth", end));
    table.add("network.latency_s", at_end(machine, "network.latency", end));
  }
  table.add("host.memory_bandwidth", reached(machine, "host.memory_bandwidth", end));
  table.add("cpu.count", machine.cpu_processors());
  table.add("cpu.fp32_flops", reached(machine, "cpu.fp32", end));
  table.add("cpu.fp64_flops", reached(machine, "cpu.fp64", end));
  table.add("cpu.memory_bandwidth", at_end(machine, "cpu.memory_bandwidth", end));
  table.add("cpu.sector_bytes", at_end(machine, "cpu.sector", end));
  table.add("cpu.task_launch_s", at_end(machine, "cpu.task_launch", end));
  if (machine.sockets() > 1) add_sockets(machine, end, table);
  add_access(machine, end, table);
  if (settings.runtime_cost) add_runtime(machine, end, table);
  return table.text();
}

std::vector<std::string> machine_notes(const MachineDescription& machine) {
  std::vector<std::string_view> without_rates, without_hot_lines;
  for (const std::string_view place : kAccessPlaces) {
    if (machine.gpus() == 0 && place.starts_with("gpu.")) continue;
    const auto known = machine.access.find(std::string(place));
    const bool is_known = known != machine.access.end();
    if (!is_known || known->second.curves.empty()) without_rates.push_back(place);
    if (!is_known || known->second.hot_line.source.empty()) without_hot_lines.push_back(place);
  }
  std::vector<std::string> notes;
  if (!without_rates.empty()) {
    notes.push_back(fmt::format(
        "`{}` has no measured rates of access ([access.PLACE]) for {}: those of irregular and "
        "atomic accesses follow from bandwidths and sectors, whatever the footprint",
        machine.name, fmt::join(without_rates, ", ")));
  }
  if (!without_hot_lines.empty()) {
    notes.push_back(
        fmt::format("`{}` has no `hot_line` for {}: atomics on one line cost no more than on many",
                    machine.name, fmt::join(without_hot_lines, ", ")));
  }
  return notes;
}

Result<MachineDescription> read_machine_file(const std::string& path) {
  const Result<SourceFile> file = SourceFile::read(path);
  if (!file) return tl::unexpected(file.error());
  return parse_machine(file->text(), file->name());
}

}  // namespace placewright::machine
