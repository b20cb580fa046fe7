// SPDX-License-Identifier: Apache-2.0
#include "calibrate/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/source.h"
#include "support/try.h"
#include "workload/candidate.h"

namespace placewright::calibrate {
namespace {

constexpr double kMostLog = 6;  // 2^6 = 64
constexpr int kBits = 10;
constexpr uintmax_t kMostSteps = 20;
constexpr int kRounds = 50;
/// A round that changes no factor by more than this part ends the fit.
constexpr double kLeastChange = 1e-3;
/// A factor means nothing if half or twice it changes all predictions by less than this.
constexpr double kLeastEffect = 1e-3;
/// A further factor must leave at most this part of the squares.
constexpr double kClearGain = 0.7;
/// Where runs are off by so much in the mean square, nothing is left to explain.
constexpr double kNear = 0.01;
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

  /// The scales that held-out runs speak for, found one by one.
  [[nodiscard]] std::array<bool, kScaleCount> choose() const {
    std::array<bool, kScaleCount> chosen = {};
    double least = held_out(chosen);
    const auto near_enough = static_cast<double>(runs_.size()) * squared_log(1 + kNear);
    for (size_t count = 0; count + 1 < runs_.size() && count < kScaleCount; ++count) {
      if (least < near_enough) break;
      std::optional<size_t> next;
      double best = kClearGain * least;
      for (size_t i = 0; i < kScaleCount; ++i) {
        if (chosen[i] || !changes_something(i)) continue;
        auto with = chosen;
        with[i] = true;
        if (const double off = held_out(with); off < best) std::tie(best, next) = std::pair(off, i);
      }
      if (!next) break;
      chosen[*next] = true;
      least = best;
    }
    return chosen;
  }

 private:
  static Factors factors(const std::array<double, kScaleCount>& logs) {
    Factors result = {};
    std::ranges::transform(logs, result.begin(), [](double log) { return std::exp2(log); });
    return result;
  }

  [[nodiscard]] static double squared_log(double ratio) {
    return std::log(ratio) * std::log(ratio);
  }

  /// How far off each run is if it takes no part, squared and summed.
  [[nodiscard]] double held_out(const std::array<bool, kScaleCount>& free) const {
    double sum = 0;
    for (size_t run = 0; run < runs_.size(); ++run)
      sum += squared_log(predict_(run, without(run, free)) / runs_[run].seconds);
    return sum;
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
      sum += squared_log(predict_(run, factors(logs)) / runs_[run].seconds);
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
  result.is_fitted = fit.choose();
  result.factors = fit.without(SIZE_MAX, result.is_fitted);
  for (size_t run = 0; run < runs.size(); ++run)
    result.runs.push_back({runs[run].name, runs[run].seconds, predict(run, kUnscaled),
                           predict(run, fit.without(run, result.is_fitted))});
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
