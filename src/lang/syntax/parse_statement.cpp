// SPDX-License-Identifier: Apache-2.0
// Productions for the top-level statements: the rules of a mapping.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

std::optional<Comparison> comparison(TokenKind kind) {
  switch (kind) {
    case T::Less:
      return Comparison::Less;
    case T::LessEqual:
      return Comparison::LessEqual;
    case T::Greater:
      return Comparison::Greater;
    case T::GreaterEqual:
      return Comparison::GreaterEqual;
    case T::EqualEqual:
      return Comparison::Equal;
    case T::NotEqual:
      return Comparison::NotEqual;
    default:
      return std::nullopt;
  }
}

template <class Node>
std::optional<Statement> statement(const SourceRange& range, std::optional<Node> node,
                                   ExprPtr condition) {
  if (!node) return std::nullopt;
  return Statement{range, std::move(*node), std::move(condition)};
}

}  // namespace

std::optional<Statement> Parser::parse_statement() {
  skip_variable_type();
  const Token& first = token();
  // Evaluates the production before the range, because the range ends where the production did.
  condition_.reset();
  const auto whole = [&](auto node) {
    return statement(from(first), std::move(node), std::move(condition_));
  };
  if (at_assignment()) return whole(parse_assignment());
  const auto word = statement_word(first);
  if (!word) {
    if (!report_prototype_dialect()) report_unknown_statement(first);
    return std::nullopt;
  }
  switch (*word) {
    case StatementWord::Task:
      return whole(parse_task());
    case StatementWord::Region:
      return whole(parse_region());
    case StatementWord::Layout:
      return whole(parse_layout());
    case StatementWord::IndexTaskMap:
      return whole(parse_map(LaunchKind::Index));
    case StatementWord::SingleTaskMap:
      return whole(parse_map(LaunchKind::Single));
    case StatementWord::InstanceLimit:
      return whole(parse_instance_limit());
    case StatementWord::CollectMemory:
      return whole(parse_collect_memory());
    case StatementWord::ControlReplicate:
      return whole(parse_control_replicate());
    case StatementWord::TaskSteal:
      return whole(parse_task_steal());
    case StatementWord::Priority:
      return whole(parse_priority());
    case StatementWord::Def:
      return whole(parse_function());
    case StatementWord::Print:
      return whole(parse_print());
    case StatementWord::Return:
      report_unknown_statement(first);
      return std::nullopt;
  }
  return std::nullopt;
}

// ['if' expr] ';'
bool Parser::end_rule(std::string_view expected) {
  if (at_word("if")) {
    advance();
    condition_ = parse_expression();
    if (!condition_) return false;
  }
  return expect_semicolon(condition_ ? "`;`" : expected);
}

// 'Task' tasks proc (',' proc)* ';'
std::optional<TaskStatement> Parser::parse_task() {
  advance();
  auto tasks = parse_tasks(Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  // `Task a b GPU`: a name before a processor kind or another name lacks its comma.
  while (is_name(token()) && !token().first_on_line &&
         (is_name(token(1)) || token(1).kind == T::ProcessorWord) && !tasks->any &&
         nearest_word(token().text, processor_words()).empty()) {
    report(diagnostics_, DiagnosticKind::MissingComma, token().range,
           fmt::format("expected `,` before {}", describe(token())))
        .fixes = {FixIt{previous_end(), ","}};
    tasks->names.push_back(*parse_name("task"));
    tasks->range.end = previous_end().end;
  }
  TaskStatement result{std::move(*tasks), {}};
  do {
    const auto kind = parse_processor();
    if (!kind) return std::nullopt;
    result.kinds.push_back(*kind);
  } while (list_goes_on(at(T::ProcessorWord)));
  if (!end_rule("`,` and another processor kind, or `;`")) return std::nullopt;
  return result;
}

// 'Region' tasks regions (proc | '*') mem (',' mem)* ';'
std::optional<RegionStatement> Parser::parse_region() {
  advance();
  auto tasks = parse_tasks(Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions();
  if (!region) return std::nullopt;
  RegionStatement result{std::move(*tasks), std::move(*region), std::nullopt, {}};
  if (at(T::MemoryWord)) {
    Diagnostic& d = unexpected("a processor kind or `*`");
    d.help = "the processor kind comes before the memory kinds; `*` means any";
    d.fixes = {FixIt{{token().range.begin, token().range.begin}, "* "}};
    return std::nullopt;
  }
  if (!accept(T::Star)) {
    result.kind = parse_processor();
    if (!result.kind) return std::nullopt;
  }
  do {
    const auto memory = parse_memory();
    if (!memory) return std::nullopt;
    result.memories.push_back(*memory);
  } while (list_goes_on(at(T::MemoryWord) || at_word("REGSOCKMEM")));
  if (!end_rule("`,` and another memory kind, or `;`")) return std::nullopt;
  return result;
}

// 'Layout' tasks regions (mem | '*') constraint* ';'
std::optional<LayoutStatement> Parser::parse_layout() {
  advance();
  auto tasks = parse_tasks(Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions();
  if (!region) return std::nullopt;
  LayoutStatement result{std::move(*tasks), std::move(*region), std::nullopt, {}};
  if (at(T::ProcessorWord)) {
    Diagnostic& d =
        report(diagnostics_, DiagnosticKind::LayoutNeedsMemory, token().range,
               fmt::format("expected a memory kind or `*`, found {}", describe(token())));
    d.help = "a layout applies to a memory kind, not a processor kind; read as `*`, any memory";
    d.fixes = {FixIt{token().range, "*"}};
    advance();
  } else if (!accept(T::Star)) {
    if (parse_layout_word(token().text)) {
      Diagnostic& d = unexpected("a memory kind or `*`");
      d.help = "the memory kind comes before the constraints; `*` means any";
      d.fixes = {FixIt{{token().range.begin, token().range.begin}, "* "}};
      return std::nullopt;
    }
    result.memory = parse_memory();
    if (!result.memory) return std::nullopt;
  }
  const auto at_constraint = [&] {
    if (!at(T::Identifier)) return at(T::LayoutWord);
    if (at_word("if")) return false;
    return !token().first_on_line || (parse_layout_word(token().text) && !at_assignment());
  };
  while (at_constraint()) {
    const auto constraint = parse_constraint();
    if (!constraint) return std::nullopt;
    result.constraints.push_back(*constraint);
    if (at(T::Comma)) {
      Diagnostic& d = unexpected("another constraint or `;`");
      d.help = "separate the constraints of a layout by spaces";
      d.fixes = {FixIt{token().range, ""}};
      return std::nullopt;
    }
  }
  if (!end_rule("another constraint or `;`")) return std::nullopt;
  return result;
}

std::optional<LayoutConstraint> Parser::parse_constraint() {
  const Token& word = token();
  const auto constraint = parse_layout_word(word.text);
  if (!constraint) {
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownLayoutWord, word.range,
                           fmt::format("unknown layout constraint `{}`", word.text));
    if (!suggest(d, word.text, layout_words()))
      d.help = fmt::format("expected {}", join_alternatives(layout_words()));
    return std::nullopt;
  }
  advance();
  if (*constraint == LayoutWord::Align) return parse_alignment(word);
  return LayoutConstraint{.range = word.range, .word = *constraint};
}

// 'Align' ('<' | '<=' | '>' | '>=' | '==' | '!=') INT
std::optional<LayoutConstraint> Parser::parse_alignment(const Token& word) {
  const auto op = comparison(token().kind);
  if (!op) {
    Diagnostic& d = unexpected("a comparison after `Align`");
    d.help = "write `Align == 128`";
    if (at(T::Assign)) d.fixes = {FixIt{token().range, "=="}};
    if (at(T::Integer)) d.fixes = {FixIt{{token().range.begin, token().range.begin}, "== "}};
    return std::nullopt;
  }
  advance();
  const Token& bytes = token();
  if (!accept(T::Integer)) {
    unexpected("a number of bytes");
    return std::nullopt;
  }
  return LayoutConstraint{from(word), LayoutWord::Align, *op, bytes.integer};
}

// ('IndexTaskMap' | 'SingleTaskMap') (tasks | proc) function ';'
std::optional<MapStatement> Parser::parse_map(LaunchKind launch) {
  advance();
  auto tasks = parse_tasks(Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  auto function = parse_name("function");
  if (!function) return std::nullopt;
  MapStatement result{launch, std::move(*tasks), std::move(*function)};
  if (report_old_dialect_map(result)) return std::nullopt;
  if (!end_rule("`;`")) return std::nullopt;
  return result;
}

bool Parser::report_old_dialect_map(const MapStatement& map) {
  // `mgpu f` or `Machine(GPU) f`
  const bool names_machine = at(T::Identifier) && !token().first_on_line && !at_word("if");
  const bool makes_machine = map.function.text == "Machine" && at(T::LeftParen) &&
                             token(1).kind == T::ProcessorWord && token(2).kind == T::RightParen &&
                             token(3).kind == T::Identifier;
  if (!names_machine && !makes_machine) return false;
  const Token& function = makes_machine ? token(3) : token();
  const std::string_view machine =
      makes_machine ? std::string_view("m") : std::string_view(map.function.text);
  Diagnostic& d =
      report(diagnostics_, DiagnosticKind::OldDialect, function.range,
             "this is the 2022 dialect, in which a map statement names a machine and a function");
  d.help = fmt::format(
      "leave the machine out and let the function take the task and index the machine itself: "
      "`def {0}(Task task) {{ ip = task.ipoint; return {1}[ip[0] / {1}.size[1], ip[0] % "
      "{1}.size[1]]; }}`",
      function.text, machine);
  abandoned_ = true;
  return true;
}

// The first form of the language, 2022-04: lower-case words and no semicolons.
bool Parser::report_prototype_dialect() {
  constexpr std::array<std::string_view, 4> kWords = {"task", "region", "taskdefault",
                                                      "regiondefault"};
  if (!at(T::Identifier) || std::ranges::find(kWords, token().text) == kWords.end()) return false;
  const TokenKind next = token(1).kind;
  if (token(1).first_on_line ||
      (!is_name(token(1)) && next != T::ProcessorWord && next != T::MemoryWord))
    return false;
  report(diagnostics_, DiagnosticKind::OldDialect, token().range,
         "this is the prototype dialect of April 2022")
      .help = "write `Task name KIND;` and `Region task name KIND MEMORY;`, with `*` for a default";
  abandoned_ = true;
  return true;
}

// 'InstanceLimit' (tasks | proc) ['-'] INT end
std::optional<InstanceLimitStatement> Parser::parse_instance_limit() {
  advance();
  auto tasks = parse_tasks(Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  if (at(T::ProcessorWord) && token(1).kind == T::Integer) {
    report(diagnostics_, DiagnosticKind::OldDialect, token().range,
           "this is the 2022 dialect, in which a limit names a kind of processor")
        .help =
        fmt::format("write `InstanceLimit {} {};`", file_.text(tasks->range), token(1).text);
    abandoned_ = true;
    return std::nullopt;
  }
  const auto limit = parse_signed("the largest number of instances");
  if (!limit || !end_rule("`;`")) return std::nullopt;
  return InstanceLimitStatement{std::move(*tasks), *limit};
}

// 'CollectMemory' tasks regions ';'
std::optional<CollectMemoryStatement> Parser::parse_collect_memory() {
  advance();
  auto tasks = parse_tasks(Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions();
  if (!region || !end_rule("`;`")) return std::nullopt;
  return CollectMemoryStatement{std::move(*tasks), std::move(*region)};
}

// 'ControlReplicate' name (',' name)* ';'
std::optional<ControlReplicateStatement> Parser::parse_control_replicate() {
  advance();
  auto tasks = parse_tasks(Selects::Names);
  if (!tasks || !end_rule("`,` and another task name, or `;`")) return std::nullopt;
  return ControlReplicateStatement{std::move(*tasks)};
}

// 'Priority' (tasks | proc) ['-'] INT end
std::optional<PriorityStatement> Parser::parse_priority() {
  advance();
  auto tasks = parse_tasks(Selects::NamesStarOrKind);
  if (!tasks) return std::nullopt;
  const auto priority = parse_signed("a priority, an integer");
  if (!priority || !end_rule("`;`")) return std::nullopt;
  return PriorityStatement{std::move(*tasks), *priority};
}

// ['-'] INT
std::optional<Spelled<int64_t>> Parser::parse_signed(std::string_view what) {
  const Token& first = token();
  const bool negative = accept(T::Minus);
  const Token& number = token();
  if (!accept(T::Integer)) {
    unexpected(what);
    return std::nullopt;
  }
  return Spelled<int64_t>{negative ? -number.integer : number.integer, from(first)};
}

// 'TaskSteal' tasks proc ('SAME_NODE' | 'ANY_NODE') ';'
std::optional<TaskStealStatement> Parser::parse_task_steal() {
  advance();
  auto tasks = parse_tasks(Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  const auto kind = parse_processor();
  if (!kind) return std::nullopt;
  const bool any_node = at_word(kAnyNode);
  if (!any_node && !at_word(kSameNode)) {
    unexpected(fmt::format("`{}` or `{}`", kSameNode, kAnyNode));
    return std::nullopt;
  }
  advance();
  if (!expect_semicolon("`;`")) return std::nullopt;
  return TaskStealStatement{std::move(*tasks), *kind, any_node};
}

}  // namespace placewright::lang
