// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/builtins.h"

#include <algorithm>
#include <array>

namespace placewright::lang {
namespace {

// In enumerator order.
constexpr std::array<BuiltinInfo, 7> kBuiltins = {{{"min", 1, 0, "min(a, b)"},
                                                   {"max", 1, 0, "max(t)"},
                                                   {"abs", 1, 1, "abs(x)"},
                                                   {"ceil_div", 2, 2, "ceil_div(7, 2)"},
                                                   {"prod", 1, 1, "prod(t)"},
                                                   {"sum", 1, 1, "sum(t)"},
                                                   {"range", 1, 2, "range(3)"}}};
static_assert(kBuiltins[static_cast<size_t>(Builtin::Range)].name == "range");

}  // namespace

const BuiltinInfo& info(Builtin builtin) { return kBuiltins[static_cast<size_t>(builtin)]; }

std::optional<Builtin> find_builtin(std::string_view name) {
  const auto* found = std::ranges::find(kBuiltins, name, &BuiltinInfo::name);
  if (found == kBuiltins.end()) return std::nullopt;
  return static_cast<Builtin>(found - kBuiltins.begin());
}

std::span<const std::string_view> builtin_names() {
  static const auto names = [] {
    std::array<std::string_view, kBuiltins.size()> all;
    std::ranges::transform(kBuiltins, all.begin(), &BuiltinInfo::name);
    return all;
  }();
  return names;
}

}  // namespace placewright::lang
