#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/explain_decisions.h"
#include "launch/run_application.h"

namespace placewright::cli {
namespace {

struct Options {
  RunRequest request;
  std::string mapping;
  std::string machine;
  std::string discover;
  std::string decisions;
  bool explain = false;
};

volatile std::sig_atomic_t interrupted = 0;

void note_interrupt(int) { interrupted = 1; }

void set_if_given(std::optional<std::string>& target, const std::string& value) {
  if (!value.empty()) target = value;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// A file for decisions that nobody asked for by name; it goes with the object.
class TemporaryFile {
 public:
  TemporaryFile()
      : path_(fmt::format("{}/placewright-decisions-{}.jsonl",
                          std::filesystem::temp_directory_path().string(), getpid())) {}
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Whatever became of the run: the lines that are there are worth explaining.
bool print_explanation(const std::string& decisions) {
  std::ifstream file(decisions);
  const std::string lines{std::istreambuf_iterator<char>(file), {}};
  const Result<std::string> text = explain_decisions(lines);
  if (!text) {
    complain(text.error());
    return false;
  }
  fmt::print("{}", *text);
  return true;
}

int run(Options& options) {
  RunRequest& request = options.request;
  const TemporaryFile unnamed;
  if (options.explain && options.decisions.empty()) options.decisions = unnamed.path();
  set_if_given(request.mapping, options.mapping);
  set_if_given(request.machine, options.machine);
  set_if_given(request.discover, options.discover);
  set_if_given(request.decisions, options.decisions);
  request.on_output = [](std::string_view text, bool is_stderr) {
    FILE* stream = is_stderr ? stderr : stdout;
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
  };
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  request.cancelled = [] { return interrupted != 0; };

  const Result<RunOutcome> outcome = run_application(request);
  if (!outcome) {
    complain(outcome.error());
    return 1;
  }
  if (!outcome->log_folder.empty())
    fmt::print(stderr, "placewright: note: Legion's logs are in {}\n", outcome->log_folder);
  if (options.explain && !print_explanation(options.decisions)) return 1;
  if (outcome->status == RunStatus::Ok) return 0;
  if (outcome->status == RunStatus::RejectedMapping) {
    fmt::print(stderr, "{}", outcome->message);
  } else if (outcome->stderr_text.find(first_line(outcome->message)) != std::string::npos) {
    // The plug-in has said it already.
    fmt::print(stderr, "placewright: the run ended: {}\n", to_string(outcome->status));
  } else {
    fmt::print(stderr, "placewright: {}: {}\n", to_string(outcome->status), outcome->message);
  }
  return 1;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  RunRequest& request = options->request;
  CLI::App* command = app.add_subcommand("run", "Run an unmodified Legion program under a mapping");
  command
      ->add_option("--mapping,-m", options->mapping,
                   "Mapping file; without one Legion's default mapper decides")
      ->type_name("FILE");
  command->add_option("--processes,-n", request.processes, "Processes, each one node to a mapping")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      ->add_option("--machine", options->machine,
                   "Machine file: run on its virtual GPUs, in its modelled time")
      ->type_name("FILE");
  command->add_option("--time-scale", request.time_scale, "Wall seconds per modelled second")
      ->check(CLI::PositiveNumber);
  command->add_flag("--correctness", request.correctness,
                    "With --machine: move bytes and compute, so that checksums mean something");
  command->add_flag("--replace-mapper", request.replace_mapper,
                    "Take the place of a mapper that the application installs itself");
  command->add_option("--discover", options->discover, "Write what the application does to FILE")
      ->type_name("FILE");
  command
      ->add_option("--decisions", options->decisions,
                   "Write where every task ran and where its data was, one JSON object per line")
      ->type_name("FILE");
  command->add_flag("--explain-decisions", options->explain,
                    "Print at the end which rule decided what, task by task");
  command->add_option("--timeout", request.timeout_s, "Stop the run after this many seconds")
      ->check(CLI::PositiveNumber);
  command->add_flag("--keep-logs", request.keep_logs, "Leave Legion's logs and say where they are");
  command->add_option("application", request.argv, "The program and its arguments, behind --")
      ->required();
  command->footer("Example: placewright run --mapping expert.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
