// SPDX-License-Identifier: Apache-2.0
// Collects what the program launches and which data each point uses (workload/recording.h), from the
// tasks that are mapped. One object per process, thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "legion.h"
#include "workload/recording.h"

namespace placewright::legion {

class Structure {
 public:
  /// A task is being mapped.
  void add(Legion::Mapping::MapperRuntime* runtime, Legion::Mapping::MapperContext ctx,
           const Legion::Task& task);
  /// What was collected, without the workload, which stays empty.
  [[nodiscard]] workload::Recording finish(workload::Workload workload) const;

 private:
  using MapperRuntime = Legion::Mapping::MapperRuntime;
  using MapperContext = Legion::Mapping::MapperContext;

  /// Equal values have one number, in the order in which they came.
  template <class Value>
  struct Numbered {
    std::map<Value, uint32_t> numbers;
    std::vector<Value> values;
    uint32_t number(const Value& value) {
      const auto [known, is_new] = numbers.try_emplace(value, static_cast<uint32_t>(values.size()));
      if (is_new) values.push_back(value);
      return known->second;
    }
  };
  struct Point {
    machine::DomainPoint point;
    uint32_t arguments = 0;
    Legion::UniqueID task = 0;
  };
  struct Launched {
    workload::Launch launch;  ///< Without points.
    std::vector<Point> points;
  };
  /// Launches of a task by their place in its program.
  using Program = std::map<uint64_t, Launched>;

  [[nodiscard]] workload::Requirement describe(MapperRuntime* runtime, MapperContext ctx,
                                               const Legion::RegionRequirement& requirement);
  [[nodiscard]] workload::Piece describe(MapperRuntime* runtime, MapperContext ctx,
                                         const Legion::RegionRequirement& requirement,
                                         Legion::LogicalRegion region);
  [[nodiscard]] uint32_t points_of(MapperRuntime* runtime, MapperContext ctx,
                                   Legion::IndexSpace space);
  [[nodiscard]] uint32_t fields_of(MapperRuntime* runtime, MapperContext ctx,
                                   Legion::FieldSpace space);
  [[nodiscard]] uint32_t program_of(Legion::UniqueID task, workload::Recording& recording,
                                    Numbered<workload::Launch>& launches,
                                    Numbered<std::vector<uint32_t>>& sequences) const;

  mutable std::mutex mutex_;  ///< Guards all below; not held during a call of the runtime.
  std::map<Legion::UniqueID, Program> programs_;
  Legion::UniqueID top_ = 0;
  Numbered<std::vector<workload::FieldSize>> field_spaces_;
  Numbered<workload::PointSet> point_sets_;
  Numbered<workload::Piece> pieces_;
  Numbered<workload::Requirement> requirements_;
  Numbered<std::vector<uint32_t>> argument_lists_;
  std::map<Legion::IndexSpace, uint32_t> known_spaces_;
  std::map<Legion::FieldSpace, uint32_t> known_fields_;
  std::map<std::pair<Legion::LogicalRegion, Legion::LogicalRegion>, uint32_t> known_pieces_;
  bool has_boxes_left_out_ = false;
};

}  // namespace placewright::legion
