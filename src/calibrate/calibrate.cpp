// SPDX-License-Identifier: Apache-2.0
#include "calibrate/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/source.h"
#include "support/try.h"
#include "workload/candidate.h"

namespace placewright::calibrate {
namespace {

constexpr double kMostLog = 6;  // 2^6 = 64
constexpr int kBits = 12;       // of a factor's logarithm: about a tenth of a percent
constexpr uintmax_t kMostSteps = 25;
constexpr int kRounds = 50;
/// A round that changes no factor by more than this part ends the fit.
constexpr double kLeastChange = 1e-3;
/// A factor is unknown if half or twice it changes all predictions by less than this.
constexpr double kLeastEffect = 1e-3;
constexpr size_t kMostPasses = 8;
constexpr const char* kDefaultMapper = "Task * GPU, CPU;\n";

class Fit {
 public:
  Fit(const std::vector<MeasuredRun>& runs, const Factors& most, const Predict& predict)
      : runs_(runs), most_(most), predict_(predict) {}

  /// Without this run; SIZE_MAX: with all.
  [[nodiscard]] Factors without(size_t left_out, const std::array<bool, kScaleCount>& free) const {
    std::array<double, kScaleCount> logs = {};
    for (int round = 0; round < kRounds; ++round) {
      double change = 0;
      for (size_t i = 0; i < kScaleCount; ++i) {
        if (!free[i]) continue;
        const double before = std::exchange(logs[i], best(logs, i, left_out));
        change = std::max(change, std::abs(logs[i] - before));
      }
      if (change <= std::log2(1 + kLeastChange)) break;
    }
    return factors(logs);
  }

  /// Those that change a prediction, at most one fewer than there are runs.
  [[nodiscard]] std::array<bool, kScaleCount> known() const {
    std::array<bool, kScaleCount> known = {};
    size_t count = 0;
    for (size_t i = 0; i < kScaleCount && count + 1 < runs_.size(); ++i) {
      known[i] = changes_something(i);
      count += known[i] ? 1 : 0;
    }
    return known;
  }

 private:
  static Factors factors(const std::array<double, kScaleCount>& logs) {
    Factors result = {};
    std::ranges::transform(logs, result.begin(), [](double log) { return std::exp2(log); });
    return result;
  }

  [[nodiscard]] bool changes_something(size_t scale) const {
    for (const double factor : {0.5, std::min(2.0, most_[scale])}) {
      Factors changed = kUnscaled;
      changed[scale] = factor;
      for (size_t run = 0; run < runs_.size(); ++run)
        if (std::abs(predict_(run, changed) / predict_(run, kUnscaled) - 1) > kLeastEffect)
          return true;
    }
    return false;
  }

  [[nodiscard]] double loss(const std::array<double, kScaleCount>& logs, size_t left_out) const {
    double sum = 0;
    for (size_t run = 0; run < runs_.size(); ++run) {
      if (run == left_out) continue;
      const double off = std::log(predict_(run, factors(logs)) / runs_[run].seconds);
      sum += off * off;
    }
    return sum;
  }

  [[nodiscard]] double best(std::array<double, kScaleCount> logs, size_t scale,
                            size_t left_out) const {
    const double high = std::min(kMostLog, std::log2(most_[scale]));
    uintmax_t steps = kMostSteps;
    const auto [log, least] = boost::math::tools::brent_find_minima(
        [&](double at) {
          logs[scale] = at;
          return loss(logs, left_out);
        },
        -kMostLog, high, kBits, steps);
    return log;
  }

  const std::vector<MeasuredRun>& runs_;
  const Factors& most_;
  const Predict& predict_;
};

/// A run that can be simulated with other numbers.
struct Simulated {
  machine::MachineDescription machine;
  const sim::Simulator* simulator;
  std::shared_ptr<const policy::Policy> policy;
};

class Simulations {
 public:
  Simulations(const machine::MachineDescription& machine, const ReadRecording& read)
      : machine_(&machine), read_(&read) {}

  Result<void> add(const MeasuredRun& run) {
    machine::MachineDescription machine = *machine_;
    if (run.cpus > 0) {
      machine::Quantity& cpus = machine.quantities["shape.cpu_processors"];
      cpus.value = cpus.min = cpus.max = run.cpus;
    }
    PLACEWRIGHT_TRY(const sim::Simulator* simulator, simulator_of(run, machine));
    const workload::Recording& recording = *recordings_.at(run.recording);
    PLACEWRIGHT_TRY(auto policy, policy_of(run, recording.workload, simulator->shape()));
    all_.push_back({std::move(machine), simulator, std::move(policy)});
    const auto step_s = predict(all_.size() - 1, kUnscaled);
    if (!step_s) return fail(fmt::format("{}: {}", run.recording, step_s.error().message));
    return {};
  }

  [[nodiscard]] Result<double> predict(size_t run, const Factors& factors) const {
    const Simulated& each = all_[run];
    PLACEWRIGHT_TRY(const sim::Simulator with, each.simulator->at_end(scaled(each.machine, factors),
                                                                      machine::RangeEnd::Nominal));
    const auto predicted =
        with.predict(*each.policy, {.most_passes = kMostPasses, .explains = false});
    if (!predicted) return fail(predicted.error().message);
    if (!(predicted->step_s > 0)) return fail("its simulated step takes no time");
    return predicted->step_s;
  }

 private:
  /// One for each recording and number of processors.
  Result<const sim::Simulator*> simulator_of(const MeasuredRun& run,
                                             const machine::MachineDescription& machine) {
    const auto known = simulators_.find({run.recording, run.cpus});
    if (known != simulators_.end()) return &known->second;
    auto recording = recordings_.find(run.recording);
    if (recording == recordings_.end()) {
      PLACEWRIGHT_TRY(workload::Recording read, (*read_)(run.recording));
      recording =
          recordings_
              .emplace(run.recording, std::make_unique<const workload::Recording>(std::move(read)))
              .first;
    }
    PLACEWRIGHT_TRY(sim::Simulator made, sim::Simulator::make(*recording->second, machine));
    return &simulators_.emplace(std::pair(run.recording, run.cpus), std::move(made)).first->second;
  }

  static Result<std::shared_ptr<const policy::Policy>> policy_of(
      const MeasuredRun& run, const workload::Workload& workload,
      const machine::MachineShape& shape) {
    std::string text = kDefaultMapper;
    if (!run.mapping.empty()) {
      PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(run.mapping));
      text = file.text();
    }
    workload::Candidate candidate =
        workload::compile_candidate(run.mapping, std::move(text), workload, shape);
    if (candidate.policy == nullptr) return fail(candidate.messages);
    return candidate.policy;
  }

  const machine::MachineDescription* machine_;
  const ReadRecording* read_;
  std::map<std::string, std::unique_ptr<const workload::Recording>> recordings_;
  std::map<std::pair<std::string, int>, sim::Simulator> simulators_;
  std::vector<Simulated> all_;
};

}  // namespace

Calibration fit(const std::vector<MeasuredRun>& runs, const Factors& most, const Predict& predict) {
  const Fit fit(runs, most, predict);
  Calibration result;
  result.is_known = fit.known();
  result.factors = fit.without(SIZE_MAX, result.is_known);
  for (size_t run = 0; run < runs.size(); ++run)
    result.runs.push_back({runs[run].name, runs[run].seconds, predict(run, kUnscaled),
                           predict(run, fit.without(run, result.is_known))});
  return result;
}

Result<Calibration> calibrate(const machine::MachineDescription& machine,
                              const std::vector<MeasuredRun>& runs, const ReadRecording& read) {
  if (runs.size() < 2) return fail("a calibration needs two runs or more");
  Simulations simulations(machine, read);
  for (const MeasuredRun& run : runs) PLACEWRIGHT_TRY_VOID(simulations.add(run));
  Factors most = {};
  std::ranges::transform(scales(), most.begin(),
                         [&](const Scale& scale) { return calibrate::most(scale, machine); });
  // What can be simulated with one set of numbers can be with any.
  return fit(runs, most, [&](size_t run, const Factors& factors) {
    return simulations.predict(run, factors).value_or(runs[run].seconds);
  });
}

}  // namespace placewright::calibrate
