// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright tune`.
#include <fmt/core.h>

#include <cstring>
#include <filesystem>
#include <memory>

#include "agent/study_model.h"
#include "cli/commands.h"
#include "cli/default_strategy.h"
#include "cli/interrupt.h"
#include "cli/metric_options.h"
#include "cli/print_error.h"
#include "cli/simulated_tuning.h"
#include "cli/standard_input.h"
#include "cli/strategies.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "explain/finding.h"
#include "llm/endpoint.h"
#include "machine/load.h"
#include "support/files.h"
#include "support/shell.h"
#include "support/source.h"
#include "support/standard_input.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/inputs.h"
#include "tune/replay.h"
#include "tune/tuner.h"

namespace placewright::cli {
namespace {

namespace fs = std::filesystem;
using tune::Settings;

struct Options {
  std::vector<std::string> words;  ///< [study.toml] application arguments...
  std::string budget, closing, strategy, machine, expert, study;
  std::string output = "best.mapping";
  int evaluations = 0;
  int processes = 0;
  double time_scale = 0;
  std::string runtime_cost;
  int64_t seed = -1;
  bool resume = false;
  bool replay = false;
  bool replace_mapper = false;
  bool whole_runs = false;
  bool no_forecast = false;
  bool simulate = false;
  std::string workload;
  MetricOptions metric;
  std::string pin;
  std::vector<std::string> only, except;
  AgentOptions agent;
};

constexpr const char* kAgentFact = "agent";

bool is_study_file(const std::string& word) {
  return word == kStandardInput || fs::path(word).extension() == ".toml";
}

bool is_start_word(const std::string& start) { return start == "random" || start == "default"; }

void take_restrictions(const Options& options, Settings& settings) {
  if (is_start_word(options.agent.start)) settings.start = {};
  if (!options.agent.start.empty() && !is_start_word(options.agent.start))
    settings.start.name = options.agent.start;
  if (!options.pin.empty()) settings.pin.name = options.pin;
  if (!options.only.empty()) settings.only = options.only;
  if (!options.except.empty()) settings.except = options.except;
}

// A simulation needs none.
void choose_strategy(const Options& options, Settings& settings) {
  if (!settings.strategy.empty() || options.simulate) return;
  settings.strategy = default_strategy(options.agent);
  print_text(stderr, "strategy: {} ({})\n", settings.strategy,
             asks_model(settings.strategy) ? "a language model is configured"
                                           : "no language model is configured; --model names one");
}

// Nothing runs: longer searches find little more.
constexpr double kSimulatedBudget_s = 25;

void check_machine(const Options& options, const Settings& settings) {
  if (!settings.machine.empty()) return;
  if (options.time_scale > 0)
    refuse_usage({"--time-scale needs --machine", "name the machine file whose time it scales"});
  if (settings.runtime_cost)
    refuse_usage({"--runtime-cost needs --machine", "name a machine file with `[runtime]`"});
  if (options.simulate)
    refuse_usage({"--simulate needs a machine", "name a machine file with --machine"});
}

// The command line overrides the study file.
std::optional<Settings> settings_of(const Options& options) {
  Settings settings;
  if (options.simulate) settings.budget_s = kSimulatedBudget_s;
  std::vector<std::string> command = options.words;
  if (!command.empty() && is_study_file(command.front())) {
    const auto read = read_study(command.front());
    if (!read) return std::nullopt;
    settings = *read;
    command.erase(command.begin());
  }
  if (!command.empty()) settings.command = command;
  if (settings.command.empty() && !options.simulate) {
    refuse_usage(
        {"no application to tune", "give one after `--`, or a study file with a `command`"});
  }
  if (!options.budget.empty()) settings.budget_s = *tune::parse_duration(options.budget);
  if (!options.closing.empty()) settings.closing_s = *tune::parse_duration(options.closing);
  if (!options.strategy.empty()) settings.strategy = options.strategy;
  take_metric(options.metric, settings);
  if (!options.machine.empty()) settings.machine = options.machine;
  if (!options.expert.empty()) settings.expert = options.expert;
  take_restrictions(options, settings);
  if (options.time_scale > 0) settings.time_scale = options.time_scale;
  if (!options.runtime_cost.empty()) settings.runtime_cost = options.runtime_cost == "model";
  check_machine(options, settings);
  if (options.evaluations > 0) settings.evaluations = options.evaluations;
  if (options.processes > 0) settings.processes = options.processes;
  if (options.seed >= 0) settings.seed = static_cast<uint64_t>(options.seed);
  settings.replace_mapper = settings.replace_mapper || options.replace_mapper;
  settings.whole_runs = options.whole_runs;
  settings.forecasts = !options.no_forecast;
  settings.compares_untouched = true;
  if (settings.name.empty())
    settings.name = options.simulate ? fs::path(options.workload).stem()
                                     : fs::path(settings.command.front()).filename();
  choose_strategy(options, settings);
  if (!settings.strategy.empty()) {
    if (const auto known = check_strategy(settings.strategy); !known) {
      print_error(known.error());
      return std::nullopt;
    }
  }
  if (options.agent.start == "random" && !asks_model(settings.strategy))
    refuse_usage({fmt::format("--start random is for strategies that ask a model, not for `{}`",
                              settings.strategy),
                  "give a mapping file"});
  if (const auto read = tune::read_mappings(settings); !read) {
    print_error(read.error());
    return std::nullopt;
  }
  return settings;
}

std::string study_path(const Options& options, const Settings& settings) {
  return options.study.empty() ? settings.name + ".study.db" : options.study;
}

tune::StudyFacts identity_of(const Options& options, const Settings& settings,
                             const std::string& model) {
  tune::StudyFacts facts = tune::identity(settings);
  if (asks_model(settings.strategy)) facts[kAgentFact] = describe(options.agent, model);
  return facts;
}

Result<void> check_identity(const tune::StudyStore& store, const tune::StudyFacts& facts,
                            const std::string& path) {
  PLACEWRIGHT_TRY(const auto found, store.facts());
  for (const auto& [key, value] : facts) {
    const auto other = found.find(key);
    // An older study lacks the settings that did not exist.
    const std::string recorded = other == found.end() ? "" : other->second;
    if (recorded == value) continue;
    const auto shown = [](const std::string& text) { return explain::harmless(text, 200); };
    return fail(fmt::format("study `{}` was started with another {}: `{}`, now `{}`", path, key,
                            shown(recorded), shown(value)),
                "continue it with the same settings, or start a new study with --study FILE.db");
  }
  return {};
}

Result<tune::StudyStore> open_store(const Options& options, const Settings& settings,
                                    const llm::LanguageModel* model) {
  const std::string path = study_path(options, settings);
  const auto facts = identity_of(options, settings, model == nullptr ? "" : model->name());
  if (!options.resume) return tune::StudyStore::create(path, facts);
  PLACEWRIGHT_TRY(auto store, tune::StudyStore::resume(path));
  PLACEWRIGHT_TRY_VOID(check_identity(store, facts, path));
  return store;
}

/// Replaces the model while a study is replayed: every allowed request is recorded.
class AbsentModel : public llm::LanguageModel {
 public:
  explicit AbsentModel(std::string name) : name_(std::move(name)) {}
  llm::Completion complete(const llm::Request&) override {
    return llm::fail(llm::Failure::CassetteMiss, "the study has no answer to this request");
  }
  std::string name() const override { return name_; }

 private:
  std::string name_;
};

Result<void> replay_study(const Options& options, const Settings& settings) {
  const std::string path = study_path(options, settings);
  PLACEWRIGHT_TRY(const auto folder, TemporaryFolder::make());
  // Replay a copy, because failed calls may be recorded in it.
  const std::string copy = folder.path() + "/replayed.study.db";
  PLACEWRIGHT_TRY_VOID(tune::StudyStore::copy(path, copy));
  PLACEWRIGHT_TRY(auto store, tune::StudyStore::open(copy));
  PLACEWRIGHT_TRY(const auto facts, store.facts());
  const auto agent = facts.find(kAgentFact);
  const std::string model = agent == facts.end() ? "" : described_model(agent->second);
  PLACEWRIGHT_TRY_VOID(check_identity(store, identity_of(options, settings, model), path));
  const auto recorded =
      std::make_shared<agent::StudyModel>(store, std::make_shared<AbsentModel>(model));
  PLACEWRIGHT_TRY(const auto replay, tune::replay(settings, store,
                                                  strategy_maker(settings.strategy, options.agent,
                                                                 settings, recorded, {})));
  print_text(stdout,
             "{} of {} candidates in the recorded order; nothing was run, no model was asked\n",
             replay.reproduced, replay.recorded);
  if (replay.is_complete()) return {};
  return fail(fmt::format("replay diverged from the recorded study after {} candidates: {}",
                          replay.reproduced, replay.stopped_by),
              "replay a study with the program and the options that recorded it");
}

std::string reproduce_line(const Settings& settings, const std::string& output) {
  std::string line = "placewright run --mapping " + shell_word(output);
  if (!settings.machine.empty()) line += " --machine " + shell_word(settings.machine);
  if (settings.time_scale > 0) line += fmt::format(" --time-scale {}", settings.time_scale);
  if (settings.runtime_cost) line += " --runtime-cost model";
  if (settings.processes > 1) line += fmt::format(" --processes {}", settings.processes);
  if (settings.replace_mapper) line += " --replace-mapper";
  return line + " -- " + shell_line(settings.command);
}

Result<void> tune_application(const Options& options, const Settings& settings) {
  PLACEWRIGHT_TRY_VOID(check_writable(options.output));  // now, not after the search
  Settings of_runs = settings;                           // every run reads the machine file
  PLACEWRIGHT_TRY_VOID(make_readable(of_runs.machine, "machine.toml"));
  const std::function<bool()> interrupted = watch_for_interrupts();
  const SteadyClock clock;
  tune::Budget budget(clock, settings.budget_s + settings.closing_s);
  // A question may not take the time of the closing comparison.
  const auto unanswerable = [&] { return interrupted() || budget.free_s() <= 0; };
  std::unique_ptr<llm::LanguageModel> opened;
  if (asks_model(settings.strategy)) {
    PLACEWRIGHT_TRY(opened, open_model(options.agent, unanswerable));
  }
  llm::erase_keys();
  const auto progress = tune::make_progress(stderr);
  if (!of_runs.machine.empty()) {
    PLACEWRIGHT_TRY(const auto machine, machine::read_machine(of_runs.machine));
    for (const std::string& note : machine::machine_notes(machine)) progress->note(note);
  }
  const auto cancelled = [&] {
    progress->tick(budget.remaining_s());
    return interrupted();
  };
  PLACEWRIGHT_TRY(auto inputs, tune::Inputs::create(of_runs, cancelled, interrupted,
                                                    [&] { return budget.free_s(); }));
  PLACEWRIGHT_TRY(auto store, open_store(options, settings, opened.get()));
  std::shared_ptr<llm::LanguageModel> model;
  if (opened != nullptr) model = std::make_shared<agent::StudyModel>(store, std::move(opened));
  const auto maker = strategy_maker(settings.strategy, options.agent, settings, model,
                                    [&](const std::string& text) { progress->note(text); });
  const auto report =
      tune::run_search({settings, inputs.whole(), store, budget, *progress, maker, interrupted,
                        settings.whole_runs ? nullptr : &inputs.steps()});
  progress->finish();
  PLACEWRIGHT_TRY(const auto calls, store.call_totals());
  const std::string cost = agent::to_text(calls);
  if (!report) {
    print_text(stderr, "{}", cost);
    return tl::unexpected(report.error());
  }
  PLACEWRIGHT_TRY_VOID(write_file(options.output, report->best_mapping));
  print_text(stdout, "{}{}written: {}, study: {}\n  {}\n", tune::render(*report), cost,
             options.output, store.path(), reproduce_line(settings, options.output));
  return {};
}

int run(Options& options) {
  if (auto ready = make_readable(options.agent.start, "start.mapping"); !ready)
    return print_error(ready.error()) ? 0 : 1;
  const auto settings = settings_of(options);
  if (!settings) return 1;
  if (!settings->start.name.empty()) options.agent.start = settings->start.name;
  const auto done = options.simulate
                        ? tune_in_simulation(*settings, options.workload, options.output)
                    : options.replay ? replay_study(options, *settings)
                                     : tune_application(options, *settings);
  if (done) return 0;
  print_error(done.error());
  return 1;
}

void add_limits(CLI::App& command, Options& options) {
  command
      .add_option("--budget", options.budget, "Wall time of the whole search, such as 90s or 3m")
      ->type_name("TIME")
      ->check(read_by(tune::parse_duration));
  command
      .add_option("--closing", options.closing,
                  "Further wall time for the closing comparison (default: it is part of --budget)")
      ->type_name("TIME")
      ->check(read_by(tune::parse_duration));
  command.add_option("--evaluations", options.evaluations, "Maximum number of mappings to try")
      ->check(CLI::PositiveNumber);
}

void add_simulation(CLI::App& command, Options& options) {
  CLI::Option* const workload = command
                                    .add_option("--workload", options.workload,
                                                "With --simulate: what `placewright record` wrote")
                                    ->type_name("FILE");
  command
      .add_flag("--simulate", options.simulate,
                "Run nothing: simulate mappings of a recorded program")
      ->needs(workload);
}

}  // namespace

void add_tune_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("tune", "Search for a faster mapping of an unmodified Legion program");
  command->add_option("words", options->words,
                      "Study file (*.toml, - for standard input), or the program and its arguments "
                      "after --");
  allow_words_after_mark(*command);
  add_limits(*command, *options);
  command->add_option("--strategy", options->strategy, "Search strategy")
      ->check(one_of(strategy_names()));
  add_metric_options(*command, options->metric);
  command->add_option("--machine", options->machine, "Machine file; tunes on its virtual GPUs")
      ->type_name("FILE");
  command->add_option("--time-scale", options->time_scale, "Wall seconds per modelled second")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--runtime-cost", options->runtime_cost,
                   "With --machine: whether the runtime's own work takes modelled time too")
      ->check(one_of({"none", "model"}));
  command->add_option("--expert", options->expert, "Mapping to compare with and start from")
      ->type_name("FILE");
  command->add_option("--pin", options->pin, "Mapping whose rules every candidate keeps")
      ->type_name("FILE");
  command->add_option("--only", options->only, "Tasks that may change; a `*` stands for any text")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("TASK,...");
  command->add_option("--except", options->except, "Tasks that may not change")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("TASK,...");
  command->add_option("--processes,-n", options->processes, "Number of processes per run")
      ->check(CLI::Range(1, 1024));
  command->add_option("--seed", options->seed, "Seed of the search")->check(CLI::NonNegativeNumber);
  command->add_option("--study", options->study, "Study file (default: NAME.study.db)")
      ->type_name("FILE");
  command->add_option("--output,-o", options->output, "Output file for the best mapping")
      ->capture_default_str()
      ->type_name("FILE");
  command->add_flag("--whole-runs", options->whole_runs,
                    "Time every mapping by runs of its own, not in steps of one run");
  command->add_flag("--no-forecast", options->no_forecast,
                    "Simulate nothing before it is measured");
  add_simulation(*command, *options);
  command->add_flag("--resume", options->resume, "Continue an interrupted study");
  command->add_flag("--replay", options->replay,
                    "Replay a finished study from its record, without runs or a model");
  command->add_flag("--replace-mapper", options->replace_mapper,
                    "Replace the mappers that the application installs itself");
  add_agent_options(*command, options->agent);
  set_forms(*command, {"[OPTIONS] -- PROGRAM [ARGUMENT...]",
                       "[OPTIONS] STUDY.toml [-- PROGRAM [ARGUMENT...]]",
                       "--resume [OPTIONS] (-- PROGRAM [ARGUMENT...] | STUDY.toml)",
                       "--replay [OPTIONS] (-- PROGRAM [ARGUMENT...] | STUDY.toml)"});
  command->footer("Example: placewright tune --budget 3m -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
