// SPDX-License-Identifier: Apache-2.0
// Records what actually happened, for people and tests (`placewright run --decisions`), and the
// structure of the application (`--discover`). Every process writes its own file. A trace replay
// does not call the mapper, so both need `-lg:no_tracing`, which `placewright run` passes.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decide/reasons.h"
#include "legion.h"
#include "legion/machine_view.h"
#include "legion/report.h"
#include "machine/instance.h"
#include "support/line_file.h"
#include "workload/workload.h"

namespace placewright::legion {

/// One region argument of a mapped task as reported by Legion's instances.
struct MappedArgument {
  machine::InstanceMemory memory;
  std::optional<machine::DataOrder> order;  ///< Unset if there is no instance.
  bool compact = false;
  bool reduction = false;
  bool collects = false;  ///< Whether it may be freed early.
  uint64_t instance_bytes = 0;
  uint64_t alignment = 0;  ///< Bytes to which the layout aligns each field; 0 means none.
  uint64_t address = 0;    ///< Address of the first byte; 0 if Legion does not expose it.
  decide::ReasonText memory_reason;
  decide::ReasonText layout_reason;
};

struct MappedTask {
  std::string name;
  Legion::UniqueID id = 0;
  Legion::DomainPoint point;     ///< Dimension 0 for single tasks.
  machine::LaunchDomain domain;  ///< Domain of an index launch; unset for single tasks.
  Legion::VariantID variant = 0;
  Legion::Processor target;  ///< The first of the chosen processors.
  size_t choices = 1;        ///< How many were chosen; the runtime uses whichever is free.
  int depth = 0;             ///< 0 for the top-level task.
  int priority = 0;
  bool is_shard = false;  ///< Whether it is a shard of a replicated task.
  int in_flight = 0;      ///< Mapped, unfinished instances for `target`, including this one.
  std::vector<MappedArgument> arguments;
  decide::ReasonText kind_reason;
  decide::ReasonText place_reason;
};

/// Thread-safe.
class Recorder {
 public:
  /// Empty paths record nothing. Ends the run when a file cannot be written.
  Recorder(const std::string& decisions, const std::string& workload, const MachineView& machine,
           int process, const StatusFile& status);
  /// Writes the remaining records.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  [[nodiscard]] bool wants_decisions() const { return decisions_.has_value(); }
  [[nodiscard]] bool wants_workload() const { return !workload_path_.empty(); }

  /// A task was mapped; ran() later reports where it ran.
  void mapped(MappedTask task);
  /// `kept` tells for each argument whether its instance still held valid data after the task.
  void ran(Legion::UniqueID id, Legion::Processor processor,
           const std::map<unsigned, bool>& kept = {});

  void launched(const std::string& task, const std::vector<machine::ProcessorKind>& variants,
                bool inner, const workload::WorkloadLaunch& launch);
  void saw_argument(const std::string& task, size_t index,
                    const workload::WorkloadArgument& argument);
  /// What was seen so far.
  [[nodiscard]] workload::Workload workload();
  /// Writes what was seen so far, if a workload is wanted.
  void save_workload();

 private:
  void write_workload();
  [[nodiscard]] workload::Workload collected() const;
  workload::WorkloadTask& task(const std::string& name);

  const MachineView* machine_;
  const StatusFile* status_;
  std::mutex mutex_;
  std::optional<LineFile> decisions_;
  std::map<Legion::UniqueID, MappedTask> in_flight_;
  std::map<std::pair<std::string, Legion::Processor>, int> counts_;
  std::string workload_path_;
  std::map<std::string, workload::WorkloadTask> tasks_;
};

}  // namespace placewright::legion
