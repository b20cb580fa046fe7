// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_selector.h"

#include <fmt/core.h>

#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

// name | INT
std::optional<RegionArgument> parse_region_argument(ParseContext& context) {
  const Token& first = context.token();
  if (context.accept(T::Integer))
    return RegionArgument{first.range, std::nullopt, context.number(first)};
  auto name = parse_name(context, "region, its number or `*`");
  if (!name) return std::nullopt;
  const SourceRange range = name->range;
  return RegionArgument{range, std::move(name), 0};
}

}  // namespace

// '*' | name (',' name)* | proc
std::optional<TaskSelector> parse_tasks(ParseContext& context, Selects what) {
  TaskSelector result;
  const Token& first = context.token();
  if (context.at(T::Star) && what != Selects::Names) {
    context.advance();
    result.any = true;
  } else if (context.at(T::ProcessorWord) && what == Selects::NamesStarOrKind) {
    result.kind = machine::parse_processor_kind(context.advance().text);
  } else {
    if (context.at(T::Star)) {
      context.unexpected("the name of a task");
      return std::nullopt;
    }
    do {
      auto name = parse_name(context, what == Selects::Names ? "task" : "task, or `*`");
      if (!name) return std::nullopt;
      result.names.push_back(std::move(*name));
    } while (context.accept(T::Comma));
  }
  result.range = context.from(first);
  return result;
}

// '*' | argument (',' argument)*
std::optional<RegionSelector> parse_regions(ParseContext& context) {
  const Token& first = context.token();
  RegionSelector result{.range = first.range, .any = context.accept(T::Star), .arguments = {}};
  if (result.any) return result;
  do {
    auto argument = parse_region_argument(context);
    if (!argument) return std::nullopt;
    result.arguments.push_back(std::move(*argument));
  } while (context.accept(T::Comma));
  result.range = context.from(first);
  return result;
}

std::optional<Name> parse_name(ParseContext& context, std::string_view what) {
  const Token& first = context.token();
  if (first.kind == T::Identifier && context.token(1).kind == T::Dot) {
    while (context.at(T::Dot) || context.at(T::Identifier) ||
           is_reserved_word(context.token().kind)) {
      const bool dot = context.advance().kind == T::Dot;
      if (!dot && !context.at(T::Dot)) break;
    }
    const std::string text(context.file.text(context.from(first)));
    Diagnostic& d = context.report(DiagnosticKind::UnquotedName, context.from(first),
                                   "a name with a dot must be in quotes");
    d.help = fmt::format("write `\"{}\"`", text);
    d.fixes = {FixIt{context.from(first), fmt::format("\"{}\"", text)}};
    return Name{text, context.from(first)};
  }
  if (is_name(first)) {
    context.advance();
    if (first.text.empty())
      context.report(DiagnosticKind::EmptyName, first.range, "this name is empty");
    return Name{std::string(first.text), first.range};
  }
  const bool kind_word = first.kind == T::ProcessorWord || first.kind == T::MemoryWord;
  const bool next_statement = is_statement_word(first.kind) && first.first_on_line;
  if (is_reserved_word(first.kind) && !kind_word && !next_statement) {
    const bool quotable = !what.starts_with("function") && !what.starts_with("variable");
    Diagnostic& d = context.report(DiagnosticKind::ReservedWord, first.range,
                                   fmt::format("`{}` is a reserved word, not a name", first.text));
    d.help = quotable ? fmt::format("write `\"{}\"` if that is really the name", first.text)
                      : "choose another name";
    context.advance();
    return Name{std::string(first.text), first.range};
  }
  context.unexpected(fmt::format("the name of a {}", what));
  return std::nullopt;
}

bool list_goes_on(ParseContext& context, bool next_is_element) {
  if (context.accept(T::Comma)) return true;
  if (!next_is_element)
    return context.at(T::Identifier) && !context.token().first_on_line && !context.at_word("if");
  context
      .report(DiagnosticKind::MissingComma, context.token().range,
              fmt::format("expected `,` before {}", describe(context.token())))
      .fixes = {FixIt{context.previous_end(), ","}};
  return true;
}

}  // namespace placewright::lang
