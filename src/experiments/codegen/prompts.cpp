// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/prompts.h"

#include "agent/prompt.h"
#include "experiments/codegen/built_in.h"
#include "lang/grammar/export.h"
#include "support/check.h"

namespace placewright::experiments {
namespace {

const agent::Prompt& prompt(std::string_view name) {
  static const agent::PromptLibrary library;
  return library.get(name);
}

std::string filled(std::string_view name, const agent::PromptValues& values) {
  const Result<std::string> text = agent::fill(prompt(name), values);
  PLACEWRIGHT_CHECK(text.has_value());
  return *text;
}

std::string form_of(Target target) {
  return target == Target::Mapping ? "mapping" : "C++ file of the mapper";
}

std::string reference_of(Target target) {
  if (target == Target::Cpp) return filled("codegen-cpp", {});
  return filled("codegen-mapping",
                {{"grammar", lang::grammar::to_ebnf(lang::grammar::full_grammar())}});
}

std::string_view describe(Grade grade) {
  switch (grade) {
    case Grade::NoAnswer:
      return "has no code";
    case Grade::DoesNotCompile:
      return "does not compile";
    case Grade::Fails:
      return "compiles, but its run is not as required";
    case Grade::Right:
      break;
  }
  return "is right";
}

std::string joined_ids(std::initializer_list<std::string_view> names) {
  std::string result;
  for (const std::string_view name : names)
    result += (result.empty() ? "" : ", ") + prompt(name).id();
  return result;
}

}  // namespace

std::string_view starting_code(Target target) {
  return built_in(target == Target::Mapping ? "start.mapping" : "start.cpp");
}

llm::Request first_request(Target target, const Strategy& strategy) {
  const bool is_mapping = target == Target::Mapping;
  llm::Request request;
  request.messages = {
      {llm::Role::System, filled("codegen-system", {{"form", form_of(target)}})},
      {llm::Role::User, filled("codegen-task", {{"application", filled("codegen-application", {})},
                                                {"reference", reference_of(target)},
                                                {"language", is_mapping ? "mapping" : "cpp"},
                                                {"start", std::string(starting_code(target))},
                                                {"strategy", strategy.text}})}};
  request.prompt = joined_ids({"codegen-system", "codegen-task", "codegen-application",
                               is_mapping ? "codegen-mapping" : "codegen-cpp"});
  return request;
}

llm::Request next_request(const llm::Request& first, Target target, const std::string& answer,
                          const Assessment& assessment) {
  llm::Request request = first;
  std::string message = assessment.message;
  if (!message.ends_with('\n')) message += '\n';
  request.messages.push_back({llm::Role::Assistant, answer});
  request.messages.push_back(
      {llm::Role::User,
       filled("codegen-again", {{"outcome", std::string(describe(assessment.grade))},
                                {"message", message},
                                {"form", form_of(target)}})});
  request.prompt += ", " + prompt("codegen-again").id();
  return request;
}

}  // namespace placewright::experiments
