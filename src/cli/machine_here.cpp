// SPDX-License-Identifier: Apache-2.0
#include "cli/machine_here.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>

#include "calibrate/calibrate.h"
#include "cli/read_workload.h"
#include "discover/discover.h"
#include "machine/load.h"
#include "machine/presets.h"
#include "support/files.h"
#include "support/source.h"
#include "support/statistics.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

using calibrate::Calibration;

struct Options {
  std::string machine;
  std::string runs;
  std::string output;
  std::string name = "here";
};

Result<void> put(const Options& options, const std::string& text) {
  if (!options.output.empty()) return write_file(options.output, text);
  print_data(text);
  return {};
}

Result<void> discover(const Options& options) {
  PLACEWRIGHT_TRY(const std::string text, discover::discover_machine(options.name));
  PLACEWRIGHT_TRY_VOID(machine::parse_machine(text, options.name));
  return put(options, text);
}

/// The text of a machine file or of a built-in machine.
Result<std::string> text_of(const std::string& machine) {
  if (machine::gives_nodes(machine))
    return fail(fmt::format("`{}` gives a number of nodes", machine),
                "calibrate the machine itself: its numbers are those of one node");
  if (machine::names_machine(machine)) {
    if (const machine::Preset* preset = machine::find_preset(machine))
      return std::string(preset->text);
  }
  PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(machine));
  return std::string(file.text());
}

std::string percent_off(double predicted_s, double measured_s) {
  return fmt::format("{:+.1f} %", 100 * (predicted_s / measured_s - 1));
}

void print(const Calibration& calibration) {
  for (size_t i = 0; i < calibrate::kScaleCount; ++i) {
    const calibrate::Scale& scale = calibrate::scales()[i];
    print_text(
        stdout, "{:<8} {}  ({})\n", scale.name,
        calibration.is_fitted[i] ? fmt::format("x {:<8.4g}", calibration.factors[i]) : "as filed  ",
        scale.words);
  }
  print_text(stdout, "\n{:<40} {:>12} {:>10} {:>10}\n", "seconds of a step", "measured", "as filed",
             "held out");
  std::vector<double> before, after;
  for (const calibrate::HeldOut& run : calibration.runs) {
    print_text(stdout, "{:<40} {:>12.4g} {:>10} {:>10}\n", run.name, run.measured_s,
               percent_off(run.unscaled_s, run.measured_s),
               percent_off(run.predicted_s, run.measured_s));
    before.push_back(std::abs(run.unscaled_s / run.measured_s - 1));
    after.push_back(std::abs(run.predicted_s / run.measured_s - 1));
  }
  print_text(stdout, "{:<40} {:>12} {:>8.1f} % {:>8.1f} %\n", "median of what they are off", "",
             100 * median(before), 100 * median(after));
  print_text(stdout, "held out: simulated with the factors of all other runs\n");
}

Result<void> calibrate(const Options& options) {
  PLACEWRIGHT_TRY(const std::string text, text_of(options.machine));
  PLACEWRIGHT_TRY(const auto machine, machine::parse_machine(text, options.machine));
  PLACEWRIGHT_TRY(const auto runs, calibrate::read_runs(options.runs));
  PLACEWRIGHT_TRY(const Calibration calibration,
                  calibrate::calibrate(machine, runs, read_recording));
  print(calibration);
  if (options.output.empty()) return {};
  return write_file(options.output, calibrate::scaled_text(text, calibration.factors));
}

}  // namespace

void add_machine_discover(CLI::App& machine, const std::function<void(const Result<void>&)>& end) {
  auto options = std::make_shared<Options>();
  CLI::App* command = machine.add_subcommand(
      "discover", "Describe this machine: its processors and memory, measured for some seconds");
  command->add_option("--name", options->name, "Name of the machine")->capture_default_str();
  command->add_option("-o,--output", options->output, "Machine file to write (default: print it)")
      ->type_name("FILE");
  command->callback([options, end] { end(discover(*options)); });
}

void add_machine_calibrate(CLI::App& machine, const std::function<void(const Result<void>&)>& end) {
  auto options = std::make_shared<Options>();
  CLI::App* command = machine.add_subcommand("calibrate",
                                             "Fit at most three factors of a machine to timed runs "
                                             "of recorded programs, and print how far "
                                             "off each run is if it takes no part in the fit");
  command->add_option("machine", options->machine, "Machine file or built-in machine")
      ->required()
      ->type_name("FILE|NAME");
  command
      ->add_option("runs", options->runs,
                   "TOML file with a table [[run]] for each: recording, seconds of a step, and "
                   "perhaps mapping, cpus and name")
      ->required()
      ->type_name("RUNS.toml");
  command->add_option("-o,--output", options->output, "Machine file to write, with scaled numbers")
      ->type_name("FILE");
  command->callback([options, end] { end(calibrate(*options)); });
}

}  // namespace placewright::cli
