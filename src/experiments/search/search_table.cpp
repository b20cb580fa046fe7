// SPDX-License-Identifier: Apache-2.0
#include "experiments/search/search_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/json.h"
#include "support/statistics.h"

namespace placewright::experiments {
namespace {

using Key = std::pair<std::string, std::string>;  // application, contestant

struct Group {
  Key key;
  std::vector<const SearchRun*> runs;
};

/// In the order of the runs.
std::vector<Group> groups(const SearchExperimentResult& result) {
  std::vector<Group> list;
  for (const SearchRun& run : result.runs) {
    const Key key{run.application, run.contestant};
    auto group = std::ranges::find(list, key, &Group::key);
    if (group == list.end()) group = list.insert(list.end(), {key, {}});
    group->runs.push_back(&run);
  }
  return list;
}

double standard_deviation(const std::vector<double>& values, double mean) {
  if (values.size() < 2) return 0;
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::string table(const std::vector<Group>& groups, const std::string& title, bool versus_expert) {
  size_t width = 11, contestant_width = 8;
  for (const Group& group : groups) {
    width = std::max(width, group.key.first.size());
    contestant_width = std::max(contestant_width, group.key.second.size());
  }
  std::string text = fmt::format("{}\n{:<{}} {:<{}} {:>5} {:>7} {:>7} {:>7} {:>7} {:>7}  {:>9}\n",
                                 title, "application", width, "strategy", contestant_width, "runs",
                                 "mean", "sd", "worst", "median", "best", "invalid");
  for (const Group& group : groups) {
    std::vector<double> values;
    int candidates = 0, invalid = 0;
    for (const SearchRun* run : group.runs) {
      if (versus_expert && !run->versus_expert) continue;
      values.push_back(versus_expert ? *run->versus_expert : run->versus_default);
      candidates += run->candidates;
      invalid += run->invalid;
    }
    if (values.empty()) continue;
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    const auto [worst, best] = std::ranges::minmax(values);
    text += fmt::format(
        "{:<{}} {:<{}} {:>5} {:>7.3f} {:>7.3f} {:>7.3f} {:>7.3f} {:>7.3f}  {:>4} of {}\n",
        group.key.first, width, group.key.second, contestant_width, values.size(), mean,
        standard_deviation(values, mean), worst, median(values), best, invalid, candidates);
  }
  return text;
}

std::string costs(const std::vector<Group>& groups) {
  std::string text;
  for (const Group& group : groups) {
    tune::CallTotals sum;
    for (const SearchRun* run : group.runs) {
      sum.calls += run->calls.calls;
      sum.input_tokens += run->calls.input_tokens;
      sum.output_tokens += run->calls.output_tokens;
      sum.dollars += run->calls.dollars;
      sum.without_price += run->calls.without_price;
    }
    if (sum.calls == 0) continue;
    const std::string money =
        sum.without_price > 0 ? "price unknown" : fmt::format("${:.4f}", sum.dollars);
    text += fmt::format("{} {}: {} calls, {} tokens in, {} out, {}\n", group.key.first,
                        group.key.second, sum.calls, sum.input_tokens, sum.output_tokens, money);
  }
  return text;
}

}  // namespace

std::string render(const SearchExperimentResult& result) {
  const std::vector<Group> all = groups(result);
  std::string text = fmt::format("{}\n\n", result.time_label);
  if (std::ranges::any_of(result.runs,
                          [](const SearchRun& run) { return run.versus_expert.has_value(); }))
    text += table(all, "throughput relative to the expert mapping", true) + "\n";
  text += table(all, "throughput relative to Legion's default mapper", false);
  text += costs(all);
  for (const SearchRun& run : result.runs) {
    if (run.error)
      text += fmt::format("{} {} seed {} failed: {}\n", run.application, run.contestant, run.seed,
                          *run.error);
  }
  if (result.stopped) text += "ended early: rerun the same command to continue\n";
  return text;
}

std::string to_json(const SearchExperimentResult& result) {
  nlohmann::ordered_json runs = nlohmann::ordered_json::array();
  for (const SearchRun& run : result.runs) {
    nlohmann::ordered_json each = {{"application", run.application},
                                   {"contestant", run.contestant},
                                   {"seed", run.seed},
                                   {"candidates", run.candidates},
                                   {"invalid", run.invalid},
                                   {"failures", run.failures},
                                   {"versus_default", run.versus_default},
                                   {"curve", run.curve},
                                   {"calls", run.calls.calls},
                                   {"input_tokens", run.calls.input_tokens},
                                   {"output_tokens", run.calls.output_tokens},
                                   {"elapsed_s", run.elapsed_s}};
    if (run.versus_expert) each["versus_expert"] = *run.versus_expert;
    if (run.calls.calls > 0 && run.calls.without_price == 0) each["dollars"] = run.calls.dollars;
    if (run.error) each["error"] = *run.error;
    runs.push_back(std::move(each));
  }
  const nlohmann::ordered_json document = {
      {"time", result.time_label}, {"stopped", result.stopped}, {"runs", std::move(runs)}};
  return document.dump(1) + "\n";
}

}  // namespace placewright::experiments
