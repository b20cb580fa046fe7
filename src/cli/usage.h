// SPDX-License-Identifier: Apache-2.0
// How the command line is explained: what `--help` shows, which values an option takes, and what is
// said about a mistake. A mistake that the command line alone shows is wrong usage, exit status 2;
// what is wrong with a file, a study or a run has exit status 1.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/result.h"

namespace placewright::cli {

inline constexpr int kUsageError = 2;

/// Thrown by a subcommand's callback, caught by main.
struct WrongUsage {
  Error error;
};
[[noreturn]] void refuse_usage(Error error);

/// To be set on the program before its subcommands are added, which inherit it.
[[nodiscard]] std::shared_ptr<CLI::FormatterBase> help_formatter();

/// All forms of a command's line, without its name: "[OPTIONS] -- PROGRAM [ARGUMENT...]".
void set_forms(const CLI::App& command, std::vector<std::string> forms);

/// Lets `--` follow words of a list that is declared already, which takes the words after it, too.
/// Without this CLI11 leaves the command at such a `--`.
void allow_words_after_mark(CLI::App& command);
/// How many words follow the first `--`, which CLI11 does not tell.
[[nodiscard]] size_t words_after_mark(int argc, char** argv);

/// One of these words; says which is nearest to an unknown one.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

/// A value that this function can read, such as parse_duration().
template <class Read>
CLI::Validator read_by(Read read) {
  return CLI::Validator(
      [read](const std::string& value) -> std::string {
        const auto result = read(value);
        if (result) return "";
        const Error& error = result.error();
        return error.help.empty() ? error.message : error.message + "; " + error.help;
      },
      "");
}

/// Prints what is wrong with the command line and what would be right, or the help that was asked
/// for. Returns the exit status.
[[nodiscard]] int report_usage(const CLI::App& app, const CLI::ParseError& error);
/// The same for what a callback refused.
[[nodiscard]] int report_usage(const CLI::App& app, const Error& error);

}  // namespace placewright::cli
