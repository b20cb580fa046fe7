#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/read_workload.h"
#include "lang/grammar/export.h"
#include "workload/vocabulary.h"

namespace placewright::cli {
namespace {

namespace grammar = lang::grammar;

struct Options {
  std::string format = "ebnf";
  std::string workload;
};

bool print_grammar(const Options& options) {
  grammar::Grammar chosen = grammar::full_grammar();
  if (!options.workload.empty()) {
    const auto workload = read_workload(options.workload);
    if (!workload) return complain(workload.error());
    chosen = grammar::narrowed_grammar(vocabulary_of(*workload));
  }
  const std::string text = options.format == "gbnf"   ? grammar::to_gbnf(chosen)
                           : options.format == "lark" ? grammar::to_lark(chosen)
                                                      : grammar::to_ebnf(chosen);
  fmt::print("{}", text);
  return true;
}

}  // namespace

void add_grammar_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("grammar", "Print the grammar of the language for people or other tools");
  command->add_option("--format", options->format, "ebnf, gbnf (llama.cpp) or lark")
      ->check(CLI::IsMember({"ebnf", "gbnf", "lark"}))
      ->capture_default_str();
  command
      ->add_option("--workload", options->workload,
                   "Narrow it to an application, from `placewright run --discover FILE`")
      ->type_name("FILE");
  command->footer("Example: placewright grammar --format gbnf --workload app.json > app.gbnf");
  command->callback([options, &exit_status] { exit_status = print_grammar(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
