// SPDX-License-Identifier: Apache-2.0
// A language model that a study stands in for: what was answered before is answered again from the
// study, everything else by the model, and kept.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "llm/language_model.h"
#include "tune/study_store.h"

namespace placewright::agent {

/// Requests are recognised as a cassette does it (llm/cassette.h): by all that is sent and by how
/// often it was asked in this session. Failures are kept, but asked again. Thread-safe.
class StudyModel : public llm::LanguageModel {
 public:
  /// The store outlives this object.
  StudyModel(tune::StudyStore& store, std::shared_ptr<llm::LanguageModel> model)
      : store_(store), model_(std::move(model)) {}

  /// A study that cannot be written is a failure of the kind ServerError: going on would lose what
  /// was paid for.
  [[nodiscard]] llm::Completion complete(const llm::Request& request) override;
  [[nodiscard]] std::string name() const override { return model_->name(); }

 private:
  tune::StudyStore& store_;
  std::shared_ptr<llm::LanguageModel> model_;
  std::mutex mutex_;
  std::map<std::string, int> answered_;
};

/// "model: 12 calls (1 failed), 51234 + 8123 tokens, $0.42, 93 s"; what is not known is said. Empty
/// for a study without calls.
[[nodiscard]] std::string to_text(const tune::CallTotals& totals);

}  // namespace placewright::agent
