// SPDX-License-Identifier: Apache-2.0
#include "lang/grammar/vocabulary.h"

#include <algorithm>

#include "lang/grammar/index_maps.h"

namespace placewright::lang::grammar {
namespace {

constexpr int kMostRules = 64;
constexpr int kMostKinds = 3;

std::string functions(machine::ProcessorKind kind) {
  std::string text = space_definition(kind);
  for (const std::string_view map : kIndexMaps) text += index_map_definition(map, kind);
  return text;
}

/// Adds a rule, which the program may repeat up to kMostRules times.
void add_rules(Grammar& grammar, const std::string& name, std::vector<Node> forms) {
  if (forms.empty()) return;
  grammar.rules.push_back({name, choice(std::move(forms))});
  grammar.rules.front().body.children.push_back(repeat(rule(name), 0, kMostRules));
}

std::vector<Node> task_rules(const Vocabulary& vocabulary) {
  std::vector<Node> forms;
  std::vector<Node> all;
  for (const VocabularyKind& each : vocabulary.kinds)
    all.push_back(word(machine::to_string(each.kind)));
  if (all.empty()) return forms;
  const auto form = [](std::string_view task, const Node& kinds) {
    return sequence(
        {word(StatementWord::Task), word(task), list(kinds, ",", kMostKinds), word(";")});
  };
  forms.push_back(form("*", choice(all)));
  for (const VocabularyTask& task : vocabulary.tasks) {
    std::vector<Node> kinds;
    for (const machine::ProcessorKind kind : task.kinds)
      kinds.push_back(word(machine::to_string(kind)));
    if (!kinds.empty()) forms.push_back(form(written_name(task.name), choice(std::move(kinds))));
  }
  return forms;
}

Node memories_of(const VocabularyKind& kind) {
  return list(choice([&] {
                std::vector<Node> words;
                for (const machine::MemoryKind memory : kind.memories)
                  words.push_back(word(machine::to_string(memory)));
                return words;
              }()),
              ",", kMostKinds);
}

std::vector<Node> region_rules(const Vocabulary& vocabulary) {
  std::vector<Node> forms;
  for (const VocabularyKind& kind : vocabulary.kinds) {
    if (kind.memories.empty()) continue;
    const auto add = [&](std::string_view task, std::vector<Node> arguments) {
      arguments.push_back(word("*"));
      forms.push_back(
          sequence({word(StatementWord::Region), word(task), choice(std::move(arguments)),
                    word(machine::to_string(kind.kind)), memories_of(kind), word(";")}));
    };
    add("*", {});
    for (const VocabularyTask& task : vocabulary.tasks) {
      if (std::ranges::find(task.kinds, kind.kind) == task.kinds.end()) continue;
      std::vector<Node> arguments;
      for (const std::string& argument : task.arguments)
        arguments.push_back(word(written_name(argument)));
      if (!arguments.empty()) add(written_name(task.name), std::move(arguments));
    }
  }
  return forms;
}

std::vector<Node> layout_rules(const Vocabulary& vocabulary) {
  std::vector<Node> tasks = {word("*")};
  for (const VocabularyTask& task : vocabulary.tasks)
    tasks.push_back(word(written_name(task.name)));
  return {sequence({word(StatementWord::Layout), choice(std::move(tasks)), word("*"), word("*"),
                    choice({word("SOA"), word("AOS")}), choice({word("C_order"), word("F_order")}),
                    optional(choice({word("Align == 64"), word("Align == 128")})), word(";")})};
}

// Separate rules per kind of processor, so that the function fits the kind a task gets.
std::vector<Node> map_rules(const Vocabulary& vocabulary) {
  std::vector<Node> forms;
  for (const VocabularyKind& kind : vocabulary.kinds) {
    const std::string word_of_kind(machine::to_string(kind.kind));
    std::vector<Node> names;
    for (const std::string_view map : kIndexMaps)
      names.push_back(word(index_map_name(map, kind.kind)));
    std::vector<Node> targets = {word(word_of_kind)};
    for (const VocabularyTask& task : vocabulary.tasks) {
      const bool only = task.kinds.size() == 1 && task.kinds.front() == kind.kind;
      if (only) targets.push_back(word(written_name(task.name)));
    }
    forms.push_back(sequence({word(StatementWord::IndexTaskMap), choice(std::move(targets)),
                              choice(std::move(names)), word(";")}));
  }
  return forms;
}

std::vector<Node> limit_rules(const Vocabulary& vocabulary) {
  std::vector<Node> tasks;
  for (const VocabularyTask& task : vocabulary.tasks)
    tasks.push_back(word(written_name(task.name)));
  if (tasks.empty()) return {};
  return {sequence({word(StatementWord::InstanceLimit), choice(std::move(tasks)),
                    choice({word("1"), word("2"), word("4"), word("8")}), word(";")})};
}

}  // namespace

Grammar narrowed_grammar(const Vocabulary& vocabulary) {
  Grammar grammar;
  std::string preamble;
  for (const VocabularyKind& kind : vocabulary.kinds) preamble += functions(kind.kind);
  grammar.rules.push_back({"program", sequence({word(preamble)})});
  add_rules(grammar, "task", task_rules(vocabulary));
  add_rules(grammar, "region", region_rules(vocabulary));
  add_rules(grammar, "layout", layout_rules(vocabulary));
  add_rules(grammar, "map", map_rules(vocabulary));
  add_rules(grammar, "limit", limit_rules(vocabulary));
  return grammar;
}

}  // namespace placewright::lang::grammar
