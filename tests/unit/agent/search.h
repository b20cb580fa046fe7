// SPDX-License-Identifier: Apache-2.0
// A whole search of an application that never runs, by an optimizer with a scripted model.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "agent/optimizers/optimizers.h"
#include "llm/scripted_model.h"
#include "search_fixture.h"

namespace placewright::agent {

class SearchTest : public tune::SearchTest {
 protected:
  /// With the named optimizer.
  Result<tune::Report> search(const std::string& optimizer,
                              std::shared_ptr<llm::LanguageModel> model, tune::StudyStore& store) {
    make = [&](const tune::SearchSpace& space,
               uint64_t seed) -> Result<std::unique_ptr<tune::Strategy>> {
      auto made = make_optimizer(
          optimizer, {space, model, PromptLibrary(), settings_, seed,
                      [this](const std::string& text) { notes_.push_back(text); }, search_.metric});
      if (!made) return tl::unexpected(made.error());
      return std::unique_ptr<tune::Strategy>(std::move(*made));
    };
    return tune::SearchTest::search(store);
  }

  AgentSettings settings_;
  std::vector<std::string> notes_;
};

/// The same answer to any call.
inline std::shared_ptr<llm::ScriptedModel> always(std::string text) {
  return std::make_shared<llm::ScriptedModel>([text = std::move(text)](const llm::Request&, int) {
    return llm::ScriptedModel::says(text);
  });
}

inline std::shared_ptr<llm::ScriptedModel> in_turn(std::vector<std::string> texts) {
  std::vector<llm::Completion> script;
  for (std::string& text : texts) script.push_back(llm::ScriptedModel::says(std::move(text)));
  return std::make_shared<llm::ScriptedModel>(std::move(script));
}

/// What the model was told in its n-th call, all messages one after the other.
inline std::string told(const llm::ScriptedModel& model, size_t call) {
  const auto requests = model.requests();
  std::string text;
  EXPECT_LT(call, requests.size());
  if (call >= requests.size()) return text;
  for (const llm::Message& message : requests[call].messages) text += message.text + "\n";
  return text;
}

}  // namespace placewright::agent
