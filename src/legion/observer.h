// SPDX-License-Identifier: Apache-2.0
// What a mapper decided, whoever's mapper it is, as the recorder takes it.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "legion.h"
#include "legion/names.h"
#include "legion/recorder.h"
#include "legion/session.h"

namespace placewright {

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

  /// A launch that the mapper was asked about; does nothing where no workload is wanted.
  void launched(MapperContext ctx, const Legion::Task& task);
  /// The region arguments of a mapped task; does nothing where no workload is wanted.
  void saw_arguments(MapperContext ctx, const Legion::Task& task);
  /// What the mapper answered for a task. Call where decisions are wanted.
  [[nodiscard]] MappedTask describe(MapperContext ctx, const Legion::Task& task,
                                    const MapTaskInput& input, const MapTaskOutput& output) const;
  /// Hands a description on. Shards are never profiled, so theirs is complete at once.
  void mapped(MapperContext ctx, MappedTask description, const MapTaskInput& input,
              const Legion::Task& task, const MapTaskOutput& output);
  /// The task has run. Call where decisions are wanted. If the run probes instances, the next task
  /// that is mapped has each that this one only read collected, which succeeds for those alone that
  /// Legion does not keep; only then is the task recorded. Collecting from within a profiling
  /// report corrupts the memory of Legion 25.12.
  void ran(const Legion::Task& task, Legion::Processor processor);

 private:
  struct TaskFacts {
    std::vector<ProcessorKind> variants;  ///< Kinds that the application can run it on.
    bool inner = false;                   ///< Of the kind that the default mapper prefers.
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
  std::map<Legion::UniqueID, Instances> to_probe_;  ///< Of tasks that have not run.
  std::vector<Finished> finished_;                  ///< To be probed.
};

}  // namespace placewright
