// SPDX-License-Identifier: Apache-2.0
#include "agent/answers/output_form.h"

#include <algorithm>

#include "agent/program/program.h"
#include "lang/grammar/decision_form.h"
#include "lang/grammar/export.h"
#include "lang/syntax/words.h"
#include "support/json.h"
#include "workload/vocabulary.h"

namespace placewright::agent {
namespace {

using Json = nlohmann::ordered_json;
namespace grammar = lang::grammar;

constexpr int kMostRules = 12;

void bound_repetitions(grammar::Node& node) {
  if (node.form == grammar::Node::Form::Repeat)
    node.most = node.most == 0 ? kMostRules : std::min(node.most, kMostRules);
  for (grammar::Node& child : node.children) bound_repetitions(child);
}

/// One statement of any of the kinds that the lists hold.
grammar::Node any_statement(const std::vector<grammar::Node>& lists) {
  std::vector<grammar::Node> statements;
  for (const grammar::Node& list : lists)
    statements.insert(statements.end(), list.children.begin(), list.children.end());
  return grammar::choice(std::move(statements));
}

/// `=== CANDIDATE`, at least one rule, ..., `=== END`.
grammar::Grammar candidates_grammar(const grammar::Vocabulary& vocabulary, int candidates) {
  grammar::Grammar narrowed = grammar::narrowed_grammar(vocabulary);
  for (grammar::Rule& rule : narrowed.rules) bound_repetitions(rule.body);
  // The standard maps need no definitions.
  std::vector<grammar::Node>& program = narrowed.rules.front().body.children;
  program.erase(program.begin());
  grammar::Grammar result;
  result.rules.push_back(
      {"answer", grammar::sequence({grammar::repeat(grammar::rule("candidate"), 1, candidates),
                                    grammar::word("\n=== END")})});
  result.rules.push_back(
      {"candidate", grammar::sequence({grammar::word("\n=== CANDIDATE\n"),
                                       grammar::rule("statement"), grammar::rule("program")})});
  result.rules.push_back({"statement", any_statement(program)});
  result.rules.insert(result.rules.end(), narrowed.rules.begin(), narrowed.rules.end());
  return result;
}

Json text_schema(int most) { return {{"type", "string"}, {"maxLength", most}}; }

Json object_schema(Json properties, const Json& required) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"required", required}};
}

std::string candidates_schema(const grammar::Vocabulary& vocabulary, int candidates) {
  Json decisions = Json::parse(grammar::decision_schema(&vocabulary));
  decisions.erase("$schema");
  const Json candidate = object_schema(
      {{"idea", text_schema(240)}, {"decisions", std::move(decisions)}}, {"idea", "decisions"});
  return object_schema(
             {{"lessons", {{"type", "array"}, {"items", text_schema(240)}, {"maxItems", 3}}},
              {"candidates",
               {{"type", "array"},
                {"items", candidate},
                {"minItems", 1},
                {"maxItems", candidates}}}},
             {"lessons", "candidates"})
      .dump();
}

}  // namespace

grammar::Vocabulary writable_vocabulary(const workload::Workload& workload) {
  grammar::Vocabulary vocabulary = workload::vocabulary_of(workload);
  std::erase_if(vocabulary.tasks, [](const grammar::VocabularyTask& task) {
    return !lang::can_be_written(task.name);
  });
  for (grammar::VocabularyTask& task : vocabulary.tasks)
    std::erase_if(task.arguments,
                  [](const std::string& name) { return !lang::can_be_written(name); });
  return vocabulary;
}

llm::OutputForm mapping_form(const grammar::Vocabulary& vocabulary, int candidates) {
  const grammar::Grammar grammar = candidates_grammar(vocabulary, candidates);
  return {grammar::to_gbnf(grammar), grammar::to_lark(grammar),
          candidates_schema(vocabulary, candidates)};
}

llm::OutputForm suggestion_form(bool with_reasoning) {
  Json values = Json::object();
  for (const Decision decision : kDecisions)
    values[std::string(function_name(decision))] = {{"type", "string"}};
  Json properties = Json::object();
  Json required = Json::array();
  if (with_reasoning) {
    properties["reasoning"] = {{"type", "string"}};
    properties["answer"] = {{"type", "string"}};
    required = {"reasoning", "answer"};
  }
  properties["suggestion"] = object_schema(std::move(values), Json::array());
  required.push_back("suggestion");
  return {"", "", object_schema(std::move(properties), required).dump()};
}

}  // namespace placewright::agent
