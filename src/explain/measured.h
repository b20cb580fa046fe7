// SPDX-License-Identifier: Apache-2.0
// What the searches for slow things look at, and how they write numbers. Shares are of the span of
// the run: from the start of its first task to the end of its last one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/edit.h"
#include "explain/finding.h"
#include "explain/observation.h"
#include "profile/profile.h"

namespace placewright::explain {

/// Below one percent of the run nothing is worth a word: medians of repeated runs differ by more.
inline constexpr double kLeastShare = 0.01;

struct Measured {
  const profile::Profile& profile;
  const workload::Workload& workload;
  /// Makes no edits and knows no decisions where a mapper of the application's own decides.
  const EditMaker& edits;
  /// Wall seconds of the profile per modelled second.
  double time_scale = 1;
  /// As Observation has them.
  std::optional<double> bus_bytes_per_second;
  const TaskTimes& earlier;

  /// Whether times are modelled: those of tasks and copies. The runtime takes wall time.
  [[nodiscard]] bool is_modelled() const { return bus_bytes_per_second || time_scale != 1; }
};

/// What the mapping decides for a task; null where that is not known.
[[nodiscard]] const workload::ResolvedTask* decisions_of(const Measured& run,
                                                         const std::string& task);
/// What the application shows of a task; null for tasks of the runtime.
[[nodiscard]] const workload::WorkloadTask* find_task(const Measured& run, const std::string& task);
/// Whether the task has a variant for the kind and the machine a processor of it.
[[nodiscard]] bool can_run_on(const Measured& run, const std::string& task,
                              machine::ProcessorKind kind);

/// Part of the span, 0 to 1.
[[nodiscard]] double share_of(const Measured& run, double seconds);

/// "12.4 ms", "83 %", "1.5 MiB".
[[nodiscard]] std::string time_text(double seconds);
/// What a task or a copy took, from seconds of the profile: "12.4 ms", or "12.4 us of modelled time".
[[nodiscard]] std::string modelled_text(const Measured& run, double seconds);
/// "12.4 ms", or "12.4 ms of wall time" where other times are modelled.
[[nodiscard]] std::string wall_text(const Measured& run, double seconds);
[[nodiscard]] std::string percent_text(double share);
[[nodiscard]] std::string bytes_text(uint64_t bytes);
/// "GPU 1 of node 0".
[[nodiscard]] std::string place_text(const std::string& kind, int processor, int node);
/// "argument 2 (`rp_ghost`) of `step`".
[[nodiscard]] std::string argument_text(const std::string& task, int argument,
                                        const std::string& region);

/// The lines of the rules that decide about a task: its processors and its places.
[[nodiscard]] std::vector<MappingLine> task_lines(const Measured& run, const std::string& task);
/// The lines of the rules for the memories of an argument.
[[nodiscard]] std::vector<MappingLine> memory_lines(const Measured& run, const std::string& task,
                                                    int argument);

/// Appends the edit if there is one and its rules are new.
void add_edit(Finding& finding, std::optional<Edit> edit);

}  // namespace placewright::explain
