// SPDX-License-Identifier: Apache-2.0
// Productions for the tasks, regions and names that a rule selects.
#include <fmt/core.h>

#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {

using T = TokenKind;

// '*' | name (',' name)* | proc
std::optional<TaskSelector> Parser::parse_tasks(Selects what) {
  TaskSelector result;
  const Token& first = token();
  if (at(T::Star) && what != Selects::Names) {
    advance();
    result.any = true;
  } else if (at(T::ProcessorWord) && what == Selects::NamesStarOrKind) {
    result.kind = machine::parse_processor_kind(advance().text);
  } else {
    if (at(T::Star)) {
      unexpected("the name of a task");
      return std::nullopt;
    }
    do {
      auto name = parse_name(what == Selects::Names ? "task" : "task, or `*`");
      if (!name) return std::nullopt;
      result.names.push_back(std::move(*name));
    } while (accept(T::Comma));
  }
  result.range = from(first);
  return result;
}

// '*' | argument (',' argument)*
std::optional<RegionSelector> Parser::parse_regions() {
  const Token& first = token();
  RegionSelector result{.range = first.range, .any = accept(T::Star), .arguments = {}};
  if (result.any) return result;
  do {
    auto argument = parse_region_argument();
    if (!argument) return std::nullopt;
    result.arguments.push_back(std::move(*argument));
  } while (accept(T::Comma));
  result.range = from(first);
  return result;
}

// name | INT
std::optional<RegionArgument> Parser::parse_region_argument() {
  const Token& first = token();
  if (accept(T::Integer)) return RegionArgument{first.range, std::nullopt, first.integer};
  auto name = parse_name("region, its number or `*`");
  if (!name) return std::nullopt;
  const SourceRange range = name->range;
  return RegionArgument{range, std::move(name), 0};
}

// A plain or quoted name. `what` completes "the name of a ...".
std::optional<Name> Parser::parse_name(std::string_view what) {
  const Token& first = token();
  if (first.kind == T::Identifier && token(1).kind == T::Dot) {
    while (at(T::Dot) || at(T::Identifier) || is_reserved_word(token().kind)) {
      const bool dot = advance().kind == T::Dot;
      if (!dot && !at(T::Dot)) break;
    }
    const std::string text(file_.text(from(first)));
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnquotedName, from(first),
                           "a name with a dot must be in quotes");
    d.help = fmt::format("write `\"{}\"`", text);
    d.fixes = {FixIt{from(first), fmt::format("\"{}\"", text)}};
    return Name{text, from(first)};
  }
  if (is_name(first)) {
    advance();
    if (first.text.empty())
      report(diagnostics_, DiagnosticKind::EmptyName, first.range, "this name is empty");
    return Name{std::string(first.text), first.range};
  }
  const bool kind_word = first.kind == T::ProcessorWord || first.kind == T::MemoryWord;
  const bool next_statement = is_statement_word(first.kind) && first.first_on_line;
  if (is_reserved_word(first.kind) && !kind_word && !next_statement) {
    const bool quotable = !what.starts_with("function") && !what.starts_with("variable");
    Diagnostic& d = report(diagnostics_, DiagnosticKind::ReservedWord, first.range,
                           fmt::format("`{}` is a reserved word, not a name", first.text));
    d.help = quotable ? fmt::format("write `\"{}\"` if that is really the name", first.text)
                      : "choose another name";
    advance();
    return Name{std::string(first.text), first.range};
  }
  unexpected(fmt::format("the name of a {}", what));
  return std::nullopt;
}

// Whether a list continues: after a comma, or at the next element if its comma is missing.
bool Parser::list_goes_on(bool next_is_element) {
  if (accept(T::Comma)) return true;
  if (!next_is_element) return at(T::Identifier) && !token().first_on_line && !at_word("if");
  report(diagnostics_, DiagnosticKind::MissingComma, token().range,
         fmt::format("expected `,` before {}", describe(token())))
      .fixes = {FixIt{previous_end(), ","}};
  return true;
}

}  // namespace placewright::lang
