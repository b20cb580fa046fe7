// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_layout.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "lang/syntax/parse_function.h"
#include "lang/syntax/parse_kinds.h"
#include "lang/syntax/parse_rule.h"
#include "lang/syntax/parse_selector.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

constexpr std::array<std::pair<TokenKind, Comparison>, 6> kComparisons = {
    {{T::Less, Comparison::Less},
     {T::LessEqual, Comparison::LessEqual},
     {T::Greater, Comparison::Greater},
     {T::GreaterEqual, Comparison::GreaterEqual},
     {T::EqualEqual, Comparison::Equal},
     {T::NotEqual, Comparison::NotEqual}}};
static_assert(kComparisons.size() == static_cast<size_t>(Comparison::NotEqual) + 1);

std::optional<Comparison> comparison(TokenKind kind) {
  for (const auto& [sign, comparison] : kComparisons)
    if (kind == sign) return comparison;
  return std::nullopt;
}

// 'Align' ('<' | '<=' | '>' | '>=' | '==' | '!=') INT
std::optional<LayoutConstraint> parse_alignment(ParseContext& context, const Token& word) {
  const auto op = comparison(context.token().kind);
  if (!op) {
    Diagnostic& d = context.unexpected("a comparison after `Align`");
    d.help = "write `Align == 128`";
    if (context.at(T::Assign)) d.fixes = {FixIt{context.token().range, "=="}};
    if (context.at(T::Integer)) d.fixes = {FixIt{context.next_begin(), "== "}};
    return std::nullopt;
  }
  context.advance();
  const Token& bytes = context.token();
  if (!context.accept(T::Integer)) {
    context.unexpected("a number of bytes");
    return std::nullopt;
  }
  return LayoutConstraint{context.from(word), LayoutWord::Align, *op, context.number(bytes)};
}

std::optional<LayoutConstraint> parse_constraint(ParseContext& context) {
  const Token& word = context.token();
  const auto constraint = parse_layout_word(word.text);
  if (!constraint) {
    Diagnostic& d = context.report(DiagnosticKind::UnknownLayoutWord, word.range,
                                   fmt::format("unknown layout constraint `{}`", word.text));
    if (!suggest(d, word.text, layout_words()))
      d.help = fmt::format("expected {}", join_alternatives(layout_words()));
    return std::nullopt;
  }
  context.advance();
  if (*constraint == LayoutWord::Align) return parse_alignment(context, word);
  return LayoutConstraint{.range = word.range, .word = *constraint};
}

}  // namespace

// 'Layout' tasks regions (mem | '*') constraint* ';'
std::optional<LayoutStatement> parse_layout(ParseContext& context, ExprPtr& condition) {
  context.advance();
  auto tasks = parse_tasks(context, Selects::NamesOrStar);
  if (!tasks) return std::nullopt;
  auto region = parse_regions(context);
  if (!region) return std::nullopt;
  LayoutStatement result{std::move(*tasks), std::move(*region), std::nullopt, {}};
  if (context.at(T::ProcessorWord)) {
    Diagnostic& d = context.report(
        DiagnosticKind::LayoutNeedsMemory, context.token().range,
        fmt::format("expected a memory kind or `*`, found {}", describe(context.token())));
    d.help = "a layout applies to a memory kind, not a processor kind; read as `*`, any memory";
    d.fixes = {FixIt{context.token().range, "*"}};
    context.advance();
  } else if (!context.accept(T::Star)) {
    if (parse_layout_word(context.token().text)) {
      Diagnostic& d = context.unexpected("a memory kind or `*`");
      d.help = "the memory kind comes before the constraints; `*` means any";
      d.fixes = {FixIt{context.next_begin(), "* "}};
      return std::nullopt;
    }
    result.memory = parse_memory(context);
    if (!result.memory) return std::nullopt;
  }
  const auto at_constraint = [&] {
    if (!context.at(T::Identifier)) return context.at(T::LayoutWord);
    if (context.at_word("if")) return false;
    return !context.token().first_on_line ||
           (parse_layout_word(context.token().text) && !at_assignment(context));
  };
  while (at_constraint()) {
    const auto constraint = parse_constraint(context);
    if (!constraint) return std::nullopt;
    result.constraints.push_back(*constraint);
    if (context.at(T::Comma)) {
      Diagnostic& d = context.unexpected("another constraint or `;`");
      d.help = "separate the constraints of a layout by spaces";
      d.fixes = {FixIt{context.token().range, ""}};
      return std::nullopt;
    }
  }
  if (!end_rule(context, "another constraint or `;`", condition)) return std::nullopt;
  return result;
}

}  // namespace placewright::lang
