// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/program_optimizer.h"

#include <fmt/format.h>

#include "support/json.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

std::string changed_words(const Suggestion& suggestion) {
  std::string words;
  for (const auto& [decision, body] : suggestion.bodies)
    words += fmt::format("{}{}", words.empty() ? "" : ", ", function_name(decision));
  return "changes " + words;
}

}  // namespace

std::string as_example(const Program& program, const std::string& feedback) {
  using Json = nlohmann::ordered_json;
  Json variables = Json::object();
  for (const Decision decision : kDecisions)
    variables[std::string(function_name(decision))] = program[decision];
  return Json{{"variables", variables}, {"feedback", feedback}}.dump(
      2, ' ', false, Json::error_handler_t::replace);
}

void ProgramOptimizer::begin_with(const tune::Start&, const Draft& incumbent) {
  if (settings().start) {
    enqueue(draft_of(*settings().start, "starting point of the agent"));
  } else {
    enqueue(incumbent);
  }
}

Result<std::vector<Draft>> ProgramOptimizer::read(const llm::Reply& reply, const Draft* base) {
  PLACEWRIGHT_TRY(auto suggestion, read_suggestion(reply.text));
  std::vector<Draft> drafts;
  if (suggestion.terminate) return drafts;
  Program program = base != nullptr ? *base->program : current_;
  for (const auto& [decision, body] : suggestion.bodies) program[decision] = body;
  drafts.push_back(draft_of(std::move(program), changed_words(suggestion)));
  return drafts;
}

std::string ProgramOptimizer::repair_what(size_t) const { return "the variables that were wrong"; }

}  // namespace placewright::agent
