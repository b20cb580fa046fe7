// SPDX-License-Identifier: Apache-2.0
// Runs compiled code. One Interpreter per run: it owns the frame, the memo cells, the step budget
// and the error. Internal to the evaluator.
#pragma once

#include <string>
#include <vector>

#include "lang/diagnostic_kinds.h"
#include "lang/evaluate/evaluate_code.h"

namespace placewright::lang {

/// Whether a parameter of this type accepts the value.
[[nodiscard]] bool accepts(ParameterType type, const Value& value);

/// Every function that returns bool returns false after setting the error.
class Interpreter {
 public:
  /// `use_memos` enables the memo cells: outside a launch nothing stays the same.
  Interpreter(const CompiledProgram& program, bool use_memos);

  /// One function of a launch on one task.
  [[nodiscard]] bool run_function(const CompiledFunction& function, const TaskView& task,
                                  Value& result);
  /// One statement outside functions.
  [[nodiscard]] bool run_global(const CompiledStatement& statement, Value& result);

  /// An expression with the given values in its frame.
  [[nodiscard]] bool evaluate(const Code& code, std::vector<Value> frame, Value& result);

  /// Has no id when the cause is a global that failed, which was reported already.
  [[nodiscard]] const Diagnostic& error() const { return error_; }
  [[nodiscard]] const std::vector<Diagnostic>& warnings() const { return warnings_; }

 private:
  using Frame = std::vector<Value>;

  /// Counts steps and nesting depth around dispatch().
  bool eval(const Code& code, Value& out);
  bool dispatch(const Code& code, Value& out);
  bool eval_stored(const Code& code, Value& out);
  /// The stored value itself if there is one, else `scratch` after evaluation; null after an error.
  const Value* refer(const Code& code, Value& scratch);

  bool eval_tuple(const Code& code, Value& out);
  bool eval_unary(const Code& code, Value& out);
  bool eval_binary(const Code& code, Value& out);
  bool eval_conditional(const Code& code, Value& out);
  bool eval_machine(const Code& code, Value& out);
  bool eval_call(const Code& code, Value& out);
  bool eval_builtin(const Code& code, Value& out);
  bool eval_property(const Code& code, Value& out);
  bool eval_method(const Code& code, Value& out);
  bool eval_index(const Code& code, Value& out);
  bool eval_slice(const Code& code, Value& out);
  bool eval_comprehension(const Code& code, Value& out);

  bool integers(const Code& code, BinaryOp op, int64_t a, int64_t b, Value& out);
  bool tuples(const Code& code, const Value& lhs, const Value& rhs, Value& out);
  bool arithmetic(const Code& code, BinaryOp op, int64_t a, int64_t b, int64_t& out);
  // Built-in functions (interpreter_builtins.cpp).
  bool combine(const Code& code, const std::vector<Value>& arguments, Value& out);
  bool fold(const Code& code, const Value& argument, Value& out);
  bool pair(const Code& code, int64_t a, int64_t b, int64_t& out);
  bool make_range(const Code& code, const std::vector<Value>& arguments, Value& out);
  bool transform(const Code& code, const machine::ProcessorSpace& space,
                 const std::vector<Value>& arguments, Value& out);
  bool processor_of(const Code& code, const TaskView& task, const Value& space, Value& out);
  bool has_memory(const Code& code, const Value& object, const Value& memory, Value& out);
  bool index_tuple(const Code& code, const IntTuple& tuple, Value& out);
  bool index_space(const Code& code, const machine::ProcessorSpace& space, Value& out);
  bool index_set(const Code& code, const machine::ProcessorSpace& space, machine::SpaceIndex index,
                 const std::vector<int>& stars, Value& out);

  /// One element of a list, or the elements of a tuple that is unpacked there.
  bool append_integers(const Code& element, IntTuple& out);
  /// Elements and unpacked tuples starting with child `first`, integers only.
  bool eval_integers(const Code& code, size_t first, IntTuple& out);
  /// The same for arguments of any type.
  bool eval_arguments(const Code& code, size_t first, std::vector<Value>& out);
  bool check_arguments(const Code& code, const CompiledFunction& function,
                       const std::vector<Value>& arguments);
  bool run_body(const CompiledFunction& function, Value& result);
  bool print(const CompiledStatement& statement);

  bool fail(DiagnosticKind kind, SourceRange range, std::string message, std::string help = {});
  bool type_error(const Code& code, std::string_view expected, const Value& found);
  void warn(DiagnosticKind kind, SourceRange range, std::string message, std::string help = {});

  const CompiledProgram& program_;
  const bool use_memos_;
  std::vector<Value> memos_;
  Frame launch_frame_;
  Frame* frame_ = nullptr;
  int call_depth_ = 0;
  int depth_ = 0;
  int64_t steps_left_ = 0;
  Diagnostic error_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace placewright::lang
