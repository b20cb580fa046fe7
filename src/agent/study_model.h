// SPDX-License-Identifier: Apache-2.0
// Answers from the study's recorded calls; forwards and records the rest.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "llm/language_model.h"
#include "tune/study_store.h"

namespace placewright::agent {

/// Recognises requests as a cassette does (llm/cassette.h): by everything that is sent and by how
/// often it was asked in this session. Failures are recorded, but asked again. Thread-safe.
class StudyModel : public llm::LanguageModel {
 public:
  /// The store must outlive this object.
  StudyModel(tune::StudyStore& store, std::shared_ptr<llm::LanguageModel> model)
      : store_(store), model_(std::move(model)) {}

  /// A study that cannot be written is a failure of kind ServerError: continuing would lose answers
  /// that were paid for.
  [[nodiscard]] llm::Completion complete(const llm::Request& request) override;
  [[nodiscard]] std::string name() const override { return model_->name(); }

 private:
  tune::StudyStore& store_;
  std::shared_ptr<llm::LanguageModel> model_;
  std::mutex mutex_;
  std::map<std::string, int> answered_;
};

/// "model: 12 calls (1 failed), 51234 + 8123 tokens, $0.42, 93 s"; states which values are unknown.
/// Empty for a study without calls.
[[nodiscard]] std::string to_text(const tune::CallTotals& totals);

}  // namespace placewright::agent
