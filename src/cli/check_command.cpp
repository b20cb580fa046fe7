// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright check`.
#include <fmt/core.h>

#include <charconv>
#include <climits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cli/commands.h"
#include "cli/mapping_input.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/recorded_run.h"
#include "cli/usage.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "machine/load.h"
#include "support/fixes.h"
#include "support/source.h"
#include "support/standard_input.h"
#include "support/terminal.h"
#include "support/try.h"
#include "workload/decisions.h"
#include "workload/legality.h"

namespace placewright::cli {
namespace {

// A fix can reveal another mistake; no realistic text needs more rounds than this.
constexpr int kMaxRounds = 20;

struct Options {
  std::vector<std::string> files;
  std::string diagnostics = "text";
  bool fix = false;
  std::string machine;
  std::string workload;
  std::vector<std::string> launches;
};

/// What is known besides the text. Tasks of `--launch` are assumed to have every variant.
struct Context {
  std::optional<machine::MachineShape> machine;
  std::optional<workload::Workload> workload;
  std::optional<RecordedRun> run;  ///< A recording on a machine file's or built-in machine.
  std::vector<workload::WorkloadTask> launched;  ///< Tasks with the launches of `--launch`.
};

struct Checked {
  std::shared_ptr<policy::Mapping> mapping;
  Diagnostics diagnostics;  ///< About the mapping's file.
};

/// One of `tag=3`, `depth=2` and `mapper_id=7`.
Result<std::monostate> parse_fact(std::string_view text, workload::WorkloadLaunch& launch) {
  const size_t split = text.find('=');
  const std::string_view name = text.substr(0, split);
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const bool is_known = name == "tag" || name == "depth" || name == "mapper_id";
  const bool good = split != std::string_view::npos && is_known &&
                    std::from_chars(text.data() + split + 1, end, number).ptr == end &&
                    text.back() != '=' && (name != "depth" || number <= INT_MAX);
  if (!good)
    return fail(fmt::format("`{}` is not a fact about a launch", text),
                "write for example `--launch step=0..7:tag=3:depth=2`");
  if (name == "tag")
    launch.tag = number;
  else if (name == "mapper_id")
    launch.mapper = number;
  else
    launch.depth = static_cast<int>(number);
  return {};
}

/// `step=0,0..7,3`, optionally with `:tag=3:depth=2:mapper_id=7`; the default is a child of the top-level task.
Result<workload::WorkloadTask> parse_launch(const std::string& text) {
  const size_t split = text.find('=');
  if (split == std::string::npos || split == 0)
    return fail(fmt::format("`{}` is not a task launch", text),
                "write task and launch domain: `--launch step=0,0..7,3`");
  const std::string_view rest = std::string_view(text).substr(split + 1);
  size_t colon = rest.find(':');
  PLACEWRIGHT_TRY(const auto domain,
                  machine::parse_launch_domain(std::string(rest.substr(0, colon))));
  workload::WorkloadLaunch launch{true, domain, 1, 0, 1};
  while (colon != std::string_view::npos) {
    const size_t next = rest.find(':', colon + 1);
    PLACEWRIGHT_TRY_VOID(parse_fact(rest.substr(colon + 1, next - colon - 1), launch));
    colon = next;
  }
  workload::WorkloadTask task;
  task.name = text.substr(0, split);
  task.launches.push_back(launch);
  return task;
}

Result<Context> read_context(const Options& options) {
  Context context;
  if (!options.workload.empty()) {
    PLACEWRIGHT_TRY(auto file, read_workload_file(options.workload));
    context.machine = file.workload.machine;
    context.workload = std::move(file.workload);
    const bool has_speeds = options.machine.find('=') == std::string::npos;
    if (file.recording && !options.machine.empty() && has_speeds) {
      PLACEWRIGHT_TRY(const auto machine, machine::read_machine(options.machine));
      PLACEWRIGHT_TRY(context.run, RecordedRun::make(*std::move(file.recording), machine));
      context.machine = machine::machine_shape(machine);
    }
  }
  if (!options.machine.empty() && !context.run) {
    PLACEWRIGHT_TRY(context.machine, machine::load_machine(options.machine));
  }
  for (const std::string& text : options.launches) {
    PLACEWRIGHT_TRY(auto task, parse_launch(text));
    context.launched.push_back(std::move(task));
  }
  if (!context.launched.empty() && !context.machine)
    refuse_usage({"`--launch` needs a machine", "name one: `--machine nodes=2,GPU=4`"});
  for (workload::WorkloadTask& task : context.launched)
    for (const machine::ProcessorKind kind : machine::kProcessorKinds)
      if (context.machine->has(kind)) task.variants.push_back(kind);
  return context;
}

Checked check_text(const SourceFile& file, const Context& context) {
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{file, {}});
  Checked checked{mapping, Diagnostics(mapping->file)};
  Diagnostics& diagnostics = checked.diagnostics;
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  if (diagnostics.has_errors() || !context.machine) return checked;
  const auto policy = policy::Policy::build(mapping, *context.machine, diagnostics);
  if (policy == nullptr || diagnostics.has_errors()) return checked;
  if (context.workload) workload::check_legality(*policy, *context.workload, diagnostics);
  if (context.run && !diagnostics.has_errors()) context.run->check(*policy, diagnostics);
  for (const workload::WorkloadTask& task : context.launched)
    workload::check_placements(*policy, task, diagnostics);
  return checked;
}

/// Applies all possible fixes, writes the file and returns its text; nullopt if it cannot be
/// written.
std::optional<SourceFile> fix_mistakes(const std::string& path, SourceFile file,
                                       const Context& context) {
  int fixed = 0;
  for (int round = 0; round < kMaxRounds; ++round) {
    FixedText next = apply_fixes(check_text(file, context).diagnostics);
    if (next.messages == 0) break;
    fixed += next.messages;
    file = SourceFile(file.name(), std::move(next.text));
  }
  if (path == kStandardInput) {
    print_data(file.text());
    return file;
  }
  if (fixed > 0 && !write_mapping(path, file.text())) return std::nullopt;
  print_text(stdout, "{}: {} {} fixed\n", file.name(), fixed, fixed == 1 ? "mistake" : "mistakes");
  return file;
}

// Messages for people go to stderr, those for programs to stdout.
bool check_file(const std::string& path, const Options& options, const Context& context) {
  auto file = read_mapping(path);
  if (file && options.fix) file = fix_mistakes(path, *std::move(file), context);
  if (!file) return false;
  const Checked checked = check_text(*file, context);
  const Diagnostics& diagnostics = checked.diagnostics;
  if (options.diagnostics == "json") {
    print_data(diagnostics.to_json());
  } else {
    print_text(stderr, "{}", diagnostics.to_text());
    const bool shows_text = options.fix && path == "-";
    if (!diagnostics.has_errors() && !shows_text) print_text(stdout, "{}: ok\n", file->name());
  }
  return !diagnostics.has_errors();
}

bool check_files(const Options& options) {
  const auto context = read_context(options);
  if (!context) return print_error(context.error());
  bool good = true;
  for (const std::string& path : options.files) good = check_file(path, options, *context) && good;
  return good;
}

void add_context_options(CLI::App& command, Options& options) {
  command
      .add_option(
          "--machine", options.machine,
          "Machine to check for: a shape like nodes=2,GPU=4, a machine file, or the name of "
          "a built-in machine; - reads standard input, as wherever a file is read")
      ->type_name("SHAPE|FILE|NAME[:NODES]");
  command
      .add_option("--workload", options.workload,
                  "What `placewright run --discover FILE` or `placewright record` wrote; checks "
                  "names, variants, memories and every point of every launch, and of a recording "
                  "on a machine with speeds every argument and whether the data fits")
      ->type_name("FILE");
  command
      .add_option("--launch", options.launches,
                  "Launch whose points to place, for example step=0,0..7,3; facts for conditions "
                  "follow: step=0..7:tag=3:depth=2:mapper_id=7")
      ->type_name("TASK=DOMAIN")
      ->check(read_by(parse_launch));
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "Check mappings without running anything");
  command->add_option("files", options->files, "Mapping files; - reads standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("--diagnostics", options->diagnostics, "Format of the messages")
      ->check(one_of({"text", "json"}))
      ->capture_default_str();
  command->add_flag(
      "--fix", options->fix,
      "Apply every fix that is unambiguous; for standard input, print the fixed text");
  add_context_options(*command, *options);
  set_forms(*command, {"[OPTIONS] FILE...", "[OPTIONS] --fix FILE..."});
  command->footer(
      "Example: placewright check expert.mapping --machine nodes=2,GPU=4 --launch step=0..7");
  command->callback([options, &exit_status] { exit_status = check_files(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
