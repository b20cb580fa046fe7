// SPDX-License-Identifier: Apache-2.0
// The grammar of the language as data. The reference in docs/language.md, the grammars for other
// tools (export.h) and random programs (sample.h) are all generated from it. The parser is written
// by hand; tests keep the two consistent: every text drawn from the grammar parses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/words.h"

namespace placewright::lang::grammar {

/// What a lexer recognizes by pattern.
enum class Terminal { Name, QuotedName, Integer, String };

struct Node {
  enum class Form {
    Literal,   ///< `text`, one token or a fixed piece of text.
    Terminal,  ///< `terminal`.
    Rule,      ///< The rule called `text`.
    Sequence,  ///< All children.
    Choice,    ///< One child.
    Optional,  ///< The child or nothing.
    Repeat     ///< The child `fewest` to `most` times; `most` 0 means unbounded.
  };
  Form form = Form::Sequence;
  std::string text;
  Terminal terminal = Terminal::Name;
  std::vector<Node> children;
  int fewest = 0;
  int most = 0;
};

struct Rule {
  std::string name;
  Node body;
};

/// Derivations start at the first rule.
struct Grammar {
  std::vector<Rule> rules;
  [[nodiscard]] const Node& body(std::string_view rule) const;
};

/// Everything that the parser accepts without a message, except names that only quotes make valid.
[[nodiscard]] Grammar full_grammar();

// ---- building blocks

[[nodiscard]] Node word(std::string_view text);
[[nodiscard]] Node word(StatementWord statement);
[[nodiscard]] Node token(Terminal terminal);
[[nodiscard]] Node rule(std::string_view name);
[[nodiscard]] Node sequence(std::vector<Node> children);
[[nodiscard]] Node choice(std::vector<Node> children);
[[nodiscard]] Node optional(Node child);
[[nodiscard]] Node repeat(Node child, int fewest, int most = 0);
/// One or more items with separators; at most `most` items unless that is 0.
[[nodiscard]] Node list(Node item, std::string_view separator, int most = 0);

template <class Words>
[[nodiscard]] Node any_word(const Words& words) {
  std::vector<Node> children;
  for (const auto& each : words) children.push_back(word(each));
  return choice(std::move(children));
}

}  // namespace placewright::lang::grammar
