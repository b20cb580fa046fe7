// SPDX-License-Identifier: Apache-2.0
// The parser's state and productions; private to parser.cpp and the parse_*.cpp files. A production
// that fails has already reported why and returns nothing; the caller abandons its statement and
// recovers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostic_kinds.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/token.h"

namespace placewright::lang {

inline constexpr int kMaxNesting = 200;
inline constexpr int kMaxOperators = 2000;

class Parser {
 public:
  Parser(const SourceFile& file, Diagnostics& diagnostics);

  /// program := stmt+
  Program run();
  /// A text that is a single expression.
  ExprPtr run_expression();

 private:
  // ---- statements (parse_statement.cpp)
  std::optional<Statement> parse_statement();
  std::optional<TaskStatement> parse_task();
  std::optional<RegionStatement> parse_region();
  std::optional<LayoutStatement> parse_layout();
  std::optional<MapStatement> parse_map(LaunchKind launch);
  std::optional<InstanceLimitStatement> parse_instance_limit();
  std::optional<CollectMemoryStatement> parse_collect_memory();
  std::optional<ControlReplicateStatement> parse_control_replicate();
  std::optional<TaskStealStatement> parse_task_steal();
  std::optional<PriorityStatement> parse_priority();
  /// `what` completes "expected ...".
  std::optional<Spelled<int64_t>> parse_signed(std::string_view what);

  enum class Selects { Names, NamesOrStar, NamesStarOrKind };
  std::optional<TaskSelector> parse_tasks(Selects what);
  std::optional<RegionSelector> parse_regions();
  std::optional<RegionArgument> parse_region_argument();
  std::optional<Name> parse_name(std::string_view what);
  std::optional<Spelled<machine::ProcessorKind>> parse_processor();
  std::optional<Spelled<machine::MemoryKind>> parse_memory();
  std::optional<LayoutConstraint> parse_constraint();
  std::optional<LayoutConstraint> parse_alignment(const Token& word);
  /// The end of a rule: an optional condition, then `;`.
  bool end_rule(std::string_view expected);
  bool list_goes_on(bool next_is_element);
  bool report_old_dialect_map(const MapStatement& map);
  bool report_prototype_dialect();

  // ---- functions and assignments (parse_function.cpp)
  std::optional<FunctionDefinition> parse_function();
  bool parse_parameters(FunctionDefinition& function);
  bool parse_parameter(FunctionDefinition& function);
  Parameter parse_untyped_parameter();
  [[nodiscard]] bool body_uses(std::string_view name) const;
  [[nodiscard]] ParameterType guess_type(std::string_view parameter) const;
  void parse_body(FunctionDefinition& function);
  void parse_indented_body(FunctionDefinition& function, const Token& def);
  std::optional<FunctionStatement> parse_function_statement();
  std::optional<Assignment> parse_assignment();
  std::optional<Print> parse_print();
  [[nodiscard]] bool at_assignment() const;

  // ---- expressions (parse_expression.cpp)
  ExprPtr parse_expression();
  ExprPtr parse_binary(int lowest);
  ExprPtr parse_unary();
  ExprPtr parse_star();
  ExprPtr parse_postfix(ExprPtr expr);
  ExprPtr parse_index_or_slice(ExprPtr object);
  ExprPtr parse_member(ExprPtr object);
  ExprPtr parse_primary();
  ExprPtr parse_parenthesized();
  ExprPtr parse_comprehension();
  ExprPtr parse_generator(const Token& first, const Token& opener, ExprPtr element,
                          TokenKind closer);
  bool parse_arguments(std::vector<ExprPtr>& list, const Token& opener);
  bool parse_list(std::vector<ExprPtr>& list, const Token& opener, TokenKind closer);
  void report_expected_expression();
  bool count_operator(SourceRange range);

  // ---- constructs of other languages with only one possible meaning here (parse_foreign.cpp):
  // reported, then accepted
  ExprPtr parse_python_conditional(ExprPtr value);
  ExprPtr parse_python_not();
  ExprPtr parse_square_tuple();
  ExprPtr parse_called_tuple(const Token& word, const Token& opener, ExprPtr first);
  ExprPtr parse_member_call();
  ExprPtr coordinate(ExprPtr object, const Token& dot, const Token& word);
  void report_foreign_operator(std::string_view ours);
  void skip_variable_type();
  bool skip_empty_statement();
  void skip_loop_head();
  void skip_suite(int column);
  void report_unknown_statement(const Token& token);

  // ---- tokens and recovery (parser.cpp)
  [[nodiscard]] const Token& token(size_t ahead = 0) const;
  [[nodiscard]] bool at(TokenKind kind) const { return token().kind == kind; }
  [[nodiscard]] bool at_word(std::string_view word) const;
  const Token& advance();
  bool accept(TokenKind kind);
  /// An empty range at the end of the last token taken: where a missing token belongs.
  [[nodiscard]] SourceRange previous_end() const;
  /// `;`, which may be missing at the end of a line: reported, then assumed.
  bool expect_semicolon(std::string_view expected);
  bool report_comment_as_division();
  [[nodiscard]] bool after_broken_token() const;
  bool expect_closer(const Token& opener, TokenKind closer);
  /// "expected WHAT, found `x`"; returns the message so that a help or a fix can be added.
  Diagnostic& unexpected(std::string_view expected);
  /// Skips past the next `;`, or stops before a `}` or before a statement that starts a line.
  void synchronize();
  void skip_block();
  [[nodiscard]] SourceRange from(const Token& first) const;

  const SourceFile& file_;
  Diagnostics& diagnostics_;
  LexedText lexed_;
  size_t position_ = 0;
  int nesting_ = 0;
  int operators_ = 0;
  ExprPtr condition_;  ///< The condition of the rule being parsed.
  bool in_function_ = false;
  bool in_indented_body_ = false;
  std::vector<FixIt> body_fixes_;  ///< Fixes for an indented body: its missing `;`.
  bool abandoned_ = false;         ///< Written in another dialect: one message is enough.
  Program program_;
  Diagnostic unsaid_;  ///< Stands in for a message that would only repeat another.
};

}  // namespace placewright::lang
