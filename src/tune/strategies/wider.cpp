// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/wider.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "support/try.h"
#include "tune/mapping_writer.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

/// A choice that alone costs so many times the incumbent is not drawn again.
constexpr double kBad = 1.5;
/// Draws of a knob's choice, of which one may be good.
constexpr int kDraws = 4;

class WiderStrategy : public Strategy {
 public:
  WiderStrategy(StrategyMaker maker, std::unique_ptr<Strategy> inner, const SearchSpace& space,
                uint64_t seed)
      : maker_(std::move(maker)),
        inner_(std::move(inner)),
        space_(space),
        seed_(seed),
        generator_(seed) {}

  std::string_view name() const override { return inner_->name(); }
  WantedFindings wants_findings() const override { return inner_->wants_findings(); }
  std::string summary() const override { return inner_->summary(); }
  std::string why_nothing() const override { return inner_->why_nothing(); }

  void begin(const Start& start) override {
    start_ = start;
    inner_->begin(start);
  }

  Result<std::optional<Proposal>> ask() override {
    if (!is_wide_) {
      PLACEWRIGHT_TRY(std::optional<Proposal> proposal, inner_->ask());
      if (proposal || !start_.cheap || space_.free_knobs() < 2) return proposal;
      is_wide_ = true;
    }
    changed_ = start_.assignment;
    std::string move = draw() % 3 == 0 && !space_.groups().empty() ? change_group() : "";
    const size_t knobs = 1 + (move.empty() ? 1 : 0) + draw() % 3;
    for (size_t i = 0; i < knobs; ++i) change_knob(move);
    return Proposal{write_mapping(space_, changed_), std::move(move)};
  }

  void tell(const Proposal& proposal, const Verdict& verdict) override {
    if (!verdict.accepted && is_bad(verdict.evaluation)) learn_bad_choice(verdict.evaluation);
    if (!is_wide_) {
      inner_->tell(proposal, verdict);
      if (!verdict.accepted) return;
      // Only a strategy's own moves are known as text; what it decides comes back with the result.
      start_.incumbent = verdict.evaluation;
      start_.findings = verdict.findings;
      start_.assignment = assignment_of(verdict.evaluation);
      return;
    }
    if (!verdict.accepted) return;
    start_.incumbent = verdict.evaluation;
    start_.findings = verdict.findings;
    start_.assignment = changed_;
    auto next = maker_(space_, ++seed_);
    if (!next) return;
    inner_ = *std::move(next);
    inner_->begin(start_);
    is_wide_ = false;
  }

 private:
  // Not std::uniform_int_distribution: its results differ between standard libraries.
  uint64_t draw() { return generator_(); }

  [[nodiscard]] Assignment assignment_of(const Evaluation& evaluation) const {
    const workload::Candidate candidate = workload::compile_candidate(
        "incumbent.mapping", evaluation.mapping, space_.workload(), space_.machine());
    // The default mapper has no text.
    if (candidate.policy == nullptr) return space_.defaults();
    return space_.nearest(candidate.decisions);
  }

  [[nodiscard]] bool is_bad(const Evaluation& evaluation) const {
    if (evaluation.status == Status::RejectedMapping) return false;
    if (evaluation.status != Status::Ok) return true;
    const std::optional<double> best = start_.incumbent.median;
    return evaluation.median && best &&
           start_.metric.cost(*evaluation.median) > kBad * start_.metric.cost(*best);
  }

  /// Where only one choice differs from the incumbent's, it is the reason.
  void learn_bad_choice(const Evaluation& evaluation) {
    const Assignment tried = is_wide_ ? changed_ : assignment_of(evaluation);
    const auto differs = std::mismatch(tried.begin(), tried.end(), start_.assignment.begin(),
                                       start_.assignment.end());
    if (differs.first == tried.end() ||
        !std::equal(std::next(differs.first), tried.end(), std::next(differs.second)))
      return;
    bad_.insert({static_cast<size_t>(differs.first - tried.begin()), *differs.first});
  }

  static void add(std::string& move, const std::string& what) {
    move += (move.empty() ? "" : "; ") + what;
  }

  void change_knob(std::string& move) {
    const size_t knob = draw() % space_.knobs().size();
    if (space_.knobs()[knob].fixed) return;
    const std::vector<Choice>& choices = space_.knobs()[knob].choices;
    size_t choice = 0;
    bool is_good = false;
    for (int i = 0; i < kDraws && !is_good; ++i) {
      const size_t other = 1 + draw() % (choices.size() - 1);
      choice = (static_cast<size_t>(changed_[knob]) + other) % choices.size();
      is_good = !bad_.contains({knob, static_cast<int>(choice)});
    }
    if (!is_good) return;
    changed_[knob] = static_cast<int>(choice);
    add(move,
        fmt::format("{}: {}", space_.label(static_cast<int>(knob)), to_string(choices[choice])));
  }

  std::string change_group() {
    const KnobGroup& group = space_.groups()[draw() % space_.groups().size()];
    const auto first = static_cast<size_t>(group.knobs.front());
    const Choice wanted =
        space_.knobs()[first].choices[draw() % space_.knobs()[first].choices.size()];
    for (const int knob : group.knobs) {
      const Knob& turned = space_.knobs()[static_cast<size_t>(knob)];
      if (turned.fixed) continue;
      const std::vector<Choice>& choices = turned.choices;
      const auto found = std::find(choices.begin(), choices.end(), wanted);
      const auto choice = static_cast<int>(found - choices.begin());
      if (found != choices.end() && !bad_.contains({static_cast<size_t>(knob), choice}))
        changed_[static_cast<size_t>(knob)] = choice;
    }
    return fmt::format("{}: {}", group.name, to_string(wanted));
  }

  StrategyMaker maker_;
  std::unique_ptr<Strategy> inner_;
  const SearchSpace& space_;
  uint64_t seed_;
  std::mt19937_64 generator_;
  Start start_;
  bool is_wide_ = false;
  Assignment changed_;
  std::set<std::pair<size_t, int>> bad_;  ///< Knobs and choices.
};

}  // namespace

StrategyMaker make_wider(StrategyMaker maker) {
  return [maker = std::move(maker)](const SearchSpace& space,
                                    uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
    PLACEWRIGHT_TRY(auto inner, maker(space, seed));
    return std::make_unique<WiderStrategy>(maker, std::move(inner), space, seed);
  };
}

}  // namespace placewright::tune
