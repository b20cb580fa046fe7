// SPDX-License-Identifier: Apache-2.0
// The subcommands of `placewright`, one file each; from-json is in grammar_command.cpp. Every add_*
// function declares options and a callback that sets the exit status: 0 success, 1 the input or the
// run is wrong, 2 wrong usage (usage.h).
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace placewright::cli {

void add_check_command(CLI::App& app, int& exit_status);
void add_codegen_command(CLI::App& app, int& exit_status);
/// `program_words`: how many words follow `--`.
void add_compare_command(CLI::App& app, size_t program_words, int& exit_status);
void add_completion_command(CLI::App& app, int& exit_status);
void add_fmt_command(CLI::App& app, int& exit_status);
void add_eval_command(CLI::App& app, int& exit_status);
void add_explain_command(CLI::App& app, int& exit_status);
void add_explain_run_command(CLI::App& app, int& exit_status);
void add_doctor_command(CLI::App& app, int& exit_status);
void add_grammar_command(CLI::App& app, int& exit_status);
void add_from_json_command(CLI::App& app, int& exit_status);
void add_machine_command(CLI::App& app, int& exit_status);
void add_run_command(CLI::App& app, int& exit_status);
void add_profile_command(CLI::App& app, int& exit_status);
void add_record_command(CLI::App& app, int& exit_status);
void add_simulate_command(CLI::App& app, int& exit_status);
void add_infer_command(CLI::App& app, int& exit_status);
void add_tune_command(CLI::App& app, int& exit_status);
void add_experiment_command(CLI::App& app, int& exit_status);
void add_show_command(CLI::App& app, int& exit_status);
void add_study_command(CLI::App& app, int& exit_status);
void add_version_command(CLI::App& app, int& exit_status);

/// "placewright" and the version of the project, without a newline.
[[nodiscard]] std::string version_line();

}  // namespace placewright::cli
