// SPDX-License-Identifier: Apache-2.0
// What an optimizer is made of: the settings of its user, a model, prompts and a search space.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/feedback.h"
#include "agent/program/facts.h"
#include "agent/program/program.h"
#include "agent/prompt.h"
#include "llm/language_model.h"
#include "tune/strategy.h"

namespace placewright::agent {

struct AgentSettings {
  FeedbackStyle feedback;
  int shots = 0;       ///< Example mappings in the prompt, at most those in examples.md.
  int candidates = 4;  ///< Per call; `reflect` only.
  int iterations = 10;
  int memory = 0;         ///< `optoprime`: how many past variables and feedbacks it is shown.
  int max_tokens = 4096;  ///< Per answer.
  /// The agent's first program; if unset it begins with the search's incumbent mapping.
  std::optional<Program> start;
  /// No repair rounds: what fails is proposed and recorded as rejected.
  [[nodiscard]] bool faithful() const { return feedback.wording == Wording::Paper; }
};

struct AgentParts {
  const tune::SearchSpace& space;
  std::shared_ptr<llm::LanguageModel> model;
  PromptLibrary prompts;
  AgentSettings settings;
  uint64_t seed = 1;
  std::function<void(const std::string&)> note;  ///< For the user; may be empty.
  tune::Metric metric;                           ///< What is improved.
  Facts restrictions = {};                       ///< What must not change (restrictions_of()).
};

}  // namespace placewright::agent
