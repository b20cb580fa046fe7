// SPDX-License-Identifier: Apache-2.0
#include "cli/experiment_search.h"

#include <fmt/core.h>

#include <charconv>
#include <memory>

#include "agent/study_model.h"
#include "cli/interrupt.h"
#include "cli/print_error.h"
#include "cli/strategies.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "experiments/search/search_table.h"
#include "llm/endpoint.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

using experiments::Contestant;

struct Options {
  std::vector<std::string> applications;
  std::vector<std::string> strategies = {"advisor", "descent", "random"};
  std::string wording = "both";  ///< The wording of the ablation's feedback.
  std::string budget;
  experiments::SearchExperimentSettings experiment;
  AgentOptions agent;
  bool json = false;
};

using SharedModel = std::shared_ptr<llm::LanguageModel>;

/// A strategy with its own agent options. `evaluations` 0: as many as the model may be asked, and
/// the agent's start.
Contestant contestant(std::string name, std::string strategy, int evaluations, AgentOptions agent,
                      const SharedModel& model) {
  Contestant result;
  result.name = std::move(name);
  result.strategy = std::move(strategy);
  const bool asks = asks_model(result.strategy);
  // The start is tried before the first answer. Without it the last answer could not be tried.
  const int starts = asks && !agent.start.empty() ? 1 : 0;
  result.evaluations = evaluations > 0 ? evaluations : agent.iterations + starts;
  result.facts = asks ? describe(agent, model->name()) : "";
  result.maker = [strategy = result.strategy, agent = std::move(agent), model, asks](
                     tune::StudyStore& store,
                     const tune::Settings& settings) -> Result<tune::StrategyMaker> {
    SharedModel recorded;
    if (asks) recorded = std::make_shared<agent::StudyModel>(store, model);
    return strategy_maker(strategy, agent, settings, recorded, {});
  };
  return result;
}

/// `descent` or `descent@50`: a strategy and how many mappings it may try.
struct Entry {
  std::string strategy;
  int evaluations = 0;
};
Result<Entry> parse_entry(const std::string& text) {
  const size_t at = text.find('@');
  Entry entry{text.substr(0, at), 0};
  PLACEWRIGHT_TRY_VOID(check_strategy(entry.strategy));
  if (at == std::string::npos) return entry;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + at + 1, end, entry.evaluations);
  if (parsed.ec != std::errc() || parsed.ptr != end || entry.evaluations < 1)
    return fail(fmt::format("`{}` is not a strategy with a number of mappings", text),
                "write it as descent@50");
  return entry;
}

Result<SharedModel> open_shared_model(const Options& options) {
  PLACEWRIGHT_TRY(auto model, open_model(options.agent, options.experiment.stop));
  return SharedModel(std::move(model));
}

Result<std::vector<Contestant>> searchers(const Options& options) {
  std::vector<Entry> entries;
  SharedModel model;
  for (const std::string& text : options.strategies) {
    PLACEWRIGHT_TRY(auto entry, parse_entry(text));
    if (asks_model(entry.strategy) && model == nullptr) {
      PLACEWRIGHT_TRY(model, open_shared_model(options));
    }
    entries.push_back(std::move(entry));
  }
  std::vector<Contestant> list;
  for (size_t k = 0; k < entries.size(); ++k)
    list.push_back(contestant(options.strategies[k], entries[k].strategy, entries[k].evaluations,
                              options.agent, model));
  return list;
}

/// The feedback levels of the published ablation, from none to all of it.
Result<std::vector<Contestant>> ablated(const Options& options) {
  constexpr int kExamples = 5;
  PLACEWRIGHT_TRY(auto opened, open_shared_model(options));
  std::vector<Contestant> list;
  const auto add = [&](std::string name, std::string strategy, std::string feedback, int shots) {
    AgentOptions agent = options.agent;
    agent.feedback = std::move(feedback);
    agent.shots = shots;
    list.push_back(contestant(std::move(name), std::move(strategy), 0, std::move(agent), opened));
  };
  add("0-shot", "no-feedback", "none", 0);
  add(fmt::format("{}-shot", kExamples), "no-feedback", "none", kExamples);
  if (options.wording != "ours") {
    add("paper-execution", "optoprime", "paper-execution", 0);
    add("paper-explain", "optoprime", "paper-explain", 0);
    add("paper-suggest", "optoprime", "paper", 0);
  }
  if (options.wording != "paper") {
    add("ours-execution", "optoprime", "execution", 0);
    add("ours-explain", "optoprime", "explain", 0);
    add("ours-suggest", "optoprime", "suggest", 0);
  }
  return list;
}

Result<void> read_applications(Options& options) {
  std::optional<double> budget_s;
  if (!options.budget.empty()) {
    PLACEWRIGHT_TRY(budget_s, tune::parse_duration(options.budget));
  }
  for (const std::string& path : options.applications) {
    auto settings = read_study(path);
    if (!settings) return fail(fmt::format("`{}` cannot be used", path));
    if (budget_s) settings->budget_s = *budget_s;
    options.experiment.applications.push_back(std::move(*settings));
  }
  return {};
}

int run(Options& options, Result<std::vector<Contestant>> (*contestants)(const Options&)) {
  options.experiment.stop = watch_for_interrupts();
  options.experiment.note = [](const std::string& text) { print_text(stderr, "{}\n", text); };
  if (auto read = read_applications(options); !read) return print_error(read.error()) ? 0 : 1;
  auto list = contestants(options);
  if (!list) return print_error(list.error()) ? 0 : 1;
  options.experiment.contestants = std::move(*list);
  llm::erase_keys();
  const auto result = experiments::run_search_experiment(options.experiment);
  if (!result) return print_error(result.error()) ? 0 : 1;
  if (options.json) {
    print_data(experiments::to_json(*result));
  } else {
    print_text(stdout, "{}", experiments::render(*result));
  }
  return result->failed() ? 1 : 0;
}

CLI::App* add_command(CLI::App& experiment, const std::shared_ptr<Options>& options,
                      const char* name, const char* text) {
  CLI::App* command = experiment.add_subcommand(name, text);
  command->add_option("--apps", options->applications, "Study files, one per application")
      ->delimiter(',')
      ->required()
      ->type_name("FILE,...");
  command
      ->add_option("--runs", options->experiment.runs,
                   "Number of searches each, with different seeds")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--seed", options->experiment.seed, "First seed")->capture_default_str();
  command->add_option("--budget", options->budget, "Wall time of one search, such as 90s or 10m")
      ->type_name("TIME")
      ->check(read_by(tune::parse_duration));
  command->add_option("--folder", options->experiment.folder, "Folder for the studies")
      ->required()
      ->type_name("FOLDER");
  command->add_flag("--json", options->json, "Print everything as JSON, curves included");
  add_agent_options(*command, options->agent);
  return command;
}

}  // namespace

void add_experiment_search(CLI::App& experiment, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(experiment, options, "search", "Compare strategies by repeated searches");
  command
      ->add_option("--strategies", options->strategies,
                   "Strategy names; NAME@N tries N mappings instead of --iterations")
      ->delimiter(',')
      ->check(read_by(parse_entry))
      ->capture_default_str()
      ->type_name("NAME,...");
  set_forms(*command, {"[OPTIONS] --apps STUDY.toml,... --folder FOLDER"});
  command->footer(
      "Example: placewright experiment search --apps circuit.study.toml --strategies "
      "advisor,descent@50 --folder studies");
  command->callback([options, &exit_status] { exit_status = run(*options, searchers); });
}

void add_experiment_ablation(CLI::App& experiment, int& exit_status) {
  auto options = std::make_shared<Options>();
  options->agent.start = "random";
  CLI::App* command = add_command(experiment, options, "ablation",
                                  "Compare how well a model uses more or less feedback");
  command->add_option("--wording", options->wording, "Wording of the feedback")
      ->check(one_of({"paper", "ours", "both"}))
      ->capture_default_str();
  set_forms(*command, {"[OPTIONS] --apps STUDY.toml,... --folder FOLDER --model MODEL"});
  command->footer(
      "Example: placewright experiment ablation --apps circuit.study.toml --model openai:NAME "
      "--folder studies");
  command->callback([options, &exit_status] { exit_status = run(*options, ablated); });
}

}  // namespace placewright::cli
