// SPDX-License-Identifier: Apache-2.0
// Productions for function definitions and the statements in their bodies.
#include <fmt/core.h>

#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {

using T = TokenKind;

// 'def' name '(' [parameter (',' parameter)*] ')' '{' statement+ '}'
std::optional<FunctionDefinition> Parser::parse_function() {
  const Token& def = advance();
  FunctionDefinition function;
  auto name = parse_name("function");
  if (!name) return std::nullopt;
  function.name = std::move(*name);
  if (!parse_parameters(function)) {
    function.incomplete = true;
    while (!at(T::End) && !at(T::LeftBrace) && !at(T::Colon) &&
           !(token().first_on_line && is_statement_word(token().kind)))
      advance();
  }
  if (at(T::Minus) && token(1).kind == T::Greater) {
    unexpected("`{`").help = "functions do not declare a return type";
    while (!at(T::End) && !at(T::LeftBrace) && !at(T::Colon) && !token().first_on_line) advance();
    function.incomplete = true;
  }
  if (at(T::Colon)) {
    parse_indented_body(function, def);
    return function;
  }
  if (!at(T::LeftBrace)) {
    if (!function.incomplete) unexpected("`{` and the body of the function");
    program_.broken_names.push_back(function.name.text);
    return std::nullopt;
  }
  parse_body(function);
  return function;
}

bool Parser::parse_parameters(FunctionDefinition& function) {
  const Token& opener = token();
  if (!accept(T::LeftParen)) {
    unexpected("`(` and the parameters of the function");
    return false;
  }
  if (accept(T::RightParen)) return true;
  do {
    if (!parse_parameter(function)) return false;
  } while (list_goes_on(at(T::TypeWord) || at(T::Task) || at(T::Identifier)));
  if (accept(T::RightParen)) return true;
  if (at(T::LeftBrace)) return expect_closer(opener, T::RightParen);
  unexpected("`,` or `)`");
  return false;
}

// type name
bool Parser::parse_parameter(FunctionDefinition& function) {
  const Token& type = token();
  const auto known = parse_parameter_type(type.text);
  if (type.kind == T::Identifier && (token(1).kind != T::Identifier || body_uses(type.text))) {
    function.parameters.push_back(parse_untyped_parameter());
    return true;
  }
  if (!known && type.kind == T::Identifier) {
    advance();
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownType, type.range,
                           fmt::format("unknown type `{}`", type.text));
    if (!suggest(d, type.text, parameter_type_words()))
      d.help = fmt::format("expected {}", join_alternatives(parameter_type_words()));
    program_.broken_names.emplace_back(advance().text);
    function.incomplete = true;
    return true;
  }
  if (!known || type.kind == T::String) {
    unexpected(
        fmt::format("the type of a parameter ({})", join_alternatives(parameter_type_words())));
    return false;
  }
  advance();
  auto name = parse_name("parameter");
  if (!name) return false;
  function.parameters.push_back({{*known, type.range}, std::move(*name)});
  return true;
}

// `def f(task)` and `def f(task: Task)`, as in Python: reported, then accepted.
Parameter Parser::parse_untyped_parameter() {
  const Token& name = advance();
  ParameterType type = guess_type(name.text);
  SourceRange range = name.range;
  if (accept(T::Colon)) {
    type = parse_parameter_type(token().text).value_or(type);
    advance();
    range.end = previous_end().end;
  }
  Diagnostic& d = report(diagnostics_, DiagnosticKind::MissingType, range,
                         fmt::format("expected a type before parameter `{}`", name.text));
  const std::string corrected = fmt::format("{} {}", to_string(type), name.text);
  d.help = fmt::format("write `{}`", corrected);
  d.fixes = {FixIt{range, corrected}};
  return Parameter{{type, name.range}, Name{std::string(name.text), name.range}};
}

// `def f(a b)`: `a` is not a type if the function uses it.
bool Parser::body_uses(std::string_view name) const {
  size_t i = 1;
  while (token(i).kind != T::RightParen && token(i).kind != T::End) ++i;
  for (; token(i).kind != T::End && token(i).kind != T::Def; ++i)
    if (token(i).kind == T::Identifier && token(i).text == name) return true;
  return false;
}

// From the first thing that the function does with the parameter.
ParameterType Parser::guess_type(std::string_view parameter) const {
  for (size_t i = 1; token(i).kind != T::End && token(i).kind != T::Def; ++i) {
    if (token(i).text != parameter || token(i + 1).kind != T::Dot) continue;
    const auto member = lang::parse_member(token(i + 2).text);
    if (member == Member::IPoint || member == Member::ISpace || member == Member::Parent ||
        member == Member::Processor)
      return ParameterType::Task;
    if (member && member != Member::Len && member != Member::Volume && member != Member::Size)
      return ParameterType::MSpace;
  }
  return parameter == "task" || parameter == "t" ? ParameterType::Task : ParameterType::Int;
}

void Parser::parse_body(FunctionDefinition& function) {
  const Token& opener = advance();
  in_function_ = true;
  while (!at(T::RightBrace) && !at(T::End)) {
    if (skip_empty_statement()) continue;
    const size_t before = position_;
    if (token().first_on_line && is_statement_word(token().kind) && !at(T::Return) &&
        !at(T::Print) && token().range.begin == file_.text().rfind('\n', token().range.begin) + 1) {
      break;  // a statement in the first column: the `}` is missing
    }
    if (auto statement = parse_function_statement()) {
      function.body.push_back(std::move(*statement));
      continue;
    }
    function.incomplete = true;
    synchronize();
    if (position_ == before) advance();
  }
  in_function_ = false;
  if (!accept(T::RightBrace)) {
    function.incomplete = true;
    report(diagnostics_, DiagnosticKind::UnclosedBracket, opener.range,
           fmt::format("the body of `{}` is never closed: expected `}}` before {}",
                       function.name.text, describe(token())));
  }
  function.body_range = from(opener);
  accept(T::Semicolon);  // `};` is a habit of C++ and cannot mean anything else
}

// `def f(Task task):` and an indented body, as in Python: one message for all of it, then accepted.
void Parser::parse_indented_body(FunctionDefinition& function, const Token& def) {
  const Token& colon = advance();
  const int column = file_.position(def.range.begin).column;
  const auto in_body = [&] {
    return !at(T::End) &&
           (!token().first_on_line || file_.position(token().range.begin).column > column);
  };
  body_fixes_ = {{colon.range, " {"}};
  in_function_ = in_indented_body_ = true;
  while (in_body()) {
    if (skip_empty_statement()) continue;
    const size_t before = position_;
    if (auto statement = parse_function_statement()) {
      function.body.push_back(std::move(*statement));
      continue;
    }
    function.incomplete = true;
    if (position_ == before) skip_suite(file_.position(token().range.begin).column);
    while (in_body() && (position_ == before || !token().first_on_line)) advance();
  }
  in_function_ = in_indented_body_ = false;
  // Includes the comment after the last statement.
  const auto end = static_cast<uint32_t>(
      std::min(file_.text().find('\n', previous_end().end), file_.text().size()));
  function.body_range = {colon.range.begin, end};
  body_fixes_.push_back({{end, end}, "\n}"});
  Diagnostic& d = report(diagnostics_, DiagnosticKind::IndentedBody, colon.range,
                         "expected `{` and the body of the function, found `:`");
  d.help = fmt::format("write `def {}(...) {{ ... }}`; every statement ends with `;`",
                       function.name.text);
  if (!function.incomplete) d.fixes = std::move(body_fixes_);
}

// assign | return | print
std::optional<FunctionStatement> Parser::parse_function_statement() {
  skip_variable_type();
  const Token& first = token();
  if (at_assignment()) {
    auto assignment = parse_assignment();
    if (!assignment) return std::nullopt;
    return FunctionStatement{from(first), std::move(*assignment)};
  }
  if (at(T::Print)) {
    auto print = parse_print();
    if (!print) return std::nullopt;
    return FunctionStatement{from(first), std::move(*print)};
  }
  if (accept(T::Return)) {
    ExprPtr value = parse_expression();
    if (!value || !expect_semicolon("an operator or `;`")) return std::nullopt;
    return FunctionStatement{from(first), Return{std::move(value)}};
  }
  if (at(T::Identifier) || at(T::For)) {
    report_unknown_statement(first);
  } else {
    unexpected("`name =`, `return`, `print` or `}`").help =
        is_statement_word(first.kind) ? "rules belong outside functions" : "";
  }
  return std::nullopt;
}

bool Parser::at_assignment() const {
  const bool word = at(T::Identifier) || (is_reserved_word(token().kind) && !at(T::Return));
  return word && token(1).kind == T::Assign;
}

// name '=' expr ';'
std::optional<Assignment> Parser::parse_assignment() {
  auto name = parse_name("variable");
  if (!name) return std::nullopt;
  advance();
  ExprPtr value = parse_expression();
  if (!value || !expect_semicolon("an operator or `;`")) {
    program_.broken_names.push_back(name->text);
    return std::nullopt;
  }
  return Assignment{std::move(*name), std::move(value)};
}

// 'print' '(' STRING (',' expr)* ')' ';'
std::optional<Print> Parser::parse_print() {
  advance();
  const Token& opener = token();
  if (!accept(T::LeftParen)) {
    unexpected("`(` after `print`");
    return std::nullopt;
  }
  const Token& format = token();
  if (!accept(T::String)) {
    unexpected("a string in quotes as the first argument of `print`").help =
        "write `print(\"value {}\", x);`";
    return std::nullopt;
  }
  Print print{{std::string(format.text), format.range}, {}};
  const bool closed = accept(T::Comma) ? parse_list(print.arguments, opener, T::RightParen)
                                       : expect_closer(opener, T::RightParen);
  if (!closed || !expect_semicolon("`;`")) return std::nullopt;
  return print;
}

}  // namespace placewright::lang
