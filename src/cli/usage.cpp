// SPDX-License-Identifier: Apache-2.0
#include "cli/usage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "cli/print_error.h"
#include "support/terminal.h"
#include "support/text.h"

namespace placewright::cli {
namespace {

using Forms = std::map<const CLI::App*, std::vector<std::string>>;

Forms& forms() {
  static Forms all;
  return all;
}

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    const auto found = forms().find(app);
    if (found == forms().end()) return CLI::Formatter::make_usage(app, std::move(name));
    std::string text;
    for (const std::string& form : found->second)
      text += fmt::format("{} {} {}\n", text.empty() ? "Usage:" : "      ", name, form);
    return text;
  }
};

/// The innermost subcommand that was named.
const CLI::App& named_command(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : named_command(*named.front());
}

std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::string see_help(const CLI::App& command) {
  return fmt::format("`{} --help` shows all forms and options", full_name(command));
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> subcommands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  return names;
}

bool takes_program(const CLI::App& command) {
  return command.get_option_no_throw("application") != nullptr ||
         command.get_option_no_throw("words") != nullptr;
}

Error unknown_option(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const std::vector<std::string> known = options_of(command);
  const std::string_view nearest = nearest_word(name, known);
  std::string help =
      nearest.empty() ? see_help(command) : fmt::format("did you mean `{}`?", nearest);
  if (nearest.empty() && takes_program(command))
    help = "options of the program follow `--`; " + help;
  return {fmt::format("`{}` has no option `{}`", full_name(command), name), help};
}

Error unknown_word(const CLI::App& command, const std::string& word) {
  const std::vector<std::string> known = subcommands_of(command);
  if (known.empty())
    return {fmt::format("`{}` does not expect `{}`", full_name(command), word), see_help(command)};
  const std::string_view nearest = nearest_word(word, known);
  return {fmt::format("`{}` has no subcommand `{}`", full_name(command), word),
          nearest.empty() ? fmt::format("it has {}", fmt::join(known, ", "))
                          : fmt::format("did you mean `{}`?", nearest)};
}

Error error_of(const CLI::App& command, const CLI::ParseError& error) {
  std::vector<std::string> left = command.remaining();
  std::erase(left, "--");
  // A misspelled option leaves its value behind, so the option comes first.
  const auto option = std::ranges::find_if(
      left, [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
  if (option != left.end()) return unknown_option(command, *option);
  if (!left.empty()) return unknown_word(command, left.front());
  if (const std::vector<std::string> known = subcommands_of(command); !known.empty())
    return {fmt::format("`{}` needs a subcommand", full_name(command)),
            fmt::format("it has {}", fmt::join(known, ", "))};
  return {error.what(), see_help(command)};
}

}  // namespace

void refuse_usage(Error error) { throw WrongUsage{std::move(error)}; }

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpFormatter>(); }

void set_forms(const CLI::App& command, std::vector<std::string> list) {
  forms()[&command] = std::move(list);
}

void allow_words_after_mark(CLI::App& command) {
  // CLI11 stays in the command as long as an argument is missing there. This one always is, because
  // the list in front of it takes every word.
  command.add_option("program")->group("");
}

size_t words_after_mark(int argc, char** argv) {
  char** const end = argv + argc;
  char** const mark = std::find(argv, end, std::string_view("--"));
  return mark == end ? 0 : static_cast<size_t>(end - mark - 1);
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string shown = fmt::format("{{{}}}", fmt::join(words, ","));
  return CLI::Validator(
      [words = std::move(words)](const std::string& value) -> std::string {
        if (std::ranges::find(words, value) != words.end()) return "";
        const std::string_view nearest = nearest_word(value, words);
        return fmt::format("`{}` is not one of {}{}", value, fmt::join(words, ", "),
                           nearest.empty() ? "" : fmt::format("; did you mean `{}`?", nearest));
      },
      shown);
}

int report_usage(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream text;
    app.exit(error, text, text);
    print_text(stdout, "{}", text.str());
    return 0;
  }
  print_error(error_of(named_command(app), error));
  return kUsageError;
}

int report_usage(const CLI::App& app, const Error& error) {
  print_error({error.message, error.help.empty() ? see_help(named_command(app)) : error.help});
  return kUsageError;
}

}  // namespace placewright::cli
