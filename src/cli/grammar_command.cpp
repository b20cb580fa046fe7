// SPDX-License-Identifier: Apache-2.0
// The subcommands `placewright grammar` and `placewright from-json`.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/usage.h"
#include "lang/grammar/decision_form.h"
#include "lang/grammar/export.h"
#include "support/terminal.h"
#include "workload/vocabulary.h"

namespace placewright::cli {
namespace {

namespace grammar = lang::grammar;

struct Options {
  std::string format = "ebnf";
  std::string workload;
};

bool print_grammar(const Options& options) {
  std::optional<grammar::Vocabulary> vocabulary;
  if (!options.workload.empty()) {
    const auto workload = read_workload(options.workload);
    if (!workload) return print_error(workload.error());
    vocabulary = workload::vocabulary_of(*workload);
  }
  if (options.format == "json-schema") {
    print_data(grammar::decision_schema(vocabulary ? &*vocabulary : nullptr));
    return true;
  }
  const grammar::Grammar chosen =
      vocabulary ? grammar::narrowed_grammar(*vocabulary) : grammar::full_grammar();
  const std::string text = options.format == "gbnf"   ? grammar::to_gbnf(chosen)
                           : options.format == "lark" ? grammar::to_lark(chosen)
                                                      : grammar::to_ebnf(chosen);
  print_data(text);
  return true;
}

bool print_mapping(const std::string& path) {
  const auto file = read_mapping(path);
  if (!file) return false;
  const auto text = grammar::mapping_from_form(std::string(file->text()));
  if (!text) return print_error(text.error());
  print_data(*text);
  return true;
}

}  // namespace

void add_grammar_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("grammar", "Print the grammar of the language for people or other tools");
  command
      ->add_option("--format", options->format,
                   "ebnf, gbnf (llama.cpp), lark, or json-schema of the decision form")
      ->check(one_of({"ebnf", "gbnf", "lark", "json-schema"}))
      ->capture_default_str();
  command
      ->add_option("--workload", options->workload,
                   "Workload file to narrow the grammar to, from `placewright run --discover FILE`")
      ->type_name("FILE");
  set_forms(*command, {"[OPTIONS]"});
  command->footer("Example: placewright grammar --format gbnf --workload app.json > app.gbnf");
  command->callback([options, &exit_status] { exit_status = print_grammar(*options) ? 0 : 1; });
}

void add_from_json_command(CLI::App& app, int& exit_status) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "from-json", "Convert a JSON form of decisions to a mapping (docs/grammar.md)");
  command->add_option("file", *path, "JSON form; - reads standard input")
      ->required()
      ->type_name("FILE");
  set_forms(*command, {"FILE"});
  command->footer("Example: placewright from-json decisions.json > my.mapping");
  command->callback([path, &exit_status] { exit_status = print_mapping(*path) ? 0 : 1; });
}

}  // namespace placewright::cli
