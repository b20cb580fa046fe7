// SPDX-License-Identifier: Apache-2.0
// What calls to models have cost so far, and what they may cost.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "llm/language_model.h"
#include "llm/prices.h"

namespace placewright::llm {

/// Limits over all calls that share a ledger. Unset: none.
struct Budget {
  std::optional<int64_t> calls;
  std::optional<int64_t> tokens;  ///< Input and output.
  std::optional<double> dollars;
  std::optional<double> seconds;  ///< Summed over calls, waiting for retries included.
};

/// Sums over calls. Replayed calls count like the recorded ones.
struct Totals {
  int64_t calls = 0;  ///< All requests, including failed ones.
  int64_t failures = 0;
  int64_t attempts = 0;  ///< Requests sent, including retries.
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
  int64_t cached_tokens = 0;
  int64_t reasoning_tokens = 0;
  int64_t calls_without_usage = 0;    ///< Answered without counts: estimated in the sums above.
  double dollars = 0;                 ///< The known part.
  int64_t calls_without_dollars = 0;  ///< Answered without a known price.
  double seconds = 0;
  std::map<std::string, int64_t> failures_by_word;
};

/// Keeps the sums and decides whether one more call fits. Thread-safe.
class Ledger {
 public:
  /// A call's largest possible cost: the estimated prompt and the maximum output.
  struct Reservation {
    int64_t tokens = 0;
    double dollars = 0;
  };

  /// Reserves a call's worst case. Refuses with BudgetSpent a call that could exceed what is left,
  /// calls in flight included, and under a dollar budget any call without a price.
  [[nodiscard]] tl::expected<Reservation, ModelError> reserve(const Budget& budget,
                                                              const Request& request,
                                                              const std::optional<Price>& price,
                                                              const std::string& model);
  /// Replaces the reservation with the call's actual cost.
  void settle(const Reservation& reservation, const Request& request, const Completion& completion);

  [[nodiscard]] Totals totals() const;
  /// "12 calls (1 failed), 14 sent, 51234 + 8123 tokens, $0.42, 93 s"; states what is unknown.
  [[nodiscard]] std::string to_text() const;

 private:
  mutable std::mutex mutex_;
  Totals totals_;
  int64_t calls_in_flight_ = 0;
  Reservation reserved_;
};

/// A model whose calls go through a ledger until the budget is spent.
class MeteredModel : public LanguageModel {
 public:
  MeteredModel(std::unique_ptr<LanguageModel> model, std::shared_ptr<Ledger> ledger, Budget budget,
               std::optional<Price> price)
      : model_(std::move(model)), ledger_(std::move(ledger)), budget_(budget), price_(price) {}

  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return model_->name(); }

 private:
  std::unique_ptr<LanguageModel> model_;
  std::shared_ptr<Ledger> ledger_;
  Budget budget_;
  std::optional<Price> price_;
};

}  // namespace placewright::llm
