// SPDX-License-Identifier: Apache-2.0
#include "cli/experiment_validity.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <charconv>
#include <memory>

#include "cli/interrupt.h"
#include "cli/print_error.h"
#include "cli/standard_input.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "experiments/validity/draw_mapping.h"
#include "experiments/validity/validity_counts.h"
#include "llm/endpoint.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

struct Options {
  experiments::ValiditySettings experiment;
  std::vector<std::string> applications;
  std::string machine = "p100x4";
  std::string show;  ///< APP:SEED
};

Result<void> prepare(Options& options, const std::vector<std::string>& names) {
  const experiments::Catalogue catalogue(program_folder());
  PLACEWRIGHT_TRY_VOID(make_readable(options.machine, "machine.toml"));
  PLACEWRIGHT_TRY(auto applications, catalogue.applications(names));
  if (!applications.missing.empty())
    print_text(stderr, "placewright: note: skipping missing applications: {}\n",
               fmt::join(applications.missing, ", "));
  options.experiment.applications = std::move(applications.found);
  PLACEWRIGHT_TRY(options.experiment.machine,
                  catalogue.machine_file(options.machine, /*processes=*/1));
  options.experiment.stop = watch_for_interrupts();
  if (isatty(STDERR_FILENO) != 0)
    options.experiment.note = [](const std::string& text) { print_text(stderr, "{}\n", text); };
  return {};
}

Result<void> show(Options& options) {
  const size_t colon = options.show.find(':');
  int seed = 0;
  const char* end = options.show.data() + options.show.size();
  const char* read = nullptr;
  if (colon != std::string::npos)
    read = std::from_chars(options.show.data() + colon + 1, end, seed).ptr;
  if (seed < 1 || read != end)
    refuse_usage({fmt::format("`{}` is not an application with a seed", options.show),
                  "write it as circuit:7"});
  PLACEWRIGHT_TRY_VOID(prepare(options, {options.show.substr(0, colon)}));
  const experiments::Application& application = options.experiment.applications.front();
  PLACEWRIGHT_TRY(const auto baseline,
                  experiments::discover_baseline(options.experiment, application));
  print_data(experiments::draw_mapping(application.name, baseline.workload, seed));
  return {};
}

bool run(Options& options) {
  llm::erase_keys();
  if (!options.show.empty()) {
    const auto shown = show(options);
    return shown || print_error(shown.error());
  }
  if (auto ready = prepare(options, options.applications); !ready)
    return print_error(ready.error());
  const auto result = experiments::run_validity_experiment(options.experiment);
  if (!result) return print_error(result.error());
  print_text(stdout, "{}", experiments::render(*result));
  return !result->stopped;
}

}  // namespace

void add_experiment_validity(CLI::App& experiment, int& exit_status) {
  auto options = std::make_shared<Options>();
  options->experiment.log = "random-validity.jsonl";
  CLI::App* command =
      experiment.add_subcommand("validity", "Count how many random mappings are invalid, and how");
  command->add_option("--apps", options->applications, "Application names (default: all)")
      ->delimiter(',')
      ->type_name("NAME,...");
  command->add_option("--seeds", options->experiment.seeds, "Number of mappings per application")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--machine", options->machine, "Name or path of a machine file")
      ->capture_default_str()
      ->type_name("NAME|FILE");
  command
      ->add_option("--out", options->experiment.log, "Results file; an existing one is continued")
      ->capture_default_str()
      ->type_name("FILE");
  command->add_option("--jobs,-j", options->experiment.jobs, "Number of concurrent runs")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--timeout", options->experiment.timeout_s, "Time limit of a run in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--show", options->show, "Application and seed whose mapping to print")
      ->type_name("APP:SEED");
  set_forms(*command, {"[OPTIONS]", "[OPTIONS] --show APP:SEED"});
  command->footer("Example: placewright experiment validity --seeds 1000 --jobs 4");
  command->callback([options, &exit_status] { exit_status = run(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
