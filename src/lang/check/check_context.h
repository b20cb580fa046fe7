// SPDX-License-Identifier: Apache-2.0
// What all parts of the checker share: the program, its definitions, the names in scope and where
// messages go. The parts are free functions, each with a header of its own (check_*.h). Types are
// inferred in one walk; functions and globals when first needed, so that a function may use a
// global that is defined below it.
//
// Expressions nest deeply, and every level costs stack: what only some levels need room for, such
// as wording a message, is a function of its own that is `gnu::noinline`.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/check/type.h"
#include "lang/diagnostic_kinds.h"
#include "lang/syntax/ast.h"

namespace placewright::lang {

enum class CheckProgress { Untouched, Running, Done };

struct CheckedGlobal {
  const Assignment* definition = nullptr;
  size_t statement = 0;
  CheckProgress progress = CheckProgress::Untouched;
  Type type;
};

struct CheckedFunction {
  const FunctionDefinition* definition = nullptr;
  size_t statement = 0;
  CheckProgress progress = CheckProgress::Untouched;
  Type result;
  /// Where the body certainly uses something that only an index launch has.
  std::optional<SourceRange> needs_index_launch;
  bool used = false;  ///< Whether a rule or a call uses it, anywhere in the file.
};

struct CheckedLocal {
  SourceRange range;
  Type type;
};

/// The names that an expression sees before the globals.
struct CheckScope {
  CheckedFunction* function = nullptr;  ///< Null at the top level.
  size_t statement = 0;                 ///< Index of the enclosing top-level statement.
  std::map<std::string, CheckedLocal, std::less<>> locals;
  int conditions = 0;    ///< How many `?:` branches surround the expression.
  bool of_rule = false;  ///< The condition of a rule, which has a launch but no point.
};

struct CheckContext {
  CheckContext(const Program& program, Diagnostics& diagnostics);

  Diagnostic& report(DiagnosticKind kind, SourceRange range, std::string message);
  /// Reports an error unless the type may be of the kind.
  bool expect(const Expr& expr, const Type& type, TypeKind kind);
  /// Whether a definition of this name could not be parsed.
  [[nodiscard]] bool is_broken(std::string_view name) const { return broken.contains(name); }
  /// For "did you mean": functions, or every other name in scope.
  [[nodiscard]] std::vector<std::string> visible_names(TypeKind wanted) const;

  /// Calls `infer` in another scope unless the definition was inferred, is being inferred, or lies
  /// too deep: then its type stays unknown.
  template <class Infer>
  void infer_once(CheckProgress& progress, CheckScope inner, const Infer& infer) {
    constexpr int kMaxDepth = 50;
    if (progress != CheckProgress::Untouched || depth >= kMaxDepth) return;
    progress = CheckProgress::Running;
    CheckScope outer = std::exchange(scope, std::move(inner));
    ++depth;
    infer();
    --depth;
    scope = std::move(outer);
    progress = CheckProgress::Done;
  }

  const Program& program;
  Diagnostics& diagnostics;
  std::set<std::string_view> broken;
  std::map<std::string, CheckedGlobal, std::less<>> globals;
  std::map<std::string, CheckedFunction, std::less<>> functions;
  CheckScope scope;
  int depth = 0;  ///< Number of functions and globals inferred within each other.
};

}  // namespace placewright::lang
