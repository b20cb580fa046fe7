// SPDX-License-Identifier: Apache-2.0
// Checks of the rule statements. Rules that name a mapping function are in check_map.h, the
// conditions of rules in checker.cpp.
#pragma once

#include <set>

#include "lang/check/check_context.h"
#include "lang/check/rule_keys.h"
#include "support/name_pattern.h"

namespace placewright::lang {

/// What a rule needs to know of the others.
struct CheckedRules {
  /// The rules without conditions, by statement and kind.
  std::map<std::string, RuleKeys> keys;
  /// The rules that say where tasks may run, by name; null where one has a condition.
  std::map<std::string, const TaskStatement*, std::less<>> tasks;
  /// The patterns among these names.
  std::set<std::string, decltype(&is_narrower)> patterns{is_narrower};
  bool has_condition = false;  ///< Whether the statement being checked has a condition.
};

/// Fills the table of task rules, which the other rules may stand above.
void collect_task_rules(const Program& program, CheckedRules& rules);
/// The rule for the kinds of processor that a task may run on; null if that depends on a condition,
/// or for a pattern, whose tasks other rules may name.
[[nodiscard]] const TaskStatement* find_task_rule(const CheckedRules& rules,
                                                  const std::string& task);

void check_rule(CheckContext& context, CheckedRules& rules, const TaskStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const RegionStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const LayoutStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const InstanceLimitStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const CollectMemoryStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const ControlReplicateStatement& rule);
void check_rule(CheckContext& context, CheckedRules&, const TaskStealStatement& rule);
void check_rule(CheckContext& context, CheckedRules& rules, const PriorityStatement& rule);

/// A task cannot run on one node and be replicated over several. `other` is the kind of rule that
/// would do the one where this rule does the other.
void check_not_also(CheckContext& context, const CheckedRules& rules, std::string_view other,
                    const TaskSelector& tasks);

/// Reports an earlier rule for the same key, and records the key unless the rule has a condition:
/// the first rule for a key wins, a later one does nothing. The key is a task, and for some rules
/// also a region and a kind.
struct RulePlace {
  std::vector<std::string> regions = {};
  std::string kind = {};
};
void check_duplicates(CheckContext& context, CheckedRules& rules, std::string_view statement,
                      const TaskSelector& tasks, const RulePlace& place = {});

}  // namespace placewright::lang
