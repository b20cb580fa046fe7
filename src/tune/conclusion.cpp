// SPDX-License-Identifier: Apache-2.0
#include "tune/conclusion.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/check.h"
#include "support/statistics.h"
#include "support/try.h"
#include "tune/mapping_writer.h"
#include "tune/rounds.h"

namespace placewright::tune {
namespace {

constexpr int kFewestRounds = 3;
constexpr int kMostRounds = 11;

// The baselines that run, and the incumbent if it is none of them.
std::vector<const Contender*> contenders_of(const Search& search) {
  std::vector<const Contender*> contenders;
  for (const Origin origin : kBaselines) {
    const Contender* baseline = search.contenders.find(origin);
    if (baseline != nullptr && baseline->evaluation.status == Status::Ok)
      contenders.push_back(baseline);
  }
  PLACEWRIGHT_CHECK(!contenders.empty());
  if (std::ranges::find(contenders, search.incumbent) == contenders.end())
    contenders.push_back(search.incumbent);
  return contenders;
}

std::vector<ReportRow> rows_of(const std::vector<const Contender*>& contenders) {
  std::vector<ReportRow> rows;
  for (const Contender* contender : contenders) {
    ReportRow row;
    const Origin origin = contender->evaluation.origin;
    row.name = is_baseline(origin) ? to_string(origin) : kBestRow;
    rows.push_back(std::move(row));
  }
  return rows;
}

// The command without Placewright is timed beside the contenders, and was not timed before.
void add_untouched_row(const Search& search, Report& report) {
  if (!search.parts.settings.compares_untouched) return;
  ReportRow row;
  row.name = kUntouchedRow;
  row.note = "your command line";
  report.rows.push_back(std::move(row));
}

// Runs as many rounds as the budget allows. One failure drops a row and its samples.
Result<void> run_final_rounds(const Search& search, const std::vector<const Contender*>& contenders,
                              Report& report) {
  const SearchParts& parts = search.parts;
  double before = parts.budget.now_s();
  const auto time = [&](size_t row, int round) {
    parts.progress.running(fmt::format("closing round {}: {}", round + 1, report.rows[row].name));
    if (row == contenders.size())
      return parts.evaluator.time({.untouched = true}, timeout_s(search));
    Subject subject = contenders[row]->subject;
    subject.proven = true;
    return parts.evaluator.time(subject, timeout_s(search));
  };
  const auto enough = [&](int rounds) {
    const double round_s = parts.budget.now_s() - before;
    before += round_s;
    return rounds >= kFewestRounds && parts.budget.remaining_s() < round_s;
  };
  const auto stopped = [&] { return parts.stopped(); };
  PLACEWRIGHT_TRY(const int rounds, run_rounds(report.rows, {kMostRounds, stopped, enough}, time));
  report.final_rounds = rounds >= kFewestRounds;
  if (!report.final_rounds) report.rows.resize(contenders.size());
  for (size_t r = 0; r < report.rows.size(); ++r) {
    ReportRow& row = report.rows[r];
    if (!report.final_rounds) {
      row.status = Status::Ok;
      row.samples = contenders[r]->evaluation.samples;
    } else if (row.status == Status::Ok) {
      PLACEWRIGHT_TRY_VOID(parts.store.set_final(row.name, row.samples));
    }
  }
  return {};
}

/// The cost of `a` over that of `b`: below 1, `a` is better.
MedianInterval cost_ratio(const Report& report, const ReportRow& a, const ReportRow& b) {
  const Metric& metric = report.metric;
  if (report.final_rounds) return paired_ratio(metric.costs(a.samples), metric.costs(b.samples));
  return median_interval(
      std::vector{metric.cost(median(a.samples)) / metric.cost(median(b.samples))});
}

// Chooses the mapping to write: the best of best, expert and default; the default unless another
// beats it beyond the interval of the ratio.
const Contender* choose_best(const Search& search, const Report& report) {
  const Contender* const first = search.contenders.find(Origin::Default);
  const Contender* const expert = search.contenders.find(Origin::Expert);
  const Contender* const incumbent = search.incumbent;
  const ReportRow* winner = find_measured(report, to_string(Origin::Default));
  const Contender* best = first;
  for (const Contender* contender : {expert, incumbent}) {
    if (contender == nullptr || contender == best) continue;
    const Origin origin = contender->evaluation.origin;
    const ReportRow* challenger =
        find_measured(report, is_baseline(origin) ? to_string(origin) : kBestRow);
    if (challenger == nullptr || winner == nullptr) continue;
    const MedianInterval against = cost_ratio(report, *challenger, *winner);
    // Against the default only a gain beyond the interval counts; against an expert mapping that
    // already won, the better median decides.
    const double bound = best == first ? against.high : against.median;
    if (bound < 1) {
      winner = challenger;
      best = contender;
    }
  }
  return best;
}

// Notes where the best mapping comes from in its row, which is added if no run was its own.
void name_best_row(const Search& search, const Contender& best, Report& report) {
  const auto row = std::ranges::find(report.rows, kBestRow, &ReportRow::name);
  const bool has_best = row != report.rows.end();
  const bool is_incumbent = &best == search.incumbent;
  const Evaluation& evaluation = best.evaluation;
  if (has_best && is_incumbent) {
    row->note = fmt::format("{}, evaluation {}", evaluation.origin_name(), evaluation.id);
    return;
  }
  if (has_best) {
    row->note = "not better, not written";
    row->name = kCandidateRow;
  }
  // The row reuses the samples of the baseline that it equals; no new runs are needed.
  ReportRow same = *std::ranges::find(report.rows, evaluation.origin_name(), &ReportRow::name);
  same.name = kBestRow;
  same.note = fmt::format("the decisions of {}", evaluation.origin_name());
  report.rows.push_back(std::move(same));
}

void describe_best(const Search& search, const Contender& best, Report& report) {
  const SearchSpace& space = *search.space;
  report.best_mapping =
      best.evaluation.mapping.empty()
          ? titled("Nothing beat Legion's default mapper: this mapping makes the same decisions.",
                   write_mapping(space, space.defaults()))
          : best.evaluation.mapping;
  report.versus_default = differences(search.defaults.decisions, best.decisions, space.workload());
  if (const Contender* expert = search.contenders.find(Origin::Expert)) {
    report.has_expert = true;
    report.versus_expert = differences(expert->decisions, best.decisions, space.workload());
  }
}

void add_failed_baselines(const Search& search, Report& report) {
  for (const Origin origin : {Origin::Expert, Origin::HandWritten}) {
    const Contender* baseline = search.contenders.find(origin);
    if (baseline == nullptr || baseline->evaluation.status == Status::Ok) continue;
    ReportRow row;
    row.name = to_string(origin);
    row.status = baseline->evaluation.status;
    row.message = baseline->evaluation.message;
    report.rows.push_back(std::move(row));
  }
}

std::map<std::string, int> failures_by_kind(const Contenders& contenders) {
  std::map<std::string, int> failures;
  for (const Contender& contender : contenders.all()) {
    const Evaluation& evaluation = contender.evaluation;
    if (evaluation.status == Status::Ok) continue;
    std::string kind(to_string(evaluation.status));
    if (evaluation.memory) kind += fmt::format(" ({})", machine::to_string(*evaluation.memory));
    ++failures[kind];
  }
  return failures;
}

}  // namespace

Result<Report> conclude(const Search& search) {
  Report report;
  report.title = search.parts.settings.name;
  report.time_label = time_label(search.parts.settings);
  report.metric = search.metric;
  const std::vector<const Contender*> contenders = contenders_of(search);
  report.rows = rows_of(contenders);
  add_untouched_row(search, report);
  PLACEWRIGHT_TRY_VOID(run_final_rounds(search, contenders, report));
  if (report.rows.size() > contenders.size())
    std::rotate(report.rows.begin(), report.rows.end() - 1, report.rows.end());
  const Contender* best = choose_best(search, report);
  report.gain = best != search.contenders.find(Origin::Default);
  name_best_row(search, *best, report);
  describe_best(search, *best, report);
  add_failed_baselines(search, report);
  report.failures = failures_by_kind(search.contenders);
  report.evaluations = search.contenders.candidates();
  report.repeats = search.repeats;
  report.elapsed_s = search.parts.budget.elapsed_s();
  report.log10_assignments = search.space->log10_assignments();
  report.log10_distinct = search.space->log10_distinct();
  report.verified = !search.checksum.empty();
  report.strategy = search.strategy->summary();
  search.parts.progress.finish();
  return report;
}

}  // namespace placewright::tune
