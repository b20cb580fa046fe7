// SPDX-License-Identifier: Apache-2.0
// OptoPrime over the trace of the agent's program (Cheng, Nie, Swaminathan, NeurIPS 2024): the
// prompt shows the newest trace and feedback; the answer gives new values of the variables.
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "agent/answers/output_form.h"
#include "agent/optimizers/optimizers.h"
#include "agent/optimizers/program_optimizer.h"
#include "agent/program/graph.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

constexpr const char* kObjective =
    "Change the values of the variables in #Variables so that the output gets better according to "
    "#Feedback.";

class OptoPrime : public ProgramOptimizer {
 public:
  using ProgramOptimizer::ProgramOptimizer;
  std::string_view name() const override { return "optoprime"; }

 protected:
  Result<llm::Request> next_request(int) override {
    const Graph graph = trace(current_, facts(), check_, outcome_, metric());
    const std::string said = outcome_ ? feedback(*outcome_) : "";
    llm::Request request;
    request.max_output_tokens = settings().max_tokens;
    request.form = suggestion_form(true);
    PLACEWRIGHT_TRY(const auto described, language());
    PLACEWRIGHT_TRY_VOID(
        add_message(request, llm::Role::System, "optoprime-system", {{"language", described}}));
    std::string past;
    for (const std::string& each : memory_) past += each + "\n";
    if (!past.empty()) past = "\nThese variables and feedbacks came before:\n\n" + past;
    past += best_so_far();
    const std::string shown = examples();
    PLACEWRIGHT_TRY_VOID(
        add_message(request, llm::Role::User, "optoprime-user",
                    {{"problem", to_text(problem_instance(graph, kObjective, said))},
                     {"memory", past},
                     {"examples", shown.empty() ? "" : "\n" + shown}}));
    remember(as_example(current_, said));
    return request;
  }

  // The newest program is always the next one to change, regardless of its result.
  void learn(const Draft& draft, const Outcome& outcome, const tune::Evaluation*) override {
    current_ = *draft.program;
    check_ = draft.check;
    outcome_ = outcome;
    const bool is_best = outcome.value && (!best_ || outcome.metric.cost(*outcome.value) <
                                                         outcome.metric.cost(*best_->second.value));
    if (is_best) best_ = {current_, outcome};
  }

 private:
  /// Nothing if it is the one in the problem. The published agent does not show it.
  [[nodiscard]] std::string best_so_far() const {
    const bool is_shown = !best_ || (outcome_ && outcome_->value == best_->second.value);
    if (settings().faithful() || is_shown) return "";
    return "\nThe best so far were these variables:\n\n" +
           as_example(best_->first, one_line(best_->second)) + "\n";
  }

  void remember(std::string example) {
    memory_.push_back(std::move(example));
    while (memory_.size() > static_cast<size_t>(std::max(settings().memory, 0)))
      memory_.pop_front();
  }

  ProgramCheck check_;
  std::optional<Outcome> outcome_;
  std::optional<std::pair<Program, Outcome>> best_;
  std::deque<std::string> memory_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optoprime(AgentParts parts) {
  return std::make_unique<OptoPrime>(std::move(parts));
}

}  // namespace placewright::agent
