// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/wire/codec.h"
#include "model_testing.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

constexpr const char* kSchema = R"({"type":"object"})";

Request full_request() {
  Request request = ask("Map it.");
  request.messages.push_back({Role::Assistant, "How?"});
  request.messages.push_back({Role::User, "Fast."});
  request.temperature = 0.5;
  request.seed = 7;
  request.prompt = "reflect/3";
  request.form = {.gbnf = "root ::= \"x\"", .lark = "start: \"x\"", .json_schema = kSchema};
  return request;
}

json body_of(Protocol protocol, const Request& request, const Capabilities& capabilities) {
  return json::parse(codec(protocol).encode(request, "m", capabilities).body);
}

TEST(EncodeChat, CarriesMessagesAndParameters) {
  const json body =
      body_of(Protocol::OpenAiChat, full_request(), assumed_capabilities(Protocol::OpenAiChat));
  EXPECT_EQ(body["model"], "m");
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["stream_options"]["include_usage"], true);
  EXPECT_EQ(body["messages"].size(), 4U);
  EXPECT_EQ(body["messages"][0], (json{{"role", "system"}, {"content", "Be short."}}));
  EXPECT_EQ(body["messages"][2]["role"], "assistant");
  EXPECT_EQ(body["max_tokens"], 64);
  EXPECT_EQ(body["temperature"], 0.5);
  EXPECT_EQ(body["seed"], 7);
}

TEST(EncodeChat, DoesNotSendTheNameOfThePrompt) {
  const WireRequest wire =
      codec(Protocol::OpenAiChat)
          .encode(full_request(), "m", assumed_capabilities(Protocol::OpenAiChat));
  EXPECT_THAT(wire.body, testing::Not(testing::HasSubstr("reflect/3")));
  EXPECT_EQ(wire.path, "/chat/completions");
}

TEST(EncodeChat, LeavesOutWhatTheServerDoesNotTake) {
  const Capabilities bare{.limit = LimitField::MaxCompletionTokens,
                          .temperature = false,
                          .seed = false,
                          .stream_usage = false};
  const json body = body_of(Protocol::OpenAiChat, full_request(), bare);
  for (const char* name : {"temperature", "seed", "stream_options", "max_tokens", "response_format",
                           "grammar", "structured_outputs"})
    EXPECT_FALSE(body.contains(name)) << name;
  EXPECT_EQ(body["max_completion_tokens"], 64);
}

TEST(Encode, AsksEveryProtocolForAWholeAnswerWhereStreamingIsRefused) {
  for (const Protocol protocol :
       {Protocol::OpenAiChat, Protocol::OpenAiResponses, Protocol::Anthropic, Protocol::Ollama}) {
    Capabilities capabilities = assumed_capabilities(protocol);
    EXPECT_EQ(body_of(protocol, full_request(), capabilities)["stream"], true);
    capabilities.streaming = false;
    const json body = body_of(protocol, full_request(), capabilities);
    EXPECT_FALSE(body.value("stream", false)) << to_string(protocol);
    EXPECT_FALSE(body.contains("stream_options")) << to_string(protocol);
  }
}

TEST(Encode, PutsTheSystemsTextIntoTheFirstQuestionWhereTheRoleIsRefused) {
  for (const Protocol protocol :
       {Protocol::OpenAiChat, Protocol::OpenAiResponses, Protocol::Anthropic, Protocol::Ollama}) {
    Capabilities capabilities = assumed_capabilities(protocol);
    capabilities.system_role = false;
    const json body = body_of(protocol, full_request(), capabilities);
    const json& messages = body.contains("input") ? body["input"] : body["messages"];
    ASSERT_EQ(messages.size(), 3U) << to_string(protocol);
    EXPECT_EQ(messages[0], (json{{"role", "user"}, {"content", "Be short.\n\nMap it."}}));
    EXPECT_FALSE(body.contains("system") || body.contains("instructions"));
  }
}

TEST(Encode, NeverAsksForMoreThanTheServerAllows) {
  Capabilities capabilities = assumed_capabilities(Protocol::OpenAiChat);
  capabilities.output_tokens = 32;
  EXPECT_EQ(body_of(Protocol::OpenAiChat, full_request(), capabilities)["max_tokens"], 32);
  EXPECT_EQ(body_of(Protocol::OpenAiResponses, full_request(), capabilities)["max_output_tokens"],
            32);
  EXPECT_EQ(body_of(Protocol::Anthropic, full_request(), capabilities)["max_tokens"], 32);
  EXPECT_EQ(body_of(Protocol::Ollama, full_request(), capabilities)["options"]["num_predict"], 32);
  capabilities.output_tokens = 1000;
  EXPECT_EQ(body_of(Protocol::OpenAiChat, full_request(), capabilities)["max_tokens"], 64);
}

TEST(Encode, StrictSchemasRequireEveryProperty) {
  Request request = full_request();
  request.form = {.json_schema = R"({"type":"object","properties":{"a":{"type":"string"}}})"};
  const json chat =
      body_of(Protocol::OpenAiChat, request, assumed_capabilities(Protocol::OpenAiChat));
  EXPECT_EQ(chat["response_format"]["json_schema"]["schema"]["required"], json::array({"a"}));
  const json responses =
      body_of(Protocol::OpenAiResponses, request, assumed_capabilities(Protocol::OpenAiResponses));
  EXPECT_EQ(responses["text"]["format"]["schema"]["required"], json::array({"a"}));
}

TEST(EncodeChat, UsesTheGrammarFieldOfTheServer) {
  Capabilities capabilities{.grammar = GrammarField::Grammar, .schema = SchemaField::Format};
  json body = body_of(Protocol::OpenAiChat, full_request(), capabilities);
  EXPECT_EQ(body["grammar"], "root ::= \"x\"");
  EXPECT_FALSE(body.contains("response_format"));
  capabilities.grammar = GrammarField::StructuredOutputs;
  body = body_of(Protocol::OpenAiChat, full_request(), capabilities);
  EXPECT_EQ(body["structured_outputs"]["grammar"], "root ::= \"x\"");
}

TEST(EncodeChat, FallsBackToTheSchema) {
  const json body =
      body_of(Protocol::OpenAiChat, full_request(), assumed_capabilities(Protocol::OpenAiChat));
  EXPECT_EQ(body["response_format"]["type"], "json_schema");
  EXPECT_EQ(body["response_format"]["json_schema"]["schema"], json::parse(kSchema));
  EXPECT_EQ(body["response_format"]["json_schema"]["strict"], true);
}

TEST(EncodeChat, SurvivesMessagesThatAreNotUtf8) {
  const json body = body_of(Protocol::OpenAiChat, ask("\xC3\x28 bytes"),
                            assumed_capabilities(Protocol::OpenAiChat));
  EXPECT_THAT(body["messages"][1]["content"].get<std::string>(), testing::HasSubstr("( bytes"));
}

TEST(EncodeResponses, PutsSystemTextIntoInstructions) {
  const json body = body_of(Protocol::OpenAiResponses, full_request(),
                            assumed_capabilities(Protocol::OpenAiResponses));
  EXPECT_EQ(body["instructions"], "Be short.");
  EXPECT_EQ(body["input"].size(), 3U);
  EXPECT_EQ(body["max_output_tokens"], 64);
  EXPECT_EQ(body["store"], false);
  EXPECT_FALSE(body.contains("seed"));
}

TEST(EncodeResponses, ConstrainsByAToolWithALarkGrammar) {
  const json body = body_of(Protocol::OpenAiResponses, full_request(),
                            assumed_capabilities(Protocol::OpenAiResponses));
  EXPECT_EQ(body["tools"][0]["type"], "custom");
  EXPECT_EQ(body["tools"][0]["format"],
            (json{{"type", "grammar"}, {"syntax", "lark"}, {"definition", "start: \"x\""}}));
  EXPECT_EQ(body["tool_choice"], (json{{"type", "custom"}, {"name", "answer"}}));
}

TEST(EncodeResponses, ConstrainsByASchemaWithoutLark) {
  Capabilities capabilities = assumed_capabilities(Protocol::OpenAiResponses);
  capabilities.lark = false;
  const json body = body_of(Protocol::OpenAiResponses, full_request(), capabilities);
  EXPECT_EQ(body["text"]["format"]["type"], "json_schema");
  EXPECT_FALSE(body.contains("tools"));
}

TEST(EncodeAnthropic, HasSystemAtTheTopAndALimit) {
  const json body =
      body_of(Protocol::Anthropic, full_request(), assumed_capabilities(Protocol::Anthropic));
  EXPECT_EQ(body["system"], "Be short.");
  EXPECT_EQ(body["messages"].size(), 3U);
  EXPECT_EQ(body["max_tokens"], 64);
  EXPECT_EQ(body["output_config"]["format"]["schema"], json::parse(kSchema));
  EXPECT_FALSE(body.contains("seed"));
}

TEST(EncodeAnthropic, CanForceAToolInstead) {
  Capabilities capabilities = assumed_capabilities(Protocol::Anthropic);
  capabilities.schema = SchemaField::Tool;
  const json body = body_of(Protocol::Anthropic, full_request(), capabilities);
  EXPECT_EQ(body["tools"][0]["input_schema"], json::parse(kSchema));
  EXPECT_EQ(body["tool_choice"], (json{{"type", "tool"}, {"name", "answer"}}));
  EXPECT_FALSE(body.contains("output_config"));
}

TEST(EncodeOllama, AsksForEnoughContext) {
  Request request = full_request();
  request.messages[1].text = std::string(20'000, 'x');
  const json body = body_of(Protocol::Ollama, request, assumed_capabilities(Protocol::Ollama));
  // 64 + 4 + 10000 + 2 + 2 = 10072 tokens, rounded up to whole 1024s.
  EXPECT_EQ(body["options"]["num_ctx"], 10240);
  EXPECT_EQ(body["options"]["num_predict"], 64);
  EXPECT_EQ(body["options"]["seed"], 7);
  EXPECT_EQ(body["format"], json::parse(kSchema));
}

TEST(EncodeOllama, NeverAsksForMoreContextThanTheModelHas) {
  Request request = ask(std::string(20'000, 'x'));
  Capabilities capabilities = assumed_capabilities(Protocol::Ollama);
  capabilities.context_tokens = 8192;
  EXPECT_EQ(body_of(Protocol::Ollama, request, capabilities)["options"]["num_ctx"], 8192);
}

}  // namespace
}  // namespace placewright::llm
