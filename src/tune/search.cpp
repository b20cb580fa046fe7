// SPDX-License-Identifier: Apache-2.0
#include "tune/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/statistics.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

constexpr double kLongestRun_s = 120;
constexpr int kFinalRounds = 7;
constexpr double kLargestReserve = 0.5;  // share of the budget
// A candidate that exceeds the slowest baseline by this much has lost.
constexpr double kTimeoutFactor = 1.5;
constexpr double kTimeoutSlack_s = 3;
constexpr double kUnknownNoise = 0.05;  // until something ran twice

// Wall time of a timing run, estimated so far.
double run_wall_s(const Search& search) {
  return search.times.walls_s.empty() ? 0 : median(search.times.walls_s);
}

// Different runs of the closing comparison.
int row_count(const Search& search) {
  int count = 0;
  for (const Contender& contender : search.contenders.all()) {
    const bool runs = contender.evaluation.status == Status::Ok;
    if (runs && (is_baseline(contender.evaluation.origin) || &contender == search.incumbent))
      ++count;
  }
  // Reserve room for a mapping that beats the baselines until one is found.
  const Contender* incumbent = search.incumbent;
  return incumbent != nullptr && is_baseline(incumbent->evaluation.origin) ? count + 1 : count;
}

// What the closing comparison will need.
double reserve_s(const Search& search) {
  const double wanted = row_count(search) * kFinalRounds * run_wall_s(search) * 1.05 + 1;
  return std::min(wanted, kLargestReserve * search.parts.budget.limit_s());
}

}  // namespace

double first_timeout_s(const Budget& budget) { return std::min(kLongestRun_s, budget.limit_s()); }

double timeout_s(const Search& search) {
  const double slowest_s = search.times.slowest_baseline_s;
  if (slowest_s == 0) return first_timeout_s(search.parts.budget);
  return kTimeoutFactor * slowest_s + kTimeoutSlack_s;
}

bool can_run_more(const Search& search) {
  return search.parts.budget.remaining_s() - reserve_s(search) >= 2 * run_wall_s(search);
}

// The median over mappings, so that one outlier cannot hide every later gain.
double noise(const Search& search) {
  std::vector<double> spreads;
  for (const Contender& contender : search.contenders.all()) {
    const Evaluation& evaluation = contender.evaluation;
    if (evaluation.status == Status::Ok && evaluation.samples.size() >= 2)
      spreads.push_back(relative_spread(evaluation.samples));
  }
  return spreads.empty() ? kUnknownNoise : median(spreads);
}

std::string best_line(const Search& search) {
  if (search.incumbent == nullptr || search.incumbent->evaluation.samples.empty()) return "";
  const Evaluation& incumbent = search.incumbent->evaluation;
  const double best = median(incumbent.samples);
  std::string line = fmt::format("best {} ({})", search.metric.text(best), incumbent.origin_name());
  const Contender* first = search.contenders.find(Origin::Default);
  if (first != nullptr && !first->evaluation.samples.empty())
    line += fmt::format(", {:.3f} of default", best / median(first->evaluation.samples));
  return line;
}

Result<Contender*> record(Search& search, Contender contender, const ExtraSamples& extra) {
  StudyStore& store = search.parts.store;
  contender.evaluation.elapsed_s = search.parts.budget.elapsed_s();
  PLACEWRIGHT_TRY(contender.evaluation.id, store.add(contender.evaluation, extra));
  if (!contender.findings.empty())
    PLACEWRIGHT_TRY_VOID(store.set_findings(contender.evaluation.id, contender.findings));
  Contender& kept = search.contenders.keep(std::move(contender));
  if (!extra.samples.empty()) {
    std::vector<double>& samples = search.incumbent->evaluation.samples;
    samples.insert(samples.end(), extra.samples.begin(), extra.samples.end());
  }
  if (kept.evaluation.accepted) search.incumbent = &kept;
  search.parts.progress.evaluated(kept.evaluation, describe(kept.evaluation, search.metric),
                                  best_line(search));
  return &kept;
}

}  // namespace placewright::tune
