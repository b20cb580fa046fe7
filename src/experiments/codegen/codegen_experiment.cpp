// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/codegen_experiment.h"

#include <fmt/core.h>

#include "experiments/codegen/prompts.h"
#include "llm/extract.h"
#include "support/check.h"

namespace placewright::experiments {
namespace {

class Experiment {
 public:
  Experiment(const CodegenSettings& settings, llm::LanguageModel& model, AnswerTester& tester)
      : settings_(settings), model_(model), tester_(tester) {
    result_.model = model.name();
    result_.settings = settings;
  }

  CodegenResult run() {
    for (const Target target : settings_.targets) {
      for (const int number : settings_.strategies) {
        const Strategy* strategy = find_strategy(number);
        PLACEWRIGHT_CHECK(strategy != nullptr);
        if (!run_trial(target, *strategy)) return std::move(result_);
      }
    }
    return std::move(result_);
  }

 private:
  enum class Next { Refine, NextTrial, End };

  /// False when the experiment ends.
  bool run_trial(Target target, const Strategy& strategy) {
    Trial trial{target, strategy.number, {}};
    llm::Request first = first_request(target, strategy);
    first.max_output_tokens = settings_.max_output_tokens;
    first.temperature = settings_.temperature;
    first.seed = settings_.seed;
    Next next = Next::Refine;
    for (int refinement = 0; next == Next::Refine && refinement <= settings_.refinements;
         ++refinement) {
      llm::Request request = first;
      if (refinement > 0) {
        const Attempt& last = trial.attempts.back();
        request = next_request(first, target, last.reply.text, last.assessment);
      }
      next = attempt(trial, strategy, request);
      if (next != Next::End && settings_.on_attempt) settings_.on_attempt(trial);
    }
    if (!trial.attempts.empty()) result_.trials.push_back(std::move(trial));
    return next != Next::End;
  }

  /// Asks once and has the answer tried out.
  Next attempt(Trial& trial, const Strategy& strategy, const llm::Request& request) {
    Attempt attempt;
    attempt.prompt = request.prompt;
    llm::Completion reply = model_.complete(request);
    const bool is_no_answer = !reply && (reply.error().failure == llm::Failure::Refused ||
                                         reply.error().failure == llm::Failure::OnlyReasoning);
    if (is_no_answer) {
      const Error& error = reply.error().error;
      attempt.assessment.message = error.message + "\n";
      if (!error.help.empty())
        attempt.assessment.message += fmt::format("  help: {}\n", error.help);
      trial.attempts.push_back(std::move(attempt));
      return Next::NextTrial;
    }
    if (!reply) {
      result_.failure = llm::to_string(reply.error().failure);
      result_.stopped = reply.error().error;
      return Next::End;
    }
    attempt.reply = std::move(*reply);
    attempt.code = code_of(attempt.reply.text);
    if (attempt.code.empty()) {
      attempt.assessment.message = "the answer has no code block\n";
    } else {
      const Result<Assessment> assessment = tester_.assess(trial.target, strategy, attempt.code);
      if (!assessment) {
        result_.stopped = assessment.error();
        return Next::End;
      }
      attempt.assessment = *assessment;
    }
    const bool is_right = attempt.assessment.grade == Grade::Right;
    if (attempt.reply.truncated && !is_right)
      attempt.assessment.message +=
          fmt::format("the answer was cut off after {} tokens\n",
                      attempt.reply.usage.output.value_or(request.max_output_tokens));
    trial.attempts.push_back(std::move(attempt));
    return is_right ? Next::NextTrial : Next::Refine;
  }

  const CodegenSettings& settings_;
  llm::LanguageModel& model_;
  AnswerTester& tester_;
  CodegenResult result_;
};

}  // namespace

std::string code_of(const std::string& reply) {
  if (auto block = llm::extract_code_block(reply)) return std::move(*block);
  return reply.find_first_not_of(" \t\r\n") == std::string::npos ? "" : reply;
}

CodegenResult run_codegen_experiment(const CodegenSettings& settings, llm::LanguageModel& model,
                                     AnswerTester& tester) {
  return Experiment(settings, model, tester).run();
}

}  // namespace placewright::experiments
