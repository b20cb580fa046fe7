// SPDX-License-Identifier: Apache-2.0
// Fits a machine's scale factors to runs of recorded programs, and says how far off simulated steps are
// of runs that took no part in the fit.
#pragma once

#include <functional>
#include <vector>

#include "calibrate/runs_file.h"
#include "calibrate/scales.h"
#include "workload/recording.h"

namespace placewright::calibrate {

struct HeldOut {
  std::string name;
  double measured_s = 0;
  double unscaled_s = 0;   ///< As the file has the machine.
  double predicted_s = 0;  ///< With the factors that all other runs give.
};

struct Calibration {
  Factors factors = kUnscaled;
  /// Its factor is 1 if not.
  std::array<bool, kScaleCount> is_fitted = {};
  std::vector<HeldOut> runs;
};

/// The simulated step, in seconds, of a run on the machine with these factors.
using Predict = std::function<double(size_t run, const Factors& factors)>;

/// `measured_s`: by run, two or more. Minimizes the sum of the squared logarithms of predicted over
/// measured steps, one factor after the other (Brent's method), each within 1/64 and 64 and below
/// `most`. A factor takes part only if runs that are held out are clearly nearer with it; there are fewer
/// factors than runs.
[[nodiscard]] Calibration fit(const std::vector<MeasuredRun>& runs, const Factors& most,
                              const Predict& predict);

using ReadRecording = std::function<Result<workload::Recording>(const std::string& path)>;

/// Errors: fewer than two runs; unreadable recordings and mappings; a recorded program that cannot be
/// simulated on the machine, such as one whose costs are unknown.
[[nodiscard]] Result<Calibration> calibrate(const machine::MachineDescription& machine,
                                            const std::vector<MeasuredRun>& runs,
                                            const ReadRecording& read);

}  // namespace placewright::calibrate
