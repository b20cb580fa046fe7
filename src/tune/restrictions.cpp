// SPDX-License-Identifier: Apache-2.0
#include "tune/restrictions.h"

#include <fmt/format.h>

#include <algorithm>

#include "explain/edit.h"
#include "support/name_pattern.h"
#include "support/text.h"
#include "support/try.h"
#include "tune/mapping_writer.h"
#include "tune/pinned_rules.h"

namespace placewright::tune {
namespace {

Result<workload::Candidate> compiled(const NamedText& mapping, const SearchSpace& space,
                                     std::string_view what) {
  workload::Candidate candidate =
      workload::compile_candidate(mapping.name, mapping.text, space.workload(), space.machine());
  if (candidate.policy != nullptr) return candidate;
  return fail(fmt::format("the {} mapping is rejected:\n{}", what, candidate.messages));
}

std::string position(const workload::Candidate& mapping, std::optional<SourceRange> rule,
                     std::string_view otherwise) {
  return rule ? mapping.policy->position(*rule) : std::string(otherwise);
}

std::vector<std::string> task_names(const SearchSpace& space) {
  std::vector<std::string> names;
  for (const workload::WorkloadTask& task : space.workload().tasks) names.push_back(task.name);
  return names;
}

bool fits_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& each) { return speaks_of(each, name); });
}

}  // namespace

Result<Restrictions> Restrictions::make(const Settings& settings,
                                        const workload::Candidate& defaults, SearchSpace& space) {
  Restrictions restrictions;
  restrictions.space_ = &space;
  restrictions.base_ = defaults.decisions;
  PLACEWRIGHT_TRY_VOID(restrictions.begin(settings, space));
  PLACEWRIGHT_TRY_VOID(restrictions.choose_tasks(settings, space));
  if (!restrictions.pins_ && restrictions.frozen_.empty()) return restrictions;
  restrictions.fix_knobs(space);
  if (space.free_knobs() == 0)
    return fail("--pin, --only and --except leave nothing to decide",
                "pin fewer rules, or let more tasks change");
  return restrictions;
}

Result<void> Restrictions::begin(const Settings& settings, SearchSpace& space) {
  const bool has_start = !settings.start.name.empty();
  if (!settings.pin.name.empty()) {
    PLACEWRIGHT_TRY(pins_, compiled(settings.pin, space, "pinned"));
  }
  if (!has_start && !pins_) return {};
  PLACEWRIGHT_TRY(const workload::Candidate begun,
                  has_start ? join(settings.start, space) : Result<workload::Candidate>(*pins_));
  start_ = begun.text;
  base_ = begun.decisions;
  space.begin_at({begun.text, space.nearest(begun.decisions)});
  return {};
}

// The pinned rules come first; a rule of the start that beats them all the same is a conflict.
Result<workload::Candidate> Restrictions::join(const NamedText& start,
                                               const SearchSpace& space) const {
  PLACEWRIGHT_TRY(workload::Candidate alone, compiled(start, space, "starting"));
  if (!pins_) return alone;
  const auto conflict =
      contradiction(*pins_->policy, *alone.policy, space.workload(), Strictness::WrittenRules);
  if (conflict)
    return fail(fmt::format("{} contradicts {}: {}",
                            position(alone, conflict->other, "the starting mapping"),
                            position(*pins_, conflict->pin, "the pinned mapping"), conflict->what),
                "change one of the two rules");
  if (!contradiction(*pins_->policy, *alone.policy, space.workload(), Strictness::EveryDecision))
    return alone;
  const std::string joined = explain::apply_edit({"", pins_->text + "\n"}, start.text);
  PLACEWRIGHT_TRY(auto both, compiled({start.name, joined}, space, "pinned and starting"));
  const auto left =
      contradiction(*pins_->policy, *both.policy, space.workload(), Strictness::EveryDecision);
  if (!left) return both;
  return fail(fmt::format("the starting mapping does not keep {}: {}",
                          position(*pins_, left->pin, "the pinned mapping"), left->what));
}

Result<void> Restrictions::choose_tasks(const Settings& settings, const SearchSpace& space) {
  if (settings.only.empty() && settings.except.empty()) return {};
  const std::vector<std::string> names = task_names(space);
  for (const auto* patterns : {&settings.only, &settings.except}) {
    for (const std::string& pattern : *patterns) {
      if (std::ranges::any_of(names, [&](const auto& name) { return speaks_of(pattern, name); }))
        continue;
      const std::string_view nearest = nearest_word(pattern, names);
      return fail(fmt::format("no task of the program fits `{}`", pattern),
                  nearest.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                                  : fmt::format("did you mean `{}`?", nearest));
    }
  }
  for (const std::string& name : names) {
    const bool may_change = (settings.only.empty() || fits_any(settings.only, name)) &&
                            !fits_any(settings.except, name);
    frozen_.push_back(!may_change);
  }
  return {};
}

void Restrictions::fix_knobs(SearchSpace& space) const {
  const Assignment base = space.base() ? space.base()->assignment : space.defaults();
  for (size_t k = 0; k < space.knobs().size(); ++k) {
    const Knob& knob = space.knobs()[k];
    const bool frozen = !frozen_.empty() && frozen_[static_cast<size_t>(knob.task)];
    if (frozen || (pins_ && decides(*pins_->policy, space, knob)))
      space.fix(static_cast<int>(k), base[k]);
  }
}

std::optional<std::string> Restrictions::objection(const workload::Candidate& candidate) const {
  if (pins_) {
    const auto conflict = contradiction(*pins_->policy, *candidate.policy, space_->workload(),
                                        Strictness::EveryDecision);
    if (conflict)
      return fmt::format("contradicts {}: {}",
                         position(*pins_, conflict->pin, "the pinned mapping"), conflict->what);
  }
  for (size_t task = 0; task < frozen_.size(); ++task) {
    if (frozen_[task] && candidate.decisions.tasks[task] != base_.tasks[task])
      return fmt::format("changes `{}`, which --only or --except excludes", base_.tasks[task].name);
  }
  return std::nullopt;
}

}  // namespace placewright::tune
