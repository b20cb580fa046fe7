// SPDX-License-Identifier: Apache-2.0
#include "tune/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/statistics.h"
#include "support/try.h"
#include "tune/mapping_writer.h"
#include "tune/race.h"

namespace placewright::tune {
namespace {

constexpr int kMaxPairs = 2;
// The part of the budget after which incumbents are not profiled any more, where trying a mapping
// costs far less than that.
constexpr double kProfileShare = 0.1;
// Visits that are far apart in time differ more than those of one mapping in a row.
constexpr double kNoiseOfVisits = 0.05;
// Where those of so many mappings differ by less, one visit shows that a mapping does not win.
constexpr double kQuiet = 0.01;
constexpr int kRepeatedMappings = 3;
// The incumbent's time is known well for so many races.
constexpr int kRacesPerSentinel = 8;

RaceRules rules_for_steps(const Search& search) {
  RaceRules rules{std::max(noise(search), kNoiseOfVisits), kMaxPairs, search.metric};
  const auto repeated = std::ranges::count_if(search.contenders.all(), [](const Contender& each) {
    return each.evaluation.status == Status::Ok && each.evaluation.samples.size() > 1;
  });
  const bool is_quiet = repeated >= kRepeatedMappings && noise(search) < kQuiet;
  rules.hopeless = is_quiet ? 1 - rules.noise / 3 : kHopelessVisit;
  rules.is_known_well = search.races_since_incumbent < kRacesPerSentinel;
  return rules;
}

// What the strategy was told of a mapping at the time. That it computes something else may have been
// found out after the search, by a run of several mappings that has no checksum of this one.
Evaluation as_told(Evaluation evaluation) {
  const bool was_found_later = evaluation.status == Status::WrongResult &&
                               evaluation.checksum.empty() && !evaluation.samples.empty();
  if (was_found_later) evaluation.status = Status::Ok;
  if (was_found_later) evaluation.message.clear();
  return evaluation;
}

// The result of decisions that were seen before.
Result<Verdict> repeat(Search& search, Contender& known, std::string_view by) {
  ++search.repeats;
  // A resumed search retraces its earlier path without runs.
  const bool is_own = known.evaluation.is_proposed_by(by);
  const bool is_retraced = std::exchange(known.restored, false) && is_own;
  if (known.evaluation.accepted && is_retraced) search.incumbent = &known;
  PLACEWRIGHT_TRY_VOID(take_findings(search, known));
  return Verdict{is_retraced ? as_told(known.evaluation) : known.evaluation,
                 /*accepted=*/&known == search.incumbent, /*repeated=*/true, known.findings,
                 is_retraced};
}

Result<void> run_race(Search& search, Contender& contender, ExtraSamples& incumbent) {
  const SearchParts& parts = search.parts;
  Evaluation& evaluation = contender.evaluation;
  parts.progress.running(fmt::format("{} {}", evaluation.origin_name(), evaluation.move));
  const double before = parts.budget.now_s();
  const RaceRules rules =
      search.by_steps
          ? rules_for_steps(search)
          : RaceRules{noise(search), affordable_pairs(search, kMaxPairs), search.metric};
  PLACEWRIGHT_TRY(
      RaceResult raced,
      race([&](const Subject& subject) { return time(search, subject); }, contender.subject,
           search.incumbent->subject, search.incumbent->evaluation.samples, rules));
  const auto runs = static_cast<double>(raced.challenger.size() + raced.incumbent.size());
  if (runs > 0 && !search.by_steps)
    search.times.walls_s.push_back((parts.budget.now_s() - before) / runs);
  evaluation.status = raced.failure.status;
  evaluation.message = raced.failure.message;
  evaluation.memory = raced.failure.memory;
  contender.findings = std::move(raced.failure.findings);
  evaluation.samples = std::move(raced.challenger);
  incumbent.samples = std::move(raced.incumbent);
  search.races_since_incumbent = incumbent.samples.empty() ? search.races_since_incumbent + 1 : 0;
  if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
  if (evaluation.status == Status::Ok && verifies_in_timing_runs(parts.settings) &&
      !search.by_steps)
    check_checksum(evaluation, raced.checksum, search.checksum);
  evaluation.accepted = evaluation.status == Status::Ok && raced.won;
  return {};
}

Result<void> evaluate(Search& search, Contender& contender, ExtraSamples& incumbent) {
  if (search.by_steps) {
    // A correctness run takes as long as dozens of visits, so only a winner needs one.
    PLACEWRIGHT_TRY_VOID(run_race(search, contender, incumbent));
    if (contender.evaluation.accepted) PLACEWRIGHT_TRY_VOID(verify(search, contender));
    contender.evaluation.accepted &= contender.evaluation.status == Status::Ok;
    return {};
  }
  PLACEWRIGHT_TRY_VOID(verify(search, contender));
  if (contender.evaluation.status != Status::Ok) return {};
  return run_race(search, contender, incumbent);
}

Contender contender_of(const Search& search, const Proposal& proposal, std::string_view by,
                       const workload::Candidate& candidate) {
  Contender contender;
  Evaluation& evaluation = contender.evaluation;
  evaluation.strategy = by;
  evaluation.move = proposal.move;
  evaluation.parent = search.incumbent->evaluation.id;
  evaluation.mapping = candidate.text;
  contender.subject.mapping = candidate.text;
  contender.decisions = candidate.decisions;
  if (candidate.policy == nullptr) {
    evaluation.status = Status::RejectedMapping;
    evaluation.message = candidate.messages;
  } else {
    evaluation.fingerprint = candidate.fingerprint.to_string();
    evaluation.decisions = candidate.fingerprint.text;
  }
  return contender;
}

Verdict refuse(Search& search, const Proposal& proposal, const workload::Candidate& candidate,
               std::string_view by, std::string objection) {
  ++search.refused;
  Evaluation evaluation = contender_of(search, proposal, by, candidate).evaluation;
  evaluation.status = Status::RejectedMapping;
  evaluation.message = std::move(objection);
  return {std::move(evaluation)};
}

}  // namespace

Result<std::optional<Verdict>> judge(Search& search, const Proposal& proposal,
                                     std::string_view by) {
  if (by.empty()) by = search.strategy->name();
  const workload::Candidate candidate = workload::compile_candidate(
      "candidate.mapping",
      titled(
          fmt::format("Found by `placewright tune` ({}) for {}.", by, search.parts.settings.name),
          proposal.mapping),
      search.space->workload(), search.space->machine());
  if (Contender* known = search.contenders.find(candidate.text, candidate.fingerprint.text))
    return repeat(search, *known, by);
  if (candidate.policy != nullptr) {
    if (auto objection = search.restrictions.objection(candidate))
      return refuse(search, proposal, candidate, by, std::move(*objection));
  }
  if (limit_reached(search)) return std::nullopt;

  Contender contender = contender_of(search, proposal, by, candidate);
  ExtraSamples extra{search.incumbent->evaluation.id, {}};
  if (candidate.policy != nullptr) {
    PLACEWRIGHT_TRY_VOID(evaluate(search, contender, extra));
    // A run that the user or the budget interrupted says nothing about the mapping.
    const bool out_of_time =
        contender.evaluation.status == Status::Timeout && is_cut_by_budget(search);
    if (contender.evaluation.status == Status::Cancelled || out_of_time || search.parts.stopped())
      return std::nullopt;
  }
  PLACEWRIGHT_TRY(Contender* const kept, record(search, std::move(contender), extra));
  PLACEWRIGHT_TRY_VOID(take_findings(search, *kept));
  return Verdict{kept->evaluation, kept->evaluation.accepted, /*repeated=*/false, kept->findings};
}

Result<void> take_findings(Search& search, Contender& contender) {
  const SearchParts& parts = search.parts;
  const WantedFindings wanted = search.strategy->wants_findings();
  if (contender.explained || contender.evaluation.status != Status::Ok) return {};
  if (!contender.subject.command.empty() || wanted == WantedFindings::None) return {};
  if (wanted == WantedFindings::OfIncumbents && &contender != search.incumbent) return {};
  if (parts.stopped() || !can_run_more(search)) return {};
  const bool is_costly = search.times.profiles_s > kProfileShare * search_limit_s(search);
  if (search.by_steps && is_costly && wanted == WantedFindings::OfIncumbents) return {};
  parts.progress.running(fmt::format("profile run: {} {}", contender.evaluation.origin_name(),
                                     contender.evaluation.move));
  const double before_s = parts.budget.now_s();
  PLACEWRIGHT_TRY(std::vector<explain::Finding> findings,
                  parts.evaluator.explain(contender.subject, search.space->workload()));
  search.times.profiles_s += parts.budget.now_s() - before_s;
  // An interrupted run shows nothing.
  if (parts.stopped() || (findings.empty() && parts.budget.free_s() <= 0)) return {};
  contender.findings = std::move(findings);
  contender.explained = true;
  return parts.store.set_findings(contender.evaluation.id, contender.findings);
}

Result<void> verify(const Search& search, Contender& contender) {
  const SearchParts& parts = search.parts;
  const bool is_timed_whole = verifies_in_timing_runs(parts.settings) && !search.by_steps;
  if (search.checksum.empty() || is_timed_whole) return {};
  Evaluation& evaluation = contender.evaluation;
  parts.progress.running(
      fmt::format("correctness run: {} {}", evaluation.origin_name(), evaluation.move));
  PLACEWRIGHT_TRY(const RunResult result, parts.evaluator.verify(contender.subject));
  evaluation.status = result.status;
  evaluation.message = result.message;
  evaluation.memory = result.memory;
  contender.findings = result.findings;
  if (result.status == Status::Ok) check_checksum(evaluation, result.checksum, search.checksum);
  return {};
}

bool verifies_in_timing_runs(const Settings& settings) {
  return settings.machine.empty() && settings.correctness_command.empty();
}

void check_checksum(Evaluation& evaluation, const std::string& checksum,
                    const std::string& expected) {
  evaluation.checksum = checksum;
  if (expected.empty() || checksum == expected) return;
  evaluation.status = Status::WrongResult;
  evaluation.message = checksum.empty()
                           ? "no checksum was printed"
                           : fmt::format("checksum {} instead of {}", checksum, expected);
}

}  // namespace placewright::tune
