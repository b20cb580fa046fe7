// SPDX-License-Identifier: Apache-2.0
// What an optimizer tells of a run, without advice that another run has shown to be wrong.
#include <algorithm>

#include "agent/optimizers/optimizer.h"
#include "explain/edit.h"
#include "workload/decisions.h"

namespace placewright::agent {
namespace {

bool is_worse(const Outcome& changed, const Outcome& before) {
  if (!changed.ran()) return true;
  return are_apart(changed, before) &&
         changed.metric.cost(*changed.value) > before.metric.cost(*before.value);
}

}  // namespace

Optimizer::Changes Optimizer::harmful_changes() const {
  const workload::Workload& workload = space().workload();
  const auto has_decisions = [&](const Known& known) {
    return known.decisions.tasks.size() == workload.tasks.size();
  };
  Changes harmful;
  for (const auto& [before_key, before] : known_) {
    if (!has_decisions(before) || !before.outcome.ran()) continue;
    for (const auto& [changed_key, changed] : known_) {
      if (has_decisions(changed) && is_worse(changed.outcome, before.outcome))
        harmful.push_back(differences(before.decisions, changed.decisions, workload));
    }
  }
  return harmful;
}

bool Optimizer::is_refuted(const std::string& mapping, const explain::Edit& edit,
                           const Changes& harmful) const {
  const Draft before = draft_of(mapping, "");
  const Draft changed = draft_of(explain::apply_edit(edit, mapping), "");
  if (!before.check.ok() || !changed.check.ok()) return false;
  const auto change = differences(before.check.candidate.decisions,
                                  changed.check.candidate.decisions, space().workload());
  return std::ranges::find(harmful, change) != harmful.end();
}

std::string Optimizer::feedback(const Outcome& outcome) const {
  Outcome shown = outcome;
  if (settings().feedback.wording == Wording::Ours &&
      settings().feedback.level == FeedbackLevel::Suggest) {
    const Changes harmful = harmful_changes();
    for (explain::Finding& finding : shown.findings) {
      const size_t refuted = std::erase_if(finding.edits, [&](const explain::Edit& edit) {
        return is_refuted(outcome.mapping, edit, harmful);
      });
      if (refuted > 0 && finding.edits.empty())
        finding.advice =
            "nothing known: the rules for it were tried and made the run slower or fail";
    }
  }
  return feedback_text(shown, settings().feedback, space().workload());
}

}  // namespace placewright::agent
