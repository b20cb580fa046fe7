// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_context.h"

#include <fmt/core.h>

#include <algorithm>

namespace placewright::lang {

EvalContext::EvalContext(const CompiledProgram& compiled, bool with_memos)
    : program(compiled), use_memos(with_memos) {
  if (with_memos) memos.resize(static_cast<size_t>(compiled.memo_count));
}

bool EvalContext::fail(DiagnosticKind kind, SourceRange range, std::string message,
                       std::string help) {
  error = make_diagnostic(kind, range, std::move(message), std::move(help));
  return false;
}

bool EvalContext::report_no_steps_left(const Code& code) {
  if (is_launch_spent)
    return fail(DiagnosticKind::EvaluationLimit, code.range,
                fmt::format("evaluation of this launch takes more than {} steps", kMaxLaunchSteps),
                "compute what is the same for all points outside of the function");
  return fail(DiagnosticKind::EvaluationLimit, code.range,
              fmt::format("evaluation takes more than {} steps", kMaxEvaluationSteps),
              "a recursive function must terminate");
}

bool EvalContext::type_error(const Code& code, std::string_view expected, const Value& found) {
  return fail(DiagnosticKind::TypeMismatch, code.range,
              fmt::format("expected {}, found {}", expected, describe(found)));
}

void EvalContext::warn(DiagnosticKind kind, SourceRange range, std::string message,
                       std::string help) {
  Diagnostic warning = make_diagnostic(kind, range, std::move(message), std::move(help));
  const bool is_known = std::ranges::any_of(warnings, [&](const Diagnostic& known) {
    return known.id == warning.id && known.range == range;
  });
  if (!is_known) warnings.push_back(std::move(warning));
}

const Value* EvalContext::global(const Code& code) {
  const auto slot = static_cast<size_t>(code.slot);
  const Value& value = program.globals[slot];
  if (!std::holds_alternative<std::monostate>(value)) return &value;
  fail(DiagnosticKind::UsedBeforeDefinition, code.range,
       fmt::format("`{}` has no value here", program.global_names[slot]),
       "define it above its first use");
  if (std::ranges::count(program.failed_globals, code.slot) > 0) error.id.clear();
  return nullptr;
}

}  // namespace placewright::lang
