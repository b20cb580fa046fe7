// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remote.h"

namespace placewright::llm {
namespace {

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
}  // namespace placewright::llm
