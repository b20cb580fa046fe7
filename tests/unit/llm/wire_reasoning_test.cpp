// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "decoding.h"

namespace placewright::llm {
namespace {

TEST(DecodeParts, JoinsThePartsOfAContentThatAreText) {
  const std::string parts =
      R"([{"type":"thinking","thinking":[{"type":"text","text":"a draft"}]},)"
      R"({"type":"text","text":"Task "},{"type":"text","text":"* GPU;"},{"type":"image"},7])";
  EXPECT_EQ(text_of(read(Protocol::OpenAiChat, sse({R"({"choices":[{"delta":{"content":)" + parts +
                                                    R"(},"finish_reason":"stop"}]})"}))),
            "Task * GPU;");
  EXPECT_EQ(text_of(read(Protocol::OpenAiChat, R"({"choices":[{"message":{"content":)" + parts +
                                                   R"(},"finish_reason":"stop"}]})")),
            "Task * GPU;");
}

TEST(DecodeReasoning, IsNotTheAnswer) {
  const auto answered = [](const std::string& message) {
    return text_of(read(Protocol::OpenAiChat,
                        R"({"choices":[{"message":)" + message + R"(,"finish_reason":"stop"}]})"));
  };
  EXPECT_EQ(answered(R"({"reasoning_content":"draft","content":"yes"})"), "yes");
  EXPECT_EQ(answered(R"({"reasoning":"draft","content":"yes"})"), "yes");
  EXPECT_EQ(answered(R"({"content":"<think>draft</think>\n\nyes"})"), "yes");
  EXPECT_EQ(answered(R"({"reasoning_content":"draft","content":null})"), "");
}

TEST(DecodeReasoning, ALimitReachedWhileReasoningIsItsOwnFailure) {
  const auto failed = [](const std::string& message, const std::string& usage = "{}") {
    return failure_of(read(Protocol::OpenAiChat, R"({"choices":[{"message":)" + message +
                                                     R"(,"finish_reason":"length"}],"usage":)" +
                                                     usage + "}"));
  };
  EXPECT_EQ(failed(R"({"reasoning_content":"hm","content":""})"), Failure::OnlyReasoning);
  EXPECT_EQ(failed(R"({"reasoning":"hm","content":null})"), Failure::OnlyReasoning);
  EXPECT_EQ(failed(R"({"content":"<think>\nhm"})"), Failure::OnlyReasoning);
  EXPECT_EQ(failed(R"({"content":[{"type":"thinking","thinking":[]}]})"), Failure::OnlyReasoning);
  EXPECT_EQ(
      failed(R"({"content":""})",
             R"({"completion_tokens":64,"completion_tokens_details":{"reasoning_tokens":64}})"),
      Failure::OnlyReasoning);
  EXPECT_FALSE(failed(R"({"content":"half an ans"})")) << "cut short, but an answer";
  EXPECT_FALSE(failed(R"({"reasoning":"","content":""})")) << "nobody says that it reasoned";
}

TEST(DecodeReasoning, IsNotTheAnswerInAnyProtocol) {
  EXPECT_EQ(
      failure_of(read(
          Protocol::Anthropic,
          sse({R"({"type":"message_start","message":{"id":"m"}})",
               R"({"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"d"}})",
               R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":64}})",
               R"({"type":"message_stop"})"}))),
      Failure::OnlyReasoning);
  EXPECT_EQ(
      failure_of(read(
          Protocol::OpenAiResponses,
          R"({"object":"response","status":"incomplete","output":[{"type":"reasoning"}],)"
          R"("incomplete_details":{"reason":"max_output_tokens"},"usage":{"output_tokens":64}})")),
      Failure::OnlyReasoning);
  EXPECT_EQ(failure_of(read(
                Protocol::Ollama,
                R"({"message":{"thinking":"d","content":""},"done":true,"done_reason":"length"})")),
            Failure::OnlyReasoning);
  EXPECT_EQ(
      text_of(
          read(Protocol::Ollama,
               R"({"message":{"thinking":"d","content":"yes"},"done":true,"done_reason":"stop"})")),
      "yes");
}

}  // namespace
}  // namespace placewright::llm
