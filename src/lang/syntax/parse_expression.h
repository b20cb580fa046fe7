// SPDX-License-Identifier: Apache-2.0
// Productions for expressions, and what other productions of expressions need.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

inline constexpr int kMaxNesting = 200;

ExprPtr parse_expression(ParseContext& context);
/// The binary operators that bind at least as tightly as `lowest`, see precedence().
ExprPtr parse_binary(ParseContext& context, int lowest);
/// 'for' name 'in' expr and the closing bracket, after the element.
ExprPtr parse_generator(ParseContext& context, const Token& first, const Token& opener,
                        ExprPtr element, TokenKind closer);
/// expr (',' expr)* and the closing bracket.
bool parse_list(ParseContext& context, std::vector<ExprPtr>& list, const Token& opener,
                TokenKind closer);

/// Limits how many operators an expression has.
bool count_operator(ParseContext& context, SourceRange range);

/// Counts a level of nesting while it lives.
class Nested {
 public:
  explicit Nested(ParseContext& context) : depth_(context.nesting) { ++depth_; }
  ~Nested() { --depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  int& depth_;
};

template <class Node>
ExprPtr make(SourceRange range, Node node) {
  return std::make_unique<Expr>(Expr{range, std::move(node)});
}

}  // namespace placewright::lang
