// SPDX-License-Identifier: Apache-2.0
// What src/legion/layout.cpp needs to know about the language and the rules.

namespace placewright::lang {
enum class Comparison { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual };
}  // namespace placewright::lang

namespace placewright::policy {

/// The words of a Layout rule.
struct LayoutRule {
  bool aos = false;
  bool c_order = false;
  bool compact = false;
  bool exact = false;
  struct Alignment {
    lang::Comparison comparison;
    int64_t bytes;
  };
  std::optional<Alignment> alignment = std::nullopt;
};

}  // namespace placewright::policy
