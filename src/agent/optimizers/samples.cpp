// SPDX-License-Identifier: Apache-2.0
// The two controls: whole mappings without feedback, drawn independently (best-of-n) or each
// different from the earlier ones (no-feedback).
#include <fmt/format.h>

#include <deque>

#include "agent/optimizers/mapping_optimizer.h"
#include "agent/optimizers/optimizers.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

constexpr size_t kLongestHistory = 100;
constexpr double kSampleTemperature = 1.0;

class BestOfN : public MappingOptimizer {
 public:
  explicit BestOfN(AgentParts parts) : MappingOptimizer(std::move(parts), 1) {}
  std::string_view name() const override { return "best-of-n"; }

 protected:
  bool begins_without_feedback() const override { return true; }

  Result<llm::Request> next_request(int iteration) override {
    PLACEWRIGHT_TRY(
        auto request,
        mapping_request("mapping-first",
                        {{"facts", to_text(facts())},
                         {"examples", examples()},
                         {"hints", ""},
                         {"task", "Write the mapping that you expect to be the fastest."}}));
    request.temperature = kSampleTemperature;
    request.seed = seed() + static_cast<uint64_t>(iteration);
    return request;
  }

  void learn(const Draft&, const Outcome&, const tune::Evaluation*) override {}
};

class NoFeedback : public MappingOptimizer {
 public:
  explicit NoFeedback(AgentParts parts) : MappingOptimizer(std::move(parts), 1) {}
  std::string_view name() const override { return "no-feedback"; }

 protected:
  bool begins_without_feedback() const override { return true; }

  Result<llm::Request> next_request(int iteration) override {
    if (iteration == 0)
      return mapping_request("mapping-first",
                             {{"facts", to_text(facts())},
                              {"examples", examples()},
                              {"hints", ""},
                              {"task", "Write the mapping that you expect to be the fastest."}});
    std::string before;
    for (const std::string& mapping : history_) before += fmt::format("```\n{}\n```\n", mapping);
    return mapping_request(
        "no-feedback-user",
        {{"facts", to_text(facts())}, {"examples", examples()}, {"history", before}});
  }

  void learn(const Draft& draft, const Outcome&, const tune::Evaluation*) override {
    history_.push_back(draft.mapping);
    if (history_.size() > kLongestHistory) history_.pop_front();
  }

 private:
  std::deque<std::string> history_;
};

}  // namespace

std::unique_ptr<Optimizer> make_best_of_n(AgentParts parts) {
  parts.settings.feedback.level = FeedbackLevel::None;
  return std::make_unique<BestOfN>(std::move(parts));
}

std::unique_ptr<Optimizer> make_no_feedback(AgentParts parts) {
  parts.settings.feedback.level = FeedbackLevel::None;
  return std::make_unique<NoFeedback>(std::move(parts));
}

}  // namespace placewright::agent
