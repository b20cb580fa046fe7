// SPDX-License-Identifier: Apache-2.0
#include "cli/print_prediction.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/statistics.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

/// So many memories are printed one by one.
constexpr size_t kMostPeaks = 24;
constexpr size_t kMostLoads = 3;

std::string seconds(double value) { return fmt::format("{:.4g}", value); }

/// From the shortest to the longest, the nominal one among them.
std::string interval(const PredictedRow& row) {
  double least = row.prediction->step_s, most = row.prediction->step_s;
  for (const double end_s : row.ends_s) {
    least = std::min(least, end_s);
    most = std::max(most, end_s);
  }
  return fmt::format("[{}, {}]", seconds(least), seconds(most));
}

uint64_t bytes_moved(const sim::Prediction& prediction) {
  uint64_t bytes = 0;
  for (const sim::MovedBetween& each : prediction.moves)
    if (!each.from.empty()) bytes += each.bytes;
  return bytes;
}

/// All memories of a small machine; of a large one the fullest of each kind.
void print_peaks(const std::vector<sim::MemoryPeak>& peaks) {
  for (const sim::MemoryPeak& each : peaks) {
    const bool any_fuller = std::ranges::any_of(peaks, [&](const sim::MemoryPeak& other) {
      return other.kind == each.kind &&
             (other.bytes > each.bytes || (other.bytes == each.bytes && &other < &each));
    });
    if (peaks.size() <= kMostPeaks || !any_fuller)
      print_text(stdout, "most in {}: {} of {} bytes\n", each.memory, each.bytes, each.capacity);
  }
}

void print_bound(const sim::Prediction& prediction, double bound_s, std::string_view what) {
  print_text(stdout, "  {:>10} s  {:5.1f} %  {}\n", seconds(bound_s),
             100 * bound_s / prediction.all_s, what);
}

/// How far from what cannot be beaten.
void print_bounds(const sim::Prediction& prediction, const sim::Bounds& bounds) {
  if (prediction.all_s <= 0) return;
  print_text(stdout, "all cannot take less than\n");
  print_bound(prediction, bounds.chain_s, "under any mapping: the longest chain of tasks");
  print_bound(prediction, bounds.work_s, "under any mapping: all work, evenly divided");
  for (size_t i = 0; i < std::min(kMostLoads, prediction.loads.size()); ++i)
    print_bound(prediction, prediction.loads[i].seconds,
                "under this one: " + prediction.loads[i].what);
}

}  // namespace

void print_table(const std::vector<PredictedRow>& rows, const sim::Simulator& simulator) {
  size_t width = 7;
  for (const PredictedRow& row : rows) width = std::max(width, row.file.size());
  const bool any_replays =
      std::ranges::any_of(rows, [](const PredictedRow& row) { return !row.replays_s.empty(); });
  print_text(
      stdout, "simulated ({} level{}), modelled seconds\n{:{}}  {:>10}  {:<24}  {:>10}  {:>12}{}\n",
      to_string(simulator.level()), simulator.has_runtime_cost() ? ", with the runtime's work" : "",
      "mapping", width, "step s", "over the file's ranges", "all s", "bytes moved",
      any_replays ? "  replays: median, p90" : "");
  for (const PredictedRow& row : rows) {
    if (!row.prediction) {
      print_text(stdout, "{:{}}  would end the run: {}\n", row.file, width,
                 row.prediction.error().message);
      continue;
    }
    print_text(stdout, "{:{}}  {:>10}  {:<24}  {:>10}  {:>12}{}\n", row.file, width,
               seconds(row.prediction->step_s), interval(row), seconds(row.prediction->all_s),
               bytes_moved(*row.prediction),
               row.replays_s.empty() ? ""
                                     : fmt::format("  {}, {}", seconds(median(row.replays_s)),
                                                   seconds(percentile_90(row.replays_s))));
  }
}

void print_details(const sim::Prediction& prediction, const sim::Bounds& bounds) {
  if (!prediction.critical.empty()) print_text(stdout, "critical path:\n");
  for (const sim::Blame& each : prediction.critical)
    print_text(stdout, "  {:5.1f} %  {:.4g} s  {}\n", 100 * each.share, each.seconds, each.what);
  print_bounds(prediction, bounds);
  for (const sim::MovedBetween& each : prediction.moves) {
    const std::string words = each.from.empty() ? "filled " + each.to
                              : each.is_local   ? "within " + each.from
                              : each.is_across  ? each.from + " to " + each.to + " of other nodes"
                                                : each.from + " to " + each.to;
    print_text(stdout, "{}: {} bytes in {} operations\n", words, each.bytes, each.count);
  }
  print_peaks(prediction.peaks);
  if (prediction.measured_tasks > 0)
    print_text(stdout, "{} tasks take what a run measured: no application stated their cost\n",
               prediction.measured_tasks);
  if (prediction.unmodelled_bytes > 0)
    print_text(stdout, "{} bytes are copied by CPUs, which takes no time here\n",
               prediction.unmodelled_bytes);
}

nlohmann::ordered_json to_json(const PredictedRow& row, const sim::Bounds& bounds,
                               const sim::Simulator& simulator) {
  nlohmann::ordered_json json = {{"mapping", row.file},
                                 {"kind", "simulated"},
                                 {"level", to_string(simulator.level())},
                                 {"runtime_cost", simulator.has_runtime_cost() ? "model" : "none"}};
  if (!row.prediction) {
    json["refusal"] = row.prediction.error().message;
    return json;
  }
  const sim::Prediction& prediction = *row.prediction;
  json["step_s"] = prediction.step_s;
  json["step_at_range_ends_s"] = row.ends_s;
  json["windows_s"] = prediction.windows_s;
  json["all_s"] = prediction.all_s;
  if (!row.replays_s.empty())
    json["replays"] = {{"step_s", row.replays_s},
                       {"variation", sim::kReplayVariation},
                       {"median_s", median(row.replays_s)},
                       {"p90_s", percentile_90(row.replays_s)}};
  json["activities"] = prediction.activities;
  json["bounds"] = {{"chain_s", bounds.chain_s}, {"work_s", bounds.work_s}};
  for (const sim::NamedLoad& each : prediction.loads)
    json["loads"].push_back({{"what", each.what}, {"seconds", each.seconds}});
  for (const sim::Blame& each : prediction.critical)
    json["critical_path"].push_back(
        {{"what", each.what}, {"seconds", each.seconds}, {"share", each.share}});
  for (const sim::MovedBetween& each : prediction.moves)
    json["moves"].push_back({{"from", each.from},
                             {"to", each.to},
                             {"local", each.is_local},
                             {"across_nodes", each.is_across},
                             {"bytes", each.bytes},
                             {"count", each.count}});
  for (const sim::MemoryPeak& each : prediction.peaks)
    json["peaks"].push_back(
        {{"memory", each.memory}, {"bytes", each.bytes}, {"capacity", each.capacity}});
  json["unmodelled_bytes"] = prediction.unmodelled_bytes;
  json["measured_tasks"] = prediction.measured_tasks;
  return json;
}

}  // namespace placewright::cli
