// SPDX-License-Identifier: Apache-2.0
// The form of a program that the interpreter runs: names are resolved to slots, parentheses are
// gone, and what is the same for all points of a launch is marked. Internal to the evaluator.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lang/evaluate/evaluate.h"
#include "lang/evaluate/value.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/builtins.h"

namespace placewright::lang {

enum class Op : uint8_t {
  Constant,       ///< `constant`.
  Local,          ///< Slot of the frame.
  Global,         ///< Slot of the program.
  Star,           ///< Only inside Index.
  Tuple,          ///< Children are elements or Unpacks.
  Negate,         ///< One child.
  Not,            ///< One child.
  Binary,         ///< Two children, `binary`.
  Unpack,         ///< Only inside lists.
  Conditional,    ///< Three children.
  Machine,        ///< Child: the processor kind.
  Call,           ///< Callee, then arguments.
  Builtin,        ///< Arguments; `builtin`.
  Method,         ///< Object, then arguments; `member`.
  Property,       ///< Object; `member`.
  Index,          ///< Object, then indices.
  Slice,          ///< Object, begin, end; a bound that is left out is a Constant without value.
  Comprehension,  ///< Element, range; the variable is `slot`.
  Memo            ///< One child that is the same for all points; the cell is `slot`.
};

struct Code {
  Op op = Op::Constant;
  BinaryOp binary = BinaryOp::Add;
  Member member = Member::Size;
  lang::Builtin builtin = lang::Builtin::Min;
  int slot = -1;
  SourceRange range;
  Value constant;
  std::vector<Code> children;
};

struct CompiledStatement {
  enum class Kind { Assign, Return, Print, Evaluate };
  Kind kind = Kind::Evaluate;
  int slot = -1;  ///< Assign only.
  SourceRange range;
  int slot_count = 0;             ///< Outside functions: the size of its frame.
  std::string format;             ///< Print only.
  std::vector<Code> expressions;  ///< One; for Print the arguments.
};

struct CompiledFunction {
  std::string name;
  SourceRange name_range;
  std::vector<ParameterType> parameters;  ///< Their slots are 0, 1, ...
  std::vector<CompiledStatement> body;
  int slot_count = 0;
};

struct CompiledProgram {
  explicit CompiledProgram(const machine::MachineShape& shape, PrintSink print_sink)
      : machine(shape), sink(std::move(print_sink)) {}

  machine::MachineShape machine;
  PrintSink sink;
  std::vector<CompiledFunction> functions;
  /// The conditions of rules by the index of their statement, each compiled as a function of
  /// `task`.
  std::map<size_t, CompiledFunction> conditions;
  std::map<std::string, int, std::less<>> global_slots;
  std::vector<std::string> global_names;
  std::vector<Value> globals;
  /// Slots whose evaluation failed: every use of them fails without another message.
  std::vector<int> failed_globals;
  int memo_count = 0;

  /// The slot of a global name, created on first use.
  int global_slot(const std::string& name);
};

[[nodiscard]] CompiledFunction compile_function(const FunctionDefinition& definition,
                                                CompiledProgram& program);
/// A function of one task that returns the value of the condition.
[[nodiscard]] CompiledFunction compile_condition(const Expr& condition, CompiledProgram& program);
/// A statement outside functions. The caller sets `slot` of an assignment.
[[nodiscard]] CompiledStatement compile_global(const Assignment& assignment,
                                               CompiledProgram& program);
[[nodiscard]] CompiledStatement compile_global(const Print& print, CompiledProgram& program);

}  // namespace placewright::lang
