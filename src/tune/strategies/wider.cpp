// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/wider.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "explain/edit.h"
#include "lang/grammar/index_maps.h"
#include "support/try.h"
#include "tune/knob_rules.h"
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
  int most_open() const override { return inner_->most_open(); }
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
    for (int i = 0; i < kDraws; ++i) {
      Proposal proposal = draw_proposal();
      // The same one twice would be told twice.
      if (open_.insert(proposal.mapping).second) return proposal;
    }
    return std::nullopt;
  }

  void tell(const Proposal& proposal, const Verdict& verdict) override {
    const bool was_drawn = open_.erase(proposal.mapping) > 0;
    if (!verdict.accepted && is_bad(verdict.evaluation)) learn_bad_choice(verdict.evaluation);
    if (!was_drawn) {
      inner_->tell(proposal, verdict);
      if (!verdict.accepted) return;
      is_wide_ = false;
      // Only a strategy's own moves are known as text; what it decides comes back with the result.
      start_.incumbent = verdict.evaluation;
      start_.findings = verdict.findings;
      start_.assignment = assignment_of(verdict.evaluation);
      return;
    }
    if (!verdict.accepted) return;
    start_.incumbent = verdict.evaluation;
    start_.findings = verdict.findings;
    start_.assignment = assignment_of(verdict.evaluation);
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
    const bool ran =
        evaluation.status != Status::RejectedMapping && evaluation.status != Status::NotMeasured;
    if (!ran) return false;
    if (evaluation.status != Status::Ok) return true;
    const std::optional<double> best = start_.incumbent.median;
    return evaluation.median && best &&
           start_.metric.cost(*evaluation.median) > kBad * start_.metric.cost(*best);
  }

  /// Where only one choice differs from the incumbent's, it is the reason.
  void learn_bad_choice(const Evaluation& evaluation) {
    const Assignment tried = assignment_of(evaluation);
    const auto differs = std::mismatch(tried.begin(), tried.end(), start_.assignment.begin(),
                                       start_.assignment.end());
    if (differs.first == tried.end() ||
        !std::equal(std::next(differs.first), tried.end(), std::next(differs.second)))
      return;
    bad_.insert({static_cast<size_t>(differs.first - tried.begin()), *differs.first});
  }

  /// The incumbent with a few edits in front, so that it keeps what no knob says.
  Proposal draw_proposal() {
    Proposal drawn{start_.incumbent.mapping, ""};
    if (drawn.mapping.empty()) drawn.mapping = write_mapping(space_, start_.assignment);
    const bool changes_group = draw() % 3 == 0 && !space_.groups().empty();
    if (changes_group) change_group(drawn);
    const size_t knobs = 1 + (changes_group ? 0 : 1) + draw() % 3;
    for (size_t i = 0; i < knobs; ++i) change_knob(drawn);
    return drawn;
  }

  static void apply(const std::optional<explain::Edit>& edit, Proposal& drawn) {
    // It may change nothing, or not be possible.
    if (!edit) return;
    drawn.mapping = explain::apply_edit(*edit, drawn.mapping);
    drawn.move += (drawn.move.empty() ? "" : "; ") + edit->label;
  }

  void change_knob(Proposal& drawn) {
    const size_t number = draw() % space_.knobs().size();
    const Knob& knob = space_.knobs()[number];
    if (knob.fixed) return;
    const explain::EditMaker maker(space_.workload(), space_.machine(), drawn.mapping);
    if (knob.is<IndexMap>()) {
      const std::string_view map =
          lang::grammar::kIndexMaps[draw() % lang::grammar::kIndexMaps.size()];
      apply(maker.place(space_.workload().tasks[knob.task].name, map, knob.processor), drawn);
      return;
    }
    for (int i = 0; i < kDraws; ++i) {
      const size_t choice = draw() % knob.choices.size();
      if (bad_.contains({number, static_cast<int>(choice)})) continue;
      const Choice& chosen = knob.choices[choice];
      const std::string label =
          fmt::format("{}: {}", space_.label(static_cast<int>(number)), to_string(chosen));
      apply(maker.make(label, rule_of(space_, knob, chosen)), drawn);
      return;
    }
  }

  void change_group(Proposal& drawn) {
    const KnobGroup& group = space_.groups()[draw() % space_.groups().size()];
    const std::vector<Choice>& of_first =
        space_.knobs()[static_cast<size_t>(group.knobs.front())].choices;
    const Choice wanted = of_first[draw() % of_first.size()];
    std::string rules;
    for (const int number : group.knobs) {
      const Knob& knob = space_.knobs()[static_cast<size_t>(number)];
      const auto found = std::ranges::find(knob.choices, wanted);
      const auto choice = static_cast<int>(found - knob.choices.begin());
      const bool is_bad = bad_.contains({static_cast<size_t>(number), choice});
      if (!knob.fixed && found != knob.choices.end() && !is_bad)
        rules += rule_of(space_, knob, wanted);
    }
    const explain::EditMaker maker(space_.workload(), space_.machine(), drawn.mapping);
    apply(maker.make(fmt::format("{}: {}", group.name, to_string(wanted)), rules), drawn);
  }

  StrategyMaker maker_;
  std::unique_ptr<Strategy> inner_;
  const SearchSpace& space_;
  uint64_t seed_;
  std::mt19937_64 generator_;
  Start start_;
  bool is_wide_ = false;
  std::set<std::string> open_;            ///< Mappings that were drawn.
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
