// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright codegen`.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "cli/print_error.h"
#include "cli/usage.h"
#include "codegen/codegen.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/words.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

struct Options {
  std::string file;
  std::string output = "-";
  std::string name;
};

bool is_identifier(const std::string& name) {
  return lang::is_plain_name(name) && name.find("__") == std::string::npos && name[0] != '_';
}

Result<void> check_name(const std::string& name) {
  if (is_identifier(name)) return {};
  return fail(fmt::format("`{}` cannot be the name of a namespace", name),
              "use letters, digits and single `_`, a letter first");
}

bool generate(const Options& options) {
  const auto file = read_mapping(options.file);
  if (!file) return false;
  policy::Mapping mapping{*file, {}};
  Diagnostics diagnostics(mapping.file);
  mapping.program = lang::parse(mapping.file, diagnostics);
  lang::check(mapping.program, diagnostics);
  std::optional<std::string> text;
  if (!diagnostics.has_errors()) {
    const std::string name =
        options.name.empty() ? codegen::mapper_name(file->name()) : options.name;
    text = codegen::generate_mapper(mapping, name, diagnostics);
  }
  print_text(stderr, "{}", diagnostics.to_text());
  if (!text) return false;
  if (options.output != "-") return write_mapping(options.output, *text);
  print_data(*text);
  return true;
}

}  // namespace

void add_codegen_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("codegen", "Write a mapping as a C++ mapper that needs only Legion");
  command->add_option("file", options->file, "Mapping file; - reads standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("-o,--output", options->output, "C++ file; - prints it")
      ->type_name("FILE")
      ->capture_default_str();
  command
      ->add_option("--name", options->name,
                   "Namespace and name of the mapper (default: from the file name)")
      ->check(read_by(check_name));
  set_forms(*command, {"[OPTIONS] FILE"});
  command->footer("Example: placewright codegen expert.mapping -o expert_mapper.cpp");
  command->callback([options, &exit_status] { exit_status = generate(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
