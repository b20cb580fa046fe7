// SPDX-License-Identifier: Apache-2.0
// What a machine file can say: its keys, their units and their limits.
#pragma once

#include <cstdint>
#include <string_view>

#include "machine/description.h"

namespace placewright::machine {

enum class Dimension { Count, Ratio, Factor, Bytes, Seconds, BytesPerSecond, FlopsPerSecond };

/// What a key describes, which decides whether a machine must have it.
enum class About {
  Node,     ///< Every machine.
  Gpus,     ///< Required with GPUs, forbidden without.
  Network,  ///< All or none; required for several nodes.
  Runtime,  ///< All or none, as Sockets.
  Sockets,
  Optional,  ///< Each for itself.
};

struct Key {
  std::string_view name;
  Dimension dimension;
  About about = About::Node;
};
inline constexpr Key kKeys[] = {
    {"run.time_scale", Dimension::Factor},
    {"shape.nodes", Dimension::Count},
    {"shape.cpu_processors", Dimension::Count},
    {"shape.gpus", Dimension::Count},
    {"shape.cores", Dimension::Count, About::Optional},
    {"gpu.memory", Dimension::Bytes, About::Gpus},
    {"gpu.frame_buffer", Dimension::Bytes, About::Gpus},
    {"gpu.memory_bandwidth_peak", Dimension::BytesPerSecond, About::Gpus},
    {"gpu.memory_bandwidth_efficiency", Dimension::Ratio, About::Gpus},
    {"gpu.fp32_peak", Dimension::FlopsPerSecond, About::Gpus},
    {"gpu.fp32_efficiency", Dimension::Ratio, About::Gpus},
    {"gpu.fp64_peak", Dimension::FlopsPerSecond, About::Gpus},
    {"gpu.fp64_efficiency", Dimension::Ratio, About::Gpus},
    {"gpu.kernel_launch", Dimension::Seconds, About::Gpus},
    {"gpu.sector", Dimension::Bytes, About::Gpus},
    {"gpu.lanes", Dimension::Count, About::Gpus},
    {"gpu.atomic_bus_factor", Dimension::Factor, About::Gpus},
    {"bus.bandwidth_peak", Dimension::BytesPerSecond, About::Gpus},
    {"bus.bandwidth_efficiency", Dimension::Ratio, About::Gpus},
    {"bus.latency", Dimension::Seconds, About::Gpus},
    {"zero_copy.capacity", Dimension::Bytes, About::Gpus},
    {"peer.bandwidth_peak", Dimension::BytesPerSecond, About::Gpus},
    {"peer.bandwidth_efficiency", Dimension::Ratio, About::Gpus},
    {"peer.latency", Dimension::Seconds, About::Gpus},
    {"network.bandwidth_peak", Dimension::BytesPerSecond, About::Network},
    {"network.bandwidth_efficiency", Dimension::Ratio, About::Network},
    {"network.latency", Dimension::Seconds, About::Network},
    {"host.memory", Dimension::Bytes},
    {"host.memory_bandwidth_peak", Dimension::BytesPerSecond},
    {"host.memory_bandwidth_efficiency", Dimension::Ratio},
    {"sockets.count", Dimension::Count, About::Sockets},
    {"sockets.link_bandwidth_peak", Dimension::BytesPerSecond, About::Sockets},
    {"sockets.link_bandwidth_efficiency", Dimension::Ratio, About::Sockets},
    {"cpu.fp32_peak", Dimension::FlopsPerSecond},
    {"cpu.fp32_efficiency", Dimension::Ratio},
    {"cpu.fp64_peak", Dimension::FlopsPerSecond},
    {"cpu.fp64_efficiency", Dimension::Ratio},
    {"cpu.memory_bandwidth", Dimension::BytesPerSecond},
    {"cpu.sector", Dimension::Bytes},
    {"cpu.task_launch", Dimension::Seconds},
    {"runtime.utility_processors", Dimension::Count, About::Runtime},
    {"runtime.task", Dimension::Seconds, About::Runtime},
    {"runtime.argument", Dimension::Seconds, About::Runtime},
    {"runtime.copy", Dimension::Seconds, About::Runtime},
    {"runtime.instance", Dimension::Seconds, About::Runtime},
    {"runtime.captured_task", Dimension::Seconds, About::Runtime},
    {"runtime.captured_argument", Dimension::Seconds, About::Runtime},
    {"runtime.replayed_task", Dimension::Seconds, About::Runtime},
    {"runtime.replayed_argument", Dimension::Seconds, About::Runtime},
    {"runtime.replayed_copy", Dimension::Seconds, About::Runtime},
};
/// With more, Realm's table of background work overflows and Realm aborts at `bgwork.cc: slot <
/// MAX_WORK_ITEMS`: 20 GPUs start, 24 do not.
inline constexpr int kMaxGpus = 20;
/// The limit Legion is built with (`LEGION_MAX_NUM_PROCS`).
inline constexpr int kMaxProcessors = 64;
/// What Realm takes from each GPU's memory by default (`-ll:ib_fsize`).
inline constexpr uint64_t kIntermediateBuffer = 128 * kMiB;
inline constexpr std::string_view kGroups = "bus.groups";
inline constexpr std::string_view kGpuSockets = "sockets.gpus";

/// Plausible limits for a machine, in SI units. They keep derived values finite, and bytes and
/// counts within their integer types.
struct Limits {
  double least;
  double most;
  std::string_view unit;  ///< As it follows a number, including the space.
};

inline constexpr double kMaxBytes = 1LL << 50;

[[nodiscard]] constexpr Limits limits_of(const Key& key) {
  switch (key.dimension) {
    case Dimension::Count:
      return {0, 65536, ""};
    case Dimension::Ratio:
      return {1e-6, 1, ""};
    case Dimension::Factor:
      return {kMinFactor, kMaxFactor, ""};
    case Dimension::Bytes:
      return {key.name == "zero_copy.capacity" ? 0.0 : 1.0, kMaxBytes, " B"};
    case Dimension::Seconds:
      return {0, 10, " s"};
    case Dimension::BytesPerSecond:
      return {1e3, 1e18, " B/s"};
    case Dimension::FlopsPerSecond:
      return {1e3, 1e18, " FLOP/s"};
  }
  return {};
}

struct Unit {
  Dimension dimension;
  std::string_view name;
  double factor;
};

inline constexpr Unit kUnits[] = {
    {Dimension::Bytes, "B", 1},
    {Dimension::Bytes, "MB", 1e6},
    {Dimension::Bytes, "GB", 1e9},
    {Dimension::Bytes, "KiB", 1024.0},
    {Dimension::Bytes, "MiB", 1024.0 * 1024},
    {Dimension::Bytes, "GiB", 1024.0 * 1024 * 1024},
    {Dimension::Seconds, "s", 1},
    {Dimension::Seconds, "ms", 1e-3},
    {Dimension::Seconds, "us", 1e-6},
    {Dimension::Seconds, "ns", 1e-9},
    {Dimension::BytesPerSecond, "MB/s", 1e6},
    {Dimension::BytesPerSecond, "GB/s", 1e9},
    {Dimension::FlopsPerSecond, "GFLOP/s", 1e9},
    {Dimension::FlopsPerSecond, "TFLOP/s", 1e12},
};

[[nodiscard]] inline const Key* find_key(std::string_view name) {
  for (const Key& key : kKeys)
    if (key.name == name) return &key;
  return nullptr;
}

}  // namespace placewright::machine
