// SPDX-License-Identifier: Apache-2.0
#include "llm/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "llm/scripted_model.h"
#include "model_testing.h"

namespace placewright::llm {
namespace {

Completion costs(int64_t input, int64_t output, double seconds = 1) {
  Reply reply{.text = "x", .latency_s = seconds, .attempts = 2};
  reply.usage = {.input = input, .output = output};
  return reply;
}

/// A model that always answers the same.
std::unique_ptr<LanguageModel> always(const Completion& completion) {
  return std::make_unique<ScriptedModel>([completion](const Request&, int) { return completion; });
}

TEST(PriceTable, ReadsEntriesAndFindsThemByExactName) {
  const SourceFile file("p.toml", R"(version = 1
[[price]]
provider = "openai"
model = "x-1"
input = 2.0
cached = 0.5
output = 8
source = "https://example.org/prices"
date = 2026-11-25
)");
  const auto table = PriceTable::parse(file);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->find("openai", "x-1"), (Price{2, 0.5, 8}));
  EXPECT_EQ(table->entries()[0].date, "2026-11-25");
  EXPECT_FALSE(table->find("openai", "x-1-mini"));
  EXPECT_FALSE(table->find("anthropic", "x-1"));
}

TEST(PriceTable, TheOneThatComesWithPlacewrightCanBeRead) {
  const auto file = SourceFile::read(PLACEWRIGHT_PRICES);
  ASSERT_TRUE(file);
  const auto table = PriceTable::parse(*file);
  ASSERT_TRUE(table) << table.error().message;
}

TEST(PriceTable, SaysWhereItIsWrong) {
  const auto message = [](const std::string& text) {
    const auto table = PriceTable::parse(SourceFile("p.toml", text));
    return table ? std::string("fine") : table.error().message;
  };
  EXPECT_EQ(message("version = 1\n"), "fine");
  EXPECT_EQ(message(""), "p.toml: the price table must begin with `version = 1`");
  EXPECT_THAT(message("version = 1\n[[price]]\nprise = 1\n"),
              testing::HasSubstr("p.toml:3:9: unknown key `prise`"));
  EXPECT_THAT(message("version = 1\nprice = 3\n"), testing::HasSubstr("must be tables"));
  EXPECT_THAT(message("version = \n"), testing::HasSubstr("p.toml:1:"));
  const std::string entry =
      "[[price]]\nprovider='a'\nmodel='b'\ninput=1\ncached=1\noutput=1\nsource='s'\n";
  EXPECT_THAT(message("version = 1\n" + entry),
              testing::HasSubstr("p.toml:2:1: a price needs a date"));
  const std::string dated = entry + "date=2026-01-02\n";
  EXPECT_THAT(message("version = 1\n" + dated + dated),
              testing::HasSubstr("a second price of `a:b`"));
  EXPECT_THAT(message("version = 1\n[[price]]\nprovider='a'\nmodel='b'\ninput=-1\nsource='s'\n"),
              testing::HasSubstr("needs a number `input`"));
}

TEST(Dollars, CountCachedTokensAtTheirOwnPrice) {
  // (1000 - 400) * 2 + 400 * 0.5 + 100 * 10 dollars per million.
  EXPECT_DOUBLE_EQ(*dollars({2, 0.5, 10}, {.input = 1000, .output = 100, .cached = 400}), 2400e-6);
  EXPECT_FALSE(dollars({2, 0.5, 10}, {.input = 1000}));
}

TEST(Ledger, SumsCallsAttemptsTokensAndSeconds) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(costs(100, 20, 1.5)), ledger, {}, std::nullopt);
  ASSERT_TRUE(model.complete(ask("a")));
  ASSERT_TRUE(model.complete(ask("b")));
  const Totals totals = ledger->totals();
  EXPECT_EQ(totals.calls, 2);
  EXPECT_EQ(totals.attempts, 4);
  EXPECT_EQ(totals.input_tokens, 200);
  EXPECT_EQ(totals.output_tokens, 40);
  EXPECT_DOUBLE_EQ(totals.seconds, 3);
  EXPECT_EQ(ledger->to_text(), "2 calls, 4 sent, 200 + 40 tokens, price unknown, 3.0 s");
}

TEST(Ledger, CountsFailuresByWord) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(ScriptedModel::fails(Failure::Overloaded)), ledger, {}, std::nullopt);
  EXPECT_FALSE(model.complete(ask("a")));
  EXPECT_EQ(ledger->totals().failures, 1);
  EXPECT_EQ(ledger->totals().failures_by_word.at("overloaded"), 1);
}

TEST(Ledger, CountsWhatAFailureCost) {
  Ledger ledger;
  ModelError error{.failure = Failure::OnlyReasoning};
  error.usage = {.input = 10, .output = 20, .reasoning = 20};
  error.dollars = 0.5;
  ledger.settle({}, ask("x"), tl::unexpected(error));
  const Totals sums = ledger.totals();
  EXPECT_EQ(sums.input_tokens, 10);
  EXPECT_EQ(sums.output_tokens, 20);
  EXPECT_EQ(sums.reasoning_tokens, 20);
  EXPECT_EQ(sums.dollars, 0.5);
  EXPECT_EQ(sums.calls_without_usage, 0);
}

TEST(Ledger, EstimatesWhatTheServerDoesNotCount) {
  auto ledger = std::make_shared<Ledger>();
  Reply reply{.text = std::string(400, 'x')};
  MeteredModel model(always(reply), ledger, {}, std::nullopt);
  ASSERT_TRUE(model.complete(ask(std::string(4000, 'y'))));
  EXPECT_EQ(ledger->totals().output_tokens, 100);
  EXPECT_EQ(ledger->totals().input_tokens, 1000 + 3 + 8);  // "Be short." and two messages.
  EXPECT_EQ(ledger->totals().calls_without_usage, 1);
}

TEST(Budget, ACallTooManyIsNotSent) {
  auto ledger = std::make_shared<Ledger>();
  auto scripted = std::make_unique<ScriptedModel>([](const Request&, int) { return costs(1, 1); });
  ScriptedModel& inner = *scripted;
  MeteredModel model(std::move(scripted), ledger, {.calls = 2}, std::nullopt);
  EXPECT_TRUE(model.complete(ask("a")));
  EXPECT_TRUE(model.complete(ask("b")));
  const Completion refused = model.complete(ask("c"));
  ASSERT_EQ(failure_of(refused), Failure::BudgetSpent);
  EXPECT_EQ(refused.error().error.message, "the budget of 2 calls is spent");
  EXPECT_EQ(inner.requests().size(), 2U);
  EXPECT_EQ(ledger->totals().calls, 2);
}

TEST(Budget, ACallThatCouldExceedTheTokensIsNotSent) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(costs(60, 40)), ledger, {.tokens = 180}, std::nullopt);
  // At most 3 + 1 + 8 + 64 = 76 tokens each: 0 + 76 fits, 100 + 76 fits, 200 + 76 does not.
  EXPECT_TRUE(model.complete(ask("a")));
  EXPECT_TRUE(model.complete(ask("b")));
  EXPECT_EQ(failure_of(model.complete(ask("c"))), Failure::BudgetSpent);
}

TEST(Budget, DollarsNeedAKnownPrice) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(costs(1, 1)), ledger, {.dollars = 5}, std::nullopt);
  const Completion refused = model.complete(ask("a"));
  ASSERT_EQ(failure_of(refused), Failure::BudgetSpent);
  EXPECT_EQ(refused.error().error.message,
            "the price of `scripted` is unknown, so a budget in dollars cannot be enforced");
}

TEST(Budget, ACallThatCouldExceedTheDollarsIsNotSent) {
  auto ledger = std::make_shared<Ledger>();
  const Price price{1, 1, 10'000};  // 64 output tokens may cost $0.64.
  Reply reply{.text = "x", .dollars = 0.5};
  MeteredModel model(always(reply), ledger, {.dollars = 1.2}, price);
  EXPECT_TRUE(model.complete(ask("a")));                                  // 0.00 + 0.64
  EXPECT_TRUE(model.complete(ask("b")));                                  // 0.50 + 0.64
  EXPECT_EQ(failure_of(model.complete(ask("c"))), Failure::BudgetSpent);  // 1.00 + 0.64
  EXPECT_THAT(ledger->to_text(), testing::HasSubstr("$1.0000"));
}

TEST(Budget, CallsWithoutUsageCountAgainstTheDollars) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(Reply{.text = "x"}), ledger, {.dollars = 1}, Price{1, 1, 10'000});
  EXPECT_TRUE(model.complete(ask("a")));
  EXPECT_EQ(failure_of(model.complete(ask("b"))), Failure::BudgetSpent);
}

TEST(Budget, ACallAfterTheSecondsAreSpentIsNotSent) {
  auto ledger = std::make_shared<Ledger>();
  MeteredModel model(always(costs(1, 1, 3)), ledger, {.seconds = 5}, std::nullopt);
  EXPECT_TRUE(model.complete(ask("a")));
  EXPECT_TRUE(model.complete(ask("b")));
  EXPECT_EQ(failure_of(model.complete(ask("c"))), Failure::BudgetSpent);
}

TEST(Budget, HoldsForCallsInFlight) {
  auto ledger = std::make_shared<Ledger>();
  const Budget budget{.calls = 10};
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  MeteredModel model(always(costs(1, 1)), ledger, budget, std::nullopt);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 5; ++call) answered += model.complete(ask("a")) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 10);
  EXPECT_EQ(ledger->totals().calls, 10);
}

}  // namespace
}  // namespace placewright::llm
