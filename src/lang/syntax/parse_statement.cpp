// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_statement.h"

#include "lang/syntax/parse_dialect.h"
#include "lang/syntax/parse_foreign.h"
#include "lang/syntax/parse_function.h"
#include "lang/syntax/parse_layout.h"
#include "lang/syntax/parse_rule.h"

namespace placewright::lang {
namespace {

template <class Node>
std::optional<Statement> statement(const SourceRange& range, std::optional<Node> node,
                                   ExprPtr condition) {
  if (!node) return std::nullopt;
  return Statement{range, std::move(*node), std::move(condition)};
}

}  // namespace

std::optional<Statement> parse_statement(ParseContext& context) {
  skip_variable_type(context);
  const Token& first = context.token();
  // Evaluates the production before the range, because the range ends where the production did.
  ExprPtr condition;
  const auto whole = [&](auto node) {
    return statement(context.from(first), std::move(node), std::move(condition));
  };
  if (at_assignment(context)) return whole(parse_assignment(context));
  const auto word = statement_word(first);
  if (!word) {
    if (!report_prototype_dialect(context)) report_unknown_statement(context, first);
    return std::nullopt;
  }
  switch (*word) {
    case StatementWord::Task:
      return whole(parse_task(context, condition));
    case StatementWord::Region:
      return whole(parse_region(context, condition));
    case StatementWord::Layout:
      return whole(parse_layout(context, condition));
    case StatementWord::IndexTaskMap:
      return whole(parse_map(context, LaunchKind::Index, condition));
    case StatementWord::SingleTaskMap:
      return whole(parse_map(context, LaunchKind::Single, condition));
    case StatementWord::InstanceLimit:
      return whole(parse_instance_limit(context, condition));
    case StatementWord::CollectMemory:
      return whole(parse_collect_memory(context, condition));
    case StatementWord::ControlReplicate:
      return whole(parse_control_replicate(context, condition));
    case StatementWord::TaskSteal:
      return whole(parse_task_steal(context));
    case StatementWord::Priority:
      return whole(parse_priority(context, condition));
    case StatementWord::Def:
      return whole(parse_function(context));
    case StatementWord::Print:
      return whole(parse_print(context));
    case StatementWord::Return:
      report_unknown_statement(context, first);
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace placewright::lang
