// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright fmt`.
#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "cli/usage.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/printer.h"
#include "support/source.h"
#include "support/standard_input.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool check = false;
  bool write = false;
  bool stdin_only = false;
};

bool format_file(const std::string& path, const Options& options) {
  const auto file = read_mapping(path);
  if (!file) return false;
  Diagnostics diagnostics(*file);
  const lang::Program program = lang::parse(*file, diagnostics);
  if (diagnostics.has_errors()) {
    print_text(stderr, "{}", diagnostics.to_text());
    return false;
  }
  const std::string text = lang::format_program(*file, program);
  const bool same = text == file->text();
  if (options.check) {
    if (!same) print_text(stderr, "{}: not in the canonical layout\n", file->name());
    return same;
  }
  if (!options.write || path == kStandardInput) {
    print_data(text);
    return true;
  }
  return same || write_mapping(path, text);
}

}  // namespace

void add_fmt_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("fmt", "Print mappings in the canonical layout");
  CLI::Option* files =
      command->add_option("files", options->files, "Mapping files; - reads standard input")
          ->type_name("FILE");
  command->add_flag("--stdin", options->stdin_only, "Read standard input, as editors do")
      ->excludes(files);
  CLI::Option* check =
      command->add_flag("--check", options->check, "Only report whether anything would change");
  command->add_flag("--write", options->write, "Write the files instead of printing them")
      ->excludes(check);
  set_forms(*command, {"FILE...", "--write FILE...", "--check FILE...", "--stdin"});
  command->footer("Example: placewright fmt --write expert.mapping");
  command->callback([options, &exit_status] {
    if (options->stdin_only) options->files.emplace_back("-");
    if (options->files.empty()) throw CLI::RequiredError("files");
    bool good = true;
    for (const std::string& path : options->files) good = format_file(path, *options) && good;
    exit_status = good ? 0 : 1;
  });
}

}  // namespace placewright::cli
