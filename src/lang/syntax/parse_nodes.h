// SPDX-License-Identifier: Apache-2.0
// Helpers for the expression productions; private to the parser.
#pragma once

#include <memory>
#include <utility>

#include "lang/syntax/ast.h"
#include "lang/syntax/token.h"

namespace placewright::lang {

[[nodiscard]] bool begins_expression(TokenKind kind);

template <class Node>
ExprPtr make(SourceRange range, Node node) {
  return std::make_unique<Expr>(Expr{range, std::move(node)});
}

/// Counts a level of nesting while it lives.
class Nested {
 public:
  explicit Nested(int& depth) : depth_(depth) { ++depth_; }
  ~Nested() { --depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  int& depth_;
};

}  // namespace placewright::lang
