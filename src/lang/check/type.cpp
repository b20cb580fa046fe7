// SPDX-License-Identifier: Apache-2.0
#include "lang/check/type.h"

#include <fmt/core.h>

namespace placewright::lang {

Type merge(const Type& a, const Type& b) {
  if (a.kind != b.kind) return {};
  Type result = a;
  if (a.number() != b.number()) {
    result.value.reset();
    result.large.reset();
  }
  if (a.length != b.length) result.length.reset();
  if (a.processor != b.processor) result.processor.reset();
  if (a.placed != b.placed) result.placed = Placed::Maybe;
  return result;
}

std::string describe(TypeKind kind) {
  switch (kind) {
    case TypeKind::Unknown:
      return "a value";
    case TypeKind::Int:
      return "an integer";
    case TypeKind::Bool:
      return "a truth value";
    case TypeKind::Tuple:
      return "a tuple";
    case TypeKind::Points:
      return "a set of points";
    case TypeKind::Space:
      return "a processor space";
    case TypeKind::Task:
      return "a task";
    case TypeKind::Processor:
      return "a processor kind";
    case TypeKind::Memory:
      return "a memory kind";
    case TypeKind::Function:
      return "a function";
  }
  return "";
}

std::string describe(const Type& type) {
  if (type.is(TypeKind::Tuple) && type.length)
    return fmt::format("a tuple of {} integer{}", *type.length, *type.length == 1 ? "" : "s");
  if (type.is(TypeKind::Space) && type.length)
    return fmt::format("a processor space of {} dimension{}", *type.length,
                       *type.length == 1 ? "" : "s");
  return describe(type.kind);
}

}  // namespace placewright::lang
