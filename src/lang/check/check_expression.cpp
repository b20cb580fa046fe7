// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_expression.h"

#include <fmt/core.h>

#include "lang/check/check_call.h"
#include "lang/check/check_conditional.h"
#include "lang/check/check_index.h"
#include "lang/check/check_member.h"
#include "lang/check/check_names.h"
#include "lang/check/check_operator.h"

namespace placewright::lang {
namespace {

const Expr& without_parentheses(const Expr& expr) {
  const Expr* inner = &expr;
  while (const auto* parenthesized = std::get_if<Parenthesized>(&inner->node))
    inner = parenthesized->inner.get();
  return *inner;
}

/// `*a + b`: reported at the unpacking, so that no further message is needed.
bool has_unpacked_operand(const Expr& expr) {
  const auto* binary = std::get_if<Binary>(&without_parentheses(expr).node);
  if (binary == nullptr) return false;
  return std::holds_alternative<Unpack>(binary->lhs->node) ||
         std::holds_alternative<Unpack>(binary->rhs->node) || has_unpacked_operand(*binary->lhs);
}

Type infer_star(CheckContext& context, const Expr& expr) {
  context.report(
      DiagnosticKind::MisplacedStar, expr.range,
      "`*` selects all points of a dimension and can only be an index of a processor space");
  return {};
}

Type infer_unpack(CheckContext& context, const Expr& expr, const Unpack& node) {
  infer(context, *node.operand);
  context
      .report(DiagnosticKind::MisplacedUnpack, expr.range,
              "a tuple can only be unpacked as a whole index, element or argument")
      .help = "`*` binds like a multiplication: `*a + b` is `(*a) + b`; write `*(a + b)`";
  return {};
}

Type infer_tuple(CheckContext& context, const TupleExpr& node) {
  const ListElements elements = infer_elements(context, node.elements, false);
  for (const ListElement& element : elements.known)
    context.expect(*element.expr, element.type, TypeKind::Int);
  if (!elements.complete) return tuple_type();
  return tuple_type(static_cast<int64_t>(elements.known.size()));
}

/// The variable hides all outer names while the element is computed.
Type infer_comprehension(CheckContext& context, const Comprehension& node) {
  const Type range = infer(context, *node.range);
  context.expect(*node.range, range, TypeKind::Tuple);
  const std::string& name = node.variable.text;
  auto& locals = context.scope.locals;
  std::optional<CheckedLocal> hidden;
  if (const auto found = locals.find(name); found != locals.end()) hidden = found->second;
  locals.insert_or_assign(name, CheckedLocal{node.variable.range, int_type()});
  const Type element = infer(context, *node.element);
  context.expect(*node.element, element, TypeKind::Int);
  if (hidden) {
    locals.insert_or_assign(name, *hidden);
  } else {
    locals.erase(name);
  }
  return tuple_type(range.is(TypeKind::Tuple) ? range.length : std::nullopt);
}

/// One object with two references: as a set of lambdas it would be a large part of every level of
/// the recursion.
struct Inference {
  CheckContext& context;
  const Expr& expr;

  Type operator()(const IntLiteral& node) const { return number_type(node.value); }
  Type operator()(const BoolLiteral& node) const { return bool_type(node.value); }
  Type operator()(const ProcessorLiteral& node) const {
    return {.kind = TypeKind::Processor, .processor = node.kind};
  }
  Type operator()(const MemoryLiteral&) const { return {.kind = TypeKind::Memory}; }
  Type operator()(const NameRef& node) const { return infer_name(context, expr, node.name); }
  Type operator()(const Star&) const { return infer_star(context, expr); }
  Type operator()(const Unpack& node) const { return infer_unpack(context, expr, node); }
  Type operator()(const TupleExpr& node) const { return infer_tuple(context, node); }
  Type operator()(const Parenthesized& node) const { return infer(context, *node.inner); }
  Type operator()(const Unary& node) const { return infer_unary(context, node); }
  Type operator()(const Binary& node) const { return infer_binary(context, expr, node); }
  Type operator()(const Conditional& node) const { return infer_conditional(context, expr, node); }
  Type operator()(const Call& node) const { return infer_call(context, expr, node); }
  Type operator()(const Index& node) const { return infer_index(context, expr, node); }
  Type operator()(const SliceExpr& node) const { return infer_slice(context, node); }
  Type operator()(const MemberRef& node) const { return infer_member(context, node); }
  Type operator()(const Comprehension& node) const { return infer_comprehension(context, node); }
};

}  // namespace

Type infer(CheckContext& context, const Expr& expr) {
  return std::visit(Inference{context, expr}, expr.node);
}

// The elements of an unpacked tuple are integers.
ListElements infer_elements(CheckContext& context, const std::vector<ExprPtr>& list, bool stars) {
  ListElements result;
  for (const ExprPtr& item : list) {
    const Expr& expr = without_parentheses(*item);
    if (stars && std::holds_alternative<Star>(expr.node)) {
      result.known.push_back({item.get(), {}, true});
      continue;
    }
    const auto* unpack = std::get_if<Unpack>(&expr.node);
    if (unpack == nullptr) {
      const Type type = infer(context, *item);
      const bool broken = has_unpacked_operand(expr);
      result.known.push_back({item.get(), broken ? Type{} : type});
      result.complete = result.complete && !broken;
      continue;
    }
    constexpr int64_t kMaxSpliced = 1000;
    const Type tuple = infer(context, *unpack->operand);
    context.expect(*unpack->operand, tuple, TypeKind::Tuple);
    if (tuple.is(TypeKind::Tuple) && tuple.length && *tuple.length <= kMaxSpliced) {
      for (int64_t i = 0; i < *tuple.length; ++i) result.known.push_back({item.get(), int_type()});
    } else {
      result.complete = false;
    }
  }
  return result;
}

bool check_count(CheckContext& context, const Expr& expr, std::string_view what,
                 const ListElements& arguments, size_t expected) {
  const size_t given = arguments.known.size();
  if (given == expected || (!arguments.complete && given < expected)) return true;
  context.report(DiagnosticKind::WrongArgumentCount, expr.range,
                 fmt::format("{} takes {}, found {}", what, plural(expected, "argument"), given));
  return false;
}

std::string plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace placewright::lang
