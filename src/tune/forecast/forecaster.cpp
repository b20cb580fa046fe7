// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecaster.h"

#include <utility>

#include "sim/simulate.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

/// The first ones move data; the later half counts.
constexpr size_t kPasses = 8;

class SimulatedSteps final : public Forecaster {
 public:
  SimulatedSteps(std::unique_ptr<const workload::Recording> recording, sim::Simulator simulator)
      : recording_(std::move(recording)), simulator_(std::move(simulator)) {}

  [[nodiscard]] Result<double> step_s(const policy::Rules& rules) const override {
    return simulate(rules, {});
  }
  [[nodiscard]] Result<double> varied_step_s(const policy::Rules& rules,
                                             uint64_t seed) const override {
    return simulate(rules, {seed, sim::kReplayVariation});
  }

 private:
  [[nodiscard]] Result<double> simulate(const policy::Rules& rules,
                                        const sim::Variation& variation) const {
    const auto prediction = simulator_.predict(
        rules, {.most_passes = kPasses, .explains = false, .variation = variation});
    if (!prediction) return fail(prediction.error().message);
    return prediction->step_s;
  }

  std::unique_ptr<const workload::Recording> recording_;  ///< The simulator refers to it.
  sim::Simulator simulator_;
};

}  // namespace

Result<std::unique_ptr<Forecaster>> make_forecaster(workload::Recording recording,
                                                    const machine::MachineDescription& machine) {
  auto kept = std::make_unique<const workload::Recording>(std::move(recording));
  PLACEWRIGHT_TRY(sim::Simulator simulator, sim::Simulator::make(*kept, machine));
  return std::make_unique<SimulatedSteps>(std::move(kept), std::move(simulator));
}

}  // namespace placewright::tune
