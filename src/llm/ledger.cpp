// SPDX-License-Identifier: Apache-2.0
#include "llm/ledger.h"

#include <fmt/core.h>

#include "support/try.h"

namespace placewright::llm {
namespace {

tl::unexpected<ModelError> spent(std::string message) {
  return fail(Failure::BudgetSpent, std::move(message),
              "raise the budget; results so far are kept");
}

}  // namespace

tl::expected<Ledger::Reservation, ModelError> Ledger::reserve(const Budget& budget,
                                                              const Request& request,
                                                              const std::optional<Price>& price,
                                                              const std::string& model) {
  const int64_t input = estimate_tokens(request);
  Reservation wanted{.tokens = input + request.max_output_tokens};
  if (price)
    wanted.dollars = *dollars(*price, {.input = input, .output = request.max_output_tokens});
  const std::lock_guard lock(mutex_);
  if (budget.dollars && !price) {
    return fail(
        Failure::BudgetSpent,
        fmt::format("the price of `{}` is unknown, so a budget in dollars cannot be enforced",
                    model),
        "add the model to the price table, or give the budget in calls or tokens");
  }
  if (budget.calls && totals_.calls + calls_in_flight_ >= *budget.calls)
    return spent(fmt::format("the budget of {} calls is spent", *budget.calls));
  const int64_t used = totals_.input_tokens + totals_.output_tokens + reserved_.tokens;
  if (budget.tokens && used + wanted.tokens > *budget.tokens) {
    return spent(
        fmt::format("the budget is {} tokens, of which {} are used; the next call may take {}",
                    *budget.tokens, used, wanted.tokens));
  }
  const double paid = totals_.dollars + reserved_.dollars;
  if (budget.dollars && paid + wanted.dollars > *budget.dollars) {
    return spent(
        fmt::format("the budget is ${:.4f}, of which ${:.4f} are used; the next call may "
                    "cost ${:.4f}",
                    *budget.dollars, paid, wanted.dollars));
  }
  if (budget.seconds && totals_.seconds >= *budget.seconds) {
    return spent(fmt::format("the budget of {:.0f} s for models is spent", *budget.seconds));
  }
  ++calls_in_flight_;
  reserved_.tokens += wanted.tokens;
  reserved_.dollars += wanted.dollars;
  return wanted;
}

void Ledger::settle(const Reservation& reservation, const Request& request,
                    const Completion& completion) {
  const std::lock_guard lock(mutex_);
  --calls_in_flight_;
  reserved_.tokens -= reservation.tokens;
  reserved_.dollars -= reservation.dollars;
  ++totals_.calls;
  if (!completion) {
    const ModelError& error = completion.error();
    ++totals_.failures;
    ++totals_.failures_by_word[std::string(to_string(error.failure))];
    totals_.attempts += error.attempts;
    totals_.seconds += error.latency_s;
    totals_.input_tokens += error.usage.input.value_or(0);
    totals_.output_tokens += error.usage.output.value_or(0);
    totals_.cached_tokens += error.usage.cached.value_or(0);
    totals_.reasoning_tokens += error.usage.reasoning.value_or(0);
    totals_.dollars += error.dollars.value_or(0);
    return;
  }
  const Usage& usage = completion->usage;
  totals_.attempts += completion->attempts;
  totals_.seconds += completion->latency_s;
  if (!usage.input || !usage.output) ++totals_.calls_without_usage;
  totals_.input_tokens += usage.input.value_or(estimate_tokens(request));
  totals_.output_tokens += usage.output.value_or(estimate_tokens(completion->text));
  totals_.cached_tokens += usage.cached.value_or(0);
  totals_.reasoning_tokens += usage.reasoning.value_or(0);
  if (completion->dollars) {
    totals_.dollars += *completion->dollars;
  } else {
    ++totals_.calls_without_dollars;
    // A server that reports no usage must not make the budget unlimited.
    totals_.dollars += reservation.dollars;
  }
}

Totals Ledger::totals() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

std::string Ledger::to_text() const {
  const Totals sums = totals();
  std::string text = fmt::format("{} calls", sums.calls);
  if (sums.failures > 0) text += fmt::format(" ({} failed)", sums.failures);
  text += fmt::format(", {} sent, {} + {} tokens", sums.attempts, sums.input_tokens,
                      sums.output_tokens);
  if (sums.calls_without_usage > 0)
    text += fmt::format(" ({} calls estimated)", sums.calls_without_usage);
  const int64_t answered = sums.calls - sums.failures;
  if (answered > 0 && sums.calls_without_dollars == answered && sums.dollars == 0) {
    text += ", price unknown";
  } else if (answered > 0) {
    text += fmt::format(", ${:.4f}", sums.dollars);
    if (sums.calls_without_dollars > 0)
      text += fmt::format(" ({} calls not counted by the server)", sums.calls_without_dollars);
  }
  return text + fmt::format(", {:.1f} s", sums.seconds);
}

Completion MeteredModel::complete(const Request& request) {
  PLACEWRIGHT_TRY(auto reservation, ledger_->reserve(budget_, request, price_, name()));
  Completion completion = model_->complete(request);
  ledger_->settle(reservation, request, completion);
  return completion;
}

}  // namespace placewright::llm
