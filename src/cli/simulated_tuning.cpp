// SPDX-License-Identifier: Apache-2.0
#include "cli/simulated_tuning.h"

#include <fmt/core.h>

#include "cli/interrupt.h"
#include "cli/read_workload.h"
#include "support/files.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/forecast/simulated_tuning.h"
#include "tune/progress.h"

namespace placewright::cli {

Result<void> tune_in_simulation(const tune::Settings& settings, const std::string& workload,
                                const std::string& output) {
  PLACEWRIGHT_TRY_VOID(check_writable(output));  // now, not after the search
  PLACEWRIGHT_TRY(workload::Recording recording, read_recording(workload));
  const auto progress = tune::make_progress(stderr);
  const auto report = tune::tune_simulated(
      settings, std::move(recording), watch_for_interrupts(),
      [&](size_t count) { progress->running(fmt::format("simulation: {} mappings", count)); });
  progress->finish();
  if (!report) return tl::unexpected(report.error());
  PLACEWRIGHT_TRY_VOID(write_file(output, report->best_mapping));
  print_text(stdout, "{}written: {}\n", tune::render(*report), output);
  return {};
}

}  // namespace placewright::cli
