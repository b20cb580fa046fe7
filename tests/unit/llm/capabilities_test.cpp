// SPDX-License-Identifier: Apache-2.0
#include "llm/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "model_testing.h"

namespace placewright::llm {
namespace {

constexpr const char* kBase = "http://h:1/v1";

/// A server that answers these addresses, and counts what it is asked.
struct Answers {
  std::map<std::string, std::string> pages;
  std::vector<std::string> asked;
  Capabilities probe_as(Protocol protocol, const std::string& base = kBase) {
    return probe(protocol, base, "m",
                 [&](const std::string& url, const std::string&) -> std::optional<std::string> {
                   asked.push_back(url);
                   const auto found = pages.find(url);
                   if (found == pages.end()) return std::nullopt;
                   return found->second;
                 });
  }
};

TEST(Probe, RecognizesLlamaCppByItsModelList) {
  Answers answers{{{"http://h:1/v1/models", R"({"data":[{"id":"gemma","owned_by":"llamacpp"}]})"}}};
  const Capabilities found = answers.probe_as(Protocol::OpenAiChat);
  EXPECT_EQ(found.server, "llama.cpp");
  EXPECT_EQ(found.grammar, GrammarField::Grammar);
  EXPECT_THAT(found.models, testing::ElementsAre("gemma"));
}

TEST(Probe, RecognizesLlamaCppByItsProperties) {
  Answers answers{{{"http://h:1/props", R"({"default_generation_settings":{"n_ctx":8192}})"}}};
  EXPECT_EQ(answers.probe_as(Protocol::OpenAiChat).grammar, GrammarField::Grammar);
}

TEST(Probe, RecognizesVllm) {
  Answers answers{{{"http://h:1/v1/models", R"({"data":[{"id":"q","owned_by":"vllm"}]})"},
                   {"http://h:1/version", R"({"version":"0.12.0"})"}}};
  const Capabilities found = answers.probe_as(Protocol::OpenAiChat);
  EXPECT_EQ(found.server, "vLLM 0.12.0");
  EXPECT_EQ(found.grammar, GrammarField::StructuredOutputs);
}

TEST(Probe, AsksOpenAiForItsModelListOnly) {
  Answers answers{{{"http://h:1/v1/models", R"({"data":[{"id":"x","owned_by":"system"}]})"}}};
  EXPECT_EQ(answers.probe_as(Protocol::OpenAiChat).grammar, GrammarField::None);
  EXPECT_THAT(answers.asked, testing::ElementsAre("http://h:1/v1/models"));
}

TEST(Probe, AnUnknownServerHasTheCapabilitiesOfItsProtocol) {
  for (const char* page : {"", "<html>", "[]", R"({"data":{"id":1}})", R"({"data":[1,null,{}]})"}) {
    Answers answers{{{"http://h:1/v1/models", page}}};
    Capabilities found = answers.probe_as(Protocol::OpenAiChat);
    found.models.clear();
    EXPECT_EQ(found, assumed_capabilities(Protocol::OpenAiChat)) << page;
  }
}

TEST(Probe, ReadsTheContextLengthOfOllama) {
  Answers answers{
      {{"http://h:1/api/version", R"({"version":"0.9.1"})"},
       {"http://h:1/api/tags", R"({"models":[{"name":"q:4b"}]})"},
       {"http://h:1/api/show", R"({"model_info":{"qwen3.context_length":40960,"a":"b"}})"}}};
  const Capabilities found = answers.probe_as(Protocol::Ollama, "http://h:1");
  EXPECT_EQ(found.server, "Ollama 0.9.1");
  EXPECT_EQ(found.context_tokens, 40960);
  EXPECT_THAT(found.models, testing::ElementsAre("q:4b"));
}

TEST(WordedFor, OnlyAJsonAnswerGetsTheMessageThatShowsTheJson) {
  Request request;
  request.messages = {{Role::System, "general"}, {Role::User, "question"}};
  request.form.json_system = "json";
  EXPECT_EQ(worded_for(Constraint::Gbnf, request).messages, request.messages);
  EXPECT_EQ(worded_for(Constraint::None, request).messages, request.messages);
  const Request json = worded_for(Constraint::JsonSchema, request);
  EXPECT_EQ(json.messages[0].text, "json");
  EXPECT_EQ(json.messages[1].text, "question");
  request.form.json_system.clear();
  EXPECT_EQ(worded_for(Constraint::JsonSchema, request).messages, request.messages);
}

TEST(ChooseConstraint, TakesTheStrongestThatBothOffer) {
  const OutputForm all{.gbnf = "g", .lark = "l", .json_schema = "{}"};
  const Capabilities able{
      .grammar = GrammarField::Grammar, .lark = true, .schema = SchemaField::Format};
  EXPECT_EQ(choose_constraint(all, able), Constraint::Gbnf);
  EXPECT_EQ(choose_constraint({.lark = "l", .json_schema = "{}"}, able), Constraint::Lark);
  EXPECT_EQ(choose_constraint({.json_schema = "{}"}, able), Constraint::JsonSchema);
  EXPECT_EQ(choose_constraint({}, able), Constraint::None);
  EXPECT_EQ(choose_constraint(all, {}), Constraint::None);
}

}  // namespace
}  // namespace placewright::llm
