// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright compare`.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/metric_options.h"
#include "cli/print_error.h"
#include "cli/standard_input.h"
#include "cli/usage.h"
#include "launch/run_application.h"
#include "llm/endpoint.h"
#include "machine/load.h"
#include "support/source.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/comparison_report.h"
#include "tune/run_evaluator.h"

namespace placewright::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefault = "default";

struct Options {
  std::vector<std::string> words;  ///< Mappings, then the program and its arguments.
  std::vector<std::string> mappings;
  std::string machine, runtime_cost;
  MetricOptions metric;
  double time_scale = 0;
  int processes = 1;
  int rounds = 7;
  double timeout_s = 120;
  bool replace_mapper = false;
  bool json = false;
};

/// CLI11 gives the words on both sides of `--` to one option.
void split_words(Options& options, size_t program_words) {
  const size_t mappings = options.words.size() - std::min(program_words, options.words.size());
  const auto middle = options.words.begin() + static_cast<std::ptrdiff_t>(mappings);
  options.mappings.assign(options.words.begin(), middle);
  options.words.erase(options.words.begin(), middle);
  if (options.words.empty())
    refuse_usage({"no application to run the mappings with", "give one after `--`"});
  if (options.mappings.size() < 2)
    refuse_usage({"a comparison needs at least two mappings",
                  "name files before `--`; `default` is Legion's default mapper"});
}

bool is_same_file(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (a == kDefault || b == kDefault) return false;
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

/// What is wrong with a mapping is part of it, so that the others are compared all the same.
std::vector<tune::ComparedMapping> read_mappings(const std::vector<std::string>& names) {
  std::vector<tune::ComparedMapping> mappings;
  for (const std::string& name : names) {
    tune::ComparedMapping mapping{name, std::nullopt, ""};
    const auto earlier = std::ranges::find_if(
        mappings, [&](const auto& other) { return is_same_file(other.name, name); });
    if (earlier != mappings.end()) {
      mapping.problem = fmt::format("the same mapping as `{}`", earlier->name);
    } else if (name != kDefault) {
      const auto file = SourceFile::read(name);
      if (file) mapping.text = file->text();
      if (!file) mapping.problem = file.error().message;
    }
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

tune::Settings settings_of(const Options& options) {
  tune::Settings settings;
  settings.command = options.words;
  settings.machine = options.machine;
  settings.time_scale = options.time_scale;
  settings.runtime_cost = options.runtime_cost == "model";
  settings.processes = options.processes;
  settings.replace_mapper = options.replace_mapper;
  settings.budget_s = options.timeout_s;
  take_metric(options.metric, settings);
  return settings;
}

Result<machine::MachineShape> machine_of(const tune::Settings& settings) {
  launch::RunRequest request;
  request.argv = settings.command;
  request.processes = settings.processes;
  if (!settings.machine.empty()) request.machine = settings.machine;
  return launch::machine_of(request);
}

Result<tune::Comparison> compare(Options& options) {
  PLACEWRIGHT_TRY_VOID(make_readable(options.machine, "machine.toml"));
  const tune::Settings settings = settings_of(options);
  if (!settings.machine.empty()) {
    PLACEWRIGHT_TRY(const auto file, machine::read_machine(settings.machine));
    for (const std::string& note : machine::machine_notes(file))
      print_text(stderr, "placewright: note: {}\n", note);
  }
  PLACEWRIGHT_TRY(const auto machine, machine_of(settings));
  const auto interrupted = watch_for_interrupts();
  PLACEWRIGHT_TRY(const auto evaluator, tune::RunEvaluator::create(settings, interrupted));
  const auto note = [](const std::string& text) { print_text(stderr, "{}", text); };
  std::function<void(const std::string&)> running;
  if (isatty(STDERR_FILENO) != 0)
    running = [](const std::string& text) { print_text(stderr, "{}\n", text); };
  return tune::compare({settings, *evaluator, machine, read_mappings(options.mappings),
                        options.rounds, options.timeout_s, interrupted, note, running});
}

/// The table has one line for each failure; this has all.
void print_failures(const tune::Comparison& comparison) {
  for (const tune::ReportRow& row : comparison.rows) {
    if (row.status == tune::Status::Ok) continue;
    // Messages of the checker name the file themselves.
    if (row.message.find(": error: ") != std::string::npos) {
      print_text(stderr, "{}", row.message);
    } else {
      print_error({fmt::format("`{}` {}: {}", row.name, to_string(row.status), row.message), ""});
    }
  }
  if (comparison.rounds > 0 || comparison.stopped) return;
  print_error({"nothing was timed: fewer than two mappings are left to compare", ""});
}

int run(Options& options) {
  llm::erase_keys();
  const auto comparison = compare(options);
  if (!comparison) {
    print_error(comparison.error());
    return 1;
  }
  if (options.json) {
    print_data(tune::to_json(*comparison));
  } else {
    print_text(stdout, "{}", tune::render(*comparison));
  }
  print_failures(*comparison);
  return comparison->failed() ? 1 : 0;
}

}  // namespace

void add_compare_command(CLI::App& app, size_t program_words, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("compare", "Time a program under several mappings in turn");
  command
      ->add_option("words", options->words,
                   "Mapping files, `default` for Legion's default mapper; then the program and its "
                   "arguments after --")
      ->required();
  allow_words_after_mark(*command);
  command->add_option("--rounds", options->rounds, "Number of timed runs of each mapping")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  add_metric_options(*command, options->metric);
  CLI::Option* machine =
      command->add_option("--machine", options->machine, "Machine file; runs on its virtual GPUs")
          ->type_name("FILE");
  command->add_option("--time-scale", options->time_scale, "Wall seconds per modelled second")
      ->needs(machine)
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--runtime-cost", options->runtime_cost,
                   "With --machine: whether the runtime's own work takes modelled time too")
      ->needs(machine)
      ->check(one_of({"none", "model"}));
  command->add_option("--processes,-n", options->processes, "Number of processes per run")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--timeout", options->timeout_s, "Time limit of a run in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--replace-mapper", options->replace_mapper,
                    "Replace the mappers that the application installs itself");
  command->add_flag("--json", options->json, "Print the result as JSON, samples included");
  set_forms(*command, {"[OPTIONS] MAPPING MAPPING... -- PROGRAM [ARGUMENT...]"});
  command->footer(
      "Example: placewright compare default expert.mapping best.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, program_words, &exit_status] {
    split_words(*options, program_words);
    exit_status = run(*options);
  });
}

}  // namespace placewright::cli
