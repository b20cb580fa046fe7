// SPDX-License-Identifier: Apache-2.0
#include "llm/cassette.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "llm/scripted_model.h"
#include "model_testing.h"

namespace placewright::llm {
namespace {

class Cassette : public testing::Test {
 protected:
  Cassette()
      : path_(testing::TempDir() +
              fmt::format("placewright-{}-{}.cassette", getpid(), counter_++)) {}
  ~Cassette() override { std::filesystem::remove(path_); }

  std::unique_ptr<CassetteRecorder> recorder(std::vector<Completion> script,
                                             const Redactor& redactor = {}) const {
    auto opened =
        CassetteRecorder::open(path_, std::make_unique<ScriptedModel>(std::move(script)), redactor);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  std::unique_ptr<CassettePlayer> player() const {
    auto opened = CassettePlayer::open(path_, "");
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  std::string text() const {
    std::ostringstream content;
    content << std::ifstream(path_).rdbuf();
    return content.str();
  }
  void append(const std::string& bytes) const { std::ofstream(path_, std::ios::app) << bytes; }

  const std::string path_;
  static inline int counter_ = 0;
};

Reply full_reply() {
  Reply reply{.text = "Task * GPU;\n\xE2\x82\xAC \"quoted\"",
              .truncated = true,
              .finish = "length",
              .dollars = 0.1 + 0.2,
              .latency_s = 1.0 / 3,
              .attempts = 3,
              .model = "m-1",
              .request_id = "r",
              .constraint = Constraint::Gbnf};
  reply.usage = {.input = 10, .output = 20, .reasoning = 5};
  return reply;
}

TEST_F(Cassette, ReplaysBitForBit) {
  ASSERT_TRUE(recorder({full_reply()})->complete(ask("x")));
  const Completion replayed = player()->complete(ask("x"));
  ASSERT_TRUE(replayed);
  const Reply expected = full_reply();
  EXPECT_EQ(text_of(replayed), expected.text);
  EXPECT_EQ(replayed->usage, expected.usage);
  EXPECT_EQ(replayed->finish, expected.finish);
  EXPECT_EQ(replayed->truncated, expected.truncated);
  EXPECT_EQ(replayed->dollars, expected.dollars);
  EXPECT_EQ(replayed->latency_s, expected.latency_s);
  EXPECT_EQ(replayed->attempts, expected.attempts);
  EXPECT_EQ(replayed->model, expected.model);
  EXPECT_EQ(replayed->constraint, expected.constraint);
  EXPECT_TRUE(replayed->replayed);
}

TEST_F(Cassette, ReplaysEqualRequestsInTheirOrder) {
  const auto recording = recorder(
      {ScriptedModel::says("one"), ScriptedModel::says("other"), ScriptedModel::says("two")});
  for (const char* question : {"x", "y", "x"}) ASSERT_TRUE(recording->complete(ask(question)));
  const auto playing = player();
  EXPECT_EQ(text_of(playing->complete(ask("x"))), "one");
  EXPECT_EQ(text_of(playing->complete(ask("x"))), "two");
  EXPECT_EQ(text_of(playing->complete(ask("y"))), "other");
  const Completion again = playing->complete(ask("x"));
  ASSERT_FALSE(again);
  EXPECT_EQ(failure_of(again), Failure::CassetteMiss);
  EXPECT_THAT(again.error().error.message, testing::HasSubstr("2 times"));
}

TEST_F(Cassette, ReplaysFailures) {
  const auto recording = recorder({ScriptedModel::fails(Failure::ContextTooLong)});
  ASSERT_FALSE(recording->complete(ask("x")));
  const Completion replayed = player()->complete(ask("x"));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(failure_of(replayed), Failure::ContextTooLong);
  EXPECT_EQ(replayed.error().error.message, "scripted failure `context-too-long`");
}

TEST_F(Cassette, ReplaysWhatAFailureCost) {
  ModelError error{.failure = Failure::OnlyReasoning};
  error.usage = {.input = 10, .output = 20};
  error.dollars = 0.5;
  (void)recorder({tl::unexpected(error)})->complete(ask("x"));
  const Completion replayed = player()->complete(ask("x"));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().usage, error.usage);
  EXPECT_EQ(replayed.error().dollars, 0.5);
}

TEST_F(Cassette, DoesNotRecordWhatSaysNothingAboutTheModel) {
  const auto recording =
      recorder({ScriptedModel::fails(Failure::Cancelled), ScriptedModel::says("a")});
  (void)recording->complete(ask("x"));
  (void)recording->complete(ask("x"));
  EXPECT_EQ(text_of(player()->complete(ask("x"))), "a");
}

TEST(RequestKey, DependsOnAllThatIsSentAndOnNothingElse) {
  const Request base = ask("x");
  const std::string key = request_key("m", base);
  EXPECT_EQ(key.size(), 32U);
  Request other = base;
  other.prompt = "another name";
  EXPECT_EQ(request_key("m", other), key);
  EXPECT_NE(request_key("n", base), key);
  std::vector<Request> others(6, base);
  others[0].messages[1].text = "y";
  others[1].messages[1].role = Role::Assistant;
  others[2].form.gbnf = "root ::= \"a\"";
  others[3].temperature = 0;
  others[4].seed = 0;
  others[5].max_output_tokens = 65;
  for (const Request& changed : others) EXPECT_NE(request_key("m", changed), key);
}

TEST_F(Cassette, AMissNamesTheNearestRequest) {
  const auto recording = recorder({ScriptedModel::says("a"), ScriptedModel::says("b")});
  Request first = ask("Map the circuit on four GPUs."), second = ask("Something else.");
  first.prompt = "reflect/3";
  (void)recording->complete(first);
  (void)recording->complete(second);
  Request wanted = ask("Map the circuit on eight GPUs.");
  wanted.prompt = "reflect/4";
  const Completion missed = player()->complete(wanted);
  ASSERT_FALSE(missed);
  EXPECT_EQ(failure_of(missed), Failure::CassetteMiss);
  EXPECT_THAT(missed.error().error.message, testing::HasSubstr("(prompt `reflect/4`)"));
  EXPECT_EQ(
      missed.error().error.help,
      "most like it is line 2 (prompt `reflect/3`, model `scripted`): from byte 19 of message 2 on "
      "it has `four GPUs.` where `eight GPUs.` is asked");
}

TEST_F(Cassette, AMissSaysWhenOnlyTheGrammarDiffers) {
  (void)recorder({ScriptedModel::says("a")})->complete(ask("x"));
  Request wanted = ask("x");
  wanted.form.gbnf = "root ::= \"a\"";
  EXPECT_THAT(player()->complete(wanted).error().error.help,
              testing::HasSubstr("grammar or schema differs"));
}

TEST_F(Cassette, RecordingContinuesWhereItStopped) {
  (void)recorder({ScriptedModel::says("one")})->complete(ask("x"));
  (void)recorder({ScriptedModel::says("two")})->complete(ask("x"));
  const auto playing = player();
  EXPECT_EQ(text_of(playing->complete(ask("x"))), "one");
  EXPECT_EQ(text_of(playing->complete(ask("x"))), "two");
}

TEST_F(Cassette, AHalfLastLineIsIgnoredAndCutOffByTheNextRecording) {
  (void)recorder({ScriptedModel::says("one")})->complete(ask("x"));
  append("{\"key\":\"12");
  EXPECT_EQ(player()->size(), 1U);
  (void)recorder({ScriptedModel::says("two")})->complete(ask("x"));
  EXPECT_EQ(player()->size(), 2U);
}

TEST_F(Cassette, AKilledRecorderHasLostNothingEarlier) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto recording = recorder({ScriptedModel::says("one"), ScriptedModel::says("two")});
    (void)recording->complete(ask("x"));
    (void)recording->complete(ask("x"));
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(player()->size(), 2U);
}

TEST_F(Cassette, OtherFilesAreRefusedWithAReason) {
  const auto message = [&](const std::string& content) {
    std::ofstream(path_) << content;
    const auto opened = CassettePlayer::open(path_, "");
    return opened ? std::string("fine") : opened.error().message;
  };
  EXPECT_THAT(message("hello\n"), testing::HasSubstr("line 1: it is not a cassette"));
  EXPECT_THAT(message("hello"), testing::HasSubstr("line 1: it is not a cassette"));
  EXPECT_THAT(message("{\"placewright\":\"cassette\",\"version\":99}\n"),
              testing::HasSubstr("it is a cassette of version 99, expected 1"));
  EXPECT_THAT(message("{\"placewright\":\"cassette\",\"version\":1}\n{\"key\":7}\n"),
              testing::HasSubstr("line 2: it is damaged"));
  std::filesystem::remove(path_);
  EXPECT_FALSE(CassettePlayer::open(path_, ""));
  EXPECT_FALSE(CassettePlayer::open(testing::TempDir(), ""));
}

TEST_F(Cassette, ALineThatWentMissingIsNoticed) {
  const auto recording = recorder({ScriptedModel::says("one"), ScriptedModel::says("two")});
  (void)recording->complete(ask("x"));
  (void)recording->complete(ask("x"));
  std::string content = text();
  const size_t second = content.find('\n') + 1;
  content.erase(second, content.find('\n', second) + 1 - second);
  std::ofstream(path_) << content;
  const auto opened = CassettePlayer::open(path_, "");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message,
              testing::HasSubstr("line 2: occurrence 1 of a request comes after 0"));
}

TEST_F(Cassette, TwoRecordersDoNotShareAFile) {
  const auto first = recorder({});
  const auto second =
      CassetteRecorder::open(path_, std::make_unique<ScriptedModel>(std::vector<Completion>{}), {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("being recorded by another process"));
}

TEST_F(Cassette, HoldsNoKeyEvenWhenThePromptHas) {
  const Secret key("pw-test-4f9a7c21e8b35d60");
  const auto recording = recorder({ScriptedModel::says("a")}, Redactor(key));
  (void)recording->complete(ask("my key is pw-test-4f9a7c21e8b35d60, use it"));
  EXPECT_THAT(text(), testing::Not(testing::HasSubstr("4f9a7c21")));
  EXPECT_TRUE(player()->complete(ask("my key is pw-test-4f9a7c21e8b35d60, use it")));
}

// A limit on the size of files stands in for a full disk.
TEST_F(Cassette, ThatCannotBeWrittenIsAFailureAndKeepsWhatWasWritten) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto recording =
        recorder({ScriptedModel::says("a"), ScriptedModel::says(std::string(5000, 'b'))});
    const Completion first = recording->complete(ask("one"));
    const Completion second = recording->complete(ask("two"));
    _exit(first && !second && second.error().failure == Failure::ServerError &&
                  second.error().error.message.find("File too large") != std::string::npos
              ? 0
              : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(player()->size(), 1U);
}

TEST_F(Cassette, ServesManyThreads) {
  {
    auto opened = CassetteRecorder::open(
        path_, std::make_unique<ScriptedModel>([](const Request& request, int) {
          return ScriptedModel::says("re: " + request.messages[1].text);
        }),
        {});
    ASSERT_TRUE(opened);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&recording = **opened, i] {
        for (int n = 0; n < 20; ++n) (void)recording.complete(ask(fmt::format("{} {}", i, n % 10)));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto playing = player();
  EXPECT_EQ(playing->size(), 80U);
  EXPECT_EQ(text_of(playing->complete(ask("3 7"))), "re: 3 7");
}

}  // namespace
}  // namespace placewright::llm
