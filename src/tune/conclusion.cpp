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

constexpr int kMostRounds = 11;
// With so many rounds, one that is off decides nothing.
constexpr int kConfirmingRounds = 7;
// Where eleven rounds leave open which mapping is better.
constexpr int kMostUndecidedRounds = 21;

// In time for confirmation alone, rounds of what may win come before other rows.
bool has_time_for_rows(const Search& search, bool with_untouched) {
  const int rounds = search.parts.settings.closing_s > 0 ? kConfirmingRounds : kFewestRounds;
  return search.parts.budget.remaining_s() >= closing_s(search, rounds, with_untouched);
}

// The baselines that run, and the incumbent if it is none of them.
std::vector<const Contender*> contenders_of(const Search& search) {
  std::vector<const Contender*> contenders;
  for (const Origin origin : kBaselines) {
    const Contender* baseline = search.contenders.find(origin);
    if (baseline == nullptr || baseline->evaluation.status != Status::Ok) continue;
    const bool is_extra = origin == Origin::HandWritten && search.parts.settings.closing_s > 0;
    if (!is_extra || has_time_for_rows(search, /*with_untouched=*/false))
      contenders.push_back(baseline);
  }
  PLACEWRIGHT_CHECK(!contenders.empty());
  if (std::ranges::find(contenders, search.incumbent) == contenders.end())
    contenders.push_back(search.incumbent);
  return contenders;
}

/// The name of a contender's row before the best is known.
std::string_view row_name(const Contender& contender) {
  const Origin origin = contender.evaluation.origin;
  return is_baseline(origin) ? to_string(origin) : kBestRow;
}

std::vector<ReportRow> rows_of(const std::vector<const Contender*>& contenders) {
  std::vector<ReportRow> rows;
  for (const Contender* contender : contenders) {
    ReportRow row;
    row.name = row_name(*contender);
    rows.push_back(std::move(row));
  }
  return rows;
}

// The command without Placewright is timed beside the contenders, and was not timed before.
void add_untouched_row(const Search& search, Report& report) {
  if (!search.parts.settings.compares_untouched) return;
  if (!has_time_for_rows(search, /*with_untouched=*/true)) return;
  ReportRow row;
  row.name = kUntouchedRow;
  row.note = "your command line";
  report.rows.push_back(std::move(row));
}

MedianInterval ratio_to_default(const Report& report, const ReportRow& row,
                                const ReportRow& first) {
  return paired_ratio(report.metric.costs(row.samples), report.metric.costs(first.samples));
}

// Whether further rounds could still make a candidate that looks better the best.
bool is_undecided(const Search& search, const Report& report) {
  const ReportRow* const first = find_measured(report, to_string(Origin::Default));
  if (first == nullptr) return false;
  return std::ranges::any_of(report.rows, [&](const ReportRow& row) {
    const bool is_candidate = row.name == kBestRow || row.name == to_string(Origin::Expert);
    return is_candidate && row.status == Status::Ok && !row.samples.empty() &&
           ratio_to_default(report, row, *first).median < 1 &&
           gain_of(report.metric.costs(row.samples), report.metric.costs(first->samples),
                   noise(search), /*paired=*/true) != Gain::Sure;
  });
}

// Runs as many rounds as the budget allows, and more than usual while they decide nothing. One
// failure drops a row and its samples.
Result<int> run_final_rounds(const Search& search, const std::vector<const Contender*>& contenders,
                             Report& report) {
  const SearchParts& parts = search.parts;
  const Budget& budget = parts.budget;
  const auto time = [&](size_t row, int round) -> Result<RunResult> {
    parts.progress.running(fmt::format("closing round {}: {}", round + 1, report.rows[row].name));
    const double timeout_s = std::min(closing_timeout_s(search), budget.remaining_s());
    RunResult nothing;
    nothing.status = Status::Cancelled;
    if (timeout_s <= 0) return nothing;
    Subject subject{.untouched = true};
    if (row < contenders.size()) subject = contenders[row]->subject;
    subject.proven = !subject.untouched;
    PLACEWRIGHT_TRY(const RunResult result, parts.evaluator.time(subject, timeout_s));
    return result.status == Status::Timeout && budget.remaining_s() <= 0 ? nothing : result;
  };
  // The default mapper beside the command line as it is: nothing hangs on how exact that is.
  const int most = contenders.size() == 1 ? kFewestRounds : kMostRounds;
  double before = budget.now_s();
  const auto enough = [&](int rounds) {
    const double round_s = budget.now_s() - before;
    before += round_s;
    return budget.remaining_s() < round_s || (rounds == most && !is_undecided(search, report));
  };
  const auto stopped = [&] { return parts.stopped(); };
  return run_rounds(report.rows, {kMostUndecidedRounds, stopped, enough}, time);
}

// The samples of the search, where there is no closing comparison.
void take_search_samples(const Search& search, const std::vector<const Contender*>& contenders,
                         Report& report) {
  report.final_rounds = false;
  report.metric = search.metric;
  report.rows.resize(contenders.size());
  for (size_t r = 0; r < report.rows.size(); ++r) {
    report.rows[r].status = Status::Ok;
    report.rows[r].samples = contenders[r]->evaluation.samples;
  }
}

// Compares the contenders, unless there is nothing to compare the default mapper with.
Result<void> compare(const Search& search, const std::vector<const Contender*>& contenders,
                     Report& report) {
  const SearchParts& parts = search.parts;
  if (report.rows.size() == 1) {
    report.why_no_rounds = parts.stopped() ? "ended early"
                           : search.contenders.candidates() == 0
                               ? "nothing was tried"
                               : "nothing that was tried is better than the default";
    take_search_samples(search, contenders, report);
    return {};
  }
  PLACEWRIGHT_TRY(const int rounds, run_final_rounds(search, contenders, report));
  if (rounds < kFewestRounds) {
    report.why_no_rounds =
        parts.stopped() ? "ended early" : "the budget ended in the closing comparison";
    take_search_samples(search, contenders, report);
    return {};
  }
  for (const ReportRow& row : report.rows) {
    if (row.status == Status::Ok)
      PLACEWRIGHT_TRY_VOID(parts.store.set_final(row.name, row.samples));
  }
  return {};
}

/// The cost of `a` over that of `b`: below 1, `a` is better.
double cost_ratio(const Report& report, const ReportRow& a, const ReportRow& b) {
  const Metric& metric = report.metric;
  if (report.final_rounds)
    return paired_ratio(metric.costs(a.samples), metric.costs(b.samples)).median;
  return metric.cost(median(a.samples)) / metric.cost(median(b.samples));
}

// Chooses the mapping to write: the best of best, expert and default that keeps the restrictions;
// the default unless another is likely better at least. Against another mapping than the default
// the better median decides.
const Contender* choose_best(const Search& search, Report& report) {
  const ReportRow* const first = find_measured(report, to_string(Origin::Default));
  const Contender* const fallback = search.contenders.find(Origin::Default);
  const Contender* const incumbent = search.incumbent;
  const bool has_fallback = may_win(search, *fallback);
  const auto gain = [&](const ReportRow& row) {
    const Metric& metric = report.metric;
    return gain_of(metric.costs(row.samples), metric.costs(first->samples), noise(search),
                   report.final_rounds);
  };
  const Contender* best = has_fallback ? fallback : incumbent;
  const ReportRow* winner = find_measured(report, row_name(*best));
  if (first == nullptr || winner == nullptr) return best;
  if (!has_fallback) report.gain = gain(*winner);
  for (const Contender* contender : {search.contenders.find(Origin::Expert), incumbent}) {
    if (contender == nullptr || contender == best || !may_win(search, *contender)) continue;
    const ReportRow* challenger = find_measured(report, row_name(*contender));
    if (challenger == nullptr || challenger == winner) continue;
    const bool is_better = winner == first || cost_ratio(report, *challenger, *winner) < 1;
    if ((has_fallback && gain(*challenger) == Gain::None) || !is_better) continue;
    winner = challenger;
    best = contender;
    report.gain = gain(*challenger);
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
          ? titled(
                search.contenders.candidates() == 0
                    ? "Nothing else was tried: this mapping decides like Legion's default mapper."
                    : "Nothing beat Legion's default mapper: this mapping makes the same "
                      "decisions.",
                write_defaults(space))
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
    // Baselines have rows of their own, and are not among the evaluations.
    if (evaluation.status == Status::Ok || is_baseline(evaluation.origin)) continue;
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
  report.metric = search.closing_metric;
  const std::vector<const Contender*> contenders = contenders_of(search);
  report.rows = rows_of(contenders);
  const Settings& settings = search.parts.settings;
  for (size_t i = 0; !settings.inputs.empty() && i <= settings.inputs.size(); ++i)
    report.inputs.push_back(input_name(settings, i));
  add_untouched_row(search, report);
  PLACEWRIGHT_TRY_VOID(compare(search, contenders, report));
  if (report.rows.size() > contenders.size())
    std::rotate(report.rows.begin(), report.rows.end() - 1, report.rows.end());
  const Contender* best = choose_best(search, report);
  name_best_row(search, *best, report);
  describe_best(search, *best, report);
  add_failed_baselines(search, report);
  report.failures = failures_by_kind(search.contenders);
  report.evaluations = search.contenders.candidates();
  report.repeats = search.repeats;
  if (search.by_steps) report.explored = search.parts.steps->explored();
  if (search.forecasts != nullptr) report.forecasts = search.forecasts->summary();
  report.elapsed_s = search.parts.budget.elapsed_s();
  report.log10_assignments = search.space->log10_assignments();
  report.log10_distinct = search.space->log10_distinct();
  report.verified = !search.checksum.empty();
  report.strategy = search.strategy->summary();
  search.parts.progress.finish();
  return report;
}

}  // namespace placewright::tune
