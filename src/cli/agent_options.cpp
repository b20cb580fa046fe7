// SPDX-License-Identifier: Apache-2.0
#include "cli/agent_options.h"

#include <fmt/format.h>

#include <filesystem>

#include "agent/program/start.h"
#include "cli/standard_input.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModelVariable = "PLACEWRIGHT_LANGUAGE_MODEL";
constexpr const char* kAfterModel = ", feedback ";
constexpr const char* kPromptsVariable = "PLACEWRIGHT_PROMPTS";

std::string variable(const char* name) { return llm::process_environment()(name).value_or(""); }

std::string model_spec(const AgentOptions& options) {
  if (!options.model.empty()) return options.model;
  return options.cassette.empty() ? variable(kModelVariable) : "";
}

/// The price table installed with the program, if it exists.
std::string installed_prices() {
  std::error_code ignored;
  const fs::path table = fs::path(program_folder()).parent_path() / "share/placewright/prices.toml";
  return fs::exists(table, ignored) ? table.string() : "";
}

}  // namespace

void add_agent_options(CLI::App& command, AgentOptions& options) {
  command
      .add_option("--model", options.model,
                  "Language model to ask, such as openai:NAME, anthropic:NAME, ollama:NAME or "
                  "http://127.0.0.1:8080/v1#NAME")
      ->type_name("MODEL");
  command
      .add_option("--feedback", options.feedback,
                  "Feedback on each run for the model: none, execution, explain or suggest; "
                  "paper[-execution|-explain] uses the published wording")
      ->check(one_of(agent::feedback_words()))
      ->capture_default_str();
  command
      .add_option("--start", options.start,
                  "Mapping where the search begins: a file; with strategies that ask a model also "
                  "random or default")
      ->type_name("MAPPING");
  command.add_option("--shots", options.shots, "Number of example mappings in the prompt")
      ->check(CLI::Range(0, 5));
  command.add_option("--candidates", options.candidates, "Number of mappings per answer (reflect)")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  command.add_option("--iterations", options.iterations, "Number of requests to the model")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command
      .add_option("--answer-tokens", options.answer_tokens,
                  "Maximum number of tokens per answer, reasoning included")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      .add_option("--cassette", options.cassette,
                  "Recording of all exchanges: written with --model, replayed without it")
      ->type_name("FILE");
  command.add_option("--prompts", options.prompts, "Folder with custom prompts")
      ->type_name("FOLDER");
  command.add_option("--prices", options.prices, "Price table")->type_name("FILE");
  command.add_option("--max-calls", options.max_calls, "Maximum number of calls to the model")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--max-tokens", options.max_tokens, "Maximum number of tokens, input and output")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--max-dollars", options.max_dollars,
                  "Maximum cost in US dollars; requires known prices")
      ->check(CLI::PositiveNumber);
}

bool has_model(const AgentOptions& options) {
  return !model_spec(options).empty() || !options.cassette.empty();
}

Result<std::unique_ptr<llm::LanguageModel>> open_model(const AgentOptions& given,
                                                       std::function<bool()> cancelled) {
  AgentOptions options = given;
  if (!has_model(options))
    return fail("this strategy needs a language model, but none is configured",
                fmt::format("name one with --model or {}, replay a recording with --cassette, or "
                            "use --strategy advisor",
                            kModelVariable));
  if (options.model.empty()) PLACEWRIGHT_TRY_VOID(make_readable(options.cassette, "cassette"));
  PLACEWRIGHT_TRY_VOID(make_readable(options.prices, "prices.toml"));
  llm::ModelSettings settings;
  settings.model = model_spec(options);
  (settings.model.empty() ? settings.replay : settings.record) = options.cassette;
  settings.prices = options.prices.empty() ? installed_prices() : options.prices;
  if (options.max_calls > 0) settings.budget.calls = options.max_calls;
  if (options.max_tokens > 0) settings.budget.tokens = options.max_tokens;
  if (options.max_dollars > 0) settings.budget.dollars = options.max_dollars;
  settings.cancelled = std::move(cancelled);
  auto opened = llm::open_model(settings, llm::process_environment());
  if (!opened)
    return fail(fmt::format("the language model cannot be used ({}): {}",
                            llm::to_string(opened.error().failure), opened.error().error.message),
                opened.error().error.help);
  return std::move(opened->model);
}

Result<agent::PromptLibrary> read_prompts(const AgentOptions& options) {
  const std::string folder = options.prompts.empty() ? variable(kPromptsVariable) : options.prompts;
  if (folder.empty()) return agent::PromptLibrary();
  return agent::PromptLibrary::from_folder(folder);
}

Result<agent::AgentSettings> agent_settings(const AgentOptions& options, uint64_t seed,
                                            const machine::MachineShape& machine) {
  agent::AgentSettings settings;
  settings.feedback = agent::parse_feedback(options.feedback).value_or(agent::FeedbackStyle{});
  settings.shots = options.shots;
  settings.candidates = options.candidates;
  settings.iterations = options.iterations;
  settings.max_tokens = options.answer_tokens;
  if (options.start == "random") {
    settings.start = agent::random_program(seed, machine);
  } else if (options.start == "default") {
    settings.start = agent::default_program(machine);
  } else if (!options.start.empty()) {
    PLACEWRIGHT_TRY(const auto file, SourceFile::read(options.start));
    PLACEWRIGHT_TRY(settings.start, agent::split_mapping(std::string(file.text())));
  }
  return settings;
}

std::string described_model(const std::string& description) {
  return description.substr(0, description.find(kAfterModel));
}

std::string describe(const AgentOptions& options, const std::string& model) {
  return fmt::format("{}{}{}, start {}, {} shots, {} candidates, {} iterations", model, kAfterModel,
                     options.feedback, options.start.empty() ? "incumbent" : options.start,
                     options.shots, options.candidates, options.iterations);
}

}  // namespace placewright::cli
