// SPDX-License-Identifier: Apache-2.0
#include "discover/discover.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "discover/host_facts.h"
#include "discover/measure.h"
#include "support/json.h"
#include "support/try.h"

namespace placewright::discover {
namespace {

/// Arrays must be larger than the caches, and fit into the memory of a small machine.
constexpr uint64_t kLeastBytes = uint64_t{64} << 20;
constexpr uint64_t kMostBytes = uint64_t{1} << 30;
constexpr uint64_t kCaches = 4;
/// What the presets give to Legion.
constexpr double kMemoryShare = 0.6;
constexpr double kMebi = 1 << 20;

std::string range(const Spread& spread, double unit) {
  return fmt::format("value = {:.4g}, min = {:.4g}, max = {:.4g}", spread.median / unit,
                     std::min(spread.least, spread.median) / unit,
                     std::max(spread.most, spread.median) / unit);
}

std::string heading(const std::string& name, const HostFacts& host) {
  std::string text = fmt::format(
      "# {}: {} cores{}, as `placewright machine discover` found it.\n"
      "# What was measured has the range of {} repetitions; what is assumed says so.\n",
      name, host.cores, host.processor.empty() ? "" : " of " + host.processor, 7);
  if (host.packages > 1)
    text +=
        fmt::format("# It has {} sockets, whose link was not measured: [sockets] is left out.\n",
                    host.packages);
  if (!host.gpus.empty())
    text += fmt::format(
        "# GPUs that are not described: {}. A built-in machine has sections for them\n"
        "# (`placewright machine show NAME`).\n",
        fmt::join(host.gpus, ", "));
  return text;
}

std::string shape(const HostFacts& host) {
  const int processors = std::max(1, host.cores - 1);
  return fmt::format(
      "[run]\ntime_scale = {{value = 1, source = \"real processors\"}}\n\n"
      "[shape]\nnodes = {{value = 1, source = \"this machine\"}}\n"
      "gpus = {{value = 0, source = \"see above\"}}\n"
      "cpu_processors = {{value = {}, source = \"{} cores, one of which is left to the runtime if "
      "there are several\"}}\n"
      "cores = {{value = {}, source = \"this machine: tasks, the runtime and its copies share "
      "them\"}}\n\n",
      processors, host.cores, host.cores);
}

std::string memory(const HostFacts& host, const Spread& all) {
  return fmt::format(
      "[host]\nmemory = {{value = {:.0f}, unit = \"MiB\", source = \"assumed: six tenths of the "
      "machine's {:.0f} MiB\"}}\n"
      "memory_bandwidth_peak = {{{}, unit = \"GB/s\", source = \"measured: STREAM triad on {} "
      "cores\"}}\n"
      "memory_bandwidth_efficiency = {{value = 1, source = \"the peak is what was measured\"}}\n\n",
      kMemoryShare * static_cast<double>(host.memory_bytes) / kMebi,
      static_cast<double>(host.memory_bytes) / kMebi, range(all, 1e9), host.cores);
}

std::string efficiency(const char* kind) {
  return fmt::format(
      "{}_efficiency = {{value = 0.25, min = 0.0625, max = 0.9, source = \"assumed: what compiled "
      "code reaches; `placewright machine calibrate` finds it out\"}}\n",
      kind);
}

std::string peak(const char* kind, const Spread& rate) {
  return fmt::format(
      "{}_peak = {{{}, unit = \"GFLOP/s\", source = \"measured: multiply-adds in registers on one "
      "core\"}}\n",
      kind, range(rate, 1e9));
}

std::string cpu(const HostFacts& host, const Spread& one) {
  return "[cpu]\n" + peak("fp32", fp32_rate()) + efficiency("fp32") + peak("fp64", fp64_rate()) +
         efficiency("fp64") +
         fmt::format(
             "memory_bandwidth = {{{}, unit = \"GB/s\", source = \"measured: STREAM triad on one "
             "core\"}}\n"
             "sector = {{value = {}, unit = \"B\", source = \"cache line\"}}\n"
             "task_launch = {{{}, unit = \"us\", source = \"measured: waking a thread\"}}\n",
             range(one, 1e9), host.line_bytes, range(wake_time(), 1e-6));
}

/// No Legion program runs here, so these are those of another machine.
constexpr std::string_view kRuntime = R"(
[runtime]
utility_processors = {value = 1, source = "Realm's default"}
task = {value = 11, min = 5, max = 66, unit = "us", source = "assumed: as empty tasks on two cores of an AMD EPYC; other hosts need up to 66"}
argument = {value = 2.5, min = 1.5, max = 10, unit = "us", source = "assumed: as on two cores of an AMD EPYC; range"}
copy = {value = 5, min = 1, max = 20, unit = "us", source = "assumed: no measurement"}
instance = {value = 20, min = 5, max = 100, unit = "us", source = "assumed: no measurement"}
captured_task = {value = 22, min = 10, max = 132, unit = "us", source = "assumed: twice a task outside of traces"}
captured_argument = {value = 5, min = 3, max = 20, unit = "us", source = "assumed: twice an argument outside of traces"}
replayed_task = {value = 10, min = 5, max = 66, unit = "us", source = "assumed: as on two cores of an AMD EPYC; range"}
replayed_argument = {value = 0.5, min = 0.2, max = 5, unit = "us", source = "assumed: as on two cores of an AMD EPYC; range"}
replayed_copy = {value = 2, min = 0.5, max = 10, unit = "us", source = "assumed: no measurement"}
)";

}  // namespace

Result<std::string> discover_machine(const std::string& name) {
  PLACEWRIGHT_TRY(HostFacts host, read_host());
  // It stands in a comment.
  std::erase_if(host.processor, [](unsigned char each) { return each < ' ' || each == 0x7f; });
  const uint64_t bytes =
      std::clamp(kCaches * host.cache_bytes, kLeastBytes,
                 std::min(kMostBytes, std::max(kLeastBytes, host.memory_bytes / 8)));
  const Spread one = memory_bandwidth(1, bytes);
  Spread all = one;
  if (host.cores > 1) all = memory_bandwidth(host.cores, bytes / static_cast<uint64_t>(host.cores));
  return heading(name, host) + fmt::format("\nname = {}\n\n", nlohmann::json(name).dump()) +
         shape(host) + memory(host, all) + cpu(host, one) + std::string(kRuntime);
}

}  // namespace placewright::discover
