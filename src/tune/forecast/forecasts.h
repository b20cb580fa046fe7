// SPDX-License-Identifier: Apache-2.0
// Forecasts beside measurements: how right they were, and so which mappings are worth measuring.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "tune/forecast/forecaster.h"

namespace placewright::tune {

/// How a search used forecasts, for its report.
struct ForecastSummary {
  size_t simulated = 0;  ///< Different decision sets.
  size_t failed = 0;     ///< As many of these would end a run.
  bool exhausted = false;
  int skipped = 0;   ///< Proposals that were not measured.
  int measured = 0;  ///< Mappings that have both.
  /// Kendall's tau-b of both orders; nullopt for less than two.
  std::optional<double> tau;
  /// Median of |measured / forecast - 1|, after the common factor was taken out.
  std::optional<double> error;
  /// How many simulated decision sets have a shorter forecast than the fastest measured mapping.
  std::optional<size_t> before_best;
};

class Forecasts {
 public:
  explicit Forecasts(std::unique_ptr<Forecaster> forecaster) : forecaster_(std::move(forecaster)) {}

  [[nodiscard]] const Forecaster& forecaster() const { return *forecaster_; }
  /// Seconds of a step, simulated; nullopt: there is no forecast.
  [[nodiscard]] std::optional<double> of(const policy::Rules& rules) const;

  /// A mapping was measured: in the order of the search, once each.
  void measured(double forecast_s, double cost);
  /// Whether a mapping with this forecast may cost less than `cost`, within what forecasts were off by
  /// so far.
  [[nodiscard]] bool may_beat(double forecast_s, double cost) const;
  /// Whether a proposal is not to be measured, because it may not. One in ten is all the same, so that
  /// forecasts that are off are noticed.
  [[nodiscard]] bool skips(double forecast_s, double cost);

  /// The forecasts of a search that ran nothing.
  void simulated(std::vector<double> forecasts, size_t failed, bool exhausted);
  [[nodiscard]] ForecastSummary summary() const;

 private:
  struct Pair {
    double forecast_s;
    double cost;
  };
  std::unique_ptr<Forecaster> forecaster_;
  std::vector<Pair> pairs_;
  std::vector<double> simulated_;
  ForecastSummary summary_;
  int hopeless_ = 0;
};

}  // namespace placewright::tune
