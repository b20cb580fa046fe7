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
class Observer {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using MapTaskInput = Legion::Mapping::Mapper::MapTaskInput;
  using MapTaskOutput = Legion::Mapping::Mapper::MapTaskOutput;

  Observer(Legion::Mapping::MapperRuntime* runtime, Session& session, const RegionNames& names)
      : runtime_(runtime), session_(&session), names_(&names) {}
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// The mapper was asked about a launch; does nothing if no workload is wanted.
  void launched(MapperContext ctx, const Legion::Task& task);
  /// Records the region arguments of a mapped task; does nothing if no workload is wanted.
  void saw_arguments(MapperContext ctx, const Legion::Task& task);
  /// Describes the mapper's answer for a task. Call it only if decisions are wanted.
  [[nodiscard]] MappedTask describe(MapperContext ctx, const Legion::Task& task,
                                    const MapTaskInput& input, const MapTaskOutput& output) const;
  /// Passes a description on. Shards are never profiled, so theirs is complete at once.
  void mapped(MapperContext ctx, MappedTask description, const MapTaskInput& input,
              const Legion::Task& task, const MapTaskOutput& output);
  /// The task has run. Call it only if decisions are wanted. If the run probes instances, the next
  /// mapped task collects each instance that this task only read, which succeeds only for instances
  /// that Legion does not keep; the task is recorded after that. Collecting from within a profiling
  /// report corrupts memory in Legion 25.12.
  void ran(const Legion::Task& task, Legion::Processor processor);

 private:
  struct TaskFacts {
    std::vector<machine::ProcessorKind>
        variants;        ///< Kinds for which the application has variants.
    bool inner = false;  ///< Whether the preferred variant is inner.
  };
  const TaskFacts& task_facts(MapperContext ctx, Legion::TaskID task);
  void probe_finished(MapperContext ctx);
  [[nodiscard]] MappedArgument describe_argument(MapperContext ctx,
                                                 const Legion::RegionRequirement& requirement,
                                                 const MapTaskOutput& output, unsigned index) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Session* session_;
  const RegionNames* names_;
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
