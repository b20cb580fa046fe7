// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/export.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace placewright::lang::grammar {
namespace {

using Form = Node::Form;

bool is_word_sign(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether the text of a node can begin or end with a letter or digit, or be empty.
class Edges {
 public:
  explicit Edges(const Grammar& grammar) : grammar_(grammar) {}

  bool begins(const Node& node) { return at_edge(node, true); }
  bool ends(const Node& node) { return at_edge(node, false); }

  bool may_be_empty(const Node& node) {
    switch (node.form) {
      case Form::Optional:
        return true;
      case Form::Repeat:
        return node.fewest == 0;
      case Form::Sequence:
        return std::ranges::all_of(node.children,
                                   [&](const Node& child) { return may_be_empty(child); });
      case Form::Choice:
      case Form::Literal:
      case Form::Rule:
      case Form::Terminal:
        return false;  // none of our rules derives the empty text
    }
    return false;
  }

 private:
  bool at_edge(const Node& node, bool front) {
    switch (node.form) {
      case Form::Literal:
        return is_word_sign(front ? node.text.front() : node.text.back());
      case Form::Terminal:
        return node.terminal == Terminal::Name || node.terminal == Terminal::Integer;
      case Form::Rule: {
        const std::string key = node.text + (front ? "<" : ">");
        if (!running_.insert(key).second) return false;  // left or right recursion adds nothing
        const bool result = at_edge(grammar_.body(node.text), front);
        running_.erase(key);
        return result;
      }
      case Form::Sequence:
        return sequence_edge(node, front);
      case Form::Choice:
      case Form::Optional:
      case Form::Repeat:
        return std::ranges::any_of(node.children,
                                   [&](const Node& child) { return at_edge(child, front); });
    }
    return false;
  }

  bool sequence_edge(const Node& node, bool front) {
    const size_t count = node.children.size();
    for (size_t i = 0; i < count; ++i) {
      const Node& child = node.children[front ? i : count - 1 - i];
      if (at_edge(child, front)) return true;
      if (!may_be_empty(child)) return false;
    }
    return false;
  }

  const Grammar& grammar_;
  std::set<std::string> running_;
};

std::string dashed(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

/// What a notation calls the terminals.
struct TerminalNames {
  std::string_view name, quoted_name, integer, string;
};

std::string name_of(Terminal terminal, const TerminalNames& names) {
  switch (terminal) {
    case Terminal::Name:
      return std::string(names.name);
    case Terminal::QuotedName:
      return std::string(names.quoted_name);
    case Terminal::Integer:
      return std::string(names.integer);
    case Terminal::String:
      return std::string(names.string);
  }
  return "";
}

std::string how_often(const Node& node) {
  if (node.most > 0) return fmt::format("{{{},{}}}", node.fewest, node.most);
  return node.fewest == 0 ? "*" : "+";
}

std::string ebnf(const Node& node) {
  switch (node.form) {
    case Form::Literal:
      return fmt::format("'{}'", escaped(node.text));
    case Form::Terminal:
      return name_of(node.terminal, {"NAME", "QUOTED", "INT", "STRING"});
    case Form::Rule:
      return node.text;
    case Form::Optional:
      return fmt::format("[{}]", ebnf(node.children[0]));
    case Form::Repeat: {
      const std::string inner = ebnf(node.children[0]);
      const bool simple = node.children[0].form == Form::Rule;
      return (simple ? inner : "(" + inner + ")") + how_often(node);
    }
    case Form::Sequence:
    case Form::Choice: {
      std::string text;
      for (const Node& child : node.children) {
        if (!text.empty()) text += node.form == Form::Choice ? " | " : " ";
        const bool bracketed = child.form == Form::Choice && node.form == Form::Sequence;
        text += bracketed ? "(" + ebnf(child) + ")" : ebnf(child);
      }
      return text;
    }
  }
  return "";
}

class Gbnf {
 public:
  explicit Gbnf(const Grammar& grammar) : grammar_(grammar), edges_(grammar) {}

  std::string run() {
    std::string text = fmt::format("root ::= ws {} ws\n", dashed(grammar_.rules.front().name));
    for (const Rule& each : grammar_.rules)
      text += fmt::format("{} ::= {}\n", dashed(each.name), inner(each.body));
    return text +
           "name ::= \"ip\" | \"m\" | \"mgpu\" | \"mcpu\" | \"momp\" | \"block\" | \"cyclic\" | "
           "[a-zA-Z_] [a-zA-Z0-9_]{0,20} [0-9]\n"
           "quoted-name ::= \"\\\"\" [a-zA-Z0-9_.* ]{1,40} \"\\\"\"\n"
           "integer ::= [0-9]{1,9}\n"
           "string ::= \"\\\"\" [a-zA-Z0-9_ .,:={}-]{0,40} \"\\\"\"\n"
           "ws ::= [ \\n]?\n"
           "gap ::= [ \\n]\n";
  }

 private:
  std::string inner(const Node& node) {
    switch (node.form) {
      case Form::Literal:
        return fmt::format("\"{}\"", escaped(node.text));
      case Form::Terminal:
        return name_of(node.terminal, {"name", "quoted-name", "integer", "string"});
      case Form::Rule:
        return dashed(node.text);
      case Form::Optional:
        return fmt::format("({})?", inner(node.children[0]));
      case Form::Repeat:
        // Spaces between the repetitions belong to the repeated part, see sequence().
        return fmt::format("({}{}){}", between(node.children[0], node.children[0]),
                           inner(node.children[0]), how_often(node));
      case Form::Choice: {
        std::string text;
        for (const Node& child : node.children) {
          if (!text.empty()) text += " | ";
          text += inner(child);
        }
        return "(" + text + ")";
      }
      case Form::Sequence:
        return sequence(node);
    }
    return "";
  }

  /// The separator between two nodes: a space where two words would run together.
  std::string between(const Node& left, const Node& right) {
    return edges_.ends(left) && edges_.begins(right) ? "gap " : "ws ";
  }

  // A part that may be empty contains the spaces before it.
  std::string sequence(const Node& node) {
    std::string text;
    std::vector<const Node*> before;
    for (const Node& child : node.children) {
      const bool wordy =
          std::ranges::any_of(before, [&](const Node* each) { return edges_.ends(*each); }) &&
          edges_.begins(child);
      const std::string blank = before.empty() ? "" : wordy ? "gap " : "ws ";
      if (!text.empty()) text += ' ';
      if (child.form == Form::Repeat) {
        const bool self = edges_.ends(child.children[0]) && edges_.begins(child.children[0]);
        text += fmt::format("({}{}){}", wordy || self ? "gap " : "ws ", inner(child.children[0]),
                            how_often(child));
      } else if (child.form == Form::Optional) {
        text += fmt::format("({}{})?", blank, inner(child.children[0]));
      } else {
        text += blank + inner(child);
      }
      if (!edges_.may_be_empty(child)) before.clear();
      before.push_back(&child);
    }
    return text;
  }

  const Grammar& grammar_;
  Edges edges_;
};

std::string lark_node(const Node& node) {
  switch (node.form) {
    case Form::Literal:
      return fmt::format("\"{}\"", escaped(node.text));
    case Form::Terminal:
      return name_of(node.terminal, {"NAME", "QUOTED_NAME", "INTEGER", "STRING"});
    case Form::Rule:
      return node.text;
    case Form::Optional:
      return fmt::format("({})?", lark_node(node.children[0]));
    case Form::Repeat:
      return node.most > 0
                 ? fmt::format("({})~{}..{}", lark_node(node.children[0]), node.fewest, node.most)
                 : fmt::format("({}){}", lark_node(node.children[0]), how_often(node));
    case Form::Sequence:
    case Form::Choice: {
      std::string text;
      for (const Node& child : node.children) {
        if (!text.empty()) text += node.form == Form::Choice ? " | " : " ";
        text += child.form == Form::Choice ? "(" + lark_node(child) + ")" : lark_node(child);
      }
      return text;
    }
  }
  return "";
}

}  // namespace

std::string to_ebnf(const Grammar& grammar) {
  size_t width = 0;
  for (const Rule& each : grammar.rules) width = std::max(width, each.name.size());
  std::string text;
  for (const Rule& each : grammar.rules)
    text += fmt::format("{:<{}} := {}\n", each.name, width, ebnf(each.body));
  return text;
}

std::string to_gbnf(const Grammar& grammar) { return Gbnf(grammar).run(); }

std::string to_lark(const Grammar& grammar) {
  std::string text = fmt::format("start: {}\n", grammar.rules.front().name);
  for (const Rule& each : grammar.rules)
    text += fmt::format("{}: {}\n", each.name, lark_node(each.body));
  return text +
         "NAME: /[a-zA-Z_][a-zA-Z0-9_]*/\n"
         "QUOTED_NAME: /\"[^\"\\n]+\"/\n"
         "INTEGER: /[0-9]+/\n"
         "STRING: /\"[^\"\\n]*\"/\n"
         "COMMENT: /(#|\\/\\/)[^\\n]*/\n"
         "%ignore /[ \\t\\r\\n\\a]+/\n"
         "%ignore COMMENT\n";
}

}  // namespace placewright::lang::grammar
