// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright tune`.
#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>

#include "agent/study_model.h"
#include "cli/commands.h"
#include "cli/default_strategy.h"
#include "cli/print_error.h"
#include "cli/strategies.h"
#include "cli/study_files.h"
#include "llm/endpoint.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/try.h"
#include "tune/replay.h"
#include "tune/run_evaluator.h"
#include "tune/tuner.h"

namespace placewright::cli {
namespace {

namespace fs = std::filesystem;
using tune::Settings;

struct Options {
  std::vector<std::string> words;  ///< [study.toml] application arguments...
  std::string budget, strategy, metric, checksum, machine, expert, study;
  std::string output = "best.mapping";
  int evaluations = 0;
  int processes = 0;
  double time_scale = 0;
  int64_t seed = -1;
  bool resume = false;
  bool replay = false;
  bool replace_mapper = false;
  AgentOptions agent;
};

constexpr const char* kAgentFact = "agent";

volatile std::sig_atomic_t interrupted = 0;

// A second signal has its default effect: the runs die with this process.
void note_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

bool is_study_file(const std::string& word) { return fs::path(word).extension() == ".toml"; }

// The command line overrides the study file.
std::optional<Settings> settings_of(const Options& options) {
  Settings settings;
  std::vector<std::string> command = options.words;
  if (!command.empty() && is_study_file(command.front())) {
    const auto read = read_study(command.front());
    if (!read) return std::nullopt;
    settings = *read;
    command.erase(command.begin());
  }
  if (!command.empty()) settings.command = command;
  if (settings.command.empty()) {
    print_error(
        {"no application to tune", "give one after `--`, or a study file with a `command`"});
    return std::nullopt;
  }
  if (!options.budget.empty()) {
    const auto seconds = tune::parse_duration(options.budget);
    if (!seconds) {
      print_error(seconds.error());
      return std::nullopt;
    }
    settings.budget_s = *seconds;
  }
  if (!options.strategy.empty()) settings.strategy = options.strategy;
  if (!options.metric.empty()) settings.metric = options.metric;
  if (!options.checksum.empty()) settings.checksum = options.checksum;
  if (!options.machine.empty()) settings.machine = options.machine;
  if (!options.expert.empty()) settings.expert = options.expert;
  if (options.time_scale > 0) settings.time_scale = options.time_scale;
  if (options.evaluations > 0) settings.evaluations = options.evaluations;
  if (options.processes > 0) settings.processes = options.processes;
  if (options.seed >= 0) settings.seed = static_cast<uint64_t>(options.seed);
  settings.replace_mapper = settings.replace_mapper || options.replace_mapper;
  if (settings.name.empty()) settings.name = fs::path(settings.command.front()).filename();
  if (settings.strategy.empty()) {
    settings.strategy = default_strategy(options.agent);
    fmt::print(stderr, "strategy: {} ({})\n", settings.strategy,
               asks_model(settings.strategy)
                   ? "a language model is configured"
                   : "no language model is configured; --model names one");
  }
  if (const auto known = check_strategy(settings.strategy); !known) {
    print_error(known.error());
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
    if (other != found.end() && other->second == value) continue;
    return fail(fmt::format("study `{}` was started with another {}: `{}`, now `{}`", path, key,
                            other == found.end() ? "" : other->second, value),
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
  PLACEWRIGHT_TRY(const auto replay,
                  tune::replay(settings, store,
                               strategy_maker(settings.strategy, options.agent, recorded, {})));
  fmt::print("{} of {} candidates in the recorded order; nothing was run, no model was asked\n",
             replay.reproduced, replay.recorded);
  if (replay.is_complete()) return {};
  return fail(fmt::format("replay diverged from the recorded study after {} candidates: {}",
                          replay.reproduced, replay.stopped_by),
              "replay a study with the program and the options that recorded it");
}

std::string reproduce_line(const Settings& settings, const std::string& output) {
  std::string line = "placewright run --mapping " + output;
  if (!settings.machine.empty()) line += " --machine " + settings.machine;
  if (settings.time_scale > 0) line += fmt::format(" --time-scale {}", settings.time_scale);
  if (settings.processes > 1) line += fmt::format(" --processes {}", settings.processes);
  if (settings.replace_mapper) line += " --replace-mapper";
  line += " --";
  for (const std::string& word : settings.command) line += " " + word;
  return line;
}

Result<void> tune_application(const Options& options, const Settings& settings) {
  PLACEWRIGHT_TRY_VOID(check_writable(options.output));  // now, not after the search
  std::unique_ptr<llm::LanguageModel> opened;
  if (asks_model(settings.strategy)) {
    PLACEWRIGHT_TRY(opened, open_model(options.agent, [] { return interrupted != 0; }));
  }
  llm::erase_keys();
  const auto progress = tune::make_progress(stderr, isatty(STDERR_FILENO) != 0);
  const SteadyClock clock;
  tune::Budget budget(clock, settings.budget_s);
  const auto cancelled = [&budget, &progress] {
    progress->tick(budget.remaining_s());
    return interrupted != 0;
  };
  PLACEWRIGHT_TRY(auto evaluator, tune::RunEvaluator::create(settings, cancelled));
  PLACEWRIGHT_TRY(auto store, open_store(options, settings, opened.get()));
  std::shared_ptr<llm::LanguageModel> model;
  if (opened != nullptr) model = std::make_shared<agent::StudyModel>(store, std::move(opened));
  const auto maker = strategy_maker(settings.strategy, options.agent, model,
                                    [&](const std::string& text) { progress->note(text); });
  const auto report = tune::run_search(
      {settings, *evaluator, store, budget, *progress, maker, [] { return interrupted != 0; }});
  progress->finish();
  PLACEWRIGHT_TRY(const auto calls, store.call_totals());
  const std::string cost = agent::to_text(calls);
  if (!report) {
    fmt::print(stderr, "{}", cost);
    return tl::unexpected(report.error());
  }
  PLACEWRIGHT_TRY_VOID(write_file(options.output, report->best_mapping));
  fmt::print("{}{}written: {}, study: {}\n  {}\n", tune::render(*report), cost, options.output,
             store.path(), reproduce_line(settings, options.output));
  return {};
}

int run(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings) return 1;
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  const auto done =
      options.replay ? replay_study(options, *settings) : tune_application(options, *settings);
  if (done) return 0;
  print_error(done.error());
  return 1;
}

}  // namespace

void add_tune_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("tune", "Search for a faster mapping of an unmodified Legion program");
  command->add_option("words", options->words,
                      "Study file (*.toml), or the program and its arguments after --");
  command
      ->add_option("--budget", options->budget, "Wall time of the whole search, such as 90s or 3m")
      ->type_name("TIME");
  command->add_option("--evaluations", options->evaluations, "Maximum number of mappings to try")
      ->check(CLI::PositiveNumber);
  command->add_option("--strategy", options->strategy, "Search strategy")
      ->check(CLI::IsMember(strategy_names()));
  command
      ->add_option(
          "--metric", options->metric,
          "Regular expression whose one group captures the time in seconds; the last match counts")
      ->type_name("REGEX");
  command
      ->add_option("--checksum", options->checksum,
                   "Regular expression whose one group captures the checksum")
      ->type_name("REGEX");
  command->add_option("--machine", options->machine, "Machine file; tunes on its virtual GPUs")
      ->type_name("FILE");
  command->add_option("--time-scale", options->time_scale, "Wall seconds per modelled second")
      ->check(CLI::PositiveNumber);
  command->add_option("--expert", options->expert, "Mapping to compare with and start from")
      ->type_name("FILE");
  command->add_option("--processes,-n", options->processes, "Number of processes per run")
      ->check(CLI::Range(1, 1024));
  command->add_option("--seed", options->seed, "Seed of the search")->check(CLI::NonNegativeNumber);
  command->add_option("--study", options->study, "Study file (default: NAME.study.db)")
      ->type_name("FILE");
  command->add_option("--output,-o", options->output, "Output file for the best mapping")
      ->capture_default_str()
      ->type_name("FILE");
  command->add_flag("--resume", options->resume, "Continue an interrupted study");
  command->add_flag("--replay", options->replay,
                    "Replay a finished study from its record, without runs or a model");
  command->add_flag("--replace-mapper", options->replace_mapper,
                    "Replace the mappers that the application installs itself");
  add_agent_options(*command, options->agent);
  command->footer("Example: placewright tune --budget 3m -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
