// SPDX-License-Identifier: Apache-2.0
#include "cli/metric_options.h"

#include "cli/usage.h"

namespace placewright::cli {

void add_metric_options(CLI::App& command, MetricOptions& options) {
  command
      .add_option(
          "--metric", options.pattern,
          "Regular expression (RE2) whose one group captures the time, or another number that the "
          "program prints; the last match counts (default: `ELAPSED TIME = ... s`)")
      ->type_name("REGEX")
      ->check(read_by(tune::compile_pattern));
  CLI::Option* maximize = command.add_flag("--maximize", options.maximize,
                                           "Larger values of the metric are better, as of a rate");
  command.add_flag("--minimize", options.minimize, "Smaller values of the metric are better")
      ->excludes(maximize);
  command
      .add_option("--unit", options.unit, "Unit of the metric (default: as the program prints it)")
      ->type_name("UNIT");
  command
      .add_option("--checksum", options.checksum,
                  "Regular expression whose one group captures the checksum")
      ->type_name("REGEX")
      ->check(read_by(tune::compile_pattern));
}

void take_metric(const MetricOptions& options, tune::Settings& settings) {
  tune::Metric& metric = settings.metric;
  if (!options.pattern.empty()) metric.pattern = options.pattern;
  if (options.maximize) metric.direction = tune::Direction::Maximize;
  if (options.minimize) metric.direction = tune::Direction::Minimize;
  if (!options.unit.empty()) metric.unit = options.unit;
  if (!options.checksum.empty()) settings.checksum = options.checksum;
}

}  // namespace placewright::cli
