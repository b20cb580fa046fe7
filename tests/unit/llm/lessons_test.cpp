// SPDX-License-Identifier: Apache-2.0
#include "llm/lessons.h"

#include <gtest/gtest.h>

#include "model_testing.h"

namespace placewright::llm {
namespace {

Request full_request() {
  Request request = ask("x");
  request.temperature = 1;
  request.seed = 1;
  request.form = {.gbnf = "g", .lark = "l", .json_schema = "{}"};
  return request;
}

TEST(Learn, DropsTheParameterThatIsNamed) {
  const Capabilities used = assumed_capabilities(Protocol::OpenAiChat);
  auto lesson =
      learn(Protocol::OpenAiChat, used, full_request(), "temperature", "Unsupported value");
  ASSERT_TRUE(lesson);
  EXPECT_FALSE(lesson->capabilities.temperature);
  EXPECT_TRUE(lesson->capabilities.seed);
  EXPECT_TRUE(lesson->lasting);
  lesson =
      learn(Protocol::OpenAiChat, used, full_request(), "", "Extra inputs are not permitted: seed");
  ASSERT_TRUE(lesson);
  EXPECT_FALSE(lesson->capabilities.seed);
  lesson = learn(Protocol::OpenAiChat, used, full_request(), "", "unknown field `stream_options`");
  ASSERT_TRUE(lesson);
  EXPECT_FALSE(lesson->capabilities.stream_usage);
}

TEST(Learn, UsesTheNameOfTheLimitThatTheServerAsksFor) {
  const auto lesson =
      learn(Protocol::OpenAiChat, assumed_capabilities(Protocol::OpenAiChat), ask("x"),
            "max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead.");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.limit, LimitField::MaxCompletionTokens);
}

TEST(Learn, WeakensTheConstraintStepByStep) {
  Capabilities used = assumed_capabilities(Protocol::OpenAiResponses);
  auto lesson = learn(Protocol::OpenAiResponses, used, full_request(), "tools[0].type",
                      "Custom tools are not supported by this model");
  ASSERT_TRUE(lesson);
  EXPECT_FALSE(lesson->capabilities.lark);
  used = lesson->capabilities;
  lesson = learn(Protocol::OpenAiResponses, used, full_request(), "text.format",
                 "json_schema is unsupported");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.schema, SchemaField::None);
}

TEST(Learn, TriesAToolForAnthropicBeforeGivingUp) {
  const Capabilities used = assumed_capabilities(Protocol::Anthropic);
  auto lesson = learn(Protocol::Anthropic, used, full_request(), "",
                      "output_config: Extra inputs are not permitted");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.schema, SchemaField::Tool);
  lesson = learn(Protocol::Anthropic, lesson->capabilities, full_request(), "",
                 "tools are not supported");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.schema, SchemaField::None);
}

TEST(Learn, ABadGrammarIsDroppedForThisRequestOnly) {
  const Capabilities used{.grammar = GrammarField::Grammar, .schema = SchemaField::Format};
  const auto lesson =
      learn(Protocol::OpenAiChat, used, full_request(), "", "Failed to parse grammar");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.grammar, GrammarField::None);
  EXPECT_FALSE(lesson->lasting);
}

TEST(Learn, LearnsNothingFromOtherRefusals) {
  const Capabilities used = assumed_capabilities(Protocol::OpenAiChat);
  EXPECT_FALSE(learn(Protocol::OpenAiChat, used, full_request(), "messages", "too few messages"));
  // What was not sent cannot be at fault.
  EXPECT_FALSE(learn(Protocol::OpenAiChat, used, ask("x"), "temperature", "temperature is bad"));
  EXPECT_FALSE(learn(Protocol::OpenAiChat, used, ask("x"), "", "grammar"));
}

std::optional<Lesson> learned(const std::string& message, const std::string& parameter = "",
                              Protocol protocol = Protocol::OpenAiChat) {
  return learn(protocol, assumed_capabilities(protocol), full_request(), parameter, message);
}

TEST(Learn, StreamingIsGivenUpWhereItIsRefused) {
  for (const auto& [message, parameter] :
       {std::pair{"Your organization must be verified to stream this model.", "stream"},
        {"Your organization must be verified to stream this model.", ""},
        {"Streaming is not supported for this deployment", ""},
        {"Unsupported value: 'stream' does not support true", ""}}) {
    const auto lesson = learned(message, parameter);
    ASSERT_TRUE(lesson) << message;
    EXPECT_FALSE(lesson->capabilities.streaming) << message;
    EXPECT_TRUE(lesson->lasting) << message;
  }
  EXPECT_TRUE(learned("stream_options is not supported")->capabilities.streaming);
  EXPECT_FALSE(learned("the upstream server does not support this"));
}

TEST(Learn, TheRoleSystemIsGivenUpWhereItIsRefused) {
  for (const auto& [message, parameter] :
       {std::pair{"System role not supported", ""},
        {"Unsupported value: 'messages[0].role' does not support 'system' with this model.",
         "messages[0].role"},
        {"Developer instruction is not enabled for this model", ""},
        {"messages.0.role: Input should be 'user' or 'assistant'", ""},
        {"Conversation roles must alternate user/assistant/user/assistant/...", ""},
        {"Only user and assistant roles are supported!", ""}}) {
    const auto lesson = learned(message, parameter);
    ASSERT_TRUE(lesson) << message;
    EXPECT_FALSE(lesson->capabilities.system_role) << message;
  }
  Request without = full_request();
  without.messages.erase(without.messages.begin());
  EXPECT_FALSE(learn(Protocol::OpenAiChat, assumed_capabilities(Protocol::OpenAiChat), without, "",
                     "System role not supported"));
}

TEST(Learn, ALimitIsLoweredToTheNumberThatTheRefusalNames) {
  Request request = full_request();
  request.max_output_tokens = 8192;
  const Capabilities used = assumed_capabilities(Protocol::OpenAiChat);
  const auto refused = [&](const char* message) {
    return learn(Protocol::OpenAiChat, used, request, "max_tokens", message);
  };
  auto lesson = refused("max_tokens is too large: 8192. It supports at most 2000 output tokens.");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.output_tokens, 2000);
  EXPECT_TRUE(lesson->lasting);
  // Both names of the parameter are in it, but neither is unknown: not a reason to change it.
  lesson = refused(
      "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context "
      "length is 8192 tokens and your request has 5000 input tokens (8192 > 8192 - 5000).");
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.output_tokens, 3192);
  EXPECT_EQ(lesson->capabilities.limit, LimitField::MaxTokens);
  EXPECT_FALSE(lesson->lasting) << "another prompt leaves more or less";
}

TEST(Learn, ASchemaLosesItsBoundsBeforeItIsGivenUp) {
  const auto lesson =
      learned("Invalid schema for response_format 'answer': 'maxLength' is not permitted.", "",
              Protocol::OpenAiChat);
  ASSERT_TRUE(lesson);
  EXPECT_EQ(lesson->capabilities.schema, SchemaField::UnboundedFormat);
  EXPECT_TRUE(lesson->lasting);
}

TEST(Learn, AFaultOfTheServerTeachesOnlyIfItIsOneOfSupport) {
  const auto teaches = [](Failure failure, const std::string& text) {
    return can_teach({.error = {failure, {text, ""}}, .text = text});
  };
  EXPECT_TRUE(teaches(Failure::ServerError, "Jinja: System role not supported"));
  EXPECT_FALSE(teaches(Failure::ServerError, "out of memory at temperature"));
  EXPECT_TRUE(teaches(Failure::ContextTooLong, "x"));
  EXPECT_FALSE(teaches(Failure::RateLimited, "streaming is not supported"));
}

}  // namespace
}  // namespace placewright::llm
