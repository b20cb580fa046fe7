// SPDX-License-Identifier: Apache-2.0
// A language model with scripted answers, for tests.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "llm/language_model.h"

namespace placewright::llm {

class ScriptedModel : public LanguageModel {
 public:
  using Answer = std::function<Completion(const Request& request, int call)>;

  /// Answers the calls in this order; any further call fails as Unreachable.
  explicit ScriptedModel(std::vector<Completion> script);
  /// Asks a function, which gets the number of the call, from 0; one call at a time.
  explicit ScriptedModel(Answer answer) : answer_(std::move(answer)) {}

  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return "scripted"; }

  /// Everything that was asked so far, in order.
  [[nodiscard]] std::vector<Request> requests() const;

  /// A whole answer of this text, with estimated usage.
  [[nodiscard]] static Completion says(std::string text);
  [[nodiscard]] static Completion fails(Failure failure);

 private:
  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<Request> requests_;
};

}  // namespace placewright::llm
