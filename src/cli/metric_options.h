// SPDX-License-Identifier: Apache-2.0
// Options of the commands that compare what a program prints about itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "tune/settings.h"

namespace placewright::cli {

struct MetricOptions {
  std::string pattern, checksum, unit;
  bool maximize = false, minimize = false;
};

/// Declares --metric, --maximize, --minimize, --unit and --checksum.
void add_metric_options(CLI::App& command, MetricOptions& options);

/// What was given replaces what the settings have.
void take_metric(const MetricOptions& options, tune::Settings& settings);

}  // namespace placewright::cli
