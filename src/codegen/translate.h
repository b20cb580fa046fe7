// SPDX-License-Identifier: Apache-2.0
// Translates expressions, functions and global values of a mapping to C++.
#pragma once

#include <set>
#include <string>

#include "codegen/names.h"
#include "policy/policy.h"

namespace placewright::codegen {

[[nodiscard]] std::string cpp_kind(machine::ProcessorKind kind);
[[nodiscard]] std::string cpp_kind(machine::MemoryKind kind);
/// A C++ string literal.
[[nodiscard]] std::string cpp_text(std::string_view text);

class Translator {
 public:
  Translator(const policy::Mapping& mapping, Diagnostics& diagnostics);

  /// Global values, functions, and `start()`, which prints what the mapping prints.
  [[nodiscard]] std::string definitions();
  /// The condition of a rule as a lambda without captures; `nullptr` if there is none.
  [[nodiscard]] std::string condition(const lang::Statement& statement);
  /// The number of the line on which a range begins.
  [[nodiscard]] int line(SourceRange range) const;

 private:
  std::string function(const lang::FunctionDefinition& function);
  std::string global(const lang::Assignment& assignment);
  std::string print(const lang::Print& print);
  std::string expression(const lang::Expr& expr);
  /// An integer literal can be written bare if the context converts it to Int.
  std::string bare(const lang::Expr& expr);
  std::string list(const std::vector<lang::ExprPtr>& list, bool bare_literals);
  std::string binary(const lang::Binary& binary);
  std::string call(const lang::Call& call);
  std::string method(const lang::MemberRef& callee, const lang::Call& call);
  void refuse_unpacking(const std::vector<lang::ExprPtr>& arguments);
  [[nodiscard]] bool is_global(const std::string& name) const;

  const policy::Mapping& mapping_;
  Diagnostics& diagnostics_;
  std::set<std::string> functions_;
  std::set<std::string> globals_;
  std::set<std::string> locals_;
};

}  // namespace placewright::codegen
