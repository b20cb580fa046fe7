// SPDX-License-Identifier: Apache-2.0
// The options of `tune` that concern language models and the agent.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "agent/optimizers/optimizer.h"
#include "llm/open_model.h"

namespace placewright::cli {

struct AgentOptions {
  std::string model;  ///< As `openai:MODEL`; empty: PLACEWRIGHT_LANGUAGE_MODEL.
  std::string feedback = "suggest";
  std::string start;     ///< `random`, `default`, a mapping file, or empty.
  std::string cassette;  ///< Recorded if --model is given, else replayed.
  std::string prices;
  std::string prompts;  ///< A folder; empty: PLACEWRIGHT_PROMPTS, else the built-in prompts.
  int shots = 0;
  int candidates = 4;
  int iterations = 10;
  int answer_tokens = agent::AgentSettings().max_tokens;
  int64_t max_calls = 0;  ///< 0: no limit, as below.
  int64_t max_tokens = 0;
  double max_dollars = 0;
};

void add_agent_options(CLI::App& command, AgentOptions& options);

/// Whether there is a model to ask.
[[nodiscard]] bool has_model(const AgentOptions& options);

/// Errors: no model is configured, and those of opening it (address, key, cassette, prices).
[[nodiscard]] Result<std::unique_ptr<llm::LanguageModel>> open_model(
    const AgentOptions& options, std::function<bool()> cancelled);

/// Errors: an unreadable folder of prompts.
[[nodiscard]] Result<agent::PromptLibrary> read_prompts(const AgentOptions& options);

/// `seed` and `machine` are for `--start random`. Errors: a start mapping that cannot be read or
/// parsed.
[[nodiscard]] Result<agent::AgentSettings> agent_settings(const AgentOptions& options,
                                                          uint64_t seed,
                                                          const machine::MachineShape& machine);

/// The options that a resumed search must share with its study, in one line.
[[nodiscard]] std::string describe(const AgentOptions& options, const std::string& model);
/// The model named in such a line.
[[nodiscard]] std::string described_model(const std::string& description);

}  // namespace placewright::cli
