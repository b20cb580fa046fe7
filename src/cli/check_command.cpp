#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "lang/checker.h"
#include "lang/parser.h"

namespace placewright::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string diagnostics = "text";
};

// Messages of a text go to stderr, those for programs to stdout.
bool check_file(const std::string& path, bool json) {
  const auto file = read_mapping(path);
  if (!file) return false;
  Diagnostics diagnostics(*file);
  const lang::Program program = lang::parse(*file, diagnostics);
  lang::check(program, diagnostics);
  if (json) {
    fmt::print("{}", diagnostics.to_json());
  } else {
    fmt::print(stderr, "{}", diagnostics.to_text());
    if (!diagnostics.has_errors()) fmt::print("{}: ok\n", file->name());
  }
  return !diagnostics.has_errors();
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "Check mappings without running anything");
  command->add_option("files", options->files, "Mapping files; - reads standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("--diagnostics", options->diagnostics, "How messages are written")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer("Example: placewright check expert.mapping");
  command->callback([options, &exit_status] {
    bool good = true;
    for (const std::string& path : options->files)
      good = check_file(path, options->diagnostics == "json") && good;
    exit_status = good ? 0 : 1;
  });
}

}  // namespace placewright::cli
