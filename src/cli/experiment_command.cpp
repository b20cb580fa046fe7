// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright experiment`; its larger parts have files of their own.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/experiment_mappers.h"
#include "cli/experiment_search.h"
#include "cli/experiment_validity.h"
#include "cli/interrupt.h"
#include "cli/print_error.h"
#include "cli/standard_input.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "experiments/codegen/circuit_tester.h"
#include "experiments/codegen/codegen_experiment.h"
#include "experiments/codegen/report.h"
#include "llm/endpoint.h"
#include "llm/open_model.h"
#include "support/source.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

namespace fs = std::filesystem;
using experiments::Target;

struct Options {
  experiments::CircuitTesterSettings tester;
  llm::ModelSettings model;
  experiments::CodegenSettings experiment;
  std::string target = "mapping";
  bool json = false;
  int strategy = 0;  ///< The strategy to judge by.
  std::string file;
};

Result<std::unique_ptr<experiments::CircuitTester>> open_tester(Options& options) {
  if (options.tester.circuit.empty()) options.tester.circuit = program_folder() + "/circuit";
  options.tester.cancelled = watch_for_interrupts();
  return experiments::CircuitTester::create(options.tester);
}

void print_attempt(const experiments::Trial& trial) {
  const experiments::Assessment& last = trial.attempts.back().assessment;
  print_text(stderr, "{} {:>2} attempt {}: {}\n", experiments::to_string(trial.target),
             trial.strategy, trial.attempts.size(), experiments::to_string(last.grade));
}

void refuse_native_code(const Options& options) {
  if (options.tester.allow_native_code) return;
  refuse_usage({"a mapper in C++ is native code that nobody has reviewed",
                "--allow-native-code compiles and runs it with your permissions; use it only where "
                "it can do no harm"});
}

bool run_codegen(Options& options) {
  const bool wants_cpp = options.target != "mapping";
  if (wants_cpp) refuse_native_code(options);
  if (options.target != "cpp") options.experiment.targets.push_back(Target::Mapping);
  if (wants_cpp) options.experiment.targets.push_back(Target::Cpp);
  if (options.experiment.strategies.empty()) {
    for (const experiments::Strategy& each : experiments::strategies())
      options.experiment.strategies.push_back(each.number);
  }
  if (options.model.model.empty() && options.model.replay.empty())
    return print_error({"no language model is configured",
                        "name one with --model, such as openai:MODEL, or replay a --cassette"});
  const auto tester = open_tester(options);
  if (!tester) return print_error(tester.error());
  options.model.cancelled = options.tester.cancelled;
  for (std::string* file : {&options.model.replay, &options.model.prices})
    if (const auto ready = make_readable(*file, "model-file"); !ready)
      return print_error(ready.error());
  const auto opened = llm::open_model(options.model, llm::process_environment());
  if (!opened) return print_error(opened.error().error);
  llm::erase_keys();
  if (isatty(STDERR_FILENO) != 0) options.experiment.on_attempt = print_attempt;
  const experiments::CodegenResult result =
      experiments::run_codegen_experiment(options.experiment, *opened->model, **tester);
  if (options.json) {
    print_data(experiments::to_json(result));
  } else {
    print_text(stdout, "{}", experiments::render_table(result));
  }
  if (!options.json) print_text(stdout, "{}: {}\n", result.model, opened->ledger->to_text());
  return !result.stopped || print_error(*result.stopped);
}

bool run_judge(Options& options) {
  const bool is_cpp = fs::path(options.file).extension() == ".cpp";
  if (is_cpp) refuse_native_code(options);
  llm::erase_keys();
  const auto file = SourceFile::read(options.file);
  if (!file) return print_error(file.error());
  const auto tester = open_tester(options);
  if (!tester) return print_error(tester.error());
  const experiments::Strategy& strategy = *experiments::find_strategy(options.strategy);
  const Result<experiments::Assessment> done = (*tester)->assess(
      is_cpp ? Target::Cpp : Target::Mapping, strategy, std::string(file->text()));
  if (!done) return print_error(done.error());
  print_text(stdout, "{}: {} ({} facts)\n{}", strategy.name, experiments::to_string(done->grade),
             done->facts, done->message);
  return done->grade == experiments::Grade::Right;
}

void add_tester_options(CLI::App& command, Options& options) {
  command
      .add_option("--circuit", options.tester.circuit,
                  "Circuit program (default: the one next to placewright)")
      ->type_name("FILE");
  command.add_option("--timeout", options.tester.run_timeout_s, "Time limit of a run in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_flag("--allow-native-code", options.tester.allow_native_code,
                   "Compile and run C++ of unknown origin with your permissions");
}

void add_codegen(CLI::App& experiment, const std::shared_ptr<Options>& options, int& exit_status) {
  CLI::App* command = experiment.add_subcommand(
      "codegen", "Ask a model for ten mapping strategies, as mappings and as mappers in C++");
  command->add_option("--model", options->model.model, "Language model, such as openai:MODEL")
      ->type_name("SPEC");
  CLI::Option* replay =
      command
          ->add_option("--cassette", options->model.replay,
                       "Cassette to take the answers from, without network access")
          ->type_name("FILE");
  command->add_option("--record", options->model.record, "Cassette to record all answers to")
      ->type_name("FILE")
      ->excludes(replay);
  command
      ->add_option("--prices", options->model.prices,
                   "Price table, to compute the cost in US dollars")
      ->type_name("FILE");
  command
      ->add_option("--max-calls", options->model.budget.calls,
                   "Maximum number of calls to the model")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--max-tokens", options->model.budget.tokens,
                   "Maximum number of tokens, input and output")
      ->check(CLI::PositiveNumber);
  command->add_option("--max-dollars", options->model.budget.dollars, "Maximum cost in US dollars")
      ->check(CLI::PositiveNumber);
  command->add_option("--target", options->target, "Form of the answers")
      ->check(one_of({"mapping", "cpp", "both"}))
      ->capture_default_str();
  command
      ->add_option("--refine", options->experiment.refinements,
                   "Maximum number of further attempts, each with feedback on the previous one")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command
      ->add_option("--strategies", options->experiment.strategies,
                   "Strategy numbers (default: all ten)")
      ->delimiter(',')
      ->check(CLI::Range(1, 10))
      ->type_name("N,N,...");
  command
      ->add_option("--temperature", options->experiment.temperature,
                   "Sampling temperature (default: the server's)")
      ->check(CLI::Range(0.0, 2.0));
  command->add_option("--seed", options->experiment.seed,
                      "Sampling seed, for servers that support one");
  command
      ->add_option("--answer-tokens", options->experiment.max_output_tokens,
                   "Maximum number of tokens per answer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print everything as JSON instead of a table");
  add_tester_options(*command, *options);
  set_forms(*command, {"[OPTIONS]"});
  command->footer("Example: placewright experiment codegen --model openai:MODEL --refine 10");
  command->callback([options, &exit_status] { exit_status = run_codegen(*options) ? 0 : 1; });
}

void add_judge(CLI::App& experiment, const std::shared_ptr<Options>& options, int& exit_status) {
  CLI::App* command = experiment.add_subcommand(
      "judge",
      "Run circuit under a mapping or a C++ mapper and check whether it implements a strategy");
  command->add_option("strategy", options->strategy, "Strategy number")
      ->check(CLI::Range(1, 10))
      ->required();
  command
      ->add_option("file", options->file,
                   "Mapping file, or C++ mapper (*.cpp); - reads a mapping "
                   "from standard input")
      ->type_name("FILE")
      ->required();
  add_tester_options(*command, *options);
  set_forms(*command, {"[OPTIONS] STRATEGY FILE"});
  command->footer("Example: placewright experiment judge 2 my.mapping");
  command->callback([options, &exit_status] { exit_status = run_judge(*options) ? 0 : 1; });
}

}  // namespace

void add_experiment_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("experiment", "Experiments with mappers, searches and language models");
  command->require_subcommand(1);
  command->footer("Example: placewright experiment mappers --machine p100x4 --quick");
  add_codegen(*command, options, exit_status);
  add_judge(*command, options, exit_status);
  add_experiment_search(*command, exit_status);
  add_experiment_ablation(*command, exit_status);
  add_experiment_validity(*command, exit_status);
  add_experiment_mappers(*command, exit_status);
  CLI::App* list = command->add_subcommand("strategies", "Print the ten mapping strategies");
  set_forms(*list, {""});
  list->footer("Example: placewright experiment strategies");
  list->callback([] {
    for (const experiments::Strategy& each : experiments::strategies())
      print_text(stdout, "{} {}\n  {}\n", each.number, each.name, each.text);
  });
}

}  // namespace placewright::cli
