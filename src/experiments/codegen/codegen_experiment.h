// SPDX-License-Identifier: Apache-2.0
// The code-generation experiment: a language model writes each strategy as a mapping and as a
// mapper in C++, once and with refinements. Asks and records; the tester grades the answers.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/codegen/answer_tester.h"
#include "llm/language_model.h"

namespace placewright::experiments {

struct Attempt {
  std::string prompt;  ///< Names and versions of the prompt files.
  llm::Reply reply;
  std::string code;  ///< Extracted from the reply.
  Assessment assessment;
};

/// One strategy for one target.
struct Trial {
  Target target = Target::Mapping;
  int strategy = 0;
  std::vector<Attempt> attempts;  ///< The first attempt, then refinements; not empty.

  [[nodiscard]] Grade single() const { return attempts.front().assessment.grade; }
  /// After the last refinement.
  [[nodiscard]] Grade refined() const { return attempts.back().assessment.grade; }
};

struct CodegenSettings {
  std::vector<Target> targets;
  std::vector<int> strategies;  ///< Numbers.
  int refinements = 10;         ///< Upper limit, after the first attempt.
  int max_output_tokens = 8192;
  std::optional<double> temperature;  ///< Unset: the server's own.
  std::optional<uint64_t> seed;
  std::function<void(const Trial&)> on_attempt;  ///< After each; may be empty.
};

struct CodegenResult {
  std::string model;
  CodegenSettings settings;
  std::vector<Trial> trials;
  /// Why it ended early: a failure of the model (its word in `failure`) or of the tester.
  std::optional<Error> stopped;
  std::string failure;
};

/// The code of a reply: its largest fenced block, else all of it. Empty when there is nothing.
[[nodiscard]] std::string code_of(const std::string& reply);

/// Trials one after the other: all strategies for the first target, then for the next one. A model
/// that declines, or only reasons, has given no answer, and the trial ends; any other failure ends
/// the experiment.
[[nodiscard]] CodegenResult run_codegen_experiment(const CodegenSettings& settings,
                                                   llm::LanguageModel& model, AnswerTester& tester);

}  // namespace placewright::experiments
