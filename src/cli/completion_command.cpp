// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright completion`, which prints a script for bash. The script is made from
// the declared subcommands and options, so that it cannot differ from them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/usage.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

struct Script {
  std::string commands;  ///< From a command and the next word to the command that they name.
  std::string values;    ///< What may follow an option.
  std::string words;     ///< Subcommands and options of each command.
};

/// "text json" for an option whose type is shown as `TEXT:{text,json}`; else nothing.
std::string values_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return "";
  std::string values = type.substr(begin + 1, end - begin - 1);
  for (char& c : values)
    if (c == ',') c = ' ';
  return values;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

void describe(const CLI::App& command, const std::string& path, Script& script) {
  std::vector<std::string> words;
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string inner = path.empty() ? each->get_name() : path + " " + each->get_name();
    words.push_back(each->get_name());
    script.commands +=
        fmt::format("      \"{} {}\") command=\"{}\" ;;\n", path, each->get_name(), inner);
    describe(*each, inner, script);
  }
  for (const CLI::Option* option : command.get_options()) {
    const std::string values = values_of(*option);
    for (const std::string& name : names_of(*option)) {
      words.push_back(name);
      if (!values.empty())
        script.values += fmt::format("    \"{} {}\") words=\"{}\" ;;\n", path, name, values);
    }
  }
  script.words += fmt::format("      \"{}\") words=\"{}\" ;;\n", path, fmt::join(words, " "));
}

/// File names complete where no word does.
std::string bash_script(const CLI::App& app) {
  Script script;
  describe(app, "", script);
  return fmt::format(
      R"script(# Completion of `placewright` for bash, written by `placewright completion bash`.
_placewright() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= words= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${{COMP_WORDS[i]}} == -- ]] && return
    case "$command ${{COMP_WORDS[i]}}" in
{}    esac
  done
  case "$command $previous" in
{}  esac
  if [[ -z $words && ($current == -* || -z $command || $command == experiment || $command == study) ]]; then
    case "$command" in
{}    esac
  fi
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _placewright placewright
)script",
      script.commands, script.values, script.words);
}

}  // namespace

void add_completion_command(CLI::App& app, int& exit_status) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print a script that completes command lines in a shell");
  command->add_option("shell", *shell, "The shell")->required()->check(one_of({"bash"}));
  set_forms(*command, {"bash"});
  command->footer("Example: source <(placewright completion bash)");
  command->callback([&app, shell, &exit_status] {
    print_data(bash_script(app));
    exit_status = 0;
  });
}

}  // namespace placewright::cli
