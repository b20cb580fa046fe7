// SPDX-License-Identifier: Apache-2.0
// Constructs of other languages, mostly Python and C++, with only one possible meaning here:
// reported with a fix, then accepted. Also the statements that the language does not have.
#pragma once

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

// ---- expressions

/// value 'if' condition 'else' other, after the value.
ExprPtr parse_python_conditional(ParseContext& context, ExprPtr value);
/// 'not' comparison, which binds looser than a comparison.
ExprPtr parse_python_not(ParseContext& context);
/// '[' expr (',' expr)* ']'  |  '[' expr 'for' name 'in' expr ']'
ExprPtr parse_square_tuple(ParseContext& context);
/// 'tuple' '(' expr (',' expr)+ ')', after the first element.
ExprPtr parse_called_tuple(ParseContext& context, const Token& word, const Token& opener,
                           ExprPtr first);
/// member '(' expr ')'
ExprPtr parse_member_call(ParseContext& context);
/// `.x`, `.y` and `.z` of a point.
ExprPtr coordinate(ParseContext& context, ExprPtr object, const Token& dot, const Token& word);
/// `and` and `or`.
void report_foreign_operator(ParseContext& context, std::string_view ours);

// ---- statements

/// The type of `int x = 1;`.
void skip_variable_type(ParseContext& context);
bool skip_empty_statement(ParseContext& context);
/// The parenthesized part after `for`, `while` or `if`.
void skip_loop_head(ParseContext& context);
/// The rest of a line, the following lines indented deeper than `column`, and any `else` or `elif`
/// parts that belong to them.
void skip_suite(ParseContext& context, int column);
void report_unknown_statement(ParseContext& context, const Token& found);

}  // namespace placewright::lang
