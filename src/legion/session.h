// SPDX-License-Identifier: Apache-2.0
// The plug-in's Host: the mapping's rules for this machine, and the recorder of decisions. Created
// once per process, when Legion starts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "legion/host.h"
#include "legion/host_copies.h"
#include "legion/own_mappers.h"
#include "legion/program_order.h"
#include "legion/record_file.h"
#include "legion/recorder.h"
#include "legion/report.h"
#include "legion/runtime_cost.h"
#include "legion/structure.h"

namespace placewright::legion {

/// From the environment (set by `placewright run`) or from install_mapper().
struct SessionOptions {
  std::string mapping;           ///< PLACEWRIGHT_MAPPING; empty: the default mapper decides.
  std::string status;            ///< PLACEWRIGHT_STATUS
  std::string decisions;         ///< PLACEWRIGHT_DECISIONS
  std::string workload;          ///< PLACEWRIGHT_WORKLOAD
  std::string recording;         ///< PLACEWRIGHT_RECORDING
  std::string records;           ///< PLACEWRIGHT_RECORDS
  std::string plan;              ///< PLACEWRIGHT_PLAN: mappings to try in this run.
  std::string explored;          ///< PLACEWRIGHT_EXPLORED: what came of it.
  bool virtual_gpus = false;     ///< PLACEWRIGHT_MACHINE_TABLE is set.
  bool watch_copies = false;     ///< PLACEWRIGHT_WATCH_COPIES=1
  bool replace_mapper = false;   ///< PLACEWRIGHT_REPLACE_MAPPER=1
  bool probe_instances = false;  ///< PLACEWRIGHT_PROBE_INSTANCES=1
  bool verbose = false;          ///< PLACEWRIGHT_VERBOSE=1
  /// PLACEWRIGHT_AS_PUBLISHED=1: apply a mapping as the published system does, without the measures
  /// that keep a mapping from failing. docs/experiments.md lists what that turns off.
  bool as_published = false;

  [[nodiscard]] static SessionOptions from_environment();
  /// Whether a mapper object of ours must answer.
  [[nodiscard]] bool decides() const { return !mapping.empty() || !plan.empty() || replace_mapper; }
  /// Whether one is needed at all.
  [[nodiscard]] bool needs_mapper() const {
    return decides() || !decisions.empty() || !workload.empty() || !recording.empty() ||
           watch_copies;
  }
};

class Session final : public Host {
 public:
  /// Loads the mapping. Ends the run if it has errors. `own_mappers` must outlive the session.
  Session(const SessionOptions& options, const OwnMappers& own_mappers, Legion::Machine machine,
          int process, Legion::Mapping::MapperRuntime* runtime);
  /// Reports the launches that were left to the program's mappers. Ends a run that cannot be timed.
  ~Session() override;

  [[nodiscard]] const SessionOptions& options() const { return options_; }
  [[nodiscard]] int process() const { return process_; }
  [[nodiscard]] const StatusFile& status() const { return status_; }
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] RecordFile& records() { return records_; }
  /// Null unless the program is recorded.
  [[nodiscard]] Structure* structure() { return structure_.get(); }
  /// The same.
  [[nodiscard]] ProgramOrder* program_order() { return program_order_.get(); }
  [[nodiscard]] HostCopies& host_copies() { return host_copies_; }
  [[nodiscard]] RuntimeCost& runtime_cost() { return runtime_cost_; }
  /// Seconds of the clock that copies for a task would take at least but are not modelled.
  using UnmodelledCopy = std::function<void(const Legion::Task& task, double seconds)>;
  /// From now on these copies are reported, and do not end the run.
  void report_unmodelled(UnmodelledCopy report) { unmodelled_ = std::move(report); }
  void unmodelled_copy(const Legion::Task& task, double seconds) const {
    if (seconds > 0 && unmodelled_) unmodelled_(task, seconds);
  }
  /// Call it once, in Legion's registration callback.
  void register_sharding(Legion::Runtime* runtime);

  [[nodiscard]] const char* name() const override { return "placewright"; }
  [[nodiscard]] const policy::Rules* rules() const override { return rules_.get(); }
  [[nodiscard]] decide::Setting setting() const override;
  [[nodiscard]] bool has_foreign_tags(Legion::MapperID id) const override {
    return own_mappers_->contains(id);
  }
  void say(const std::string& text) const override { legion::say(text); }
  [[nodiscard]] bool first_time(const std::string& subject) override;
  /// Reports a name that the application uses to `placewright run`, once.
  void met_task(const std::string& name) override { met("task", name); }
  void met_region(const std::string& name) override { met("region", name); }
  /// A task was launched with a mapper of the program, which a mapping does not reach.
  void left_to_mapper(const std::string& task, Legion::MapperID id);
  [[nodiscard]] std::unique_ptr<Recording> make_recording(
      Legion::Mapping::MapperRuntime* runtime) override;

 private:
  void report(const decide::Refusal& refusal) const override { end_run(status_, refusal); }
  void met(const char* what, const std::string& name);
  void save_recording();

  SessionOptions options_;
  const OwnMappers* own_mappers_;
  int process_;
  StatusFile status_;
  std::shared_ptr<const policy::Rules> rules_;
  Recorder recorder_;
  RecordFile records_;
  std::unique_ptr<Structure> structure_;
  std::unique_ptr<ProgramOrder> program_order_;
  HostCopies host_copies_;
  RuntimeCost runtime_cost_;
  UnmodelledCopy unmodelled_;
  std::mutex said_mutex_;
  std::set<std::string> said_;
  std::map<std::pair<std::string, Legion::MapperID>, uint64_t> left_;  ///< Launches.
};

}  // namespace placewright::legion
