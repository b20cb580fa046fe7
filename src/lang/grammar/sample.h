// SPDX-License-Identifier: Apache-2.0
// Random programs from the grammar, for tests of properties that every program has.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "lang/grammar/grammar.h"

namespace placewright::lang::grammar {

/// Deterministic for a seed. The programs parse; most of them are nonsense.
class Sampler {
 public:
  Sampler(const Grammar& grammar, uint32_t seed);

  /// Derives a text from a rule, with spaces, line breaks and comments in odd places. Below `depth`
  /// nested rules and after some hundred tokens only the shortest choices are taken, so it
  /// terminates.
  [[nodiscard]] std::string text(std::string_view rule, int depth);

 private:
  void derive(const Node& node, int depth);
  void emit(std::string_view token);
  std::string terminal(Terminal terminal);
  int below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

  const Grammar& grammar_;
  std::map<std::string, int, std::less<>> depths_;  ///< The least depth of every rule.
  std::mt19937 random_;
  std::string text_;
  int tokens_ = 0;
};

/// The minimum number of nested rules in a derivation.
[[nodiscard]] int least_depth(const Grammar& grammar, const Node& node);

}  // namespace placewright::lang::grammar
