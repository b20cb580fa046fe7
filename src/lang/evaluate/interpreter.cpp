// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/interpreter.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/syntax/words.h"
#include "support/check.h"

namespace placewright::lang {
namespace {

constexpr size_t kMostNotes = 4;

}  // namespace

bool accepts(ParameterType type, const Value& value) {
  switch (type) {
    case ParameterType::Int:
      return std::holds_alternative<int64_t>(value);
    case ParameterType::Bool:
      return std::holds_alternative<bool>(value);
    case ParameterType::IPoint:
    case ParameterType::ISpace:
      return std::holds_alternative<TupleValue>(value);
    case ParameterType::MSpace:
      return std::holds_alternative<machine::ProcessorSpace>(value);
    case ParameterType::Task:
      return std::holds_alternative<const TaskView*>(value);
  }
  return false;
}

Interpreter::Interpreter(const CompiledProgram& program, bool use_memos)
    : program_(program), use_memos_(use_memos) {
  if (use_memos) memos_.resize(static_cast<size_t>(program.memo_count));
}

bool Interpreter::fail(DiagnosticKind kind, SourceRange range, std::string message,
                       std::string help) {
  error_ = make_diagnostic(kind, range, std::move(message), std::move(help));
  return false;
}

bool Interpreter::type_error(const Code& code, std::string_view expected, const Value& found) {
  return fail(DiagnosticKind::TypeMismatch, code.range,
              fmt::format("expected {}, found {}", expected, describe(found)));
}

void Interpreter::warn(DiagnosticKind kind, SourceRange range, std::string message,
                       std::string help) {
  Diagnostic warning = make_diagnostic(kind, range, std::move(message), std::move(help));
  const bool is_known = std::ranges::any_of(warnings_, [&](const Diagnostic& known) {
    return known.id == warning.id && known.range == range;
  });
  if (!is_known) warnings_.push_back(std::move(warning));
}

bool Interpreter::run_function(const CompiledFunction& function, const TaskView& task,
                               Value& result) {
  PLACEWRIGHT_CHECK(function.parameters.size() == 1);
  steps_left_ = kMaxEvaluationSteps;
  launch_frame_.resize(static_cast<size_t>(function.slot_count));
  launch_frame_[0] = &task;
  frame_ = &launch_frame_;
  return run_body(function, result);
}

bool Interpreter::run_global(const CompiledStatement& statement, Value& result) {
  steps_left_ = kMaxEvaluationSteps;
  launch_frame_.assign(static_cast<size_t>(statement.slot_count), Value{});
  frame_ = &launch_frame_;
  if (statement.kind == CompiledStatement::Kind::Print) return print(statement);
  return eval(statement.expressions[0], result);
}

bool Interpreter::evaluate(const Code& code, std::vector<Value> frame, Value& result) {
  steps_left_ = kMaxEvaluationSteps;
  frame_ = &frame;
  const bool good = eval(code, result);
  frame_ = nullptr;
  return good;
}

bool Interpreter::run_body(const CompiledFunction& function, Value& result) {
  Value ignored;
  for (const CompiledStatement& statement : function.body) {
    switch (statement.kind) {
      case CompiledStatement::Kind::Assign:
        if (!eval(statement.expressions[0], (*frame_)[static_cast<size_t>(statement.slot)])) {
          return false;
        }
        break;
      case CompiledStatement::Kind::Return:
        return eval(statement.expressions[0], result);
      case CompiledStatement::Kind::Print:
        if (!print(statement)) return false;
        break;
      case CompiledStatement::Kind::Evaluate:
        if (!eval(statement.expressions[0], ignored)) return false;
        break;
    }
  }
  return fail(DiagnosticKind::MissingReturn, function.name_range,
              fmt::format("function `{}` ends without `return`", function.name));
}

bool Interpreter::print(const CompiledStatement& statement) {
  std::string line;
  size_t next = 0;
  const std::string_view format = statement.format;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format.substr(i, 2) != "{}") {
      line += format[i];
      continue;
    }
    ++i;
    if (next == statement.expressions.size()) {
      return fail(
          DiagnosticKind::PrintArguments, statement.range,
          fmt::format("`print` has more `{{}}` than the {} argument{} after its text",
                      statement.expressions.size(), statement.expressions.size() == 1 ? "" : "s"));
    }
    Value scratch;
    const Value* value = refer(statement.expressions[next++], scratch);
    if (!value) return false;
    line += to_string(*value);
  }
  if (program_.sink) program_.sink(line);
  return true;
}

const Value* Interpreter::refer(const Code& code, Value& scratch) {
  if (code.op == Op::Constant) return &code.constant;
  if (code.op == Op::Local) return &(*frame_)[static_cast<size_t>(code.slot)];
  if (code.op == Op::Memo && use_memos_ && call_depth_ == 0) {
    Value& cell = memos_[static_cast<size_t>(code.slot)];
    if (std::holds_alternative<std::monostate>(cell) && !eval(code.children[0], cell)) {
      cell = std::monostate{};
      return nullptr;
    }
    return &cell;
  }
  if (code.op == Op::Global) {
    const Value& value = program_.globals[static_cast<size_t>(code.slot)];
    if (std::holds_alternative<std::monostate>(value)) {
      fail(DiagnosticKind::UsedBeforeDefinition, code.range,
           fmt::format("`{}` has no value here",
                       program_.global_names[static_cast<size_t>(code.slot)]),
           "define it above its first use");
      if (std::ranges::count(program_.failed_globals, code.slot) > 0) error_.id.clear();
      return nullptr;
    }
    return &value;
  }
  return eval(code, scratch) ? &scratch : nullptr;
}

bool Interpreter::eval(const Code& code, Value& out) {
  if (--steps_left_ < 0) {
    return fail(DiagnosticKind::EvaluationLimit, code.range,
                fmt::format("evaluation takes more than {} steps", kMaxEvaluationSteps),
                "a recursive function must terminate");
  }
  if (depth_ >= kMaxEvaluationDepth) {
    return fail(DiagnosticKind::EvaluationLimit, code.range,
                fmt::format("evaluation is nested more than {} levels deep", kMaxEvaluationDepth),
                "a recursive function must terminate");
  }
  ++depth_;
  const bool good = dispatch(code, out);
  --depth_;
  return good;
}

bool Interpreter::eval_stored(const Code& code, Value& out) {
  if (code.op == Op::Memo && !(use_memos_ && call_depth_ == 0)) return eval(code.children[0], out);
  const Value* value = refer(code, out);
  if (!value) return false;
  out = *value;
  return true;
}

bool Interpreter::dispatch(const Code& code, Value& out) {
  switch (code.op) {
    case Op::Constant:
    case Op::Local:
    case Op::Global:
    case Op::Memo:
      return eval_stored(code, out);
    case Op::Star:
      return fail(DiagnosticKind::TypeMismatch, code.range,
                  "`*` selects all processors of a dimension only as an index of a space");
    case Op::Unpack:
      return fail(DiagnosticKind::TypeMismatch, code.range,
                  "a tuple can be unpacked only as an index, an argument or an element",
                  "`*` binds tighter than an operator: unpack a sum as `*(a + b)`");
    case Op::Tuple:
      return eval_tuple(code, out);
    case Op::Negate:
    case Op::Not:
      return eval_unary(code, out);
    case Op::Binary:
      return eval_binary(code, out);
    case Op::Conditional:
      return eval_conditional(code, out);
    case Op::Machine:
      return eval_machine(code, out);
    case Op::Call:
      return eval_call(code, out);
    case Op::Builtin:
      return eval_builtin(code, out);
    case Op::Method:
      return eval_method(code, out);
    case Op::Property:
      return eval_property(code, out);
    case Op::Index:
      return eval_index(code, out);
    case Op::Slice:
      return eval_slice(code, out);
    case Op::Comprehension:
      return eval_comprehension(code, out);
  }
  return false;
}

bool Interpreter::eval_conditional(const Code& code, Value& out) {
  Value scratch;
  const Value* condition = refer(code.children[0], scratch);
  if (!condition) return false;
  const bool* truth = std::get_if<bool>(condition);
  if (!truth) return type_error(code.children[0], "a bool as condition", *condition);
  return eval(code.children[*truth ? 1 : 2], out);
}

bool Interpreter::eval_machine(const Code& code, Value& out) {
  Value scratch;
  const Value* argument = code.children.size() == 1 ? refer(code.children[0], scratch) : nullptr;
  if (code.children.size() != 1) {
    return fail(DiagnosticKind::WrongArgumentCount, code.range,
                "`Machine` takes one processor kind", "for example `Machine(GPU)`");
  }
  if (!argument) return false;
  const auto* kind = std::get_if<machine::ProcessorKind>(argument);
  if (!kind) return type_error(code.children[0], "a processor kind", *argument);
  out = machine::ProcessorSpace(*kind, program_.machine.node_count(),
                                program_.machine.processors_per_node(*kind));
  return true;
}

bool Interpreter::eval_arguments(const Code& code, size_t first, std::vector<Value>& out) {
  for (size_t i = first; i < code.children.size(); ++i) {
    const Code& child = code.children[i];
    if (child.op != Op::Unpack) {
      if (!eval(child, out.emplace_back())) return false;
      continue;
    }
    Value scratch;
    const Value* value = refer(child.children[0], scratch);
    if (!value) return false;
    const auto* tuple = std::get_if<TupleValue>(value);
    if (!tuple) return type_error(child.children[0], "a tuple to unpack", *value);
    for (int64_t element : tuple->elements.span()) out.emplace_back(element);
  }
  return true;
}

bool Interpreter::check_arguments(const Code& code, const CompiledFunction& function,
                                  const std::vector<Value>& arguments) {
  if (arguments.size() != function.parameters.size()) {
    return fail(DiagnosticKind::WrongArgumentCount, code.range,
                fmt::format("function `{}` takes {} argument{}, found {}", function.name,
                            function.parameters.size(), function.parameters.size() == 1 ? "" : "s",
                            arguments.size()));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (accepts(function.parameters[i], arguments[i])) continue;
    return fail(DiagnosticKind::TypeMismatch, code.range,
                fmt::format("argument {} of `{}` should be `{}`, found {}", i + 1, function.name,
                            to_string(function.parameters[i]), describe(arguments[i])));
  }
  return true;
}

bool Interpreter::eval_call(const Code& code, Value& out) {
  Value scratch;
  const Value* callee = refer(code.children[0], scratch);
  if (!callee) return false;
  const auto* function_value = std::get_if<FunctionValue>(callee);
  if (!function_value) return type_error(code.children[0], "a function", *callee);
  const CompiledFunction& function =
      program_.functions[static_cast<size_t>(function_value->function)];
  Frame frame;
  frame.reserve(static_cast<size_t>(function.slot_count));
  if (!eval_arguments(code, 1, frame) || !check_arguments(code, function, frame)) return false;
  frame.resize(static_cast<size_t>(function.slot_count));
  Frame* const caller = std::exchange(frame_, &frame);
  ++call_depth_;
  const bool good = run_body(function, out);
  --call_depth_;
  frame_ = caller;
  if (!good && error_.notes.size() < kMostNotes) {
    const bool is_known = std::ranges::any_of(
        error_.notes, [&](const DiagnosticNote& note) { return note.range == code.range; });
    if (!is_known) {
      error_.notes.push_back({code.range, fmt::format("in this call of `{}`", function.name)});
    }
  }
  return good;
}

}  // namespace placewright::lang
