// SPDX-License-Identifier: Apache-2.0
// Watches the application's own mapper: forwards every call to it, records its answers for tasks if
// anybody wants them, and counts the launches that a mapping does not reach. The only change is that
// it requests where tasks ran and what copies are made.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "legion/observer.h"
#include "legion/session.h"
#include "mappers/forwarding_mapper.h"

namespace placewright::legion {

class WatchingMapper final : public Legion::Mapping::ForwardingMapper {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using ForwardingMapper::report_profiling;

  /// Owns `watched`, which the program installed under `id`.
  WatchingMapper(Legion::Mapping::Mapper* watched, Legion::MapperID id,
                 std::shared_ptr<Session> session);

  void select_task_options(MapperContext ctx, const Legion::Task& task,
                           TaskOptions& output) override;
  void map_task(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override;
  void report_profiling(MapperContext ctx, const Legion::Task& task,
                        const TaskProfilingInfo& input) override;
  void memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                         const MemoizeInput& input, MemoizeOutput& output) override;
  void map_copy(MapperContext ctx, const Legion::Copy& copy, const MapCopyInput& input,
                MapCopyOutput& output) override;
  void report_profiling(MapperContext ctx, const Legion::Copy& copy,
                        const CopyProfilingInfo& input) override;
  void handle_instance_collection(MapperContext ctx,
                                  const Legion::Mapping::PhysicalInstance& instance) override;

 private:
  /// Leaves copies alone that the program's mapper watches itself.
  void watch_copies(Legion::UniqueID operation, Legion::Mapping::ProfilingRequest& request);
  [[nodiscard]] bool is_in(const std::set<Legion::UniqueID>& operations, Legion::UniqueID id);

  std::shared_ptr<Session> session_;
  Legion::MapperID id_;
  Observer observer_;
  std::mutex mutex_;
  /// Tasks of which the program's mapper wants to know the end, until then, and operations of which
  /// it wants to know the copies. It gets no other reports, which it might not expect.
  std::set<Legion::UniqueID> its_tasks_;
  std::set<Legion::UniqueID> its_copies_;
};

}  // namespace placewright::legion
