// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower_expression.h"

#include <algorithm>

#include "lang/columns/lower_access.h"
#include "lang/columns/lower_call.h"
#include "lang/columns/lower_operator.h"
#include "lang/evaluate/interpreter.h"

namespace placewright::lang {
namespace {

bool is_task(const Code& code, const AbstractFrame& frame) {
  return code.op == Op::Local &&
         known<const TaskView*>(frame[static_cast<size_t>(code.slot)]) != nullptr;
}

/// Whether it can differ between points.
bool varies(const Code& code, const AbstractFrame& frame) {
  if (code.op == Op::Local)
    return !std::holds_alternative<Value>(frame[static_cast<size_t>(code.slot)]);
  if (code.op == Op::Property && code.member == Member::IPoint) return true;
  return std::ranges::any_of(code.children, [&](const Code& child) {
    return varies(child, frame) || (code.op == Op::Call && is_task(child, frame));
  });
}

/// The parts of the expression, combined.
Lowered<Abstract> dispatch(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  switch (code.op) {
    case Op::Local:
      return frame[static_cast<size_t>(code.slot)];
    case Op::Memo:
      return lower(lowering, code.children[0], frame);
    case Op::Tuple:
      return lower_elements(lowering, code, 0, frame);
    case Op::Negate:
      return lower_negation(lowering, code, frame);
    case Op::Not:
      return lower_not(lowering, code, frame);
    case Op::Binary:
      return lower_binary(lowering, code, frame);
    case Op::Conditional:
      return lower_conditional(lowering, code, frame);
    case Op::Call:
      return lower_call(lowering, code, frame);
    case Op::Builtin:
      return lower_builtin(lowering, code, frame);
    case Op::Property:
      return lower_property(lowering, code, frame);
    case Op::Index:
      return lower_index(lowering, code, frame);
    case Op::Slice:
      return lower_slice(lowering, code, frame);
    case Op::Comprehension:
      return lower_comprehension(lowering, code, frame);
    case Op::Constant:
    case Op::Global:
    case Op::Star:
    case Op::Unpack:
    case Op::Machine:
    case Op::Method:
      break;
  }
  return no_columns();
}

}  // namespace

Lowered<Abstract> lower(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  if (--lowering.steps_left < 0) return no_columns();
  if (!varies(code, frame)) return same_for_all(lowering, code, frame);
  auto result = dispatch(lowering, code, frame);
  const auto* numbers = result ? std::get_if<Numbers>(&*result) : nullptr;
  if (numbers != nullptr) lowering.steps_left -= element_steps(numbers->size());
  return result;
}

Lowered<Value> same_for_all(Lowering& lowering, const Code& code, const AbstractFrame& frame) {
  std::vector<Value> values;
  values.reserve(frame.size());
  for (const Abstract& each : frame) {
    const auto* value = std::get_if<Value>(&each);
    values.push_back(value != nullptr ? *value : Value());
  }
  Interpreter interpreter(lowering.program, false);
  Value result;
  if (!interpreter.evaluate(code, std::move(values), lowering.steps_left, result))
    return no_columns();
  for (const Diagnostic& warning : interpreter.warnings()) lowering.warnings.push_back(warning);
  return result;
}

Lowered<Numbers> lower_elements(Lowering& lowering, const Code& code, size_t first,
                                AbstractFrame& frame) {
  Numbers result;
  for (size_t i = first; i < code.children.size(); ++i) {
    const Code& child = code.children[i];
    if (child.op != Op::Unpack) {
      PLACEWRIGHT_TRY(const Abstract value, lower(lowering, child, frame));
      PLACEWRIGHT_TRY(const Number number, as_number(value));
      result.push_back(number);
      continue;
    }
    PLACEWRIGHT_TRY(const Abstract value, lower(lowering, child.children[0], frame));
    PLACEWRIGHT_TRY(const Numbers more, as_tuple(lowering, value));
    result.insert(result.end(), more.begin(), more.end());
  }
  return result;
}

}  // namespace placewright::lang
