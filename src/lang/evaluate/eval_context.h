// SPDX-License-Identifier: Apache-2.0
// What all parts of the interpreter share: the program, the frame, the memo cells, the step budget,
// and the error. The parts are free functions, each with a header of its own (eval_*.h). They
// return false, or null, after setting the error. Internal to the evaluator.
//
// kMaxEvaluationDepth levels must fit into the stack: what only some levels need room for, such as
// wording a message, is a function of its own that is `gnu::noinline`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostic_kinds.h"
#include "lang/evaluate/evaluate_code.h"

namespace placewright::lang {

struct EvalContext {
  using Frame = std::vector<Value>;

  /// `with_memos` enables the memo cells: outside a launch nothing stays the same.
  EvalContext(const CompiledProgram& program, bool with_memos);

  bool fail(DiagnosticKind kind, SourceRange range, std::string message, std::string help = {});
  bool type_error(const Code& code, std::string_view expected, const Value& found);
  /// Counts work beyond that of a node as steps: elements that are looked at or copied. An error if
  /// no steps are left.
  bool spend(const Code& code, int64_t steps) {
    steps_left -= steps;
    return steps_left >= 0 || report_no_steps_left(code);
  }
  bool report_no_steps_left(const Code& code);
  /// Each kind is noted once for a range.
  void warn(DiagnosticKind kind, SourceRange range, std::string message, std::string help = {});

  [[nodiscard]] Value& local(const Code& code) { return (*frame)[static_cast<size_t>(code.slot)]; }
  /// Null after an error: the global has no value yet, or its evaluation failed.
  const Value* global(const Code& code);
  /// Whether memo cells hold now: in another call the same code has other arguments.
  [[nodiscard]] bool uses_memos() const { return use_memos && call_depth == 0; }

  const CompiledProgram& program;
  const bool use_memos;
  std::vector<Value> memos;
  Frame* frame = nullptr;
  int call_depth = 0;
  bool wants_all = false;  ///< The object of `.all` is evaluated.
  int depth = 0;
  int64_t steps_left = 0;
  bool is_launch_spent = false;  ///< The steps are what the whole launch has left.
  /// Has no id when the cause is a global that failed, which was reported already.
  Diagnostic error;
  std::vector<Diagnostic> warnings;
};

}  // namespace placewright::lang
