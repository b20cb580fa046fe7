// SPDX-License-Identifier: Apache-2.0
// The Tuner's closing comparison and report.
#include <fmt/format.h>

#include <algorithm>

#include "support/check.h"
#include "support/statistics.h"
#include "tune/mapping_writer.h"
#include "tune/rounds.h"
#include "tune/tuner.h"

namespace placewright::tune {
namespace {

constexpr int kFewestRounds = 3;
constexpr int kMostRounds = 11;

}  // namespace

// Runs as many rounds as the budget allows. One failure drops a contender and its samples.
Result<void> Tuner::run_final_rounds(const std::vector<const Contender*>& contenders,
                                     Report& report) {
  double before = context_.clock.now_s();
  const auto time = [&](size_t row, int round) {
    context_.progress.running(
        fmt::format("closing round {}: {}", round + 1, report.rows[row].name));
    return context_.evaluator.time(contenders[row]->subject, timeout_s());
  };
  const auto enough = [&](int rounds) {
    const double round_s = context_.clock.now_s() - before;
    before += round_s;
    return rounds >= kFewestRounds && remaining_s() < round_s;
  };
  const Result<int> rounds =
      run_rounds(report.rows, {kMostRounds, [this] { return stopped(); }, enough}, time);
  if (!rounds) return tl::unexpected(rounds.error());
  report.final_rounds = *rounds >= kFewestRounds;
  for (size_t c = 0; c < contenders.size(); ++c) {
    ReportRow& row = report.rows[c];
    if (!report.final_rounds) {
      row.status = Status::Ok;
      row.samples = contenders[c]->evaluation.samples;
    } else if (row.status == Status::Ok) {
      if (auto written = context_.store.set_final(row.name, row.samples); !written) return written;
    }
  }
  return {};
}

// Chooses the mapping to write: the fastest of best, expert and default; the default unless another
// beats it beyond the interval of the ratio.
void Tuner::choose_best(Report& report) {
  const auto ratio = [&](const ReportRow& a, const ReportRow& b) {
    return report.final_rounds
               ? paired_ratio(a.samples, b.samples)
               : median_interval(std::vector{median(a.samples) / median(b.samples)});
  };
  const ReportRow* winner = find_measured(report, to_string(Origin::Default));
  best_ = find(Origin::Default);
  for (const Contender* contender : {static_cast<const Contender*>(find(Origin::Expert)),
                                     static_cast<const Contender*>(incumbent_)}) {
    if (contender == nullptr || contender == best_) continue;
    const std::string_view name = contender == incumbent_ && contender != find(Origin::Expert)
                                      ? kBestRow
                                      : contender->evaluation.origin_name();
    const ReportRow* challenger = find_measured(report, name);
    if (challenger == nullptr || winner == nullptr) continue;
    const MedianInterval against = ratio(*challenger, *winner);
    // Against the default only a gain beyond the interval counts; against an expert mapping that
    // already won, the smaller median decides.
    const double bound = best_ == find(Origin::Default) ? against.high : against.median;
    if (bound < 1) {
      winner = challenger;
      best_ = contender;
    }
  }
  report.gain = best_ != find(Origin::Default);
}

void Tuner::describe_best(Report& report) const {
  const bool has_best =
      std::ranges::find(report.rows, kBestRow, &ReportRow::name) != report.rows.end();
  const Evaluation& evaluation = best_->evaluation;
  const std::string origin =
      best_ == incumbent_ && has_best
          ? fmt::format("{}, evaluation {}", evaluation.origin_name(), evaluation.id)
          : fmt::format("the decisions of {}", evaluation.origin_name());
  if (has_best) {
    const auto row = std::ranges::find(report.rows, kBestRow, &ReportRow::name);
    row->note = best_ == incumbent_ ? origin : "not better, not written";
  }
  if (best_ != incumbent_ || !has_best) {
    // The row reuses the samples of the baseline that it equals; no new runs are needed.
    const auto same = std::ranges::find(report.rows, evaluation.origin_name(), &ReportRow::name);
    if (has_best) std::ranges::find(report.rows, kBestRow, &ReportRow::name)->name = kCandidateRow;
    ReportRow row = *same;
    row.name = kBestRow;
    row.note = origin;
    report.rows.push_back(std::move(row));
  }
  report.best_mapping =
      evaluation.mapping.empty()
          ? titled("Nothing beat Legion's default mapper: this mapping makes the same decisions.",
                   write_mapping(*space_, space_->defaults()))
          : evaluation.mapping;
  report.versus_default = differences(default_.decisions, best_->decisions, space_->workload());
  if (const Contender* expert = find(Origin::Expert)) {
    report.has_expert = true;
    report.versus_expert = differences(expert->decisions, best_->decisions, space_->workload());
  }
}

void Tuner::count_failures(Report& report) const {
  for (const auto& contender : archive_) {
    const Evaluation& evaluation = contender->evaluation;
    if (evaluation.status == Status::Ok) continue;
    std::string kind(to_string(evaluation.status));
    if (evaluation.memory) kind += fmt::format(" ({})", machine::to_string(*evaluation.memory));
    ++report.failures[kind];
  }
}

void Tuner::add_rows(const std::vector<const Contender*>& contenders, Report& report) const {
  for (const Contender* contender : contenders) {
    ReportRow row;
    const Origin origin = contender->evaluation.origin;
    row.name = is_baseline(origin) ? to_string(origin) : kBestRow;
    report.rows.push_back(std::move(row));
  }
}

Result<Report> Tuner::conclude() {
  Report report;
  const Settings& settings = context_.settings;
  report.title = settings.name;
  report.time_label = time_label(settings);
  std::vector<const Contender*> contenders;
  for (const Origin origin : kBaselines) {
    const Contender* baseline = find(origin);
    if (baseline != nullptr && baseline->evaluation.status == Status::Ok)
      contenders.push_back(baseline);
  }
  PLACEWRIGHT_CHECK(!contenders.empty());
  if (std::ranges::find(contenders, incumbent_) == contenders.end())
    contenders.push_back(incumbent_);
  add_rows(contenders, report);
  if (auto done = run_final_rounds(contenders, report); !done) return tl::unexpected(done.error());
  choose_best(report);
  describe_best(report);
  for (const Origin origin : {Origin::Expert, Origin::HandWritten}) {
    const Contender* baseline = find(origin);
    if (baseline == nullptr || baseline->evaluation.status == Status::Ok) continue;
    report.rows.push_back({std::string(to_string(origin)),
                           "",
                           baseline->evaluation.status,
                           baseline->evaluation.message,
                           {}});
  }
  count_failures(report);
  report.evaluations = candidates_;
  report.repeats = repeats_;
  report.elapsed_s = elapsed_s();
  report.log10_assignments = space_->log10_assignments();
  report.log10_distinct = space_->log10_distinct();
  report.verified = !checksum_.empty();
  report.strategy = strategy_->summary();
  context_.progress.finish();
  return report;
}

}  // namespace placewright::tune
