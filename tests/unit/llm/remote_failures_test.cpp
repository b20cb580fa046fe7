// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remote.h"

namespace placewright::llm {
namespace {

TEST(RemoteModel, WaitsAsLongAsTheServerAsks) {
  Remote remote({error(429, "slow down", "Retry-After: 7\r\n"), good()});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->attempts, 2);
  ASSERT_EQ(remote.pause_->waits().size(), 1U);
  EXPECT_GE(remote.pause_->waits()[0], 7);
  EXPECT_LE(remote.pause_->waits()[0], 7.7);
  EXPECT_GE(reply->latency_s, 7);
}

TEST(RemoteModel, WaitsUntilTheDateThatTheServerNames) {
  Remote remote({error(503, "busy", "Retry-After: Tue, 14 Nov 2023 22:13:50 GMT\r\n"), good()});
  ASSERT_TRUE(remote.ask_as(Protocol::OpenAiChat));
  EXPECT_GE(remote.pause_->waits().at(0), 30);
}

TEST(RemoteModel, DoesNotWaitForHours) {
  Remote remote({error(429, "slow down", "Retry-After: 7200\r\n")});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::RateLimited);
  EXPECT_THAT(reply.error().error.message, testing::HasSubstr("asks to retry in 7200 s"));
  EXPECT_TRUE(remote.pause_->waits().empty());
}

TEST(RemoteModel, GivesUpAfterSomeAttemptsWithGrowingPauses) {
  Remote remote({error(500, "oops")});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::ServerError);
  EXPECT_EQ(reply.error().attempts, 3);
  EXPECT_EQ(remote.bodies().size(), 3U);
  ASSERT_EQ(remote.pause_->waits().size(), 2U);
  EXPECT_LE(remote.pause_->waits()[0], 1);
  EXPECT_GE(remote.pause_->waits()[1], 1);
}

struct Once {
  const char* name;
  int status;
  const char* message;
  Failure failure;
};
class NotRepeated : public testing::TestWithParam<Once> {};

TEST_P(NotRepeated, IsAskedOnce) {
  Remote remote({error(GetParam().status, GetParam().message)});
  const Completion reply = remote
                               .model(Protocol::OpenAiChat,
                                      [](Endpoint& endpoint) { endpoint.key = Secret("k1234567"); })
                               .complete(ask("x"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(to_string(reply.error().failure), to_string(GetParam().failure));
  EXPECT_EQ(remote.bodies().size(), 1U);
  EXPECT_TRUE(remote.pause_->waits().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Failures, NotRepeated,
    testing::Values(Once{"BadKey", 401, "no", Failure::BadKey},
                    Once{"Forbidden", 403, "no", Failure::Forbidden},
                    Once{"UnknownModel", 404, "no such model", Failure::UnknownModel},
                    Once{"WrongAddress", 404, "no", Failure::BadRequest},
                    Once{"Payment", 402, "no", Failure::QuotaExhausted},
                    Once{"Quota", 429, "insufficient_quota", Failure::QuotaExhausted},
                    Once{"Context", 400, "context_length_exceeded", Failure::ContextTooLong},
                    Once{"Policy", 400, "content_policy_violation", Failure::Refused},
                    Once{"BadRequest", 422, "no", Failure::BadRequest}),
    [](const auto& info) { return info.param.name; });

TEST(RemoteModel, RepeatsAnAnswerThatBrokeOffOnce) {
  const Script cut = events({chat_events("half")[0]}, Script::End::Close);
  Remote recovered({cut, good()});
  EXPECT_EQ(text_of(recovered.ask_as(Protocol::OpenAiChat)), "ok");
  Remote hopeless({cut});
  const Completion reply = hopeless.ask_as(Protocol::OpenAiChat);
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::CutStream);
  EXPECT_EQ(hopeless.bodies().size(), 2U);
}

TEST(RemoteModel, AStreamThatClosesWithoutItsEndMarkIsReportedAsCut) {
  Remote remote({events({chat_events("half")[0]})});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::CutStream);
}

TEST(RemoteModel, AStalledStreamIsReportedAsStalled) {
  Remote remote({events({chat_events("half")[0]}, Script::End::Hold)});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::Stalled);
}

TEST(RemoteModel, ASlowStreamIsReadToItsEnd) {
  Remote remote({events(chat_events("ok"), Script::End::KeepAlive, 0.05)});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, AFinishedAnswerIsTakenFromAConnectionThatHangs) {
  Remote remote({events(chat_events("ok"), Script::End::Hold)});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, AWebPageIsReportedAsGarbageAfterTwoAttempts) {
  Remote remote({whole(200, "text/html", "<html>Please sign in</html>")});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  EXPECT_EQ(failure_of(reply), Failure::Garbage);
  EXPECT_EQ(remote.bodies().size(), 2U);
}

TEST(RemoteModel, AHugeAnswerIsReportedAsTooLarge) {
  Remote remote(
      {chunked("text/event-stream", std::vector<std::string>(30, std::string(100'000, 'x')))});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::TooLarge);
}

TEST(RemoteModel, AnErrorInsideTheStreamIsRepeatedLikeAnyOther) {
  Remote remote({events({R"({"error":{"message":"busy","type":"overloaded_error"}})"}), good()});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
  EXPECT_EQ(remote.bodies().size(), 2U);
}

TEST(RemoteModel, AServerThatIsGoneIsReportedAsUnreachable) {
  auto pause = std::make_shared<CountedPause>();
  Endpoint endpoint;
  {
    TestServer server([](const Seen&) { return Script{}; });
    endpoint = endpoint_at(server, Protocol::OpenAiChat, pause);
  }
  const Completion reply = RemoteModel(endpoint, std::nullopt).complete(ask("x"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::Unreachable);
  EXPECT_EQ(reply.error().attempts, 3);
  EXPECT_THAT(reply.error().error.message, testing::StartsWith("`test`: no answer: "));
}

TEST(RemoteModel, A401WithoutAKeySaysWhereToPutOne) {
  Remote remote({error(401, "missing key")});
  RemoteModel model =
      remote.model(Protocol::OpenAiChat, [](Endpoint& e) { e.key_hint = "set THE_KEY"; });
  const Completion reply = model.complete(ask("x"));
  EXPECT_EQ(failure_of(reply), Failure::NoKey);
  EXPECT_EQ(reply.error().error.help, "set THE_KEY");
}

TEST(RemoteModel, AnUnknownModelGetsTheNearestListedOne) {
  Remote remote({error(404, "no such model")},
                {{"/v1/models", R"({"data":[{"id":"gemma"},{"id":"qwen3"}]})"}});
  RemoteModel model = remote.model(Protocol::OpenAiChat, [](Endpoint& e) { e.model = "gema"; });
  EXPECT_EQ(model.complete(ask("x")).error().error.help, "did you mean `gemma`?");
}

TEST(RemoteModel, NoTextHoldsTheKeyThatTheServerEchoes) {
  const std::string key = "pw-test-4f9a7c21e8b35d60";
  const auto with_key = [&](Endpoint& endpoint) { endpoint.key = Secret(key); };
  for (const int status : {400, 401, 429, 500}) {
    Remote remote(
        {error(status, "your key " + key + " and Bearer " + key, "X-Request-Id: " + key + "\r\n")});
    const Completion reply = remote.model(Protocol::OpenAiChat, with_key).complete(ask("x"));
    ASSERT_FALSE(reply);
    const std::string all = reply.error().error.message + reply.error().error.help;
    EXPECT_THAT(all, testing::HasSubstr("[redacted]"));
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("4f9a7c21")));
  }
  Remote remote({events(chat_events("the key is " + key))});
  EXPECT_EQ(text_of(remote.model(Protocol::OpenAiChat, with_key).complete(ask("x"))),
            "the key is [redacted]");
}

}  // namespace
}  // namespace placewright::llm
