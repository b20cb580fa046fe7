// SPDX-License-Identifier: Apache-2.0
// A profile as readable tables.
#include <fmt/core.h>

#include <algorithm>

#include "profile/profile.h"

namespace placewright::profile {
namespace {

std::string milliseconds(double seconds) { return fmt::format("{:.3f}", seconds * 1e3); }

std::string argument_text(int argument, const std::string& region) {
  if (argument < 0) return "";
  return region.empty() ? fmt::format(" argument {}", argument)
                        : fmt::format(" argument {} ({})", argument, region);
}

/// Rows of a table and what is left out.
template <class Row, class Print>
std::string table(const std::string& head, const std::vector<Row>& rows, size_t most,
                  Print&& print) {
  if (rows.empty()) return "";
  std::string text = "\n" + head + "\n";
  for (size_t k = 0; k < std::min(most, rows.size()); ++k) text += print(rows[k]) + "\n";
  if (rows.size() > most) text += fmt::format("  ... {} more\n", rows.size() - most);
  return text;
}

}  // namespace

std::string report(const Profile& profile, size_t most) {
  std::string text =
      fmt::format("{} ms from first to last task on {} node{}; {}\n", milliseconds(profile.span_s),
                  profile.nodes, profile.nodes == 1 ? "" : "s", profile.runtime);
  if (profile.truncated) text += "a log is truncated: the run did not end normally\n";
  text += table(fmt::format("{:<32} {:<18} {:>8} {:>12} {:>12} {:>12} {:>12}", "task", "processor",
                            "count", "wait ms", "run ms", "blocked ms", "device ms"),
                profile.tasks, most, [](const TaskProfile& task) {
                  return fmt::format(
                      "{:<32} {:<18} {:>8} {:>12} {:>12} {:>12} {:>12}", task.task,
                      fmt::format("{} {} of node {}", task.kind, task.processor, task.node),
                      task.count, milliseconds(task.wait_s), milliseconds(task.run_s),
                      milliseconds(task.blocked_s), milliseconds(task.device_s));
                });
  text += table(
      fmt::format("{:<40} {:>8} {:>14} {:>12}  {}", "copy", "count", "bytes", "time ms", "for"),
      profile.copies, most, [](const CopyProfile& copy) {
        const std::string to = copy.to ? to_string(*copy.to) : "";
        const std::string path =
            copy.from ? fmt::format("{} -> {}", to_string(*copy.from), to) : "fill " + to;
        return fmt::format("{:<40} {:>8} {:>14} {:>12}  {}{}", path, copy.count, copy.bytes,
                           milliseconds(copy.time_s), copy.consumer,
                           argument_text(copy.argument, copy.region));
      });
  text +=
      table(fmt::format("{:<24} {:>8} {:>14} {:>14} {:>14}  {}", "instances in", "count", "bytes",
                        "largest", "lifetime ms", "made for"),
            profile.instances, most, [](const InstanceProfile& instance) {
              return fmt::format("{:<24} {:>8} {:>14} {:>14} {:>14}  {}{}",
                                 to_string(instance.memory), instance.count, instance.bytes,
                                 instance.largest, milliseconds(instance.lifetime_s), instance.task,
                                 argument_text(instance.argument, instance.region));
            });
  text += table(fmt::format("{:<24} {:>16} {:>16}", "memory", "peak bytes", "capacity"),
                profile.memories, most, [](const MemoryProfile& memory) {
                  return fmt::format("{:<24} {:>16} {:>16}", to_string(memory.memory), memory.peak,
                                     memory.capacity);
                });
  text += table(fmt::format("{:<32} {:>8} {:>12}", "mapper call", "count", "time ms"),
                profile.mapper_calls, most, [](const MapperCallProfile& call) {
                  return fmt::format("{:<32} {:>8} {:>12}", call.call, call.count,
                                     milliseconds(call.time_s));
                });
  return text;
}

}  // namespace placewright::profile
