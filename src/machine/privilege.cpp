// SPDX-License-Identifier: Apache-2.0
#include "machine/privilege.h"

#include <algorithm>
#include <array>

namespace placewright::machine {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> kWords = {"NONE", "RO", "RW", "WD", "RED"};

}  // namespace

std::string_view to_string(Privilege privilege) { return kWords[static_cast<size_t>(privilege)]; }

std::optional<Privilege> parse_privilege(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<Privilege>(found - kWords.begin());
}

}  // namespace placewright::machine
