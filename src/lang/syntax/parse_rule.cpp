// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_rule.h"

#include <fmt/core.h>

#include "lang/syntax/parse_dialect.h"
#include "lang/syntax/parse_expression.h"
#include "lang/syntax/parse_kinds.h"
#include "lang/syntax/parse_recovery.h"
#include "lang/syntax/parse_selector.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

// ['-'] INT
std::optional<Spelled<int64_t>> parse_signed(ParseContext& context, std::string_view what) {
  const Token& first = context.token();
  const bool negative = context.accept(T::Minus);
  const Token& number = context.token();
  if (!context.accept(T::Integer)) {
    context.unexpected(what);
    return std::nullopt;
  }
  const int64_t value = context.number(number);
  return Spelled<int64_t>{negative ? -value : value, context.from(first)};
}

// INT '..' INT
std::optional<NodeRange> parse_nodes(ParseContext& context) {
  const Token& first = context.advance();
  if (!context.accept(T::DotDot)) {
    context.unexpected("`..` and the last node").help = "for example `ControlReplicate main 0..3;`";
    return std::nullopt;
  }
  const Token& last = context.token();
  if (!context.accept(T::Integer)) {
    context.unexpected("the last node");
    return std::nullopt;
  }
  return NodeRange{context.from(first), context.number(first), context.number(last)};
}

}  // namespace

// ['if' expr] ';'
bool end_rule(ParseContext& context, std::string_view expected, ExprPtr& condition) {
  if (context.at_word("if")) {
    context.advance();
    condition = parse_expression(context);
    if (!condition) return false;
  }
  return expect_semicolon(context, condition ? "`;`" : expected);
}

// 'Task' tasks proc (',' proc)* ';'
std::optional<TaskStatement> parse_task(ParseContext& context, ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  // `Task a b GPU`: a name before a processor kind or another name lacks its comma.
  while (is_name(context.token()) && !context.token().first_on_line &&
         (is_name(context.token(1)) || context.token(1).kind == T::ProcessorWord) && !tasks->any &&
         nearest_word(context.token().text, processor_words()).empty()) {
    context
        .report(DiagnosticKind::MissingComma, context.token().range,
                fmt::format("expected `,` before {}", describe(context.token())))
        .fixes = {FixIt{context.previous_end(), ","}};
    tasks->names.push_back(*parse_name(context, "task"));
    tasks->range.end = context.previous_end().end;
  }
  TaskStatement result{std::move(*tasks), {}};
  do {
    const auto kind = parse_processor(context);
    if (!kind) return std::nullopt;
    result.kinds.push_back(*kind);
  } while (list_goes_on(context, context.at(T::ProcessorWord)));
  if (!end_rule(context, "`,` and another processor kind, or `;`", condition)) return std::nullopt;
  return result;
}

// 'Region' tasks regions (proc | '*') mem (',' mem)* ';'
std::optional<RegionStatement> parse_region(ParseContext& context, ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions(context);
  if (!region) return std::nullopt;
  RegionStatement result{std::move(*tasks), std::move(*region), std::nullopt, {}};
  if (context.at(T::MemoryWord)) {
    Diagnostic& d = context.unexpected("a processor kind or `*`");
    d.help = "the processor kind comes before the memory kinds; `*` means any";
    d.fixes = {FixIt{context.next_begin(), "* "}};
    return std::nullopt;
  }
  if (!context.accept(T::Star)) {
    result.kind = parse_processor(context);
    if (!result.kind) return std::nullopt;
  }
  do {
    const auto memory = parse_memory(context);
    if (!memory) return std::nullopt;
    result.memories.push_back(*memory);
  } while (list_goes_on(context, context.at(T::MemoryWord) || context.at_word("REGSOCKMEM")));
  if (!end_rule(context, "`,` and another memory kind, or `;`", condition)) return std::nullopt;
  return result;
}

// ('IndexTaskMap' | 'SingleTaskMap') (tasks | proc) function ';'
std::optional<MapStatement> parse_map(ParseContext& context, LaunchKind launch,
                                      ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  auto function = parse_name(context, "function");
  if (!function) return std::nullopt;
  MapStatement result{launch, std::move(*tasks), std::move(*function)};
  if (report_old_dialect_map(context, result)) return std::nullopt;
  if (!end_rule(context, "`;`", condition)) return std::nullopt;
  return result;
}

// 'InstanceLimit' (tasks | proc) ['-'] INT end
std::optional<InstanceLimitStatement> parse_instance_limit(ParseContext& context,
                                                           ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  if (report_old_dialect_limit(context, *tasks)) return std::nullopt;
  const auto limit = parse_signed(context, "the largest number of instances");
  if (!limit || !end_rule(context, "`;`", condition)) return std::nullopt;
  return InstanceLimitStatement{std::move(*tasks), *limit};
}

// 'CollectMemory' tasks regions ';'
std::optional<CollectMemoryStatement> parse_collect_memory(ParseContext& context,
                                                           ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions(context);
  if (!region || !end_rule(context, "`;`", condition)) return std::nullopt;
  return CollectMemoryStatement{std::move(*tasks), std::move(*region)};
}

// 'ControlReplicate' name (',' name)* [INT '..' INT] end
std::optional<ControlReplicateStatement> parse_control_replicate(ParseContext& context,
                                                                 ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::Names);
  if (!tasks) return std::nullopt;
  ControlReplicateStatement result{std::move(*tasks), std::nullopt};
  if (context.at(T::Integer)) {
    result.nodes = parse_nodes(context);
    if (!result.nodes) return std::nullopt;
  }
  const std::string_view expected =
      result.nodes ? "`;`" : "`,` and another task name, nodes such as `0..3`, or `;`";
  if (!end_rule(context, expected, condition)) return std::nullopt;
  return result;
}

// 'Priority' (tasks | proc) ['-'] INT end
std::optional<PriorityStatement> parse_priority(ParseContext& context, ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  const auto priority = parse_signed(context, "a priority, an integer");
  if (!priority || !end_rule(context, "`;`", condition)) return std::nullopt;
  return PriorityStatement{std::move(*tasks), *priority};
}

// 'TaskSteal' tasks proc ('SAME_NODE' | 'ANY_NODE') ';'
std::optional<TaskStealStatement> parse_task_steal(ParseContext& context) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  const auto kind = parse_processor(context);
  if (!kind) return std::nullopt;
  const bool any_node = context.at_word(kAnyNode);
  if (!any_node && !context.at_word(kSameNode)) {
    context.unexpected(fmt::format("`{}` or `{}`", kSameNode, kAnyNode));
    return std::nullopt;
  }
  context.advance();
  if (!expect_semicolon(context, "`;`")) return std::nullopt;
  return TaskStealStatement{std::move(*tasks), *kind, any_node};
}

}  // namespace placewright::lang
