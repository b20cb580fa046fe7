// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_function.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/syntax/parse_expression.h"
#include "lang/syntax/parse_foreign.h"
#include "lang/syntax/parse_printed.h"
#include "lang/syntax/parse_recovery.h"
#include "lang/syntax/parse_selector.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

// `def f(a b)`: `a` is not a type if the function uses it.
bool body_uses(const ParseContext& context, std::string_view name) {
  size_t i = 1;
  while (context.token(i).kind != T::RightParen && context.token(i).kind != T::End) ++i;
  for (; context.token(i).kind != T::End && context.token(i).kind != T::Def; ++i)
    if (context.token(i).kind == T::Identifier && context.token(i).text == name) return true;
  return false;
}

// From the first thing that the function does with the parameter.
ParameterType guess_type(const ParseContext& context, std::string_view parameter) {
  for (size_t i = 1; context.token(i).kind != T::End && context.token(i).kind != T::Def; ++i) {
    if (context.token(i).text != parameter || context.token(i + 1).kind != T::Dot) continue;
    const auto member = parse_member(context.token(i + 2).text);
    if (member == Member::IPoint || member == Member::ISpace || member == Member::Parent ||
        member == Member::Processor)
      return ParameterType::Task;
    if (member && member != Member::Len && member != Member::Volume && member != Member::Size)
      return ParameterType::MSpace;
  }
  return parameter == "task" || parameter == "t" ? ParameterType::Task : ParameterType::Int;
}

// `def f(task)` and `def f(task: Task)`, as in Python: reported, then accepted.
Parameter parse_untyped_parameter(ParseContext& context) {
  const Token& name = context.advance();
  ParameterType type = guess_type(context, name.text);
  SourceRange range = name.range;
  if (context.accept(T::Colon)) {
    type = parse_parameter_type(context.token().text).value_or(type);
    context.advance();
    range.end = context.previous_end().end;
  }
  Diagnostic& d = context.report(DiagnosticKind::MissingType, range,
                                 fmt::format("expected a type before parameter `{}`", name.text));
  const std::string corrected = fmt::format("{} {}", to_string(type), name.text);
  d.help = fmt::format("write `{}`", corrected);
  d.fixes = {FixIt{range, corrected}};
  return Parameter{{type, name.range}, Name{std::string(name.text), name.range}};
}

// type name
bool parse_parameter(ParseContext& context, FunctionDefinition& function) {
  if (parse_printed_parameter(context, function)) return true;
  const Token& type = context.token();
  const auto known = parse_parameter_type(type.text);
  if (type.kind == T::Identifier &&
      (context.token(1).kind != T::Identifier || body_uses(context, type.text))) {
    function.parameters.push_back(parse_untyped_parameter(context));
    return true;
  }
  if (!known && type.kind == T::Identifier) {
    context.advance();
    Diagnostic& d = context.report(DiagnosticKind::UnknownType, type.range,
                                   fmt::format("unknown type `{}`", type.text));
    if (!suggest(d, type.text, parameter_type_words()))
      d.help = fmt::format("expected {}", join_alternatives(parameter_type_words()));
    context.broken_names.emplace_back(context.advance().text);
    function.incomplete = true;
    return true;
  }
  if (!known || type.kind == T::String) {
    context.unexpected(
        fmt::format("the type of a parameter ({})", join_alternatives(parameter_type_words())));
    return false;
  }
  context.advance();
  auto name = parse_name(context, "parameter");
  if (!name) return false;
  function.parameters.push_back({{*known, type.range}, std::move(*name)});
  return true;
}

bool parse_parameters(ParseContext& context, FunctionDefinition& function) {
  const Token& opener = context.token();
  if (!context.accept(T::LeftParen)) {
    context.unexpected("`(` and the parameters of the function");
    return false;
  }
  if (context.accept(T::RightParen)) return true;
  do {
    if (!parse_parameter(context, function)) return false;
  } while (list_goes_on(
      context, context.at(T::TypeWord) || context.at(T::Task) || context.at(T::Identifier)));
  if (context.accept(T::RightParen)) return true;
  if (context.at(T::LeftBrace)) return expect_closer(context, opener, T::RightParen);
  context.unexpected("`,` or `)`");
  return false;
}

// assign | return | print
std::optional<FunctionStatement> parse_function_statement(ParseContext& context) {
  skip_variable_type(context);
  const Token& first = context.token();
  if (at_assignment(context)) {
    auto assignment = parse_assignment(context);
    if (!assignment) return std::nullopt;
    return FunctionStatement{context.from(first), std::move(*assignment)};
  }
  if (context.at(T::Print)) {
    auto print = parse_print(context);
    if (!print) return std::nullopt;
    return FunctionStatement{context.from(first), std::move(*print)};
  }
  if (context.accept(T::Return)) {
    ExprPtr value = parse_expression(context);
    if (!value || !expect_semicolon(context, "an operator or `;`")) return std::nullopt;
    return FunctionStatement{context.from(first), Return{std::move(value)}};
  }
  if (context.at(T::Identifier) || context.at(T::For)) {
    report_unknown_statement(context, first);
  } else {
    context.unexpected("`name =`, `return`, `print` or `}`").help =
        is_statement_word(first.kind) ? "rules belong outside functions" : "";
  }
  return std::nullopt;
}

void parse_body(ParseContext& context, FunctionDefinition& function) {
  const Token& opener = context.advance();
  context.in_function = true;
  while (!context.at(T::RightBrace) && !context.at(T::End)) {
    if (skip_empty_statement(context)) continue;
    const size_t before = context.position();
    if (context.token().first_on_line && is_statement_word(context.token().kind) &&
        !context.at(T::Return) && !context.at(T::Print) &&
        context.token().range.begin ==
            context.file.text().rfind('\n', context.token().range.begin) + 1) {
      break;  // a statement in the first column: the `}` is missing
    }
    if (auto statement = parse_function_statement(context)) {
      function.body.push_back(std::move(*statement));
      continue;
    }
    function.incomplete = true;
    synchronize(context);
    if (context.position() == before) context.advance();
  }
  context.in_function = false;
  if (!context.accept(T::RightBrace)) {
    function.incomplete = true;
    context.report(DiagnosticKind::UnclosedBracket, opener.range,
                   fmt::format("the body of `{}` is never closed: expected `}}` before {}",
                               function.name.text, describe(context.token())));
  }
  function.body_range = context.from(opener);
  context.accept(T::Semicolon);  // `};` is a habit of C++ and cannot mean anything else
}

// `def f(Task task):` and an indented body, as in Python: one message for all of it, then accepted.
void parse_indented_body(ParseContext& context, FunctionDefinition& function, const Token& def) {
  const Token& colon = context.advance();
  const int column = context.file.position(def.range.begin).column;
  const auto in_body = [&] {
    return !context.at(T::End) &&
           (!context.token().first_on_line ||
            context.file.position(context.token().range.begin).column > column);
  };
  std::vector<FixIt> fixes = {{colon.range, " {"}};
  context.body_fixes = &fixes;
  context.in_function = true;
  while (in_body()) {
    if (skip_empty_statement(context)) continue;
    const size_t before = context.position();
    if (auto statement = parse_function_statement(context)) {
      function.body.push_back(std::move(*statement));
      continue;
    }
    function.incomplete = true;
    if (context.position() == before)
      skip_suite(context, context.file.position(context.token().range.begin).column);
    while (in_body() && (context.position() == before || !context.token().first_on_line))
      context.advance();
  }
  context.body_fixes = nullptr;
  context.in_function = false;
  // Includes the comment after the last statement.
  const auto end = static_cast<uint32_t>(std::min(
      context.file.text().find('\n', context.previous_end().end), context.file.text().size()));
  function.body_range = {colon.range.begin, end};
  fixes.push_back({{end, end}, "\n}"});
  Diagnostic& d = context.report(DiagnosticKind::IndentedBody, colon.range,
                                 "expected `{` and the body of the function, found `:`");
  d.help = fmt::format("write `def {}(...) {{ ... }}`; every statement ends with `;`",
                       function.name.text);
  if (!function.incomplete) d.fixes = std::move(fixes);
}

}  // namespace

// 'def' name '(' [parameter (',' parameter)*] ')' '{' statement+ '}'
std::optional<FunctionDefinition> parse_function(ParseContext& context) {
  const Token& def = context.advance();
  FunctionDefinition function;
  auto name = parse_name(context, "function");
  if (!name) return std::nullopt;
  function.name = std::move(*name);
  const PrintedParameters printed(context, function);
  if (!printed.taken && !parse_parameters(context, function)) {
    function.incomplete = true;
    while (!context.at(T::End) && !context.at(T::LeftBrace) && !context.at(T::Colon) &&
           !(context.token().first_on_line && is_statement_word(context.token().kind)))
      context.advance();
  }
  if (context.at(T::Minus) && context.token(1).kind == T::Greater) {
    context.unexpected("`{`").help = "functions do not declare a return type";
    while (!context.at(T::End) && !context.at(T::LeftBrace) && !context.at(T::Colon) &&
           !context.token().first_on_line)
      context.advance();
    function.incomplete = true;
  }
  if (context.at(T::Colon)) {
    parse_indented_body(context, function, def);
    return function;
  }
  if (!context.at(T::LeftBrace)) {
    if (!function.incomplete) context.unexpected("`{` and the body of the function");
    context.broken_names.push_back(function.name.text);
    return std::nullopt;
  }
  parse_body(context, function);
  return function;
}

bool at_assignment(const ParseContext& context) {
  const bool word = context.at(T::Identifier) ||
                    (is_reserved_word(context.token().kind) && !context.at(T::Return));
  return word && context.token(1).kind == T::Assign;
}

// name '=' expr ';'
std::optional<Assignment> parse_assignment(ParseContext& context) {
  auto name = parse_name(context, "variable");
  if (!name || hides_stand_in(context, *name)) return std::nullopt;
  context.advance();
  ExprPtr value = parse_expression(context);
  if (!value || !expect_semicolon(context, "an operator or `;`")) {
    context.broken_names.push_back(name->text);
    return std::nullopt;
  }
  return Assignment{std::move(*name), std::move(value)};
}

// 'print' '(' STRING (',' expr)* ')' ';'
std::optional<Print> parse_print(ParseContext& context) {
  context.advance();
  const Token& opener = context.token();
  if (!context.accept(T::LeftParen)) {
    context.unexpected("`(` after `print`");
    return std::nullopt;
  }
  const Token& format = context.token();
  if (!context.accept(T::String)) {
    context.unexpected("a string in quotes as the first argument of `print`").help =
        "write `print(\"value {}\", x);`";
    return std::nullopt;
  }
  Print print{{std::string(format.text), format.range}, {}};
  const bool closed = context.accept(T::Comma)
                          ? parse_list(context, print.arguments, opener, T::RightParen)
                          : expect_closer(context, opener, T::RightParen);
  if (!closed || !expect_semicolon(context, "`;`")) return std::nullopt;
  return print;
}

}  // namespace placewright::lang
