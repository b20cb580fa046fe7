// SPDX-License-Identifier: Apache-2.0
// From the statements of a mapping to rows of rules.
#pragma once

#include <string>
#include <vector>

#include "lang/syntax/ast.h"
#include "policy/rule_list.h"

namespace placewright::policy {

/// The names of functions and the statements of conditions that the rows refer to by number.
struct ReadRules {
  RuleList list;
  std::vector<lang::Name> functions;  ///< By FunctionId: as the first rule names it.
  std::vector<size_t> conditions;     ///< By condition: the index of its statement.
};
[[nodiscard]] ReadRules read_rules(const lang::Program& program);

/// The combined effect of the words of a Layout statement; if words contradict each other, the last
/// one counts.
[[nodiscard]] LayoutRule layout_rule(const lang::LayoutStatement& statement);

/// A name that a rule mentions, for warnings about names that the application lacks.
struct MentionedName {
  enum class Kind { Task, Region } kind;
  std::string name;
  SourceRange range;
};
/// Each name once, at its first place.
[[nodiscard]] std::vector<MentionedName> mentioned_names(const lang::Program& program);

}  // namespace placewright::policy
