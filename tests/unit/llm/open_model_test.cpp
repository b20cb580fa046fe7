// SPDX-License-Identifier: Apache-2.0
#include "llm/open_model.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "llm/scripted_model.h"
#include "model_testing.h"

namespace placewright::llm {
namespace {

class OpenModel : public testing::Test {
 protected:
  OpenModel() : folder_(testing::TempDir() + fmt::format("placewright-open-{}", getpid())) {
    std::filesystem::create_directory(folder_);
  }
  ~OpenModel() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  const std::string folder_;
};

ModelError failure(const ModelSettings& settings,
                   std::map<std::string, std::string> variables = {}) {
  const auto opened = open_model(settings, environment(std::move(variables)));
  if (!opened) return opened.error();
  ADD_FAILURE() << "was opened";
  return {};
}

TEST_F(OpenModel, RecordsAgainstAServerAndReplaysWithoutIt) {
  const std::string key = "pw-test-4f9a7c21e8b35d60";
  std::string spec;
  {
    TestServer server([&](const Seen& request) {
      return request.method == "GET" ? json_answer("{}", 404) : events(chat_events("ok " + key));
    });
    spec = server.root() + "/v1#m";
    const auto opened = open_model({.model = spec, .record = path("c")},
                                   environment({{"PLACEWRIGHT_LLM_KEY", key}}));
    ASSERT_TRUE(opened) << opened.error().error.message;
    ASSERT_TRUE(opened->model->complete(ask("my key: " + key)));
    EXPECT_EQ(server.seen("/v1/chat/completions").at(0).headers.at("authorization"),
              "Bearer " + key);
    EXPECT_EQ(opened->ledger->totals().input_tokens, 12);
  }
  std::ostringstream content;
  content << std::ifstream(path("c")).rdbuf();
  EXPECT_THAT(content.str(), testing::Not(testing::HasSubstr("4f9a7c21")));
  const auto replayed = open_model({.model = spec, .replay = path("c")}, environment({}));
  ASSERT_TRUE(replayed) << replayed.error().error.message;
  const Completion reply = replayed->model->complete(ask("my key: " + key));
  ASSERT_TRUE(reply);
  EXPECT_EQ(text_of(reply), "ok [redacted]");
  EXPECT_TRUE(reply->replayed);
  EXPECT_EQ(replayed->ledger->totals().input_tokens, 12);
  const auto unnamed = open_model({.replay = path("c")}, environment({}));
  ASSERT_TRUE(unnamed);
  EXPECT_EQ(unnamed->model->name(), spec);
}

TEST_F(OpenModel, FindsThePriceOfItsModel) {
  std::ofstream(path("prices.toml"))
      << "version = 1\n[[price]]\nprovider = \"127.0.0.1:9\"\nmodel = \"m\"\ninput = 1\n"
         "cached = 1\noutput = 2\nsource = \"own\"\ndate = 2026-01-01\n";
  const auto opened = open_model(
      {.model = "http://127.0.0.1:9/v1#m", .prices = path("prices.toml")}, environment({}));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->price, (Price{1, 1, 2}));
  const auto other = open_model({.model = "http://127.0.0.1:9/v1#n", .prices = path("prices.toml")},
                                environment({}));
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->price);
}

TEST_F(OpenModel, ABudgetStopsItBeforeAnythingIsSent) {
  TestServer server([](const Seen&) { return events(chat_events("ok")); });
  const auto opened =
      open_model({.model = server.root() + "/v1#m", .budget = {.calls = 0}}, environment({}));
  ASSERT_TRUE(opened);
  EXPECT_EQ(failure_of(opened->model->complete(ask("x"))), Failure::BudgetSpent);
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(OpenModel, SaysWhatIsWrongWithItsSettings) {
  EXPECT_EQ(failure({.model = "openai:x"}).failure, Failure::NoKey);
  EXPECT_EQ(failure({.model = "what"}).failure, Failure::BadRequest);
  EXPECT_THAT(failure({.model = "ollama:q", .record = "a", .replay = "b"}).error.message,
              testing::HasSubstr("recorded and replayed at the same time"));
  EXPECT_THAT(failure({.model = "ollama:q", .prices = "/no/such.toml"}).error.message,
              testing::HasSubstr("no such file"));
  EXPECT_THAT(failure({.replay = "/no/such.cassette"}).error.message,
              testing::HasSubstr("cannot read the cassette"));
  EXPECT_THAT(failure({.model = "ollama:q", .record = "/no/such/folder/c"}).error.message,
              testing::HasSubstr("cannot write `"));
}

TEST(Words, AreReadBackAsTheyAreWritten) {
  for (int i = 0; i <= static_cast<int>(Failure::Cancelled); ++i) {
    const auto failure = static_cast<Failure>(i);
    EXPECT_FALSE(to_string(failure).empty());
    EXPECT_EQ(parse_failure(to_string(failure)), failure);
  }
  for (int i = 0; i <= static_cast<int>(Constraint::Gbnf); ++i)
    EXPECT_EQ(parse_constraint(to_string(static_cast<Constraint>(i))), static_cast<Constraint>(i));
  EXPECT_EQ(to_string(Failure::QuotaExhausted), "quota-exhausted");
  EXPECT_FALSE(parse_failure("other"));
}

TEST(Words, AllHaveASectionInTheDocumentation) {
  std::ostringstream document;
  document << std::ifstream(PLACEWRIGHT_MODELS_DOCUMENT).rdbuf();
  for (int i = 0; i <= static_cast<int>(Failure::Cancelled); ++i) {
    const std::string row = fmt::format("\n| `{}` |", to_string(static_cast<Failure>(i)));
    EXPECT_THAT(document.str(), testing::HasSubstr(row));
  }
}

TEST(ScriptedModel, AnswersInOrderAndRemembersWhatWasAsked) {
  ScriptedModel model({ScriptedModel::says("one"), ScriptedModel::fails(Failure::Refused)});
  EXPECT_EQ(text_of(model.complete(ask("a"))), "one");
  EXPECT_EQ(failure_of(model.complete(ask("b"))), Failure::Refused);
  const Completion third = model.complete(ask("c"));
  EXPECT_EQ(failure_of(third), Failure::Unreachable);
  ASSERT_EQ(model.requests().size(), 3U);
  EXPECT_EQ(model.requests()[1].messages[1].text, "b");
}

}  // namespace
}  // namespace placewright::llm
