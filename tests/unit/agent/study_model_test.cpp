// SPDX-License-Identifier: Apache-2.0
#include "agent/study_model.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "search.h"

namespace placewright::agent {
namespace {

using llm::ScriptedModel;
using testing::HasSubstr;

class StudyModelTest : public SearchTest {
 protected:
  static llm::Request request(const std::string& text) {
    llm::Request request;
    request.messages = {{llm::Role::User, text}};
    request.prompt = "p v1 (00)";
    return request;
  }
};

// Keeps what it wraps where the test can see it.
class Shared : public llm::LanguageModel {
 public:
  explicit Shared(std::shared_ptr<llm::LanguageModel> model) : model_(std::move(model)) {}
  llm::Completion complete(const llm::Request& request) override {
    return model_->complete(request);
  }
  std::string name() const override { return model_->name(); }

 private:
  std::shared_ptr<llm::LanguageModel> model_;
};

std::shared_ptr<StudyModel> over(tune::StudyStore& store,
                                 std::shared_ptr<llm::LanguageModel> model) {
  return std::make_shared<StudyModel>(store, std::make_unique<Shared>(std::move(model)));
}

TEST_F(StudyModelTest, AnswersEqualRequestsFromTheStudyInTheirOrder) {
  auto store = created();
  const auto first = in_turn({"a", "b"});
  const auto recording = over(store, first);
  EXPECT_EQ(recording->complete(request("x"))->text, "a");
  EXPECT_EQ(recording->complete(request("x"))->text, "b");

  const auto second = in_turn({"c"});
  const auto replaying = over(store, second);
  const auto replayed = replaying->complete(request("x"));
  EXPECT_EQ(replayed->text, "a");
  EXPECT_TRUE(replayed->replayed);
  EXPECT_EQ(replaying->complete(request("x"))->text, "b");
  EXPECT_EQ(second->requests().size(), 0u);
  EXPECT_EQ(replaying->complete(request("x"))->text, "c");
  EXPECT_EQ(replaying->complete(request("y")).error().failure, llm::Failure::Unreachable);
}

TEST_F(StudyModelTest, KeepsEverythingOfAReply) {
  auto store = created();
  llm::Reply reply;
  reply.text = "t";
  reply.truncated = true;
  reply.finish = "length";
  reply.usage = {100, 20, 50, std::nullopt};
  reply.dollars = 0.25;
  reply.latency_s = 1.5;
  reply.attempts = 3;
  reply.model = "m-1";
  reply.request_id = "id";
  reply.constraint = llm::Constraint::Gbnf;
  const auto model = std::make_shared<ScriptedModel>(std::vector<llm::Completion>{reply});
  ASSERT_TRUE(over(store, model)->complete(request("x")));
  const auto again = over(store, always("other"))->complete(request("x"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text, "t");
  EXPECT_TRUE(again->truncated);
  EXPECT_EQ(again->finish, "length");
  EXPECT_EQ(again->usage, reply.usage);
  EXPECT_EQ(again->dollars, 0.25);
  EXPECT_EQ(again->latency_s, 1.5);
  EXPECT_EQ(again->attempts, 3);
  EXPECT_EQ(again->model, "m-1");
  EXPECT_EQ(again->request_id, "id");
  EXPECT_EQ(again->constraint, llm::Constraint::Gbnf);
}

TEST_F(StudyModelTest, FailuresAreKeptAndAskedAgain) {
  auto store = created();
  const auto model = std::make_shared<ScriptedModel>(std::vector<llm::Completion>{
      ScriptedModel::fails(llm::Failure::RateLimited), ScriptedModel::says("a"),
      ScriptedModel::fails(llm::Failure::BudgetSpent)});
  const auto kept = over(store, model);
  EXPECT_FALSE(kept->complete(request("x")));
  EXPECT_EQ(kept->complete(request("x"))->text, "a");
  EXPECT_FALSE(kept->complete(request("y")));
  const auto totals = store.call_totals();
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->calls, 2) << "what was never sent is not a call";
  EXPECT_EQ(totals->failed, 1);
}

TEST_F(StudyModelTest, ReasoningWithoutAnAnswerIsPaidForOnceAndKept) {
  auto store = created();
  llm::ModelError error{llm::Failure::OnlyReasoning, {"all 64 tokens", ""}};
  error.usage = {.input = 10, .output = 64};
  error.dollars = 0.25;
  const auto first = std::make_shared<ScriptedModel>(
      std::vector<llm::Completion>{tl::unexpected(error), ScriptedModel::says("b")});
  const auto recording = over(store, first);
  EXPECT_FALSE(recording->complete(request("x")));
  EXPECT_EQ(recording->complete(request("x"))->text, "b");
  EXPECT_EQ(store.call_totals()->output_tokens, 64 + 1);
  EXPECT_EQ(store.call_totals()->dollars, 0.25);

  const auto replaying = over(store, in_turn({}));
  const auto replayed = replaying->complete(request("x"));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().failure, llm::Failure::OnlyReasoning);
  EXPECT_EQ(replayed.error().usage.output, 64);
  EXPECT_EQ(replaying->complete(request("x"))->text, "b");
}

TEST_F(StudyModelTest, TotalsSayWhatIsNotKnown) {
  EXPECT_EQ(to_text(tune::CallTotals{}), "");
  EXPECT_EQ(to_text(tune::CallTotals{3, 1, 1000, 200, 0.5, 0, 0, 9}),
            "model: 3 calls (1 failed), 1000 + 200 tokens, $0.5000, 9 s\n");
  EXPECT_EQ(to_text(tune::CallTotals{2, 0, 1000, 200, 0, 2, 1, 9}),
            "model: 2 calls, 1000 + 200 tokens (1 without counts), price unknown, 9 s\n");
  EXPECT_EQ(to_text(tune::CallTotals{2, 0, 1000, 200, 0.5, 1, 0, 9}),
            "model: 2 calls, 1000 + 200 tokens, $0.5000 (1 of unknown price), 9 s\n");
}

// A search is killed in the middle, and gone on with: no answer is paid for twice, and the same
// mappings come in the same order as without the interruption.
TEST_F(StudyModelTest, AResumedSearchAnswersFromItsStudy) {
  settings_.iterations = 3;
  const std::vector<std::string> answers = {
      "=== CANDIDATE: a\nTask calc CPU;\n=== CANDIDATE: b\nRegion * * GPU ZCMEM;\n=== END",
      "=== CANDIDATE: c\nRegion * rp_shared, rp_ghost GPU ZCMEM;\n=== END",
      "=== CANDIDATE: d\nTask update CPU;\n=== END"};
  const auto answering = [&](int crash_at, std::atomic<int>* calls) {
    return std::make_shared<ScriptedModel>([=, &answers](const llm::Request& request, int) {
      if (calls != nullptr) ++*calls;
      const std::string& user = request.messages[1].text;
      const bool first = user.find("Results so far") == user.npos;
      const size_t round = first ? 0 : user.find("#4 ") == user.npos ? 1 : 2;
      if (static_cast<int>(round) == crash_at) raise(SIGKILL);
      return ScriptedModel::says(answers[round]);
    });
  };
  std::vector<std::string> whole;
  {
    auto store = created();
    ASSERT_TRUE(search("reflect", over(store, answering(-1, nullptr)), store));
    for (const tune::Evaluation& each : candidates(store)) whole.push_back(each.mapping);
  }
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = created();
    (void)search("reflect", over(store, answering(1, nullptr)), store);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  std::atomic<int> calls = 0;
  auto store = reopened();
  ASSERT_EQ(store.call_totals()->calls, 1);
  const auto report = search("reflect", over(store, answering(-1, &calls)), store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(store.call_totals()->calls, 3);
  EXPECT_EQ(calls, 2) << "the first answer came from the study";
  std::vector<std::string> resumed;
  for (const tune::Evaluation& each : candidates(store)) resumed.push_back(each.mapping);
  EXPECT_EQ(resumed, whole);
}

}  // namespace
}  // namespace placewright::agent
