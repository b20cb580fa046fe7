// SPDX-License-Identifier: Apache-2.0
// Which rules have been seen for a task and a region, to find rules that an earlier one makes
// useless. A rule that lists tasks and regions takes room and time for what it lists, not for every
// pair of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/source_range.h"

namespace placewright::lang {

/// The rules of one statement for one kind of processor or memory.
class RuleKeys {
 public:
  /// The next rule of the file, for each of these regions.
  void begin_rule(const std::vector<std::string>& regions);
  /// A task of that rule: where the first rule is that has this task and one of the regions.
  [[nodiscard]] std::optional<SourceRange> earlier(const std::string& task) const;
  /// The first rule that has this task, with whatever regions.
  [[nodiscard]] std::optional<SourceRange> first(const std::string& task) const;
  /// Later rules find this one.
  void add(const std::string& task, SourceRange range);

 private:
  /// Warnings are not worth more: beyond it repeated rules are no longer looked for.
  static constexpr int64_t kMostSteps = 50'000'000;

  using RuleOfTask = std::pair<int, SourceRange>;

  std::map<std::string, std::vector<RuleOfTask>> rules_of_task_;  ///< By ascending number of rule.
  std::map<std::string, std::vector<int>> rules_of_region_;
  int rule_ = -1;
  std::vector<std::string> regions_;
  bool is_known_to_regions_ = false;
  mutable std::optional<std::set<int>> with_these_regions_;  ///< Made when first needed.
  mutable int64_t steps_ = 0;
};

}  // namespace placewright::lang
