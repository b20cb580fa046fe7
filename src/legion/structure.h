// SPDX-License-Identifier: Apache-2.0
// Collects what the program launches, which data each point uses and what its application says of its
// work (workload/recording.h), from the tasks that are mapped. One object per process, thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "legion.h"
#include "legion/program_order.h"
#include "workload/numbered.h"
#include "workload/partial_recording.h"

namespace placewright::legion {

class Structure {
 public:
  using MapperRuntime = Legion::Mapping::MapperRuntime;
  using MapperContext = Legion::Mapping::MapperContext;

  /// A task is being mapped.
  void add(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task);
  /// The application states the work of a task.
  void stated(Legion::UniqueID task, const TaskCost& cost);
  /// The program fills fields of a region. Returns the number of a requirement that says so.
  [[nodiscard]] uint32_t filled(Legion::Runtime* runtime, Legion::Context ctx,
                                Legion::LogicalRegion region, std::vector<Legion::FieldID> fields);
  /// What was collected, with what lies between the launches.
  [[nodiscard]] workload::PartialRecording finish(workload::Workload workload,
                                                  const ProgramOrder& order) const;

 private:
  template <class Value>
  using Numbered = workload::Numbered<Value>;
  /// Asks for the data of regions.
  class Regions;
  /// A mapper and a program ask different runtimes.
  template <class Runtime, class Context>
  class RegionsOf;

  struct Launched {
    workload::Launch launch;
    std::vector<workload::TaskNumber> tasks;
  };

  [[nodiscard]] workload::Requirement describe(MapperRuntime* runtime, MapperContext ctx,
                                               const Legion::RegionRequirement& requirement);
  [[nodiscard]] workload::Piece describe(MapperRuntime* runtime, MapperContext ctx,
                                         const Legion::RegionRequirement& requirement,
                                         Legion::LogicalRegion region);
  [[nodiscard]] uint32_t points_of(const Regions& regions, Legion::IndexSpace space);
  [[nodiscard]] uint32_t fields_of(const Regions& regions, Legion::FieldSpace space);
  void note_variants(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task);

  mutable std::mutex mutex_;  ///< Guards all below; not held during a call of the runtime.
  /// By the number of the parent and the place among its operations.
  std::map<std::pair<workload::TaskNumber, uint64_t>, Launched> launches_;
  Numbered<std::vector<workload::FieldSize>> field_spaces_;
  Numbered<workload::PointSet> point_sets_;
  Numbered<workload::Piece> pieces_;
  Numbered<workload::Requirement> requirements_;
  Numbered<std::vector<uint32_t>> argument_lists_;
  std::map<Legion::IndexSpace, uint32_t> known_spaces_;
  std::map<Legion::FieldSpace, uint32_t> known_fields_;
  std::map<std::pair<Legion::LogicalRegion, Legion::LogicalRegion>, uint32_t> known_pieces_;
  std::map<std::string, std::vector<workload::RecordedVariant>> variants_;
  std::map<std::vector<double>, uint32_t> known_costs_;
  std::vector<TaskCost> costs_;
  std::map<workload::TaskNumber, uint32_t> cost_of_;
  bool has_boxes_left_out_ = false;
};

}  // namespace placewright::legion
