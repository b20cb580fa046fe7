// SPDX-License-Identifier: Apache-2.0
// State shared by all mapper objects of one process: the mapping's policy for this machine, the ids
// of its sharding functors, and the recorder of decisions. Created once, when Legion starts.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "legion/folded_data.h"
#include "legion/machine_view.h"
#include "legion/memory_pressure.h"
#include "legion/recorder.h"
#include "legion/report.h"
#include "policy/policy.h"

namespace placewright::legion {

/// From the environment (set by `placewright run`) or from install_mapper().
struct SessionOptions {
  std::string mapping;           ///< PLACEWRIGHT_MAPPING; empty: the default mapper decides.
  std::string status;            ///< PLACEWRIGHT_STATUS
  std::string decisions;         ///< PLACEWRIGHT_DECISIONS
  std::string workload;          ///< PLACEWRIGHT_WORKLOAD
  bool virtual_gpus = false;     ///< PLACEWRIGHT_MACHINE_TABLE is set.
  bool replace_mapper = false;   ///< PLACEWRIGHT_REPLACE_MAPPER=1
  bool probe_instances = false;  ///< PLACEWRIGHT_PROBE_INSTANCES=1
  bool verbose = false;          ///< PLACEWRIGHT_VERBOSE=1
  /// PLACEWRIGHT_AS_PUBLISHED=1: apply a mapping as the published system does, without the measures
  /// that keep a mapping from failing. docs/experiments.md lists what that turns off.
  bool as_published = false;

  [[nodiscard]] static SessionOptions from_environment();
  /// Whether a mapper object is needed at all.
  [[nodiscard]] bool observes_tasks() const {
    return !mapping.empty() || !decisions.empty() || !workload.empty();
  }
};

class Session {
 public:
  /// Loads the mapping. Ends the run if it has errors.
  Session(const SessionOptions& options, Legion::Machine machine, int process,
          Legion::Mapping::MapperRuntime* runtime);

  [[nodiscard]] const SessionOptions& options() const { return options_; }
  [[nodiscard]] const MachineView& machine() const { return machine_; }
  [[nodiscard]] int process() const { return process_; }
  /// Null if no mapping was given.
  [[nodiscard]] const policy::Policy* policy() const { return policy_.get(); }
  [[nodiscard]] const StatusFile& status() const { return status_; }
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] MemoryPressure& memory_pressure() { return memory_pressure_; }
  [[nodiscard]] FoldedData& folded_data() { return folded_data_; }

  /// `file:line:col` for a range of the mapping.
  [[nodiscard]] std::string position(SourceRange range) const;
  [[noreturn]] void refuse(const Refusal& refusal) const { end_run(status_, refusal); }
  /// Ends the run with an error of the policy, naming the task concerned.
  [[noreturn]] void refuse(const Diagnostic& diagnostic, std::string_view task) const;

  /// True on the first call for a subject: for notes that appear only once.
  [[nodiscard]] bool first_time(const std::string& subject);

  /// Reports a name that the application uses to `placewright run`, once.
  void met_task(const std::string& name) { met("task", name); }
  void met_region(const std::string& name) { met("region", name); }

  /// The id of the functor for a mapping function and a processor kind, and of the functor that
  /// puts everything on one shard; the same on every process.
  [[nodiscard]] Legion::ShardingID sharding(policy::FunctionId function,
                                            machine::ProcessorKind kind) const;
  [[nodiscard]] Legion::ShardingID sharding_on(int shard) const;
  /// Registers the functors. Call once, in Legion's registration callback.
  void register_sharding(Legion::Runtime* runtime);

 private:
  void met(const char* what, const std::string& name);

  SessionOptions options_;
  int process_;
  MachineView machine_;
  StatusFile status_;
  std::shared_ptr<const policy::Policy> policy_;
  Recorder recorder_;
  MemoryPressure memory_pressure_;
  FoldedData folded_data_;
  Legion::ShardingID first_sharding_ = 0;
  std::mutex said_mutex_;
  std::set<std::string> said_;
};

}  // namespace placewright::legion
