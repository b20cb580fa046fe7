#include "study/prompts.h"

#include <fmt/core.h>
#include <xxhash.h>

#include "lang/grammar/export.h"
#include "study/built_in.h"
#include "support/check.h"

namespace placewright::study {
namespace {

constexpr std::string_view kVersionStart = "<!-- version: ";

/// The text behind the version line.
std::string_view body_of(std::string_view file) {
  const std::string_view text = built_in(file);
  PLACEWRIGHT_CHECK(text.starts_with(kVersionStart));
  return text.substr(text.find('\n') + 1);
}

std::string form_of(Target target) {
  return target == Target::Mapping ? "mapping" : "C++ file of the mapper";
}

std::string reference_of(Target target) {
  if (target == Target::Cpp) return fill_prompt("codegen-cpp.md", {});
  return fill_prompt("codegen-mapping.md",
                     {{"grammar", lang::grammar::to_ebnf(lang::grammar::full_grammar())}});
}

std::string_view describe(Verdict verdict) {
  switch (verdict) {
    case Verdict::NoAnswer:
      return "has no code";
    case Verdict::DoesNotCompile:
      return "does not compile";
    case Verdict::Fails:
      return "compiles, but a run with it is not as asked for";
    case Verdict::Right:
      break;
  }
  return "is right";
}

std::string joined_ids(std::initializer_list<std::string_view> files) {
  std::string result;
  for (const std::string_view file : files)
    result += (result.empty() ? "" : ", ") + prompt_id(file);
  return result;
}

}  // namespace

std::string fill_prompt(std::string_view file, const std::map<std::string, std::string>& values) {
  std::string_view rest = body_of(file);
  std::string result;
  size_t used = 0;
  for (size_t at = rest.find("{{"); at != std::string_view::npos; at = rest.find("{{")) {
    const size_t end = rest.find("}}", at);
    PLACEWRIGHT_CHECK(end != std::string_view::npos);
    const auto value = values.find(std::string(rest.substr(at + 2, end - at - 2)));
    PLACEWRIGHT_CHECK(value != values.end());
    result.append(rest.substr(0, at)).append(value->second);
    rest.remove_prefix(end + 2);
    ++used;
  }
  PLACEWRIGHT_CHECK(used >= values.size());
  return result.append(rest);
}

std::string prompt_id(std::string_view file) {
  const std::string_view text = built_in(file);
  const std::string_view version = text.substr(
      kVersionStart.size(), text.find(' ', kVersionStart.size()) - kVersionStart.size());
  return fmt::format("{} v{} ({:016x})", file.substr(0, file.find('.')), version,
                     XXH64(text.data(), text.size(), 0));
}

std::string_view starting_code(Target target) {
  return built_in(target == Target::Mapping ? "start.mapping" : "start.cpp");
}

model::Request first_request(Target target, const Strategy& strategy) {
  const bool is_mapping = target == Target::Mapping;
  model::Request request;
  request.messages = {
      {model::Role::System, fill_prompt("codegen-system.md", {{"form", form_of(target)}})},
      {model::Role::User,
       fill_prompt("codegen-task.md", {{"application", fill_prompt("codegen-application.md", {})},
                                       {"reference", reference_of(target)},
                                       {"language", is_mapping ? "mapping" : "cpp"},
                                       {"start", std::string(starting_code(target))},
                                       {"strategy", strategy.text}})}};
  request.prompt = joined_ids({"codegen-system.md", "codegen-task.md", "codegen-application.md",
                               is_mapping ? "codegen-mapping.md" : "codegen-cpp.md"});
  return request;
}

model::Request next_request(const model::Request& first, Target target, const std::string& answer,
                            const Assessment& assessment) {
  model::Request request = first;
  std::string message = assessment.message;
  if (!message.ends_with('\n')) message += '\n';
  request.messages.push_back({model::Role::Assistant, answer});
  request.messages.push_back(
      {model::Role::User,
       fill_prompt("codegen-again.md", {{"outcome", std::string(describe(assessment.verdict))},
                                        {"message", message},
                                        {"form", form_of(target)}})});
  request.prompt += ", " + prompt_id("codegen-again.md");
  return request;
}

}  // namespace placewright::study
