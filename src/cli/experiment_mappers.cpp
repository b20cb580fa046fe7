// SPDX-License-Identifier: Apache-2.0
#include "cli/experiment_mappers.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>

#include "cli/interrupt.h"
#include "cli/print_error.h"
#include "cli/standard_input.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "experiments/mappers/comparison_report.h"
#include "llm/endpoint.h"
#include "support/files.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/run_evaluator.h"

namespace placewright::cli {
namespace {

using experiments::ComparisonMachine;

constexpr const char* kCpu = "cpu";
constexpr const char* kPaperMachine = "p100x4";

struct Options {
  experiments::ComparisonSettings comparison;
  std::vector<std::string> applications;
  std::vector<std::string> machines;
  int processes = 0;  ///< 0: not given.
  std::string json;
};

/// The requested machines. The default is this machine's CPUs, and the machine of the published
/// experiments with one and with two processes.
Result<std::vector<ComparisonMachine>> machines_of(const Options& options,
                                                   const experiments::Catalogue& catalogue) {
  std::vector<ComparisonMachine> machines;
  const int processes = options.processes == 0 ? 1 : options.processes;
  for (const std::string& name : options.machines) machines.push_back({name, "", processes});
  if (machines.empty() && options.processes > 0)
    machines = {{kPaperMachine, "", options.processes}};
  if (machines.empty()) machines = {{kCpu, "", 1}, {kPaperMachine, "", 1}, {kPaperMachine, "", 2}};
  for (ComparisonMachine& machine : machines) {
    if (machine.name == kCpu) continue;
    PLACEWRIGHT_TRY(machine.file, catalogue.machine_file(machine.name, machine.processes));
  }
  return machines;
}

Result<void> prepare(Options& options) {
  const experiments::Catalogue catalogue(program_folder());
  for (std::string& machine : options.machines)
    PLACEWRIGHT_TRY_VOID(make_readable(machine, "machine.toml"));
  PLACEWRIGHT_TRY(auto applications, catalogue.applications(options.applications));
  if (!applications.missing.empty())
    print_text(stderr, "placewright: note: skipping missing applications: {}\n",
               fmt::join(applications.missing, ", "));
  options.comparison.applications = std::move(applications.found);
  PLACEWRIGHT_TRY(options.comparison.machines, machines_of(options, catalogue));
  // Fail before the runs, not after them.
  if (!options.json.empty()) PLACEWRIGHT_TRY_VOID(check_writable(options.json));
  options.comparison.stop = watch_for_interrupts();
  if (isatty(STDERR_FILENO) != 0)
    options.comparison.note = [](const std::string& text) { print_text(stderr, "{}\n", text); };
  return {};
}

bool run(Options& options) {
  llm::erase_keys();
  if (auto ready = prepare(options); !ready) return print_error(ready.error());
  const auto maker = [&](const tune::Settings& settings) {
    auto made = tune::RunEvaluator::create(settings, options.comparison.stop);
    return made.map(
        [](auto& evaluator) -> std::unique_ptr<tune::Evaluator> { return std::move(evaluator); });
  };
  const auto result = experiments::compare_mappers(options.comparison, maker);
  if (!result) return print_error(result.error());
  print_text(stdout, "{}", experiments::render(*result));
  if (!options.json.empty()) {
    if (auto written = write_file(options.json, experiments::to_json(*result)); !written)
      return print_error(written.error());
  }
  return !result->failed();
}

}  // namespace

void add_experiment_mappers(CLI::App& experiment, int& exit_status) {
  auto options = std::make_shared<Options>();
  experiments::ComparisonSettings& comparison = options->comparison;
  CLI::App* command = experiment.add_subcommand(
      "mappers",
      "Measure every application under Legion's default mapper, the expert mapping and the "
      "hand-written mapper");
  command
      ->add_option(
          "--machine", options->machines,
          "`cpu`, a machine such as `p100x4`, or a machine file (default: cpu, p100x4, and "
          "p100x4 in 2 processes)")
      ->type_name("NAME|FILE");
  command->add_option("--processes,-n", options->processes, "Number of processes per run")
      ->check(CLI::Range(1, 1024));
  command->add_option("--apps", options->applications, "Application names (default: all)")
      ->delimiter(',')
      ->type_name("NAME,...");
  command->add_flag("--quick", comparison.quick,
                    "Do one small correctness run each, without timing");
  command->add_option("--input", comparison.input, "Input size to time")
      ->check(one_of({"test", "small", "medium", "large"}))
      ->capture_default_str();
  command->add_option("--rounds", comparison.rounds, "Number of timed runs per mapper")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--time-scale", comparison.time_scale,
                   "Wall seconds per modelled second (default: from the application's study file)")
      ->check(CLI::PositiveNumber);
  command->add_option("--timeout", comparison.timeout_s, "Time limit of a run in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--json", options->json, "JSON file for the full results")->type_name("FILE");
  set_forms(*command, {"[OPTIONS]"});
  command->footer("Example: placewright experiment mappers --machine p100x4 --quick");
  command->callback([options, &exit_status] { exit_status = run(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
