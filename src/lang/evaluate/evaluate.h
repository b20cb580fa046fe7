// SPDX-License-Identifier: Apache-2.0
// Runs a mapping program: global assignments once per machine, mapping functions once per point of
// a launch. Computes the value of an expression, or the reason why it has none; which rule calls
// for which function is decided in src/policy.
//
// Integers have 64 bits; overflow is an error. Division truncates toward zero. A second assignment
// to a local name has no effect, as in the original language. A local name hides a global one.
// Functions see globals that are defined below them. `&&` and `||` do not evaluate their right side
// when the left one decides. The cost of an evaluation is bounded, so that infinite recursion ends
// in a message.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "lang/evaluate/value.h"
#include "lang/syntax/ast.h"
#include "machine/shape.h"
#include "support/diagnostics.h"

namespace placewright::lang {

/// Receives one line of a `print`, without the line break.
using PrintSink = std::function<void(const std::string&)>;

/// Limits on the steps per point or global assignment, on those of all points of a launch, and on
/// the nesting depth. A step is a node, or some elements of a tuple or processors of a space that a
/// node works on. So many levels fit into 1 MiB, half of the stack that Realm gives to the threads
/// mappers run on.
inline constexpr int64_t kMaxEvaluationSteps = 1'000'000;
inline constexpr int64_t kMaxLaunchSteps = 4'000'000'000;
inline constexpr int kMaxEvaluationDepth = 1'000;

struct CompiledProgram;
struct CompiledFunction;

/// A program with its globals evaluated for one machine. Immutable; shared by all threads.
class Evaluator {
 public:
  /// Executes the statements of a program that passed the checker, in file order. Errors and
  /// warnings of global assignments go to `diagnostics`; names whose evaluation failed have no
  /// value. Keeps no reference to its arguments.
  Evaluator(const Program& program, const machine::MachineShape& machine, Diagnostics& diagnostics,
            PrintSink sink);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;

  /// The number of a function; nullopt if there is none with this name.
  [[nodiscard]] std::optional<int> find_function(std::string_view name) const;
  [[nodiscard]] const std::string& function_name(int function) const;
  /// The range of the function's name in its definition.
  [[nodiscard]] SourceRange function_range(int function) const;
  /// Whether it has one parameter, of type Task.
  [[nodiscard]] bool takes_a_task(int function) const;
  /// Null if there is no such global or its evaluation failed.
  [[nodiscard]] const Value* global(std::string_view name) const;
  /// Whether the condition of a rule, given by the index of its statement, holds for a launch.
  [[nodiscard]] tl::expected<bool, Diagnostic> holds(size_t statement,
                                                     const LaunchFacts& launch) const;
  [[nodiscard]] const CompiledProgram& compiled() const { return *program_; }

 private:
  std::unique_ptr<CompiledProgram> program_;
};

/// What every function of a program can ask about a launch, itself or through what it calls.
[[nodiscard]] std::map<std::string, machine::FactsUsed, std::less<>> facts_used(
    const Program& program);

class Interpreter;

/// Evaluates one mapping function for the points of one launch. What does not depend on the point
/// (`task.ispace`, spaces made from it) is computed once. Not thread-safe. The Evaluator must
/// outlive it.
class FunctionRun {
 public:
  /// The function takes one parameter of type Task.
  FunctionRun(const Evaluator& evaluator, int function);
  ~FunctionRun();

  /// Null after an error; the value is valid until the next call. All points of one run must belong
  /// to the same launch.
  [[nodiscard]] const Value* evaluate(const TaskView& task);
  /// Why the last evaluate() returned null; the notes name the chain of calls.
  [[nodiscard]] const Diagnostic& error() const;
  /// One per kind and source range.
  [[nodiscard]] const std::vector<Diagnostic>& warnings() const;

 private:
  std::unique_ptr<Interpreter> interpreter_;
  const CompiledFunction* function_;
  Value result_;
};

}  // namespace placewright::lang
