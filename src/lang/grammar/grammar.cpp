// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/grammar.h"

#include <algorithm>

#include "support/check.h"

namespace placewright::lang::grammar {
namespace {

using W = StatementWord;

Node name() { return token(Terminal::Name); }
Node integer() { return token(Terminal::Integer); }

/// Operators of one precedence level, all left-associative.
Rule level(std::string_view name, std::string_view operand, std::vector<Node> operators) {
  return {std::string(name),
          sequence(
              {rule(operand), repeat(sequence({choice(std::move(operators)), rule(operand)}), 0)})};
}

/// A word, or `Align` with the number of bytes.
Node constraint() {
  const std::string_view align = to_string(LayoutWord::Align);
  std::vector<Node> forms;
  for (const std::string_view each : layout_words())
    if (each != align) forms.push_back(word(each));
  forms.push_back(sequence({word(align), any_word(comparison_words()), integer()}));
  return choice(std::move(forms));
}

void add_statements(std::vector<Rule>& rules) {
  rules.push_back({"program", repeat(rule("statement"), 1)});
  rules.push_back(
      {"statement", choice({rule("task"), rule("region"), rule("layout"), rule("map"),
                            rule("limit"), rule("collect"), rule("replicate"), rule("priority"),
                            rule("steal"), rule("function"), rule("assignment"), rule("print")})});
  rules.push_back({"task", sequence({word(W::Task), rule("tasks"), list(rule("processor"), ","),
                                     rule("end")})});
  rules.push_back({"region", sequence({word(W::Region), rule("tasks"), rule("arguments"),
                                       choice({rule("processor"), word("*")}),
                                       list(rule("memory"), ","), rule("end")})});
  rules.push_back({"layout", sequence({word(W::Layout), rule("tasks"), rule("arguments"),
                                       choice({rule("memory"), word("*")}),
                                       repeat(rule("constraint"), 0), rule("end")})});
  rules.push_back(
      {"map", sequence({choice({word(W::IndexTaskMap), word(W::SingleTaskMap)}),
                        choice({rule("tasks"), rule("processor")}), name(), rule("end")})});
  rules.push_back(
      {"limit", sequence({word(W::InstanceLimit), choice({rule("tasks"), rule("processor")}),
                          optional(word("-")), integer(), rule("end")})});
  rules.push_back({"collect", sequence({word(W::CollectMemory), rule("tasks"), rule("arguments"),
                                        rule("end")})});
  rules.push_back({"replicate", sequence({word(W::ControlReplicate), list(rule("called"), ","),
                                          optional(rule("nodes")), rule("end")})});
  rules.push_back({"nodes", sequence({integer(), word(".."), integer()})});
  rules.push_back(
      {"priority", sequence({word(W::Priority), choice({rule("tasks"), rule("processor")}),
                             optional(word("-")), integer(), rule("end")})});
  rules.push_back({"steal", sequence({word(W::TaskSteal), rule("tasks"), rule("processor"),
                                      choice({word(kSameNode), word(kAnyNode)}), word(";")})});
  rules.push_back(
      {"end", sequence({optional(sequence({word("if"), rule("expression")})), word(";")})});
  rules.push_back({"tasks", choice({word("*"), list(rule("called"), ",")})});
  rules.push_back({"arguments", choice({word("*"), list(rule("argument"), ",")})});
  rules.push_back({"argument", choice({rule("called"), integer()})});
  rules.push_back({"called", choice({name(), token(Terminal::QuotedName)})});
  rules.push_back({"constraint", constraint()});
  rules.push_back({"processor", any_word(processor_words())});
  rules.push_back({"memory", any_word(memory_words())});
}

void add_functions(std::vector<Rule>& rules) {
  rules.push_back({"function", sequence({word(W::Def), name(), word("("),
                                         optional(list(rule("parameter"), ",")), word(")"),
                                         word("{"), repeat(rule("step"), 1), word("}")})});
  rules.push_back({"parameter", sequence({any_word(parameter_type_words()), name()})});
  rules.push_back({"step", choice({rule("assignment"), rule("print"),
                                   sequence({word(W::Return), rule("expression"), word(";")})})});
  rules.push_back({"assignment", sequence({name(), word("="), rule("expression"), word(";")})});
  rules.push_back(
      {"print", sequence({word(W::Print), word("("), token(Terminal::String),
                          repeat(sequence({word(","), rule("item")}), 0), word(")"), word(";")})});
}

void add_expressions(std::vector<Rule>& rules) {
  rules.push_back(
      {"expression",
       sequence({rule("or"),
                 repeat(sequence({word("?"), rule("expression"), word(":"), rule("or")}), 0)})});
  rules.push_back(level("or", "and", {word("||")}));
  rules.push_back(level("and", "equality", {word("&&")}));
  rules.push_back(level("equality", "comparison", {word("=="), word("!=")}));
  rules.push_back(level("comparison", "sum", {word("<"), word("<="), word(">"), word(">=")}));
  rules.push_back(level("sum", "product", {word("+"), word("-")}));
  rules.push_back(level("product", "unary", {word("*"), word("/"), word("%")}));
  rules.push_back({"unary", choice({sequence({choice({word("-"), word("!")}), rule("unary")}),
                                    rule("postfix")})});
  rules.push_back(
      {"postfix",
       sequence({rule("primary"),
                 repeat(choice({sequence({word("("), optional(rule("items")), word(")")}),
                                sequence({word("["), list(rule("index"), ","), word("]")}),
                                sequence({word("["), optional(rule("expression")), word(":"),
                                          optional(rule("expression")), word("]")}),
                                sequence({word("."), rule("member")})}),
                        0)})});
  rules.push_back(
      {"primary",
       choice({integer(), word("True"), word("False"), name(), word("Machine"), rule("processor"),
               rule("memory"), sequence({word("("), rule("expression"), word(")")}),
               sequence({word("("), rule("item"), word(","), optional(rule("items")), word(")")}),
               sequence({word("tuple"), word("("), rule("expression"), word("for"), name(),
                         word("in"), rule("expression"), word(")")})})});
  rules.push_back({"items", list(rule("item"), ",")});
  rules.push_back({"item", choice({rule("expression"), sequence({word("*"), rule("unary")})})});
  rules.push_back({"index", choice({rule("item"), word("*")})});
  rules.push_back({"member", any_word(member_words())});
}

}  // namespace

Grammar full_grammar() {
  Grammar grammar;
  add_statements(grammar.rules);
  add_functions(grammar.rules);
  add_expressions(grammar.rules);
  return grammar;
}

const Node& Grammar::body(std::string_view name) const {
  const auto found = std::ranges::find(rules, name, &Rule::name);
  PLACEWRIGHT_CHECK(found != rules.end());
  return found->body;
}

Node word(std::string_view text) {
  return {.form = Node::Form::Literal, .text = std::string(text), .children = {}};
}
Node word(StatementWord statement) { return word(to_string(statement)); }
Node token(Terminal terminal) {
  return {.form = Node::Form::Terminal, .text = "", .terminal = terminal, .children = {}};
}
Node rule(std::string_view name) {
  return {.form = Node::Form::Rule, .text = std::string(name), .children = {}};
}
Node sequence(std::vector<Node> children) {
  return {.form = Node::Form::Sequence, .text = "", .children = std::move(children)};
}
Node choice(std::vector<Node> children) {
  if (children.size() == 1) return std::move(children.front());
  return {.form = Node::Form::Choice, .text = "", .children = std::move(children)};
}
Node optional(Node child) {
  return {.form = Node::Form::Optional, .text = "", .children = {std::move(child)}};
}
Node repeat(Node child, int fewest, int most) {
  return {.form = Node::Form::Repeat,
          .text = "",
          .children = {std::move(child)},
          .fewest = fewest,
          .most = most};
}
Node list(Node item, std::string_view separator, int most) {
  Node more = sequence({word(separator), item});
  if (most == 1) return item;
  return sequence({std::move(item), repeat(std::move(more), 0, most == 0 ? 0 : most - 1)});
}

}  // namespace placewright::lang::grammar
