// SPDX-License-Identifier: Apache-2.0
// The checker's state; private to checker.cpp and check_*.cpp. Types are inferred in one walk.
// Functions and globals are inferred when first needed, so that a function may use a global that is
// defined below it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/check/type.h"
#include "lang/diagnostic_kinds.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/builtins.h"

namespace placewright::lang {

class Checker {
 public:
  Checker(const Program& program, Diagnostics& diagnostics);
  void run();

 private:
  enum class Progress { Untouched, Running, Done };

  struct Global {
    const Assignment* definition = nullptr;
    size_t statement = 0;
    Progress progress = Progress::Untouched;
    Type type;
  };
  struct Function {
    const FunctionDefinition* definition = nullptr;
    size_t statement = 0;
    Progress progress = Progress::Untouched;
    Type result;
    /// Where the body certainly uses something that only one kind of launch has.
    std::optional<SourceRange> needs_index_launch;
    std::optional<SourceRange> needs_single_launch;
    /// Where it uses something that only the condition of a rule knows.
    std::optional<SourceRange> needs_condition;
    bool used = false;  ///< Whether a rule or a call uses it, anywhere in the file.
  };
  struct Local {
    SourceRange range;
    Type type;
  };
  /// The names that an expression sees before the globals.
  struct Scope {
    Function* function = nullptr;  ///< Null at the top level.
    size_t statement = 0;          ///< Index of the enclosing top-level statement.
    std::map<std::string, Local, std::less<>> locals;
    int conditions = 0;    ///< How many `?:` branches surround the expression.
    bool of_rule = false;  ///< The condition of a rule, which has a launch but no point.
  };

  // ---- definitions (checker.cpp)
  void collect_definitions();
  void collect_global(const Assignment& assignment, size_t statement);
  void collect_function(const FunctionDefinition& function, size_t statement);
  void check_statement(const Statement& statement, size_t index);
  void check_condition(const Expr& condition);
  [[nodiscard]] bool is_broken(std::string_view name) const { return broken_.contains(name); }
  Type global_type(Global& global);
  void report_unused_functions();

  // ---- functions (check_function.cpp)
  Type function_result(Function& function);
  void check_body(Function& function);
  void check_local(const Assignment& assignment);
  void check_assignable(const Expr& value, const Type& type);
  void check_print(const Print& print);
  std::vector<std::string> visible_names(TypeKind wanted) const;

  // ---- expressions (check_expression.cpp)
  Type infer(const Expr& expr);
  Type infer(const Expr& expr, const IntLiteral& node);
  Type infer(const Expr& expr, const BoolLiteral& node);
  Type infer(const Expr& expr, const NameRef& node);
  Type infer(const Expr& expr, const ProcessorLiteral& node);
  Type infer(const Expr& expr, const MemoryLiteral& node);
  Type infer(const Expr& expr, const Star& node);
  Type infer(const Expr& expr, const TupleExpr& node);
  Type infer(const Expr& expr, const Parenthesized& node);
  Type infer(const Expr& expr, const Unary& node);
  Type infer(const Expr& expr, const Binary& node);
  Type infer(const Expr& expr, const Unpack& node);
  Type infer(const Expr& expr, const Conditional& node);
  struct ConditionalChain {
    Type type;
    bool left_is_possible = true;        ///< Whether left grouping can be type-correct.
    bool first_may_be_condition = true;  ///< Whether the first branch may be Bool.
  };
  ConditionalChain infer_chain(const Conditional& node);
  void report_nested(const Expr& expr, const Conditional& node, bool left_is_possible);
  Type infer(const Expr& expr, const Call& node);
  Type infer(const Expr& expr, const Index& node);
  Type infer(const Expr& expr, const SliceExpr& node);
  Type infer(const Expr& expr, const MemberRef& node);
  Type infer(const Expr& expr, const Comprehension& node);
  Type infer_logic(const Binary& node, const Type& lhs, const Type& rhs);
  Type infer_arithmetic(const Expr& expr, const Binary& node, const Type& lhs, const Type& rhs);
  Type name_type(const Expr& expr, const std::string& name);
  void report_unknown_name(const Expr& expr, const std::string& name);

  /// An element of a list with its unpacked tuples spliced in.
  struct Element {
    const Expr* expr;
    Type type;
    bool star = false;
  };
  struct Elements {
    std::vector<Element> known;
    bool complete = true;  ///< False when an unpacked tuple has an unknown length.
  };
  Elements infer_elements(const std::vector<ExprPtr>& list, bool stars);

  // ---- members, calls, indices (check_access.cpp)
  Type infer_machine(const Expr& expr, const Elements& arguments);
  Type infer_user_call(const Expr& expr, const NameRef& callee, const Elements& arguments);
  Type infer_builtin(const Expr& expr, Builtin builtin, const Elements& arguments);
  Type combined_type(const Expr& expr, std::string_view name, const Elements& arguments);
  std::optional<int64_t> range_length(const Elements& arguments) const;
  Type infer_method(const Expr& expr, const MemberRef& callee, const Elements& arguments);
  Type infer_transformation(const Expr& expr, Member member, const Type& space,
                            const Elements& arguments);
  std::optional<int64_t> rank_after(Member member, int64_t rank, const Elements& arguments);
  Type infer_space_index(const Expr& expr, const Index& node, const Type& space);
  Type infer_tuple_index(const Expr& expr, const Index& node, const Type& tuple);
  std::optional<int64_t> slice_length(const SliceExpr& node, int64_t length, const Type& begin,
                                      const Type& end);
  void check_dimension(const Element& argument, int64_t rank);
  bool check_count(const Expr& expr, std::string_view what, const Elements& arguments,
                   size_t expected);
  void note_launch(Member member, SourceRange range);
  /// Reports an error unless the type may be of the kind.
  bool expect(const Expr& expr, const Type& type, TypeKind kind);

  // ---- rules (check_rules.cpp)
  void check_rule(const TaskStatement& rule);
  void check_rule(const RegionStatement& rule);
  void check_rule(const LayoutStatement& rule);
  void check_rule(const InstanceLimitStatement& rule);
  void check_rule(const CollectMemoryStatement& rule);
  void check_rule(const ControlReplicateStatement& rule);
  void check_rule(const TaskStealStatement& rule);
  void check_rule(const PriorityStatement& rule);
  void check_map(const MapStatement& rule, size_t statement);
  void report_function_below(const MapStatement& rule, size_t statement,
                             const FunctionDefinition& function);
  void check_map_function(const MapStatement& rule, Function& function);
  void check_map_kind(const MapStatement& rule, machine::ProcessorKind kind);
  void check_constraints(const LayoutStatement& rule);
  /// Reports an earlier rule for the same key, and records the key unless the rule has a condition.
  void check_duplicates(std::string_view table, const TaskSelector& tasks, std::string_view rest);

  const Program& program_;
  Diagnostics& diagnostics_;
  std::set<std::string_view> broken_;
  std::map<std::string, Global, std::less<>> globals_;
  std::map<std::string, Function, std::less<>> functions_;
  std::map<std::string, SourceRange, std::less<>> rules_;
  /// Null for keys of rules with a condition.
  std::map<std::string, const TaskStatement*, std::less<>> task_rules_;
  bool has_condition_ = false;  ///< Whether the statement being checked has a condition.
  Scope scope_;
  int depth_ = 0;  ///< Depth of functions and globals inferred within each other.
};

}  // namespace placewright::lang
