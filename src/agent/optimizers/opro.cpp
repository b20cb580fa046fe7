// SPDX-License-Identifier: Apache-2.0
// OPRO as in Trace: the prompt shows everything tried with its feedback but no graph; the answer
// gives new values of the variables.
#include <fmt/format.h>

#include <deque>

#include "agent/answers/output_form.h"
#include "agent/optimizers/optimizers.h"
#include "agent/optimizers/program_optimizer.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

constexpr size_t kLongestHistory = 100;

std::string constraints_text() {
  std::string text;
  for (const Decision decision : kDecisions)
    text += fmt::format("(code) {}: {} Rules: {}. It may be empty.\n", function_name(decision),
                        documentation(decision), fmt::join(allowed_rules(decision), ", "));
  return text;
}

class Opro : public ProgramOptimizer {
 public:
  using ProgramOptimizer::ProgramOptimizer;
  std::string_view name() const override { return "opro"; }

 protected:
  Result<llm::Request> next_request(int) override {
    llm::Request request;
    request.max_output_tokens = settings().max_tokens;
    request.form = suggestion_form(false);
    PLACEWRIGHT_TRY(const auto described, language());
    PLACEWRIGHT_TRY_VOID(
        add_message(request, llm::Role::System, "opro-system", {{"language", described}}));
    std::string history;
    for (const std::string& each : history_) history += each + "\n";
    PLACEWRIGHT_TRY_VOID(add_message(
        request, llm::Role::User, "opro-user",
        {{"facts", to_text(facts())},
         {"constraints", constraints_text()},
         {"examples", examples()},
         {"history", history},
         {"instruction", "Propose new values of the variables in accordance with the feedback."}}));
    return request;
  }

  void learn(const Draft& draft, const Outcome& outcome, const tune::Evaluation*) override {
    current_ = *draft.program;
    history_.push_back(as_example(current_, feedback(outcome)));
    if (history_.size() > kLongestHistory) history_.pop_front();
  }

 private:
  std::deque<std::string> history_;
};

}  // namespace

std::unique_ptr<Optimizer> make_opro(AgentParts parts) {
  return std::make_unique<Opro>(std::move(parts));
}

}  // namespace placewright::agent
