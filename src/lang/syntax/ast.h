// SPDX-License-Identifier: Apache-2.0
// The tree of a mapping program, exactly as written: names are not resolved, nothing is computed.
// Nodes are variants, so a pass that forgets a kind of node does not compile. Every node knows its
// range in the text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "machine/kinds.h"
#include "support/source.h"

namespace placewright::lang {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Name {
  std::string text;
  SourceRange range;
};

template <class T>
struct Spelled {
  T value;
  SourceRange range;
};

// ---- expressions

enum class UnaryOp { Negate, Not };
enum class BinaryOp {
  Add,
  Subtract,
  Multiply,
  Divide,
  Remainder,
  Less,
  Greater,
  LessEqual,
  GreaterEqual,
  Equal,
  NotEqual,
  And,
  Or
};

/// What can follow a dot.
enum class Member {
  Size,
  Split,
  Merge,
  Swap,
  Slice,
  Reverse,
  BalanceSplit,
  AutoSplit,
  GreedySplit,
  Volume,
  Has,
  Len,
  IPoint,
  ISpace,
  Parent,
  Processor,
  // Not in the original language: these words are not reserved.
  Lo,
  Hi,
  Decompose,
  Tag,
  Depth,
  MapperId,
  All
};

struct IntLiteral {
  uint64_t value;
};
struct BoolLiteral {
  bool value;
};
/// A variable, a function, or `Machine`.
struct NameRef {
  std::string name;
};
struct ProcessorLiteral {
  machine::ProcessorKind kind;
};
struct MemoryLiteral {
  machine::MemoryKind kind;
};
/// A bare `*` as an index: all points of a dimension.
struct Star {};
/// `(a, b)`; one element is written `(a,)`.
struct TupleExpr {
  std::vector<ExprPtr> elements;
};
/// `(a)`: kept so that the printer reproduces what was written.
struct Parenthesized {
  ExprPtr inner;
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  SourceRange op_range;
  ExprPtr lhs, rhs;
};
/// `*tuple` as an element of a list of indices, elements or arguments.
struct Unpack {
  ExprPtr operand;
};
struct Conditional {
  ExprPtr condition, if_true, if_false;
};
/// `f(a, b)`, `Machine(GPU)`, `m.split(0, 2)` (callee is a MemberRef).
struct Call {
  ExprPtr callee;
  std::vector<ExprPtr> arguments;
};
/// `m[i, *]`, `t[0]`.
struct Index {
  ExprPtr object;
  std::vector<ExprPtr> indices;
};
/// `t[a:b]`; either bound may be null.
struct SliceExpr {
  ExprPtr object, begin, end;
};
struct MemberRef {
  ExprPtr object;
  Member member;
  SourceRange member_range;
};
/// `tuple(element for variable in range)`.
struct Comprehension {
  ExprPtr element;
  Name variable;
  ExprPtr range;
};

struct Expr {
  SourceRange range;
  std::variant<IntLiteral, BoolLiteral, NameRef, ProcessorLiteral, MemoryLiteral, Star, TupleExpr,
               Parenthesized, Unary, Binary, Unpack, Conditional, Call, Index, SliceExpr, MemberRef,
               Comprehension>
      node;
};

// ---- statements

/// `*`, one or more task names, or (IndexTaskMap and SingleTaskMap) a processor kind.
struct TaskSelector {
  SourceRange range;
  bool any = false;
  std::vector<Name> names;
  std::optional<machine::ProcessorKind> kind;
};

/// A region or partition name, or the 0-based index of a region requirement.
struct RegionArgument {
  SourceRange range;
  std::optional<Name> name;
  int64_t index = 0;  ///< Used when there is no name.
};

/// `*`, or one or more arguments.
struct RegionSelector {
  SourceRange range;
  bool any = false;
  std::vector<RegionArgument> arguments;
};

enum class LayoutWord { FOrder, COrder, Aos, Soa, Compact, Exact, Align, NoAlign };
enum class Comparison { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual };

struct LayoutConstraint {
  SourceRange range;
  LayoutWord word;
  Comparison comparison = Comparison::Equal;  ///< Align only.
  int64_t bytes = 0;                          ///< Align only.
};

enum class ParameterType { Int, Bool, IPoint, ISpace, MSpace, Task };

struct Parameter {
  Spelled<ParameterType> type;
  Name name;
};

struct TaskStatement {
  TaskSelector tasks;
  std::vector<Spelled<machine::ProcessorKind>> kinds;
};
/// No kind means `*`.
struct RegionStatement {
  TaskSelector tasks;
  RegionSelector region;
  std::optional<Spelled<machine::ProcessorKind>> kind;
  std::vector<Spelled<machine::MemoryKind>> memories;
};
/// No memory means `*`.
struct LayoutStatement {
  TaskSelector tasks;
  RegionSelector region;
  std::optional<Spelled<machine::MemoryKind>> memory;
  std::vector<LayoutConstraint> constraints;
};
enum class LaunchKind { Index, Single };
/// IndexTaskMap or SingleTaskMap.
struct MapStatement {
  LaunchKind launch;
  TaskSelector tasks;
  Name function;
};
struct InstanceLimitStatement {
  TaskSelector tasks;
  Spelled<int64_t> limit;
};
struct CollectMemoryStatement {
  TaskSelector tasks;
  RegionSelector region;
};
/// The nodes from the first to the last, both included.
struct NodeRange {
  SourceRange range;
  int64_t first = 0;
  int64_t last = 0;
};
/// No nodes means all of the machine.
struct ControlReplicateStatement {
  TaskSelector tasks;
  std::optional<NodeRange> nodes;
};
/// The ready task with the largest priority on a processor runs first.
struct PriorityStatement {
  TaskSelector tasks;
  Spelled<int64_t> priority;
};
/// Work stealing of the later dialect: parsed, warned about, and without effect.
struct TaskStealStatement {
  TaskSelector tasks;
  Spelled<machine::ProcessorKind> kind;
  bool any_node;
};

struct Assignment {
  Name name;
  ExprPtr value;
};
struct Print {
  Spelled<std::string> format;
  std::vector<ExprPtr> arguments;
};
struct Return {
  ExprPtr value;
};

struct FunctionStatement {
  SourceRange range;
  std::variant<Assignment, Print, Return> node;
};

struct FunctionDefinition {
  Name name;
  std::vector<Parameter> parameters;
  std::vector<FunctionStatement> body;
  SourceRange body_range;   ///< From `{` to `}`.
  bool incomplete = false;  ///< Something in it could not be parsed.
};

struct Statement {
  SourceRange range;
  std::variant<TaskStatement, RegionStatement, LayoutStatement, MapStatement,
               InstanceLimitStatement, CollectMemoryStatement, ControlReplicateStatement,
               TaskStealStatement, PriorityStatement, FunctionDefinition, Assignment, Print>
      node;
  /// `if condition`: the rule applies only to launches for which it holds. Null if absent.
  ExprPtr condition = nullptr;
};

/// A `#` or `//` comment with its marker and without trailing blanks; kept for the formatter.
struct Comment {
  SourceRange range;
  bool own_line;
};

/// A whole file, statements in file order.
struct Program {
  std::vector<Statement> statements;
  std::vector<Comment> comments;
  /// Names whose definition could not be parsed; they must not be reported as unknown.
  std::vector<std::string> broken_names;
};

}  // namespace placewright::lang
