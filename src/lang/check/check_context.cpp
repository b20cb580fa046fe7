// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_context.h"

#include <fmt/core.h>

namespace placewright::lang {

CheckContext::CheckContext(const Program& checked, Diagnostics& messages)
    : program(checked),
      diagnostics(messages),
      broken(checked.broken_names.begin(), checked.broken_names.end()) {}

Diagnostic& CheckContext::report(DiagnosticKind kind, SourceRange range, std::string message) {
  return lang::report(diagnostics, kind, range, std::move(message));
}

bool CheckContext::expect(const Expr& expr, const Type& type, TypeKind kind) {
  if (type.may_be(kind)) return true;
  Diagnostic& d = report(DiagnosticKind::TypeMismatch, expr.range,
                         fmt::format("expected {}, found {}", describe(kind), describe(type)));
  if (kind == TypeKind::Int && type.is(TypeKind::Tuple) && type.placed != Placed::Yes)
    d.help = "`*` in front unpacks a tuple: `m[*t]`; `t[0]` is its first element";
  if (kind == TypeKind::Bool && type.is(TypeKind::Int)) d.help = "compare it: `x != 0`";
  return false;
}

std::vector<std::string> CheckContext::visible_names(TypeKind wanted) const {
  std::vector<std::string> names;
  if (wanted == TypeKind::Function) {
    for (const auto& [name, function] : functions) names.push_back(name);
    names.push_back("Machine");
    return names;
  }
  for (const auto& [name, local] : scope.locals) names.push_back(name);
  for (const auto& [name, global] : globals) names.push_back(name);
  return names;
}

}  // namespace placewright::lang
