// SPDX-License-Identifier: Apache-2.0
// Opens a model from settings: the one place that combines addresses, keys, prices, budgets and
// cassettes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "llm/endpoint.h"
#include "llm/language_model.h"
#include "llm/ledger.h"

namespace placewright::llm {

struct ModelSettings {
  /// See parse_endpoint(). May be empty with `replay`: the recorded model.
  std::string model;
  std::string record;  ///< A cassette to write; empty: none.
  std::string replay;  ///< A cassette to answer from instead of any network; empty: none.
  std::string prices;  ///< A price table; empty: no prices are known.
  Budget budget;
  std::shared_ptr<Ledger> ledger;  ///< Null: a new one.
  HttpLimits limits;
  RetryPolicy retries;
  int max_concurrent = 4;
  std::function<bool()> cancelled;  ///< May be empty.
};

struct OpenedModel {
  std::unique_ptr<LanguageModel> model;
  std::shared_ptr<Ledger> ledger;
  std::optional<Price> price;  ///< Unset if unknown.
};

/// Sends nothing yet. Errors: those of parse_endpoint(), of cassettes and of the price table; both
/// a cassette to record and one to replay.
[[nodiscard]] tl::expected<OpenedModel, ModelError> open_model(const ModelSettings& settings,
                                                               const Environment& environment);

}  // namespace placewright::llm
