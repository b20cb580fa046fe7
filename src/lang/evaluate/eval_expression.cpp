// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_expression.h"

#include <fmt/core.h>

#include "lang/evaluate/eval_builtin.h"
#include "lang/evaluate/eval_call.h"
#include "lang/evaluate/eval_index.h"
#include "lang/evaluate/eval_member.h"
#include "lang/evaluate/eval_operator.h"
#include "lang/evaluate/eval_space.h"
#include "lang/evaluate/eval_tuple.h"

namespace placewright::lang {
namespace {

bool eval_stored(EvalContext& context, const Code& code, Value& out) {
  if (code.op == Op::Memo && !context.uses_memos()) return eval(context, code.children[0], out);
  const Value* value = refer(context, code, out);
  if (!value) return false;
  out = *value;
  return true;
}

bool dispatch(EvalContext& context, const Code& code, Value& out) {
  switch (code.op) {
    case Op::Constant:
    case Op::Local:
    case Op::Global:
    case Op::Memo:
      return eval_stored(context, code, out);
    case Op::Star:
      return context.fail(DiagnosticKind::TypeMismatch, code.range,
                          "`*` selects all processors of a dimension only as an index of a space");
    case Op::Unpack:
      return context.fail(DiagnosticKind::TypeMismatch, code.range,
                          "a tuple can be unpacked only as an index, an argument or an element",
                          "`*` binds tighter than an operator: unpack a sum as `*(a + b)`");
    case Op::Tuple:
      return eval_tuple(context, code, out);
    case Op::Negate:
    case Op::Not:
      return eval_unary(context, code, out);
    case Op::Binary:
      return eval_binary(context, code, out);
    case Op::Conditional:
      return eval_conditional(context, code, out);
    case Op::Machine:
      return eval_machine(context, code, out);
    case Op::Call:
      return eval_call(context, code, out);
    case Op::Builtin:
      return eval_builtin(context, code, out);
    case Op::Method:
      return eval_method(context, code, out);
    case Op::Property:
      return eval_property(context, code, out);
    case Op::Index:
      return eval_index(context, code, out);
    case Op::Slice:
      return eval_slice(context, code, out);
    case Op::Comprehension:
      return eval_comprehension(context, code, out);
  }
  return false;
}

}  // namespace

bool eval(EvalContext& context, const Code& code, Value& out) {
  if (--context.steps_left < 0) return context.report_no_steps_left(code);
  if (context.depth >= kMaxEvaluationDepth) {
    return context.fail(
        DiagnosticKind::EvaluationLimit, code.range,
        fmt::format("evaluation is nested more than {} levels deep", kMaxEvaluationDepth),
        "a recursive function must terminate");
  }
  ++context.depth;
  const bool good = dispatch(context, code, out);
  --context.depth;
  if (const auto* tuple = std::get_if<TupleValue>(&out))
    context.steps_left -= element_steps(tuple->elements.size());
  return good;
}

const Value* refer(EvalContext& context, const Code& code, Value& scratch) {
  if (code.op == Op::Constant) return &code.constant;
  if (code.op == Op::Local) return &context.local(code);
  if (code.op == Op::Memo && context.uses_memos()) {
    Value& cell = context.memos[static_cast<size_t>(code.slot)];
    if (std::holds_alternative<std::monostate>(cell) && !eval(context, code.children[0], cell)) {
      cell = std::monostate{};
      return nullptr;
    }
    return &cell;
  }
  if (code.op == Op::Global) return context.global(code);
  return eval(context, code, scratch) ? &scratch : nullptr;
}

bool append_integers(EvalContext& context, const Code& element, IntTuple& out) {
  const bool unpacks = element.op == Op::Unpack;
  const Code& code = unpacks ? element.children[0] : element;
  Value scratch;
  const Value* value = refer(context, code, scratch);
  if (!value) return false;
  const auto* tuple = std::get_if<TupleValue>(value);
  const auto* number = std::get_if<int64_t>(value);
  if (unpacks && tuple) {
    if (!context.spend(code, element_steps(tuple->elements.size()))) return false;
    for (int64_t each : tuple->elements.span()) out.push_back(each);
  } else if (!unpacks && number) {
    out.push_back(*number);
  } else if (tuple) {
    return context.fail(DiagnosticKind::TypeMismatch, code.range,
                        fmt::format("expected an integer, found {}", describe(*value)),
                        "unpack a tuple with `*` in front of it");
  } else {
    return context.type_error(code, unpacks ? "a tuple to unpack" : "an integer", *value);
  }
  if (out.size() <= kMaxTupleLength) return true;
  return context.fail(DiagnosticKind::EvaluationLimit, code.range,
                      fmt::format("a tuple of more than {} elements", kMaxTupleLength));
}

bool eval_integers(EvalContext& context, const Code& code, size_t first, IntTuple& out) {
  for (size_t i = first; i < code.children.size(); ++i) {
    if (!append_integers(context, code.children[i], out)) return false;
  }
  return true;
}

bool eval_arguments(EvalContext& context, const Code& code, size_t first, std::vector<Value>& out) {
  for (size_t i = first; i < code.children.size(); ++i) {
    const Code& child = code.children[i];
    if (child.op != Op::Unpack) {
      if (!eval(context, child, out.emplace_back())) return false;
      continue;
    }
    Value scratch;
    const Value* value = refer(context, child.children[0], scratch);
    if (!value) return false;
    const auto* tuple = std::get_if<TupleValue>(value);
    if (!tuple) return context.type_error(child.children[0], "a tuple to unpack", *value);
    // Each becomes a value, which is larger than a number.
    if (!context.spend(child, static_cast<int64_t>(tuple->elements.size()))) return false;
    for (int64_t element : tuple->elements.span()) out.emplace_back(element);
  }
  return true;
}

}  // namespace placewright::lang
