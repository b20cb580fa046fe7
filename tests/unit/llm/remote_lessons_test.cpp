// SPDX-License-Identifier: Apache-2.0
// What a model does about servers that refuse a part of the request, answer late, or only reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remote.h"

namespace placewright::llm {
namespace {

constexpr const char* kWhole =
    R"({"id":"c","choices":[{"message":{"content":"ok"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":12,"completion_tokens":3}})";

TEST(RemoteModel, AsksWithoutStreamingWhereItIsRefused) {
  Remote remote({error(400, "Your organization must be verified to stream this model."),
                 json_answer(kWhole)});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(text_of(model.complete(ask("x"))), "ok");
  const std::vector<json> bodies = remote.bodies();
  ASSERT_EQ(bodies.size(), 3U) << "the second call already knows";
  EXPECT_EQ(bodies[0]["stream"], true);
  for (const size_t later : {1U, 2U}) {
    EXPECT_FALSE(bodies[later].contains("stream"));
    EXPECT_FALSE(bodies[later].contains("stream_options"));
  }
}

TEST(RemoteModel, ASilentServerThatDoesNotStreamIsNotStalled) {
  // The answer comes after twice the time that a stream may be silent.
  Script late = json_answer(kWhole);
  late.pieces.insert(late.pieces.begin(), "");
  late.pause_s = 0.4;
  Remote remote({error(400, "streaming is not supported"), late});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, PutsTheSystemsTextIntoTheQuestionWhereTheRoleIsRefused) {
  for (const int status : {400, 500}) {
    Remote remote({error(status, "System role not supported"), good()});
    EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok") << status;
    EXPECT_EQ(remote.bodies().at(1)["messages"],
              json::parse(R"([{"role": "user", "content": "Be short.\n\nx"}])"));
  }
}

TEST(RemoteModel, ALimitThatTheServerNamesIsUsedFromThenOn) {
  Remote remote({error(400, "max_tokens is too large: 64. At most 20 completion tokens."), good()});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(model.complete(ask("x")));
  const std::vector<json> bodies = remote.bodies();
  ASSERT_EQ(bodies.size(), 3U);
  EXPECT_EQ(bodies[0]["max_tokens"], 64);
  EXPECT_EQ(bodies[1]["max_tokens"], 20);
  EXPECT_EQ(bodies[2]["max_tokens"], 20);
}

TEST(RemoteModel, WhatOnePromptLeavesOfTheContextIsUsedForItOnly) {
  Remote remote({error(400,
                       "This model's maximum context length is 100 tokens. However, you "
                       "requested 124 tokens (60 in the messages, 64 in the completion)."),
                 good()});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(model.complete(ask("x")));
  const std::vector<json> bodies = remote.bodies();
  ASSERT_EQ(bodies.size(), 3U);
  EXPECT_EQ(bodies[1]["max_tokens"], 40);
  EXPECT_EQ(bodies[2]["max_tokens"], 64);
}

TEST(RemoteModel, AnAnswerThatReachesALoweredLimitIsTruncated) {
  const json usage = {{"choices", json::array()},
                      {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 20}}}};
  Remote remote({error(400, "max_tokens is too large: at most 20"),
                 events({chat_events("half")[0], chat_events("")[1], usage.dump(), "[DONE]"})});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->truncated);
}

TEST(RemoteModel, ALessonForOneRequestIsNotKeptWithALastingOne) {
  Remote remote(
      {error(400, "Failed to parse grammar"), error(400, "unknown parameter: seed"), good()},
      {{"/v1/models", R"({"data":[{"id":"m","owned_by":"llamacpp"}]})"}});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  Request request = ask("x");
  request.seed = 1;
  request.form.gbnf = "oops";
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(model.complete(request));
  EXPECT_FALSE(remote.bodies().at(3).contains("seed"));
  EXPECT_TRUE(remote.bodies().at(3).contains("grammar"));
}

TEST(RemoteModel, WaitsAsLongAsTheRefusalSaysInWords) {
  Remote remote({error(429, "Rate limit reached. Please try again in 20s."), good()});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
  EXPECT_THAT(remote.pause_->waits(),
              testing::ElementsAre(testing::AllOf(testing::Ge(20), testing::Le(22))));
}

TEST(RemoteModel, CountsThatComeAfterTheAnswerAreTaken) {
  const std::vector<std::string> said = chat_events("ok");
  for (const auto& late :
       {std::vector{said[0], said[1], said[2], said[3]}, {said[0], said[1], said[3], said[2]}}) {
    Remote remote({events(late, Script::End::Hold, 0.5)});
    RemoteModel model =
        remote.model(Protocol::OpenAiChat, [](Endpoint& e) { e.limits.stall_s = 2; });
    const Completion reply = model.complete(ask("x"));
    ASSERT_TRUE(reply) << text_of(reply);
    EXPECT_EQ(reply->usage.output, 3);
  }
}

TEST(RemoteModel, AWholeAnswerIsNotLostWhileItsCountsAreAwaited) {
  std::atomic<bool> is_cancelled = false;
  const std::vector<std::string> said = chat_events("ok");
  Remote remote({events({said[0], said[1]}, Script::End::Hold)});
  RemoteModel model = remote.model(Protocol::OpenAiChat, [&](Endpoint& e) {
    e.cancelled = [&] { return is_cancelled.load(); };
  });
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    is_cancelled = true;
  });
  EXPECT_EQ(text_of(model.complete(ask("x"))), "ok");
  user.join();
}

TEST(RemoteModel, AnApiVersionIsSentWithTheKeyInItsOwnHeader) {
  Remote remote({good()});
  RemoteModel model = remote.model(Protocol::OpenAiChat, [](Endpoint& e) {
    e.query = "api-version=2024-10-21";
    e.key = Secret("k1234567");
  });
  EXPECT_EQ(text_of(model.complete(ask("x"))), "ok");
  EXPECT_EQ(remote.server_.seen("/v1/models?api-version=2024-10-21").size(), 1U);
  const Seen seen = remote.server_.seen("/v1/chat/completions?api-version=2024-10-21").at(0);
  EXPECT_EQ(seen.headers.at("api-key"), "k1234567");
  EXPECT_EQ(seen.headers.count("authorization"), 0U);
}

TEST(RemoteModel, ALimitSpentOnReasoningIsItsOwnFailureAndIsPaidFor) {
  Remote remote({events({R"({"choices":[{"delta":{"reasoning_content":"Let me think"}}]})",
                         R"({"choices":[{"delta":{},"finish_reason":"length"}]})",
                         R"({"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":64}})",
                         "[DONE]"})});
  remote.price_ = Price{1'000'000, 0, 1'000'000};
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_EQ(failure_of(reply), Failure::OnlyReasoning);
  EXPECT_THAT(reply.error().error.message, testing::HasSubstr("all 64 tokens"));
  EXPECT_THAT(reply.error().error.help, testing::HasSubstr("--answer-tokens"));
  EXPECT_EQ(reply.error().usage.output, 64);
  EXPECT_DOUBLE_EQ(reply.error().dollars.value_or(0), 76);
  EXPECT_EQ(remote.bodies().size(), 1U) << "the same question would be reasoned about again";
}

}  // namespace
}  // namespace placewright::llm
