// SPDX-License-Identifier: Apache-2.0
// Shared code of all optimizers that ask a language model: calling it, reading and checking its
// answers, one repair round, skipping what was tried before, and bookkeeping. Each optimizer adds
// what it asks and what it learns: optoprime.cpp, opro.cpp, samples.cpp, reflect.cpp.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/answers/answer.h"
#include "agent/optimizers/parts.h"
#include "agent/program/check.h"
#include "agent/program/facts.h"
#include "llm/language_model.h"
#include "tune/strategy.h"

namespace placewright::agent {

/// One mapping on its way from an answer to a run.
struct Draft {
  std::string mapping;
  std::optional<Program> program;  ///< Set if it was written as six bodies.
  std::string idea;
  ProgramCheck check;
  bool from_answer = false;  ///< The model wrote it; otherwise it is a starting point.
};

/// Counts what happened to the answers and to the drafts in them.
struct Tally {
  int answers = 0, unreadable = 0, cut_short = 0, terminated = 0;
  int drafts = 0, invalid = 0, repaired = 0, repeated = 0, tried = 0;
};

/// Why the model is asked no more although nothing failed: a spent budget, or the user.
struct Ended {
  std::string why;
};
/// What comes from the model, or why nothing does.
template <class T>
using Asked = tl::expected<T, std::variant<Ended, Error>>;

class Optimizer : public tune::Strategy {
 public:
  explicit Optimizer(AgentParts parts);

  /// Sends the first request if it needs no feedback; call once, after construction.
  [[nodiscard]] Result<void> prepare();

  void begin(const tune::Start& start) override;
  [[nodiscard]] Result<std::optional<tune::Proposal>> ask() override;
  void tell(const tune::Proposal& proposal, const tune::Verdict& verdict) override;
  [[nodiscard]] tune::WantedFindings wants_findings() const override;
  [[nodiscard]] std::string why_nothing() const override;
  [[nodiscard]] std::string summary() const override;

 protected:
  /// Whether the first request can be made before anything has run.
  [[nodiscard]] virtual bool begins_without_feedback() const = 0;
  /// The request of iteration `iteration`, from 0. Errors: a prompt file with wrong placeholders.
  [[nodiscard]] virtual Result<llm::Request> next_request(int iteration) = 0;
  /// Errors are reported to the model. `base` is the draft that a repair round is about, else null.
  /// An empty list means that the model wants no change.
  [[nodiscard]] virtual Result<std::vector<Draft>> read(const llm::Reply& reply,
                                                        const Draft* base) = 0;
  /// A draft was run, or was run before, or is invalid and will not be run.
  virtual void learn(const Draft& draft, const Outcome& outcome,
                     const tune::Evaluation* evaluation) = 0;
  /// How a repair prompt names the failing drafts.
  [[nodiscard]] virtual std::string repair_what(size_t failing) const = 0;
  virtual void begin_with(const tune::Start& start, const Draft& incumbent) = 0;
  /// The text of a baseline, and its decisions.
  [[nodiscard]] Draft draft_of(const tune::Evaluation& baseline) const;

  [[nodiscard]] const AgentSettings& settings() const { return parts_.settings; }
  [[nodiscard]] const tune::SearchSpace& space() const { return parts_.space; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const tune::Metric& metric() const { return parts_.metric; }
  [[nodiscard]] uint64_t seed() const { return parts_.seed; }
  [[nodiscard]] Draft draft_of(Program program, std::string idea) const;
  [[nodiscard]] Draft draft_of(const std::string& mapping, std::string idea) const;
  /// Queues a draft, to be proposed before the next request is made.
  void enqueue(Draft draft) { queue_.push_back(std::move(draft)); }
  /// Fills a prompt, appends it as a message and adds its id to the request's record.
  [[nodiscard]] Result<void> add_message(llm::Request& request, llm::Role role,
                                         std::string_view prompt, const PromptValues& values) const;
  /// The description of the language for system prompts.
  [[nodiscard]] Result<std::string> language() const;
  [[nodiscard]] const Prompt& prompt(std::string_view name) const {
    return parts_.prompts.get(name);
  }
  /// The first `shots` examples with a title, or nothing.
  [[nodiscard]] std::string examples() const;
  /// Without advice that a run has shown to be wrong.
  [[nodiscard]] std::string feedback(const Outcome& outcome) const;

 private:
  struct Known {
    Outcome outcome;
    tune::Evaluation evaluation;
    workload::ResolvedDecisions decisions;
  };
  using Changes = std::vector<std::vector<workload::Difference>>;
  /// The changes between any two mappings that made the second one worse beyond doubt, or fail.
  [[nodiscard]] Changes harmful_changes() const;
  /// Whether the edit of the mapping is one of the changes.
  [[nodiscard]] bool is_refuted(const std::string& mapping, const explain::Edit& edit,
                                const Changes& harmful) const;
  Asked<llm::Reply> call(const llm::Request& request);
  Asked<llm::Reply> finish(const llm::Completion& completion);
  Asked<void> ask_model();
  Asked<std::optional<std::vector<Draft>>> answers(const llm::Request& request);
  Asked<void> repair(llm::Request conversation, std::vector<Draft>& drafts);
  /// Whether the draft must be proposed; otherwise learns from the known result.
  bool is_new(const Draft& draft);
  static const std::string& key(const Draft& draft);
  void note(const std::string& text) const;

  AgentParts parts_;
  Facts facts_;
  Tally tally_;
  int iteration_ = 0;
  std::optional<std::string> ended_;  ///< Why the model is no longer asked, once it is not.
  std::deque<Draft> queue_;
  Draft asked_;
  std::map<std::string, Known> known_;
  std::string last_reply_;
  int silent_ = 0;  ///< Answers in a row that were reasoning only.
  std::optional<llm::Request> first_request_;
  std::future<llm::Completion> first_reply_;
};

}  // namespace placewright::agent
