// SPDX-License-Identifier: Apache-2.0
// What really happened, for people and tests (`placewright run --decisions`), and what the
// application is made of (`--discover`). Written by every process to its own file. A traced replay
// calls no mapper, so both want `-lg:no_tracing`, which `placewright run` passes.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "legion.h"
#include "legion/machine_view.h"
#include "legion/report.h"
#include "workload/workload.h"

namespace placewright {

/// Why something was decided: the position of the rule, what else counted, or both.
struct Reason {
  std::string rule;  ///< `file:line:col`, or "" where no rule decided.
  std::string note;
};

/// One region argument of a mapped task as Legion's instances tell it.
struct MappedArgument {
  std::string memory;  ///< "FBMEM", "VIRTUAL", "NONE", or Legion's own name of a rarer kind.
  std::string layout;  ///< "SOA", "AOS", or "" where there is no instance.
  std::string order;   ///< "F", "C" or "mixed".
  bool compact = false;
  bool reduction = false;
  bool collects = false;  ///< Whether it may be freed early.
  uint64_t instance_bytes = 0;
  uint64_t alignment = 0;  ///< Bytes, of each of its fields, as its layout demands; 0 is none.
  uint64_t address = 0;    ///< Of its first byte; 0 where Legion does not tell.
  Reason memory_reason;
  Reason layout_reason;
};

struct MappedTask {
  std::string name;
  Legion::UniqueID id = 0;
  Legion::DomainPoint point;  ///< Dimension 0 for single tasks.
  LaunchDomain domain;        ///< Of the launch; of index launches only.
  Legion::VariantID variant = 0;
  Legion::Processor target;  ///< The first of the chosen processors.
  size_t choices = 1;        ///< How many were chosen; the runtime takes whichever is free.
  int depth = 0;             ///< That of the top-level task is 0.
  int priority = 0;
  bool is_shard = false;  ///< Of a replicated task.
  int in_flight = 0;  ///< Mapped and unfinished instances of the task for `target`, this included.
  std::vector<MappedArgument> arguments;
  Reason kind_reason;
  Reason place_reason;
};

/// Thread-safe.
class Recorder {
 public:
  /// Empty paths record nothing. Ends the run when a file cannot be written.
  Recorder(const std::string& decisions, const std::string& workload, const MachineView& machine,
           int process, const StatusFile& status);
  /// Writes what is left.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  [[nodiscard]] bool wants_decisions() const { return decisions_ != nullptr; }
  [[nodiscard]] bool wants_workload() const { return !workload_path_.empty(); }

  /// A task was mapped; ran() tells later where it was run.
  void mapped(MappedTask task);
  /// `kept` says of arguments whether their instances still held valid data after the task.
  void ran(Legion::UniqueID id, Legion::Processor processor,
           const std::map<unsigned, bool>& kept = {});

  void launched(const std::string& task, const std::vector<ProcessorKind>& variants, bool inner,
                const WorkloadLaunch& launch);
  void saw_argument(const std::string& task, size_t index, const WorkloadArgument& argument);

 private:
  struct CloseFile {
    void operator()(FILE* file) const { std::fclose(file); }
  };

  void write_workload();
  WorkloadTask& task(const std::string& name);

  const MachineView* machine_;
  const StatusFile* status_;
  std::mutex mutex_;
  std::unique_ptr<FILE, CloseFile> decisions_;
  std::map<Legion::UniqueID, MappedTask> in_flight_;
  std::map<std::pair<std::string, Legion::Processor>, int> counts_;
  std::string workload_path_;
  std::map<std::string, WorkloadTask> tasks_;
};

}  // namespace placewright
