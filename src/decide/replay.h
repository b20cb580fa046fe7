// SPDX-License-Identifier: Apache-2.0
// Decides recorded tasks and launches again and compares.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decide/default_distribution.h"
#include "decide/task_record.h"

namespace placewright::decide {

/// The decisions of one mapping on one machine, from records alone.
class Replay {
 public:
  explicit Replay(const Setting& setting) : setting_(setting) {}

  /// Returns what differs, one text each; empty if all decisions are the same.
  [[nodiscard]] std::vector<std::string> task(const TaskRecord& record);
  /// Records of one mapper object in the order in which they were written.
  [[nodiscard]] std::vector<std::string> options(const OptionsRecord& record);
  [[nodiscard]] std::vector<std::string> slices(const SliceRecord& record);
  /// How many decisions were compared.
  [[nodiscard]] int64_t decisions() const { return decisions_; }

 private:
  template <class Value>
  void compare(const char* what, const Value& recorded, const Value& decided);
  void processors(const TaskRecord& record, const TaskRules& rules);
  void argument(const TaskRecord& record, const TaskRules& rules, const ArgumentRecord& argument);
  void steps(const ArgumentRecord& record, const Argument& argument,
             const std::vector<UsableMemory>& usable);

  [[nodiscard]] std::vector<Slice> slices_by_default(const SliceRecord& record) const;

  Setting setting_;
  std::map<ProcessorPlace, DefaultInitialProcessors> initial_;  ///< By the mapper's processor.
  int64_t decisions_ = 0;
  std::string subject_;
  policy::TaskId rules_of_subject_;
  std::vector<std::string> differences_;
};

}  // namespace placewright::decide
