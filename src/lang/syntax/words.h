// SPDX-License-Identifier: Apache-2.0
// The words and operators of the language and their meaning in the tree, both ways. One table for
// the parser, the printer and "did you mean". The words that begin a statement come from statements.def.
// The lexer uses the word lists too, but has its own tables of signs and of other keywords.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lang/syntax/ast.h"

namespace placewright::lang {

/// What begins a statement of a mapping or of a function.
enum class StatementWord {
#define PLACEWRIGHT_STATEMENT(name, word, node) name,
#include "lang/syntax/statements.def"
};

/// Where the `TaskSteal` statement lets tasks be stolen from.
inline constexpr std::string_view kSameNode = "SAME_NODE";
inline constexpr std::string_view kAnyNode = "ANY_NODE";

[[nodiscard]] std::string_view to_string(StatementWord word);
[[nodiscard]] std::string_view to_string(Member member);
[[nodiscard]] std::string_view to_string(LayoutWord word);
[[nodiscard]] std::string_view to_string(ParameterType type);
[[nodiscard]] std::string_view to_string(Comparison comparison);
[[nodiscard]] std::string_view to_string(BinaryOp op);
[[nodiscard]] std::string_view to_string(UnaryOp op);

[[nodiscard]] std::optional<StatementWord> parse_statement_word(std::string_view word);
[[nodiscard]] std::optional<Member> parse_member(std::string_view word);
[[nodiscard]] std::optional<LayoutWord> parse_layout_word(std::string_view word);
[[nodiscard]] std::optional<ParameterType> parse_parameter_type(std::string_view word);

/// Whether a comparison of two integers holds.
[[nodiscard]] bool holds(BinaryOp comparison, int64_t a, int64_t b);

/// How tightly an operator binds: from 1 (`||`) to 6 (`*`). All operators are left-associative.
[[nodiscard]] int precedence(BinaryOp op);

[[nodiscard]] std::span<const std::string_view> member_words();
/// The members of the original language, which are reserved and cannot be names.
[[nodiscard]] std::span<const std::string_view> reserved_member_words();
[[nodiscard]] std::span<const std::string_view> layout_words();
[[nodiscard]] std::span<const std::string_view> parameter_type_words();
[[nodiscard]] std::span<const std::string_view> comparison_words();
[[nodiscard]] std::span<const std::string_view> processor_words();
[[nodiscard]] std::span<const std::string_view> memory_words();
[[nodiscard]] std::span<const std::string_view> statement_words();

/// Whether a name can be written without quotes: letters, digits and `_`, no leading digit, not a
/// reserved word.
[[nodiscard]] bool is_plain_name(std::string_view text);
/// Whether it can be written as a name at all; quotes cannot contain quotes or line breaks.
[[nodiscard]] bool can_be_written(std::string_view name);
/// The name as a mapping writes it, quoted where necessary.
[[nodiscard]] std::string written_name(std::string_view name);

}  // namespace placewright::lang
