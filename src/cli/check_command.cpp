#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "lang/checker.h"
#include "lang/parser.h"
#include "support/fixes.h"

namespace placewright::cli {
namespace {

// A fix can bring another mistake to light; no text needs more rounds than this.
constexpr int kMaxRounds = 20;

struct Options {
  std::vector<std::string> files;
  std::string diagnostics = "text";
  bool fix = false;
};

Diagnostics check_text(const SourceFile& file) {
  Diagnostics diagnostics(file);
  const lang::Program program = lang::parse(file, diagnostics);
  lang::check(program, diagnostics);
  return diagnostics;
}

/// Writes what can be mended back and returns the mended text; nothing if it cannot be written.
std::optional<SourceFile> mend(const std::string& path, SourceFile file) {
  int mended = 0;
  for (int round = 0; round < kMaxRounds; ++round) {
    MendedText next = apply_fixes(check_text(file));
    if (next.messages == 0) break;
    mended += next.messages;
    file = SourceFile(file.name(), std::move(next.text));
  }
  if (path == "-") {
    fmt::print("{}", file.text());
    return file;
  }
  if (mended > 0 && !write_mapping(path, file.text())) return std::nullopt;
  fmt::print("{}: {} {} mended\n", file.name(), mended, mended == 1 ? "mistake" : "mistakes");
  return file;
}

// Messages of a text go to stderr, those for programs to stdout.
bool check_file(const std::string& path, const Options& options) {
  auto file = read_mapping(path);
  if (file && options.fix) file = mend(path, *std::move(file));
  if (!file) return false;
  const Diagnostics diagnostics = check_text(*file);
  if (options.diagnostics == "json") {
    fmt::print("{}", diagnostics.to_json());
  } else {
    fmt::print(stderr, "{}", diagnostics.to_text());
    const bool shows_text = options.fix && path == "-";
    if (!diagnostics.has_errors() && !shows_text) fmt::print("{}: ok\n", file->name());
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
  command->add_flag(
      "--fix", options->fix,
      "Mend what has one obvious remedy; of standard input the mended text is printed");
  command->footer("Example: placewright check expert.mapping");
  command->callback([options, &exit_status] {
    bool good = true;
    for (const std::string& path : options->files) good = check_file(path, *options) && good;
    exit_status = good ? 0 : 1;
  });
}

}  // namespace placewright::cli
