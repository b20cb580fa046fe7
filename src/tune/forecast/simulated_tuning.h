// SPDX-License-Identifier: Apache-2.0
// A search in which nothing runs: every mapping is simulated, also on machines that nobody has here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tune/settings.h"
#include "workload/recording.h"

namespace placewright::tune {

/// What one mapping was forecast.
struct SimulatedRow {
  std::string name;     ///< "default", "expert", or kBestRow.
  double step_s = 0;    ///< Simulated; 0: there is none.
  std::string message;  ///< Why there is none.
};

struct SimulatedReport {
  std::string title;
  std::string note;  ///< workload::other_machine_note().
  std::vector<SimulatedRow> rows;
  size_t simulated = 0;  ///< Different decision sets.
  size_t failed = 0;     ///< As many of these would end a run.
  bool exhausted = false;
  double log10_distinct = 0;
  double elapsed_s = 0;
  std::string best_mapping;
  double median_s = 0;  ///< The best's, over replays with times that vary; 0: there is no best.
  double p90_s = 0;
};

/// Uses the settings' machine file, expert and starting mappings, restrictions, seed, and at most the
/// budget. `stop`, `progress`: ForecastSearch::run(). Errors: those of the files, of make_forecaster()
/// and of Restrictions::make(); the default mapper's decisions cannot be simulated.
[[nodiscard]] Result<SimulatedReport> tune_simulated(const Settings& settings,
                                                     workload::Recording recording,
                                                     const std::function<bool()>& stop,
                                                     const std::function<void(size_t)>& progress);

/// Lines for stdout.
[[nodiscard]] std::string render(const SimulatedReport& report);

}  // namespace placewright::tune
