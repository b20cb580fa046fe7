#include "model/remote_model.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model_testing.h"

namespace placewright::model {
namespace {

using nlohmann::json;

/// A server whose answers to the question itself come from a list; the last one is repeated. It has
/// no answer to questions about itself but those in `about`.
class Remote {
 public:
  explicit Remote(std::vector<Script> answers, std::map<std::string, std::string> about = {})
      : answers_(std::move(answers)),
        about_(std::move(about)),
        server_([this](const Seen& request) {
          const auto found = about_.find(request.path);
          if (found != about_.end()) return json_answer(found->second);
          if (request.method == "GET" || request.path == "/api/show")
            return json_answer(R"({"error":"not found"})", 404);
          return answers_[std::min(static_cast<size_t>(next_++), answers_.size() - 1)];
        }) {}

  RemoteModel model(Protocol protocol, const std::function<void(Endpoint&)>& change = {}) {
    Endpoint endpoint = endpoint_at(server_, protocol, pause_);
    if (change) change(endpoint);
    return {std::move(endpoint), price_};
  }
  Completion ask_as(Protocol protocol, const Request& request = ask("x")) {
    return model(protocol).complete(request);
  }
  /// Bodies of the questions, in order.
  std::vector<json> bodies() const {
    std::vector<json> bodies;
    for (const Seen& request : server_.seen()) {
      if (request.method == "POST" && request.path != "/api/show")
        bodies.push_back(json::parse(request.body));
    }
    return bodies;
  }

  std::vector<Script> answers_;
  std::map<std::string, std::string> about_;
  std::atomic<int> next_ = 0;
  std::optional<Price> price_;
  std::shared_ptr<CountedPause> pause_ = std::make_shared<CountedPause>();
  TestServer server_;
};

Script good() { return events(chat_events("ok")); }

Script error(int status, const std::string& message, const std::string& headers = "") {
  return json_answer(json{{"error", {{"message", message}}}}.dump(), status, headers);
}

TEST(RemoteModel, AsksByChat) {
  Remote remote({good()});
  remote.price_ = Price{1, 1, 100'000};
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(text_of(reply), "ok");
  EXPECT_EQ(reply->usage.input, 12);
  EXPECT_DOUBLE_EQ(*reply->dollars, 12e-6 + 0.3);
  EXPECT_EQ(reply->attempts, 1);
  EXPECT_EQ(remote.server_.seen("/v1/chat/completions").size(), 1U);
}

TEST(RemoteModel, AsksByResponses) {
  Remote remote(
      {events({R"({"type":"response.output_text.delta","delta":"ok"})",
               R"({"type":"response.completed","response":{"status":"completed","output":[]}})"})});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiResponses)), "ok");
  EXPECT_EQ(remote.server_.seen("/v1/responses").size(), 1U);
}

TEST(RemoteModel, AsksAnthropic) {
  Remote remote({events(
      {R"({"type":"message_start","message":{"id":"m"}})",
       R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"ok"}})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}})",
       R"({"type":"message_stop"})"})});
  RemoteModel model =
      remote.model(Protocol::Anthropic, [](Endpoint& e) { e.key = Secret("k1234567"); });
  EXPECT_EQ(text_of(model.complete(ask("x"))), "ok");
  const Seen seen = remote.server_.seen("/v1/messages").at(0);
  EXPECT_EQ(seen.headers.at("x-api-key"), "k1234567");
  EXPECT_EQ(seen.headers.at("anthropic-version"), "2023-06-01");
  EXPECT_EQ(seen.headers.count("authorization"), 0U);
}

TEST(RemoteModel, AsksOllamaWithTheContextThatItsModelHas) {
  Remote remote(
      {chunked("application/x-ndjson",
               {"{\"message\":{\"content\":\"o\"},\"done\":false}\n",
                "{\"message\":{\"content\":\"k\"},\"done\":true,\"done_reason\":\"stop\"}\n"})},
      {{"/api/show", R"({"model_info":{"q.context_length":2048}})"}});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::Ollama)), "ok");
  EXPECT_EQ(remote.bodies().at(0)["options"]["num_ctx"], 2048);
}

TEST(RemoteModel, TakesAnswersThatAreNotStreamedOrMislabelled) {
  for (const char* type : {"application/json", "text/html", "text/event-stream"}) {
    Remote remote(
        {whole(200, type, R"({"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]})")});
    EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok") << type;
  }
  Remote remote(
      {whole(200, "application/json", "data: " + chat_events("ok")[0] + "\n\ndata: [DONE]\n\n")});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, UsesTheGrammarOfTheServerThatItFinds) {
  Remote remote({good()}, {{"/v1/models", R"({"data":[{"id":"m","owned_by":"llamacpp"}]})"}});
  Request request = ask("x");
  request.form = {.gbnf = "root ::= \"ok\"", .json_schema = "{}"};
  const Completion reply = remote.ask_as(Protocol::OpenAiChat, request);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->constraint, Constraint::Gbnf);
  EXPECT_EQ(remote.bodies().at(0)["grammar"], "root ::= \"ok\"");
}

TEST(RemoteModel, AsksAboutTheServerOnlyOnce) {
  Remote remote({good()}, {{"/v1/models", R"({"data":[]})"}});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(model.complete(ask("x")));
  EXPECT_EQ(remote.server_.seen("/v1/models").size(), 1U);
  EXPECT_EQ(remote.server_.seen("/v1/chat/completions").size(), 3U);
}

TEST(RemoteModel, AsksAboutTheServerAgainWhenItHasLoadedItsModel) {
  std::atomic<bool> is_loaded = false;
  TestServer server([&](const Seen& request) {
    if (!is_loaded) {
      is_loaded = request.method == "POST";
      return error(503, "Loading model");
    }
    if (request.path == "/v1/models")
      return json_answer(R"({"data":[{"id":"m","owned_by":"llamacpp"}]})");
    return good();
  });
  RemoteModel model(endpoint_at(server, Protocol::OpenAiChat, std::make_shared<CountedPause>()),
                    std::nullopt);
  Request request = ask("x");
  request.form.gbnf = "root ::= \"ok\"";
  const Completion reply = model.complete(request);
  ASSERT_TRUE(reply) << text_of(reply);
  EXPECT_EQ(reply->constraint, Constraint::Gbnf);
  EXPECT_EQ(reply->attempts, 2);
}

TEST(RemoteModel, AServerThatIgnoresTheConstraintStillAnswers) {
  Remote remote({events(chat_events("prose, no JSON"))});
  Request request = ask("x");
  request.form.json_schema = R"({"type":"object"})";
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat, request)), "prose, no JSON");
}

TEST(RemoteModel, LeavesOutWhatTheServerDoesNotTakeAndRemembers) {
  Remote remote(
      {error(400, "Unsupported parameter: 'temperature'"),
       error(400, "Unsupported parameter: use 'max_completion_tokens' instead of 'max_tokens'"),
       good()});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  Request request = ask("x");
  request.temperature = 0.7;
  const Completion reply = model.complete(request);
  ASSERT_TRUE(reply) << reply.error().error.message;
  EXPECT_EQ(reply->attempts, 3);
  ASSERT_TRUE(model.complete(request));
  const std::vector<json> bodies = remote.bodies();
  ASSERT_EQ(bodies.size(), 4U);
  EXPECT_TRUE(bodies[0].contains("temperature"));
  EXPECT_FALSE(bodies[1].contains("temperature"));
  EXPECT_EQ(bodies[3]["max_completion_tokens"], 64);
  EXPECT_TRUE(remote.pause_->waits().empty());
}

TEST(RemoteModel, ABadGrammarIsLeftOutForThisRequestOnly) {
  Remote remote({error(400, "Failed to parse grammar"), good()},
                {{"/v1/models", R"({"data":[{"id":"m","owned_by":"llamacpp"}]})"}});
  RemoteModel model = remote.model(Protocol::OpenAiChat);
  Request request = ask("x");
  request.form.gbnf = "oops";
  for (const Constraint expected : {Constraint::None, Constraint::Gbnf}) {
    const Completion reply = model.complete(request);
    ASSERT_TRUE(reply) << text_of(reply);
    EXPECT_EQ(reply->constraint, expected);
  }
}

TEST(RemoteModel, AskingWithoutAParameterEndsSometime) {
  Remote remote(
      {error(400, "temperature seed max_completion_tokens stream_options schema: unsupported")});
  Request request = ask("x");
  request.temperature = 1;
  request.seed = 1;
  request.form.json_schema = "{}";
  const Completion reply = remote.ask_as(Protocol::OpenAiChat, request);
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::BadRequest);
  // Five parameters that can be left out or renamed, and the last try.
  EXPECT_EQ(remote.bodies().size(), 6U);
}

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

TEST(RemoteModel, WaitsUntilADate) {
  Remote remote({error(503, "busy", "Retry-After: Tue, 14 Nov 2023 22:13:50 GMT\r\n"), good()});
  ASSERT_TRUE(remote.ask_as(Protocol::OpenAiChat));
  EXPECT_GE(remote.pause_->waits().at(0), 30);
}

TEST(RemoteModel, DoesNotWaitForHours) {
  Remote remote({error(429, "slow down", "Retry-After: 7200\r\n")});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  ASSERT_FALSE(reply);
  EXPECT_EQ(failure_of(reply), Failure::RateLimited);
  EXPECT_THAT(reply.error().error.message, testing::HasSubstr("asked again in 7200 s"));
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

TEST(RemoteModel, ACleanEndWithoutTheEndMarkIsACutToo) {
  Remote remote({events({chat_events("half")[0]})});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::CutStream);
}

TEST(RemoteModel, AStallIsAStall) {
  Remote remote({events({chat_events("half")[0]}, Script::End::Hold)});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::Stalled);
}

TEST(RemoteModel, ASlowAnswerIsAnAnswer) {
  Remote remote({events(chat_events("ok"), Script::End::KeepAlive, 0.05)});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, AFinishedAnswerOnAConnectionThatHangsIsAnAnswer) {
  Remote remote({events(chat_events("ok"), Script::End::Hold)});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
}

TEST(RemoteModel, GarbageIsGarbage) {
  Remote remote({whole(200, "text/html", "<html>Please sign in</html>")});
  const Completion reply = remote.ask_as(Protocol::OpenAiChat);
  EXPECT_EQ(failure_of(reply), Failure::Garbage);
  EXPECT_EQ(remote.bodies().size(), 2U);
}

TEST(RemoteModel, AHugeAnswerIsTooLarge) {
  Remote remote(
      {chunked("text/event-stream", std::vector<std::string>(30, std::string(100'000, 'x')))});
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat)), Failure::TooLarge);
}

TEST(RemoteModel, AnErrorInsideTheStreamIsRepeatedLikeAnyOther) {
  Remote remote({events({R"({"error":{"message":"busy","type":"overloaded_error"}})"}), good()});
  EXPECT_EQ(text_of(remote.ask_as(Protocol::OpenAiChat)), "ok");
  EXPECT_EQ(remote.bodies().size(), 2U);
}

TEST(RemoteModel, AServerThatGoesAwayIsUnreachable) {
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

TEST(RemoteModel, RefusesRequestsThatNoServerCouldAnswer) {
  Remote remote({good()});
  Request request = ask("x");
  request.form.json_schema = "{not json";
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat, request)), Failure::BadRequest);
  EXPECT_EQ(failure_of(remote.ask_as(Protocol::OpenAiChat, Request{})), Failure::BadRequest);
  EXPECT_TRUE(remote.server_.seen().empty());
}

TEST(RemoteModel, CanBeCancelledWhileItAsks) {
  Remote remote({events({chat_events("half")[0]}, Script::End::Hold)});
  RemoteModel model = remote.model(Protocol::OpenAiChat, [&](Endpoint& endpoint) {
    endpoint.limits.stall_s = 60;
    endpoint.cancelled = [&] { return remote.next_ > 0; };
  });
  EXPECT_EQ(failure_of(model.complete(ask("x"))), Failure::Cancelled);
}

TEST(RemoteModel, KeepsToItsNumberOfConcurrentCalls) {
  std::atomic<int> now = 0, most = 0;
  TestServer server([&](const Seen& request) {
    if (request.method == "GET") return json_answer("{}", 404);
    const int running = ++now;
    for (int seen = most; seen < running && !most.compare_exchange_weak(seen, running);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --now;
    return good();
  });
  Endpoint endpoint = endpoint_at(server, Protocol::OpenAiChat, std::make_shared<CountedPause>());
  endpoint.max_concurrent = 2;
  RemoteModel model(endpoint, std::nullopt);
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] { answered += model.complete(ask("x")) ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 6);
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace placewright::model
