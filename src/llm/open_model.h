// SPDX-License-Identifier: Apache-2.0
// From settings to a model that can be asked: the one place where addresses, keys, prices, budgets
// and cassettes come together.
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
  std::string prices;  ///< A table of prices; empty: none is known.
  Budget budget;
  std::shared_ptr<Ledger> ledger;  ///< Null: one of its own.
  HttpLimits limits;
  RetryPolicy retries;
  int max_concurrent = 4;
  std::function<bool()> cancelled;  ///< May be empty.
};

struct OpenedModel {
  std::unique_ptr<LanguageModel> model;
  std::shared_ptr<Ledger> ledger;
  std::optional<Price> price;  ///< Nothing where it is not known.
};

/// Nothing is sent yet. Errors: those of parse_endpoint(), of cassettes and of the table of prices;
/// both a cassette to record and one to replay.
[[nodiscard]] tl::expected<OpenedModel, ModelError> open_model(const ModelSettings& settings,
                                                               const Environment& environment);

}  // namespace placewright::llm
