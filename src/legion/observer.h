// SPDX-License-Identifier: Apache-2.0
// Describes a mapper's decisions, for any mapper, in the form that the recorder takes.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "legion.h"
#include "legion/names.h"
#include "legion/recorder.h"
#include "legion/session.h"

namespace placewright::legion {

/// One per mapper object. Thread-safe.
class Observer final : public Recording {
 public:
  /// The session must outlive it. `decider`: who decided what comes without reasons.
  Observer(Legion::Mapping::MapperRuntime* runtime, Session& session, std::string decider = "")
      : runtime_(runtime), session_(&session), decider_(std::move(decider)) {}
  ~Observer() override;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  [[nodiscard]] bool wants_reasons() const override;
  [[nodiscard]] bool wants_end() const override;
  void launched(MapperContext ctx, const Legion::Task& task) override;
  void mapped(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
              const MapTaskOutput& output, const MappingReasons* reasons) override;
  /// If the run probes instances, the next mapped task collects each instance that this task only
  /// read, which succeeds only for instances that Legion does not keep; the task is recorded after
  /// that. Collecting from within a profiling report corrupts memory in Legion 25.12.
  void ran(const Legion::Task& task, Legion::Processor processor) override;
  void watch_copies(Legion::Mapping::ProfilingRequest& request) override {
    session_->host_copies().watch(request);
  }
  void copied(const Legion::Mapping::ProfilingResponse& response,
              const Legion::Task* task) override {
    const double unmodelled = session_->host_copies().finished(response);
    if (task == nullptr) return;
    session_->runtime_cost().copied(*task);
    session_->unmodelled_copy(*task, unmodelled);
  }
  [[nodiscard]] bool may_be_replayed(const Legion::Mappable& operation) override {
    session_->runtime_cost().traced(operation);
    return !session_->host_copies().is_watching();
  }
  void mapping_ended(const Legion::Task& task, size_t instances,
                     std::chrono::steady_clock::time_point start) override {
    session_->runtime_cost().mapped(task, instances, start);
  }
  [[nodiscard]] bool wants_records() const override { return session_->records().is_open(); }
  void decided(const decide::TaskRecord& record) override { session_->records().write(record); }
  void started(const decide::OptionsRecord& record) override { session_->records().write(record); }
  void sliced(const decide::SliceRecord& record) override { session_->records().write(record); }

 private:
  struct TaskFacts {
    std::vector<machine::ProcessorKind>
        variants;        ///< Kinds for which the application has variants.
    bool inner = false;  ///< Whether the preferred variant is inner.
  };
  const TaskFacts& task_facts(MapperContext ctx, Legion::TaskID task);
  void probe_finished(MapperContext ctx);
  /// What the task's variants demand for an argument, in words.
  [[nodiscard]] std::vector<std::string> demands(MapperContext ctx, const Legion::Task& task,
                                                 unsigned argument, int dim) const;
  /// Records the region arguments of a mapped task for the workload.
  void saw_arguments(MapperContext ctx, const Legion::Task& task);
  [[nodiscard]] MappedTask describe(MapperContext ctx, const Legion::Task& task,
                                    const MapTaskInput& input, const MapTaskOutput& output) const;
  [[nodiscard]] MappedArgument describe_argument(MapperContext ctx,
                                                 const Legion::RegionRequirement& requirement,
                                                 const MapTaskOutput& output, unsigned index) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Session* session_;
  std::string decider_;
  std::mutex mutex_;
  std::map<Legion::TaskID, TaskFacts> tasks_;
  using Instances = std::map<unsigned, Legion::Mapping::PhysicalInstance>;  ///< By argument.
  struct Finished {
    Legion::UniqueID id;
    Legion::Processor processor;
    Instances read;
  };
  std::map<Legion::UniqueID, Instances> to_probe_;  ///< For tasks that have not run.
  std::vector<Finished> finished_;                  ///< Tasks still to be probed.
};

}  // namespace placewright::legion
