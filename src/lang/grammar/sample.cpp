// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/sample.h"

#include <algorithm>
#include <climits>
#include <map>

namespace placewright::lang::grammar {
namespace {

constexpr int kEndless = INT_MAX / 2;
constexpr int kMostRepetitions = 3;
constexpr int kFewTokens = 500;  // after that many, derivations are cut short

using Depths = std::map<std::string, int, std::less<>>;

int node_depth(const Node& node, const Depths& rules) {
  int depth = 0;
  switch (node.form) {
    case Node::Form::Rule: {
      const auto known = rules.find(node.text);
      return known == rules.end() ? kEndless : std::min(known->second + 1, kEndless);
    }
    case Node::Form::Sequence:
      for (const Node& child : node.children) depth = std::max(depth, node_depth(child, rules));
      return depth;
    case Node::Form::Choice:
      depth = kEndless;
      for (const Node& child : node.children) depth = std::min(depth, node_depth(child, rules));
      return depth;
    case Node::Form::Repeat:
      return node.fewest == 0 ? 0 : node_depth(node.children[0], rules);
    case Node::Form::Literal:
    case Node::Form::Terminal:
    case Node::Form::Optional:
      return 0;
  }
  return 0;
}

/// Fixed point from above: depths decrease until nothing changes.
Depths rule_depths(const Grammar& grammar) {
  Depths depths;
  for (bool changed = true; changed;) {
    changed = false;
    for (const Rule& each : grammar.rules) {
      const int depth = node_depth(each.body, depths);
      const auto [known, is_new] = depths.try_emplace(each.name, depth);
      changed = changed || is_new || depth < known->second;
      known->second = depth;
    }
  }
  return depths;
}

}  // namespace

int least_depth(const Grammar& grammar, const Node& node) {
  return node_depth(node, rule_depths(grammar));
}

Sampler::Sampler(const Grammar& grammar, uint32_t seed)
    : grammar_(grammar), depths_(rule_depths(grammar)), random_(seed) {}

std::string Sampler::text(std::string_view rule, int depth) {
  text_.clear();
  tokens_ = 0;
  derive(grammar_.body(rule), depth);
  return text_;
}

void Sampler::derive(const Node& node, int depth) {
  if (tokens_ > kFewTokens) depth = 0;
  switch (node.form) {
    case Node::Form::Literal:
      return emit(node.text);
    case Node::Form::Terminal:
      return emit(terminal(node.terminal));
    case Node::Form::Rule:
      return derive(grammar_.body(node.text), depth - 1);
    case Node::Form::Sequence:
      for (const Node& child : node.children) derive(child, depth);
      return;
    case Node::Form::Choice: {
      std::vector<const Node*> open;
      const int least = node_depth(node, depths_);
      for (const Node& child : node.children) {
        const int needs = node_depth(child, depths_);
        if (needs <= std::max(depth, least)) open.push_back(&child);
      }
      return derive(*open[static_cast<size_t>(below(static_cast<int>(open.size())))], depth);
    }
    case Node::Form::Optional:
      if (depth > 0 && below(2) == 0) derive(node.children[0], depth);
      return;
    case Node::Form::Repeat: {
      const int most = node.most > 0 ? node.most : node.fewest + kMostRepetitions;
      int times = node.fewest;
      while (depth > 0 && times < most && below(3) == 0) ++times;
      for (int i = 0; i < times; ++i) derive(node.children[0], depth);
      return;
    }
  }
}

void Sampler::emit(std::string_view token) {
  constexpr const char* kGaps[] = {" ",      " ",         " ",        "  ",   "\t",   "\n",
                                   "\n\n\n", " # note\n", " // # \n", "\r\n", "\n#\n"};
  text_ += kGaps[below(static_cast<int>(std::size(kGaps)))];
  text_ += token;
  ++tokens_;
}

std::string Sampler::terminal(Terminal terminal) {
  constexpr const char* kNames[] = {"a", "task_1", "No_Align", "TaskSteal", "x9", "_", "lo"};
  constexpr const char* kQuoted[] = {"\"Exports.AddBodyForces\"", "\"GPU\"", "\"plain\"",
                                     "\"two words\"", "\"Update*\""};
  switch (terminal) {
    case Terminal::Name:
      return kNames[below(static_cast<int>(std::size(kNames)))];
    case Terminal::QuotedName:
      return kQuoted[below(static_cast<int>(std::size(kQuoted)))];
    case Terminal::Integer:
      return std::to_string(below(3) == 0 ? static_cast<int>(random_() >> 1) : below(5));
    case Terminal::String:
      return "\"{} # // \"";
  }
  return "";
}

}  // namespace placewright::lang::grammar
