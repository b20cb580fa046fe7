// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/advisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <set>

#include "explain/edit.h"
#include "tune/mapping_writer.h"
#include "tune/strategies/advisor_moves.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

using explain::Edit;
using explain::Finding;

constexpr size_t kMostPartners = 4;  // best single edits, all pairs of which are tried
// An edit that alone is slower than this factor cannot contribute to a pair.
constexpr double kHopeful = 1.25;

/// A mapping: the first incumbent with edits in front of it, the last edit first.
struct Plan {
  std::vector<Edit> edits;
  std::string words;
  bool is_single = false;  ///< One edit alone.
};

enum class Phase { Together, Single, Pairs, Undo, Moves, Done };

class Advisor : public tune::Strategy {
 public:
  explicit Advisor(const tune::SearchSpace& space) : space_(space) {}

  std::string_view name() const override { return "advisor"; }
  tune::WantedFindings wants_findings() const override {
    return tune::WantedFindings::OfIncumbents;
  }

  int most_open() const override { return std::numeric_limits<int>::max(); }

  void begin(const tune::Start& start) override {
    base_ = start.incumbent.mapping;
    known_.insert(start.incumbent.decisions);
    metric_ = start.metric;
    incumbent_cost_ = cost_of(start.incumbent).value_or(0);
    take(start.findings);
    begin_round();
  }

  Result<std::optional<tune::Proposal>> ask() override {
    while (true) {
      while (!plans_.empty()) {
        const Plan plan = std::move(plans_.front());
        plans_.pop_front();
        const std::string mapping = text_of(plan.edits);
        const workload::Candidate candidate = compile(mapping);
        if (candidate.policy == nullptr || !known_.insert(candidate.fingerprint.text).second)
          continue;
        open_[mapping] = plan;
        return tune::Proposal{mapping, plan.words};
      }
      if (phase_ == Phase::Done) return std::nullopt;
      phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
      add_plans();
    }
  }

  void tell(const tune::Proposal& proposal, const tune::Verdict& verdict) override {
    const auto open = open_.extract(proposal.mapping);
    // A proposal of the one before this one.
    if (!open) return;
    const Plan& asked = open.mapped();
    if (verdict.accepted) {
      ++accepted_;
      carried_ = asked.edits;
      incumbent_cost_ = cost_of(verdict.evaluation).value_or(incumbent_cost_);
      // Where there was no time for a profile run, those of the mapping before it still hold mostly.
      if (!verdict.findings.empty()) take(verdict.findings);
      begin_round();
    } else if (asked.is_single) {
      const auto cost = cost_of(verdict.evaluation);
      if (cost && *cost < kHopeful * incumbent_cost_) {
        singles_.emplace(*cost, asked.edits.back());
      } else {
        refuted_.insert(asked.edits.back().rules);
      }
    }
  }

  std::string summary() const override {
    return fmt::format("advisor: {} findings led to {} edits, {} mappings were kept\n",
                       findings_seen_, edits_seen_, accepted_);
  }

 private:
  std::optional<double> cost_of(const Evaluation& evaluation) const {
    if (!evaluation.median) return std::nullopt;
    return metric_.cost(*evaluation.median);
  }

  workload::Candidate compile(const std::string& mapping) const {
    return workload::compile_candidate("candidate.mapping", mapping, space_.workload(),
                                       space_.machine());
  }

  /// The base mapping with the edits applied; spells out the default mapper if that has no text.
  std::string text_of(const std::vector<Edit>& edits) const {
    std::string text = base_;
    for (const Edit& edit : edits) text = explain::apply_edit(edit, text);
    return text.empty() ? tune::write_mapping(space_, space_.defaults()) : text;
  }

  void take(const std::vector<Finding>& findings) {
    findings_ = findings;
    findings_seen_ += findings.size();
    for (const Finding& finding : findings) edits_seen_ += finding.edits.size();
  }

  void begin_round() {
    // What a run has shown to be wrong is not advised again.
    for (Finding& finding : findings_)
      std::erase_if(finding.edits, [&](const Edit& edit) { return refuted_.contains(edit.rules); });
    plans_.clear();
    singles_.clear();
    phase_ = Phase::Together;
    add_together();
  }

  void add_plans() {
    switch (phase_) {
      case Phase::Together:
        return add_together();
      case Phase::Single:
        return add_singles();
      case Phase::Pairs:
        return add_pairs();
      case Phase::Undo:
        return add_undo();
      case Phase::Moves:
        return add_moves();
      case Phase::Done:
        return;
    }
  }

  void add(std::vector<Edit> more, std::string words) {
    std::vector<Edit> edits = carried_;
    edits.insert(edits.end(), more.begin(), more.end());
    plans_.push_back({std::move(edits), std::move(words)});
  }

  /// The first edits of the `count` heaviest findings that are compatible; the heaviest ends up
  /// in front.
  std::vector<Edit> compatible(size_t count) const {
    std::vector<Edit> edits;
    size_t seen = 0;
    for (const Finding& finding : findings_) {
      if (finding.edits.empty()) continue;
      if (seen++ == count) break;
      if (std::ranges::find(edits, finding.edits.front()) != edits.end()) continue;
      std::vector<Edit> with = carried_;
      with.push_back(finding.edits.front());
      with.insert(with.end(), edits.begin(), edits.end());
      if (compile(text_of(with)).policy != nullptr)
        edits.insert(edits.begin(), finding.edits.front());
    }
    return edits;
  }

  void add_together() {
    const auto advising = static_cast<size_t>(
        std::ranges::count_if(findings_, [](const Finding& each) { return !each.edits.empty(); }));
    for (size_t count = advising; count > 1; count /= 2) {
      const std::vector<Edit> edits = compatible(count);
      if (edits.size() > 1) add(edits, labels(edits));
    }
  }

  static std::string labels(const std::vector<Edit>& edits) {
    std::string words;
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit)
      words += (words.empty() ? "" : "; ") + edit->label;
    return words;
  }

  // Every finding's first edit comes before any second edit.
  void add_singles() {
    size_t most = 0;
    for (const Finding& finding : findings_) most = std::max(most, finding.edits.size());
    for (size_t i = 0; i < most; ++i) {
      for (const Finding& finding : findings_)
        if (i < finding.edits.size()) {
          add({finding.edits[i]}, finding.edits[i].label);
          plans_.back().is_single = true;
        }
    }
  }

  void add_pairs() {
    std::vector<Edit> best;
    for (const auto& [cost, edit] : singles_)
      if (best.size() < kMostPartners) best.push_back(edit);
    for (size_t second = 1; second < best.size(); ++second) {
      for (size_t first = 0; first < second; ++first)
        add({best[second], best[first]}, labels({best[second], best[first]}));
    }
  }

  void add_undo() {
    if (carried_.size() < 2) return;
    for (size_t i = 0; i < carried_.size(); ++i) {
      std::vector<Edit> edits = carried_;
      const std::string words = "without: " + edits[i].label;
      edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(i));
      plans_.push_back({std::move(edits), words});
    }
  }

  void add_moves() {
    const std::string center = carried_.empty() ? base_ : text_of(carried_);
    for (const Edit& edit : local_moves(space_, center, findings_)) add({edit}, edit.label);
  }

  const tune::SearchSpace& space_;
  std::string base_;  // the first incumbent
  std::vector<Edit> carried_;
  std::vector<Finding> findings_;  // the newest profile's, heaviest first
  Metric metric_;
  double incumbent_cost_ = 0;
  std::multimap<double, Edit> singles_;  // by their cost
  std::set<std::string> known_;
  std::set<std::string> refuted_;  // rules of edits that alone made a run fail or much slower
  std::deque<Plan> plans_;
  std::map<std::string, Plan> open_;  // by mapping
  Phase phase_ = Phase::Together;
  size_t findings_seen_ = 0, edits_seen_ = 0;
  int accepted_ = 0;
};

}  // namespace

std::unique_ptr<tune::Strategy> make_advisor(const tune::SearchSpace& space) {
  return std::make_unique<Advisor>(space);
}

}  // namespace placewright::tune
