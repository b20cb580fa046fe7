// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decoding.h"

namespace placewright::llm {
namespace {

TEST(DecodeChat, JoinsDeltasAndReadsUsage) {
  const Completion reply =
      read(Protocol::OpenAiChat,
           sse({R"({"id":"c1","model":"m-1","choices":[{"delta":{"content":"Task "}}]})",
                R"({"choices":[{"delta":{"content":"* GPU;"},"finish_reason":"stop"}]})",
                R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,)"
                R"("prompt_tokens_details":{"cached_tokens":5},)"
                R"("completion_tokens_details":{"reasoning_tokens":2}}})",
                "[DONE]"}));
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "Task * GPU;");
  EXPECT_EQ(reply->finish, "stop");
  EXPECT_EQ(reply->model, "m-1");
  EXPECT_EQ(reply->request_id, "c1");
  EXPECT_FALSE(reply->truncated);
  EXPECT_EQ(reply->usage, (Usage{.input = 9, .output = 4, .cached = 5, .reasoning = 2}));
  EXPECT_EQ(reply->constraint, Constraint::JsonSchema);
}

TEST(DecodeChat, TextDoesNotDependOnWherePiecesEnd) {
  for (const std::string line_break : {"\n", "\r\n", "\r"}) {
    std::string body =
        ": hello" + line_break + line_break + "event: x" + line_break + "id: 1" + line_break;
    body += sse(chat_events("caf\xC3\xA9"), line_break);
    for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}}) {
      const Completion reply = read(Protocol::OpenAiChat, body, piece);
      ASSERT_TRUE(reply) << piece;
      EXPECT_EQ(text_of(reply), "caf\xC3\xA9") << piece;
    }
  }
}

TEST(DecodeOllama, AByteOrderMarkMayArriveInPieces) {
  const std::string body =
      "\xEF\xBB\xBF{\"message\": {\"content\": \"a\"}, \"done\": false}\n"
      "{\"message\": {\"content\": \"b\"}, \"done\": true, \"done_reason\": \"stop\"}\n";
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{100}}) {
    const Completion reply = read(Protocol::Ollama, body, piece);
    ASSERT_TRUE(reply) << piece;
    EXPECT_EQ(text_of(reply), "ab") << piece;
  }
}

TEST(DecodeChat, JoinsDataLinesOfOneEvent) {
  const Completion reply =
      read(Protocol::OpenAiChat,
           "data: "
           "{\"choices\":[{\"delta\":{\"content\":\"a\"},\ndata:\"finish_reason\":\"stop\"}]}\n\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(text_of(reply), "a");
}

TEST(DecodeChat, ToleratesAMissingLastLineBreak) {
  EXPECT_TRUE(read(Protocol::OpenAiChat, sse({chat_events("a")[0]}) + "data: [DONE]"));
}

TEST(DecodeChat, TakesAnAnswerThatWasNotStreamed) {
  const std::string body =
      "{\n  \"id\": \"c\",\n  \"choices\": [\n    {\"message\": {\"content\": \"yes\"},\n"
      "     \"finish_reason\": \"stop\"}\n  ],\n  \"usage\": {\"prompt_tokens\": 1, "
      "\"completion_tokens\": 2}\n}\n";
  for (const size_t piece : {size_t{3}, size_t{1000}}) {
    const Completion reply = read(Protocol::OpenAiChat, body, piece);
    ASSERT_TRUE(reply) << reply.error().error.message;
    EXPECT_EQ(text_of(reply), "yes");
    EXPECT_EQ(reply->usage.output, 2);
  }
}

TEST(DecodeChat, LaterCountsWithoutNumbersDoNotEraseEarlierOnes) {
  const Completion reply = read(
      Protocol::OpenAiChat, sse({R"({"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],)"
                                 R"("usage":{"prompt_tokens":9,"completion_tokens":4}})",
                                 R"({"choices":[],"usage":{}})", "[DONE]"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->usage.output, 4);
}

TEST(DecodeChat, FinishReasonLengthIsReportedAsTruncated) {
  const Completion reply =
      read(Protocol::OpenAiChat,
           sse({R"({"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]})"}));
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->truncated);
}

TEST(DecodeChat, RefusalsAndFilteredAnswersAreReportedAsRefused) {
  EXPECT_EQ(failure_of(
                read(Protocol::OpenAiChat,
                     sse({R"({"choices":[{"delta":{"refusal":"No."},"finish_reason":"stop"}]})"}))),
            Failure::Refused);
  EXPECT_EQ(
      failure_of(read(Protocol::OpenAiChat,
                      sse({R"({"choices":[{"delta":{},"finish_reason":"content_filter"}]})"}))),
      Failure::Refused);
}

TEST(DecodeChat, AStreamWithoutItsEndIsReportedAsCut) {
  EXPECT_EQ(failure_of(read(Protocol::OpenAiChat, sse({chat_events("a")[0]}))), Failure::CutStream);
  EXPECT_EQ(failure_of(read(Protocol::OpenAiChat, sse({chat_events("a")[0]}) + "data: {\"cho")),
            Failure::CutStream);
}

TEST(DecodeChat, ADamagedEventInTheMiddleIsReportedAsGarbage) {
  EXPECT_EQ(failure_of(read(Protocol::OpenAiChat, sse({chat_events("a")[0], "{oops", "[DONE]"}))),
            Failure::Garbage);
}

TEST(DecodeChat, ACommentWrappedAsDataIsIgnored) {
  EXPECT_EQ(text_of(read(Protocol::OpenAiChat,
                         sse({": PROCESSING", chat_events("a")[0], chat_events("a")[1]}))),
            "a");
}

TEST(DecodeChat, BodiesOfOtherFormsAreReportedAsGarbage) {
  for (const char* body : {"", "<html><body>Sign in</body></html>", "{\"hello\": 1}", "[1, 2]",
                           "data: [DONE]\n\n", "\x1f\x8b\x08 binary", "{\"choices\": 3}", "null"})
    EXPECT_EQ(failure_of(read(Protocol::OpenAiChat, body)), Failure::Garbage) << body;
}

TEST(DecodeChat, MembersOfUnexpectedTypesAreIgnored) {
  const Completion reply = read(
      Protocol::OpenAiChat,
      sse({R"({"id":7,"model":null,"choices":[{"delta":{"content":["x"]},"finish_reason":"stop"}],)"
           R"("usage":{"prompt_tokens":"many"}})"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(text_of(reply), "");
  EXPECT_FALSE(reply->usage.input);
}

TEST(DecodeChat, ErrorsInsideTheStreamKeepTheirClass) {
  const auto failed = [](const std::string& error) {
    return failure_of(read(Protocol::OpenAiChat, sse({chat_events("a")[0], error})));
  };
  EXPECT_EQ(failed(R"({"error":{"message":"slow down","type":"rate_limit_error"}})"),
            Failure::RateLimited);
  EXPECT_EQ(failed(R"({"error":{"message":"boom","type":"server_error"}})"), Failure::ServerError);
  EXPECT_EQ(failed(R"({"error":{"message":"m","code":"context_length_exceeded"}})"),
            Failure::ContextTooLong);
}

TEST(DecodeResponses, TakesTextFromTheMessageItemAfterReasoning) {
  const Completion reply = read(
      Protocol::OpenAiResponses,
      sse({R"({"type":"response.created","response":{"id":"r1","status":"in_progress"}})",
           R"({"type":"response.output_text.delta","delta":"par"})",
           R"({"type":"response.completed","response":{"id":"r1","model":"m-2","status":"completed",)"
           R"("output":[{"type":"reasoning"},{"type":"message","content":[{"type":"output_text","text":"partial"}]}],)"
           R"("usage":{"input_tokens":5,"output_tokens":6,"output_tokens_details":{"reasoning_tokens":4}}}})"}));
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "partial");
  EXPECT_EQ(reply->model, "m-2");
  EXPECT_EQ(reply->usage.reasoning, 4);
}

TEST(DecodeResponses, TakesTheInputOfTheGrammarTool) {
  const Completion reply =
      read(Protocol::OpenAiResponses,
           sse({R"({"type":"response.output_text.delta","delta":"Let me see."})",
                R"({"type":"response.custom_tool_call_input.delta","delta":"Task * "})",
                R"({"type":"response.custom_tool_call_input.delta","delta":"GPU;"})",
                R"({"type":"response.completed","response":{"status":"completed","output":[]}})"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(text_of(reply), "Task * GPU;");
}

TEST(DecodeResponses, IncompleteIsReportedAsTruncatedUnlessFiltered) {
  const auto incomplete = [](const std::string& reason) {
    return read(
        Protocol::OpenAiResponses,
        sse({R"({"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":")" +
             reason + R"("},"output":[]}})"}));
  };
  ASSERT_TRUE(incomplete("max_output_tokens"));
  EXPECT_TRUE(incomplete("max_output_tokens")->truncated);
  EXPECT_EQ(failure_of(incomplete("content_filter")), Failure::Refused);
}

TEST(DecodeResponses, AnAnswerOfTheAllowedLengthIsReportedAsTruncated) {
  const auto completed = [](int tokens) {
    return read(
        Protocol::OpenAiResponses,
        sse({fmt::format(R"({{"type":"response.completed","response":{{"status":"completed",)"
                         R"("output":[],"usage":{{"output_tokens":{}}}}}}})",
                         tokens)}));
  };
  ASSERT_TRUE(completed(64));  // ask() allows 64.
  EXPECT_TRUE(completed(64)->truncated);
  EXPECT_FALSE(completed(63)->truncated);
}

TEST(DecodeResponses, FailedCutAndRefusedAnswersKeepTheirClass) {
  EXPECT_EQ(
      failure_of(read(Protocol::OpenAiResponses,
                      sse({R"({"type":"response.failed","response":{"status":"failed","error":)"
                           R"({"code":"server_error","message":"sorry"}}})"}))),
      Failure::ServerError);
  EXPECT_EQ(failure_of(read(Protocol::OpenAiResponses,
                            sse({R"({"type":"response.output_text.delta","delta":"a"})"}))),
            Failure::CutStream);
  EXPECT_EQ(failure_of(read(Protocol::OpenAiResponses,
                            sse({R"({"type":"response.refusal.delta","delta":"I can't"})"}))),
            Failure::Refused);
}

TEST(DecodeResponses, TakesAnAnswerThatWasNotStreamed) {
  const Completion reply =
      read(Protocol::OpenAiResponses,
           R"({"object":"response","status":"completed","error":null,"output":[)"
           R"({"type":"message","content":[{"type":"output_text","text":"hi"}]}]})");
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "hi");
}

const std::string kStart =
    R"({"type":"message_start","message":{"id":"msg1","model":"c-1","content":[],"stop_reason":null,)"
    R"("usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":1}}})";

std::string stopped(const std::string& reason) {
  return R"({"type":"message_delta","delta":{"stop_reason":")" + reason +
         R"("},"usage":{"output_tokens":25}})";
}

const std::string kStop = R"({"type":"message_stop"})";

TEST(DecodeAnthropic, JoinsTextAndCountsCachedTokensAsInput) {
  const Completion reply = read(
      Protocol::Anthropic,
      sse({kStart, R"({"type":"ping"})", R"({"type":"something_new","x":1})",
           R"({"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}})",
           R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"Task"}})",
           R"({"type":"content_block_delta","delta":{"type":"text_delta","text":" * GPU;"}})",
           stopped("end_turn"), kStop}));
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "Task * GPU;");
  EXPECT_EQ(reply->finish, "end_turn");
  EXPECT_EQ(reply->usage.input, 100);
  EXPECT_EQ(reply->usage.cached, 90);
  EXPECT_EQ(reply->usage.output, 25);
}

TEST(DecodeAnthropic, TakesTheInputOfAForcedTool) {
  const Completion reply = read(
      Protocol::Anthropic,
      sse({kStart,
           R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"a\":"}})",
           R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"1}"}})",
           stopped("tool_use"), kStop}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(text_of(reply), R"({"a":1})");
}

TEST(DecodeAnthropic, StopReasonsAreReportedAsTruncatedOrRefused) {
  for (const char* reason : {"max_tokens", "model_context_window_exceeded"})
    EXPECT_TRUE(read(Protocol::Anthropic, sse({kStart, stopped(reason), kStop}))->truncated)
        << reason;
  EXPECT_EQ(failure_of(read(Protocol::Anthropic, sse({kStart, stopped("refusal"), kStop}))),
            Failure::Refused);
}

TEST(DecodeAnthropic, AStreamWithoutMessageStopIsReportedAsCut) {
  EXPECT_EQ(failure_of(read(Protocol::Anthropic, sse({kStart, stopped("end_turn")}))),
            Failure::CutStream);
}

TEST(DecodeAnthropic, AnErrorAfterStatus200KeepsItsClass) {
  EXPECT_EQ(
      failure_of(read(
          Protocol::Anthropic,
          sse({kStart,
               R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"}))),
      Failure::Overloaded);
}

TEST(DecodeAnthropic, TakesAnAnswerThatWasNotStreamed) {
  const Completion reply = read(
      Protocol::Anthropic,
      R"({"type":"message","id":"m","content":[{"type":"thinking","thinking":"x"},{"type":"text","text":"ok"}],)"
      R"("stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}})");
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "ok");
}

TEST(DecodeOllama, JoinsTheTextOfItsLines) {
  const std::string body =
      "{\"model\":\"q\",\"message\":{\"content\":\"Task\"},\"done\":false}\n"
      "{\"message\":{\"content\":\" * GPU;\"},\"done\":false}\n"
      "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_"
      "count\":8,"
      "\"eval_count\":5}\n";
  for (const size_t piece : {size_t{1}, size_t{1000}}) {
    const Completion reply = read(Protocol::Ollama, body, piece);
    ASSERT_TRUE(reply) << reply.error().error.message;
    EXPECT_EQ(text_of(reply), "Task * GPU;");
    EXPECT_EQ(reply->usage.input, 8);
    EXPECT_EQ(reply->usage.output, 5);
  }
}

TEST(DecodeOllama, LengthIsReportedAsTruncatedAndAMissingLastLineAsCut) {
  EXPECT_TRUE(
      read(Protocol::Ollama, R"({"message":{"content":"a"},"done":true,"done_reason":"length"})")
          ->truncated);
  EXPECT_EQ(
      failure_of(read(Protocol::Ollama, "{\"message\":{\"content\":\"a\"},\"done\":false}\n")),
      Failure::CutStream);
  EXPECT_EQ(failure_of(
                read(Protocol::Ollama, "{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"mes")),
            Failure::CutStream);
}

TEST(DecodeOllama, APromptThatWasCutSilentlyIsReportedAsTooLong) {
  const Request request = ask(std::string(40'000, 'x'));
  const auto answer = [](int tokens) {
    return R"({"message":{"content":"a"},"done":true,"done_reason":"stop","prompt_eval_count":)" +
           std::to_string(tokens) + "}";
  };
  // 40009 bytes at 7 per token are 5716 tokens at the very least.
  const Completion cut = read(Protocol::Ollama, answer(4096), 1000, request);
  ASSERT_EQ(failure_of(cut), Failure::ContextTooLong);
  EXPECT_THAT(cut.error().error.message,
              testing::HasSubstr("read 4096 tokens of a prompt of 40009 bytes"));
  EXPECT_THAT(cut.error().error.help, testing::HasSubstr("OLLAMA_CONTEXT_LENGTH"));
  EXPECT_TRUE(read(Protocol::Ollama, answer(9000), 1000, request));
}

TEST(DecodeOllama, AnErrorInsideTheStreamIsReportedAsAServerError) {
  EXPECT_EQ(
      failure_of(read(Protocol::Ollama, "{\"error\":\"model runner has unexpectedly stopped\"}\n")),
      Failure::ServerError);
}

}  // namespace
}  // namespace placewright::llm
