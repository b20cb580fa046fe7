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
#include "workload/recording.h"

namespace placewright::legion {

class Structure {
 public:
  /// A task is being mapped.
  void add(Legion::Mapping::MapperRuntime* runtime, Legion::Mapping::MapperContext ctx,
           const Legion::Task& task);
  /// The application states the work of a task.
  void stated(Legion::UniqueID task, const TaskCost& cost);
  /// What was collected, with what lies between the launches.
  [[nodiscard]] workload::Recording finish(workload::Workload workload,
                                           const ProgramOrder& order) const;

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
  /// A recording that is being put together.
  struct Parts {
    workload::Recording recording;
    const ProgramOrder& order;
    Numbered<workload::Launch> launches = {};
    Numbered<workload::Operation> operations = {};
    Numbered<std::vector<uint32_t>> sequences = {};
    bool lacks_order = false;  ///< Some task launches in a way that no hook sees.
  };

  [[nodiscard]] workload::Requirement describe(MapperRuntime* runtime, MapperContext ctx,
                                               const Legion::RegionRequirement& requirement);
  [[nodiscard]] workload::Piece describe(MapperRuntime* runtime, MapperContext ctx,
                                         const Legion::RegionRequirement& requirement,
                                         Legion::LogicalRegion region);
  [[nodiscard]] uint32_t points_of(MapperRuntime* runtime, MapperContext ctx,
                                   Legion::IndexSpace space);
  [[nodiscard]] uint32_t fields_of(MapperRuntime* runtime, MapperContext ctx,
                                   Legion::FieldSpace space);
  void note_variants(MapperRuntime* runtime, MapperContext ctx, const Legion::Task& task);
  [[nodiscard]] uint32_t program_of(Legion::UniqueID task, Parts& parts) const;
  [[nodiscard]] workload::Launch complete(const Launched& launched, Parts& parts) const;

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
  std::map<std::string, std::vector<workload::RecordedVariant>> variants_;
  std::map<std::vector<double>, uint32_t> known_costs_;
  std::vector<TaskCost> costs_;
  std::map<Legion::UniqueID, uint32_t> cost_of_;
  bool has_boxes_left_out_ = false;
};

}  // namespace placewright::legion
