// SPDX-License-Identifier: Apache-2.0
#include "tune/tuner.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/check.h"
#include "support/statistics.h"
#include "tune/mapping_writer.h"
#include "tune/race.h"

namespace placewright::tune {
namespace {

constexpr int kFinalRounds = 7;
constexpr double kLargestReserve = 0.5;  // share of the budget
// A candidate that exceeds the slowest baseline by this much has lost.
constexpr double kTimeoutFactor = 1.5;
constexpr double kTimeoutSlack_s = 3;
constexpr double kUnknownNoise = 0.05;  // until something ran twice
constexpr int kMaxRepeats = 2000;       // consecutive proposals that were seen before

}  // namespace

Tuner::Tuner(TuneContext context) : context_(std::move(context)) {}

double Tuner::elapsed_s() const { return earlier_s_ + context_.clock.now_s() - started_s_; }

double Tuner::remaining_s() const { return context_.settings.budget_s - elapsed_s(); }

double Tuner::run_wall_s() const { return walls_.empty() ? 0 : median(walls_); }

double Tuner::timeout_s() const {
  if (slowest_baseline_s_ == 0) return first_timeout_s();
  return kTimeoutFactor * slowest_baseline_s_ + kTimeoutSlack_s;
}

int Tuner::row_count() const {
  int count = 0;
  for (const auto& contender : archive_) {
    const bool runs = contender->evaluation.status == Status::Ok;
    if (runs && (is_baseline(contender->evaluation.origin) || contender.get() == incumbent_))
      ++count;
  }
  // Reserve room for a mapping that beats the baselines until one is found.
  return incumbent_ != nullptr && is_baseline(incumbent_->evaluation.origin) ? count + 1 : count;
}

double Tuner::reserve_s() const {
  const double wanted = row_count() * kFinalRounds * run_wall_s() * 1.05 + 1;
  return std::min(wanted, kLargestReserve * context_.settings.budget_s);
}

// The median over mappings, so that one outlier cannot hide every later gain.
double Tuner::noise() const {
  std::vector<double> spreads;
  for (const auto& contender : archive_) {
    const Evaluation& evaluation = contender->evaluation;
    if (evaluation.status == Status::Ok && evaluation.samples.size() >= 2)
      spreads.push_back(relative_spread(evaluation.samples));
  }
  return spreads.empty() ? kUnknownNoise : median(spreads);
}

std::string Tuner::best_line() const {
  if (incumbent_ == nullptr || incumbent_->evaluation.samples.empty()) return "";
  const double best = median(incumbent_->evaluation.samples);
  std::string line = fmt::format("best {:.4g} s ({})", best, incumbent_->evaluation.origin_name());
  const Contender* first = find(Origin::Default);
  if (first != nullptr && !first->evaluation.samples.empty())
    line += fmt::format(", {:.3f} of default", best / median(first->evaluation.samples));
  return line;
}

Tuner::Contender* Tuner::find(Origin baseline) const {
  for (const auto& contender : archive_) {
    if (contender->evaluation.origin == baseline) return contender.get();
  }
  return nullptr;
}

bool Tuner::verifies_in_timing_runs() const {
  return context_.settings.machine.empty() && context_.settings.correctness_command.empty();
}

Result<Report> Tuner::run() {
  started_s_ = context_.clock.now_s();
  for (const auto step : {&Tuner::load, &Tuner::prepare_checksum, &Tuner::measure_baselines,
                          &Tuner::choose_incumbent, &Tuner::search}) {
    if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
  }
  return conclude();
}

Tuner::Contender* Tuner::keep(Contender contender) {
  archive_.push_back(std::make_unique<Contender>(std::move(contender)));
  Contender* kept = archive_.back().get();
  if (!kept->evaluation.decisions.empty()) by_decisions_.emplace(kept->evaluation.decisions, kept);
  if (!is_baseline(kept->evaluation.origin)) ++candidates_;
  return kept;
}

Result<void> Tuner::choose_incumbent() {
  for (const auto& contender : archive_) {
    const Evaluation& evaluation = contender->evaluation;
    if (evaluation.status != Status::Ok || evaluation.samples.empty()) continue;
    if (evaluation.origin == Origin::HandWritten) continue;  // no mapping to begin from
    if (!is_baseline(evaluation.origin)) continue;  // kept ones come back through the search
    // Use the first measurement, so that a resumed study starts from the same incumbent.
    if (incumbent_ == nullptr || *evaluation.median < *incumbent_->evaluation.median)
      incumbent_ = contender.get();
  }
  PLACEWRIGHT_CHECK(incumbent_ != nullptr);
  context_.progress.note(best_line());
  return {};
}

Result<void> Tuner::search() {
  if (strategy_->wants_findings() != WantedFindings::None) {
    if (auto explained = explain(*incumbent_); !explained) return explained;
  }
  strategy_->begin(
      {incumbent_->evaluation, space_->nearest(incumbent_->decisions), incumbent_->findings});
  int repeats_in_a_row = 0;
  while (!stopped()) {
    const auto proposal = strategy_->ask();
    if (!proposal) return tl::unexpected(proposal.error());
    if (!*proposal) {
      context_.progress.note("nothing left to try");
      return {};
    }
    auto verdict = judge(**proposal, strategy_->name());
    if (!verdict) {
      if (verdict.error().message.empty()) return {};  // out of budget, or interrupted
      return tl::unexpected(verdict.error());
    }
    strategy_->tell(**proposal, *verdict);
    repeats_in_a_row = verdict->repeated ? repeats_in_a_row + 1 : 0;
    if (repeats_in_a_row > kMaxRepeats) {
      context_.progress.note("no new decisions to try");
      return {};
    }
  }
  return {};
}

// An Error without a message ends the search: no budget for another run, or the user stopped it.
Result<Verdict> Tuner::judge(const Proposal& proposal, std::string_view strategy) {
  const workload::Candidate candidate = workload::compile_candidate(
      "candidate.mapping",
      titled(
          fmt::format("Found by `placewright tune` ({}) for {}.", strategy, context_.settings.name),
          proposal.mapping),
      space_->workload(), space_->machine());
  const std::string key = candidate.policy == nullptr ? candidate.text : candidate.fingerprint.text;
  if (const auto seen = by_decisions_.find(key); seen != by_decisions_.end()) {
    ++repeats_;
    Contender& known = *seen->second;
    // A resumed search retraces its earlier path without runs.
    if (known.evaluation.accepted && known.evaluation.is_proposed_by(strategy)) incumbent_ = &known;
    if (auto explained = explain(known); !explained) return tl::unexpected(explained.error());
    return Verdict{known.evaluation, /*accepted=*/&known == incumbent_, /*repeated=*/true,
                   known.findings};
  }
  const Settings& settings = context_.settings;
  if (settings.evaluations > 0 && candidates_ >= settings.evaluations) return fail("");
  if (remaining_s() - reserve_s() < 2 * run_wall_s()) return fail("");

  Contender contender;
  Evaluation& evaluation = contender.evaluation;
  evaluation.strategy = strategy;
  evaluation.move = proposal.move;
  evaluation.parent = incumbent_->evaluation.id;
  evaluation.mapping = candidate.text;
  evaluation.decisions = key;
  contender.subject.mapping = candidate.text;
  contender.decisions = candidate.decisions;
  ExtraSamples extra{incumbent_->evaluation.id, {}};
  if (candidate.policy == nullptr) {
    evaluation.status = Status::RejectedMapping;
    evaluation.message = candidate.messages;
  } else {
    evaluation.fingerprint = candidate.fingerprint.to_string();
    if (auto done = evaluate(contender, extra); !done) return tl::unexpected(done.error());
  }
  auto kept = record(std::move(contender), extra);
  if (!kept) return tl::unexpected(kept.error());
  if (auto explained = explain(**kept); !explained) return tl::unexpected(explained.error());
  return Verdict{(*kept)->evaluation, (*kept)->evaluation.accepted, /*repeated=*/false,
                 (*kept)->findings};
}

// Does the profile run that the strategy asks for, once, if the budget allows it.
Result<void> Tuner::explain(Contender& contender) {
  const WantedFindings wanted = strategy_->wants_findings();
  if (contender.explained || contender.evaluation.status != Status::Ok) return {};
  if (!contender.subject.command.empty() || wanted == WantedFindings::None) return {};
  if (wanted == WantedFindings::OfIncumbents && &contender != incumbent_) return {};
  if (stopped() || remaining_s() - reserve_s() < 2 * run_wall_s()) return {};
  context_.progress.running(fmt::format("profile run: {} {}", contender.evaluation.origin_name(),
                                        contender.evaluation.move));
  auto findings = context_.evaluator.explain(contender.subject, space_->workload());
  if (!findings) return tl::unexpected(findings.error());
  if (stopped()) return {};  // an interrupted run shows nothing
  contender.findings = std::move(*findings);
  contender.explained = true;
  return context_.store.set_findings(contender.evaluation.id, contender.findings);
}

void Tuner::check_checksum(Evaluation& evaluation, const std::string& checksum) const {
  evaluation.checksum = checksum;
  if (checksum_.empty() || checksum == checksum_) return;
  evaluation.status = Status::WrongResult;
  evaluation.message = checksum.empty()
                           ? "no checksum was printed"
                           : fmt::format("checksum {} instead of {}", checksum, checksum_);
}

Result<void> Tuner::verify(Contender& contender) {
  if (checksum_.empty() || verifies_in_timing_runs()) return {};
  context_.progress.running(fmt::format(
      "correctness run: {} {}", contender.evaluation.origin_name(), contender.evaluation.move));
  const auto result = context_.evaluator.verify(contender.subject);
  if (!result) return tl::unexpected(result.error());
  contender.evaluation.status = result->status;
  contender.evaluation.message = result->message;
  contender.evaluation.memory = result->memory;
  contender.findings = result->findings;
  if (result->status == Status::Ok) check_checksum(contender.evaluation, result->checksum);
  return {};
}

Result<void> Tuner::evaluate(Contender& contender, ExtraSamples& incumbent) {
  Evaluation& evaluation = contender.evaluation;
  if (auto verified = verify(contender); !verified) return verified;
  if (evaluation.status == Status::Ok) {
    context_.progress.running(fmt::format("{} {}", evaluation.origin_name(), evaluation.move));
    const double before = context_.clock.now_s();
    const RaceRules rules{noise(), 2, timeout_s()};
    auto raced = race(context_.evaluator, contender.subject, incumbent_->subject,
                      incumbent_->evaluation.samples, rules);
    if (!raced) return tl::unexpected(raced.error());
    const auto runs = static_cast<double>(raced->challenger.size() + raced->incumbent.size());
    if (runs > 0) walls_.push_back((context_.clock.now_s() - before) / runs);
    evaluation.status = raced->failure.status;
    evaluation.message = raced->failure.message;
    evaluation.memory = raced->failure.memory;
    contender.findings = std::move(raced->failure.findings);
    evaluation.samples = std::move(raced->challenger);
    incumbent.samples = std::move(raced->incumbent);
    if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
    if (evaluation.status == Status::Ok && verifies_in_timing_runs())
      check_checksum(evaluation, raced->checksum);
    evaluation.accepted = evaluation.status == Status::Ok && raced->won;
  }
  // A run that the user interrupted says nothing about the mapping.
  if (evaluation.status == Status::Cancelled || stopped()) return fail("");
  return {};
}

Result<Tuner::Contender*> Tuner::record(Contender contender, const ExtraSamples& incumbent) {
  contender.evaluation.elapsed_s = elapsed_s();
  const auto id = context_.store.add(contender.evaluation, incumbent);
  if (!id) return tl::unexpected(id.error());
  contender.evaluation.id = *id;
  if (!contender.findings.empty()) {
    if (auto written = context_.store.set_findings(*id, contender.findings); !written)
      return tl::unexpected(written.error());
  }
  Contender* kept = keep(std::move(contender));
  if (!incumbent.samples.empty()) {
    std::vector<double>& samples = incumbent_->evaluation.samples;
    samples.insert(samples.end(), incumbent.samples.begin(), incumbent.samples.end());
  }
  if (kept->evaluation.accepted) incumbent_ = kept;
  context_.progress.evaluated(kept->evaluation, best_line());
  return kept;
}

}  // namespace placewright::tune
