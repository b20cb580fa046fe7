// SPDX-License-Identifier: Apache-2.0
// Watches the application's own mapper: forwards every call to it, records its answers for tasks if
// anybody wants them, and counts the launches that a mapping does not reach. The only change is that
// it requests where tasks ran.
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
  void handle_instance_collection(MapperContext ctx,
                                  const Legion::Mapping::PhysicalInstance& instance) override;

 private:
  std::shared_ptr<Session> session_;
  Legion::MapperID id_;
  Observer observer_;
  std::mutex mutex_;
  /// Tasks for which the watched mapper did not request this itself.
  std::set<Legion::UniqueID> ours_alone_;
};

}  // namespace placewright::legion
