// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_call.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "lang/evaluate/eval_expression.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

constexpr size_t kMostNotes = 4;

[[gnu::noinline]] bool check_arguments(EvalContext& context, const Code& code,
                                       const CompiledFunction& function,
                                       const std::vector<Value>& arguments) {
  if (arguments.size() != function.parameters.size()) {
    return context.fail(DiagnosticKind::WrongArgumentCount, code.range,
                        fmt::format("function `{}` takes {} argument{}, found {}", function.name,
                                    function.parameters.size(),
                                    function.parameters.size() == 1 ? "" : "s", arguments.size()));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (accepts(function.parameters[i], arguments[i])) continue;
    return context.fail(
        DiagnosticKind::TypeMismatch, code.range,
        fmt::format("argument {} of `{}` should be `{}`, found {}", i + 1, function.name,
                    to_string(function.parameters[i]), describe(arguments[i])));
  }
  return true;
}

/// Says in the error which call led to it.
[[gnu::noinline]] void note_call(EvalContext& context, const Code& code,
                                 const CompiledFunction& function) {
  std::vector<DiagnosticNote>& notes = context.error.notes;
  if (notes.size() >= kMostNotes) return;
  const bool is_known = std::ranges::any_of(
      notes, [&](const DiagnosticNote& note) { return note.range == code.range; });
  if (!is_known) notes.push_back({code.range, fmt::format("in this call of `{}`", function.name)});
}

}  // namespace

bool accepts(ParameterType type, const Value& value) {
  switch (type) {
    case ParameterType::Int:
      return std::holds_alternative<int64_t>(value) || std::holds_alternative<LargeInteger>(value);
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

bool eval_call(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* callee = refer(context, code.children[0], scratch);
  if (!callee) return false;
  const auto* which = std::get_if<FunctionValue>(callee);
  if (!which) return context.type_error(code.children[0], "a function", *callee);
  const CompiledFunction& function =
      context.program.functions[static_cast<size_t>(which->function)];
  EvalContext::Frame frame;
  frame.reserve(static_cast<size_t>(function.slot_count));
  if (!eval_arguments(context, code, 1, frame)) return false;
  if (!check_arguments(context, code, function, frame)) return false;
  frame.resize(static_cast<size_t>(function.slot_count));
  EvalContext::Frame* const caller = std::exchange(context.frame, &frame);
  ++context.call_depth;
  const bool good = run_body(context, function, out);
  --context.call_depth;
  context.frame = caller;
  if (!good) note_call(context, code, function);
  return good;
}

bool run_body(EvalContext& context, const CompiledFunction& function, Value& result) {
  Value ignored;
  for (const CompiledStatement& statement : function.body) {
    switch (statement.kind) {
      case CompiledStatement::Kind::Assign: {
        Value& local = (*context.frame)[static_cast<size_t>(statement.slot)];
        if (!eval(context, statement.expressions[0], local)) return false;
        break;
      }
      case CompiledStatement::Kind::Return:
        return eval(context, statement.expressions[0], result);
      case CompiledStatement::Kind::Print:
        if (!run_print(context, statement)) return false;
        break;
      case CompiledStatement::Kind::Evaluate:
        if (!eval(context, statement.expressions[0], ignored)) return false;
        break;
    }
  }
  return context.fail(DiagnosticKind::MissingReturn, function.name_range,
                      fmt::format("function `{}` ends without `return`", function.name));
}

bool run_print(EvalContext& context, const CompiledStatement& statement) {
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
      return context.fail(
          DiagnosticKind::PrintArguments, statement.range,
          fmt::format("`print` has more `{{}}` than the {} argument{} after its text",
                      statement.expressions.size(), statement.expressions.size() == 1 ? "" : "s"));
    }
    Value scratch;
    const Code& expression = statement.expressions[next++];
    const Value* value = refer(context, expression, scratch);
    if (!value) return false;
    const std::string shown = to_string(*value);
    if (!context.spend(expression, element_steps(shown.size()))) return false;
    line += shown;
  }
  if (context.program.sink) context.program.sink(line);
  return true;
}

}  // namespace placewright::lang
