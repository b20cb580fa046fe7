// SPDX-License-Identifier: Apache-2.0
#include "llm/open_model.h"

#include "llm/cassette.h"
#include "llm/remote_model.h"
#include "support/try.h"

namespace placewright::llm {
namespace {

tl::unexpected<ModelError> bad_settings(const Error& error) {
  return fail(Failure::BadRequest, error.message, error.help);
}

/// The model itself, and what its tokens cost.
struct Source {
  std::unique_ptr<LanguageModel> model;
  std::optional<Price> price;
};

tl::expected<Source, ModelError> open_source(const ModelSettings& settings,
                                             const PriceTable& prices,
                                             const Environment& environment) {
  if (!settings.replay.empty()) {
    auto player = CassettePlayer::open(settings.replay, settings.model);
    if (!player) return bad_settings(player.error());
    // A recording needs no key, but the price of its model is found by the same name.
    const Environment without_keys = [&](const std::string& name) -> std::optional<std::string> {
      return name == "PLACEWRIGHT_LLM_KEY" ? std::optional<std::string>("replayed")
                                           : environment(name);
    };
    Source source;
    if (const auto endpoint = parse_endpoint((*player)->name(), without_keys))
      source.price = prices.find(endpoint->provider, endpoint->model);
    source.model = std::move(*player);
    return source;
  }
  PLACEWRIGHT_TRY(auto endpoint, parse_endpoint(settings.model, environment));
  endpoint.limits = settings.limits;
  endpoint.retries = settings.retries;
  endpoint.max_concurrent = settings.max_concurrent;
  endpoint.cancelled = settings.cancelled;
  Source source;
  source.price = prices.find(endpoint.provider, endpoint.model);
  const Redactor redactor(endpoint.key);
  source.model = std::make_unique<RemoteModel>(std::move(endpoint), source.price);
  if (settings.record.empty()) return source;
  auto recorder = CassetteRecorder::open(settings.record, std::move(source.model), redactor);
  if (!recorder) return bad_settings(recorder.error());
  source.model = std::move(*recorder);
  return source;
}

}  // namespace

tl::expected<OpenedModel, ModelError> open_model(const ModelSettings& settings,
                                                 const Environment& environment) {
  if (!settings.record.empty() && !settings.replay.empty()) {
    return bad_settings({"a model cannot be recorded and replayed at the same time",
                         "remove one of the two cassettes"});
  }
  PriceTable prices;
  if (!settings.prices.empty()) {
    const Result<SourceFile> file = SourceFile::read(settings.prices);
    if (!file) return bad_settings(file.error());
    Result<PriceTable> table = PriceTable::parse(*file);
    if (!table) return bad_settings(table.error());
    prices = std::move(*table);
  }
  PLACEWRIGHT_TRY(auto source, open_source(settings, prices, environment));
  OpenedModel opened;
  opened.ledger = settings.ledger != nullptr ? settings.ledger : std::make_shared<Ledger>();
  opened.price = source.price;
  opened.model = std::make_unique<MeteredModel>(std::move(source.model), opened.ledger,
                                                settings.budget, source.price);
  return opened;
}

}  // namespace placewright::llm
