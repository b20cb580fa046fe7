// SPDX-License-Identifier: Apache-2.0
#include "cli/adapt_run.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "cli/print_error.h"
#include "cli/strategies.h"
#include "cli/usage.h"
#include "support/files.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/adapt.h"
#include "tune/settings.h"

namespace placewright::cli {
namespace {

constexpr double kMostShare = 0.5;

/// "2%", "0.02".
Result<double> read_share(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool is_percent = std::string_view(end) == "%";
  const double share = is_percent ? value / 100 : value;
  if (end != text.c_str() && (is_percent || *end == '\0') && share > 0 && share <= kMostShare)
    return share;
  return fail(fmt::format("expected a share from above 0 to 50 %, such as `2%`, found `{}`", text));
}

Result<bool> adapt(const RunOptions& run, const AdaptOptions& options) {
  PLACEWRIGHT_TRY_VOID(check_writable(options.output));
  PLACEWRIGHT_TRY(const double share, read_share(options.share));
  const std::string name = std::filesystem::path(run.request.argv.front()).filename();
  const std::string path = options.study.empty() ? name + ".adapt.study.db" : options.study;
  tune::Settings settings;
  settings.name = name;
  settings.command = run.request.argv;
  settings.machine = run.request.machine.value_or("");
  settings.strategy = "descent";
  tune::StudyFacts facts = tune::identity(settings);
  facts[tune::kMeasuredFact] = tune::kSteps;
  settings.metric = tune::step_metric();
  PLACEWRIGHT_TRY(auto store, tune::StudyStore::create(path, facts));
  const auto note = [](const std::string& line) {
    print_text(stderr, "placewright: note: {}\n", line);
  };
  const auto maker = strategy_maker(settings.strategy, {}, settings, nullptr, note);
  PLACEWRIGHT_TRY(const tune::Adapted adapted,
                  tune::adapt({run.request, share, settings.seed, maker, store, note}));
  print_text(stderr, "{}", tune::render(adapted, share));
  if (!adapted.best_mapping.empty()) {
    PLACEWRIGHT_TRY_VOID(write_file(options.output, adapted.best_mapping));
    print_text(stderr, "written: {}, study: {}\n", options.output, path);
  }
  return report(adapted.outcome) == 0;
}

}  // namespace

void add_adapt_options(CLI::App& command, AdaptOptions& options) {
  CLI::Option* adapt = command.add_flag(
      "--adapt", options.adapt, "Try mappings while the program runs, and continue with the best");
  command
      .add_option("--explore-share", options.share,
                  "With --adapt: the part of the loop's time that trying may cost")
      ->capture_default_str()
      ->needs(adapt)
      ->type_name("SHARE")
      ->check(read_by(read_share));
  command
      .add_option("--output,-o", options.output,
                  "With --adapt: output file for the best mapping, if one is better than the start")
      ->capture_default_str()
      ->needs(adapt)
      ->type_name("FILE");
  command
      .add_option("--study", options.study,
                  "With --adapt: study file (default: PROGRAM.adapt.study.db)")
      ->needs(adapt)
      ->type_name("FILE");
}

int run_adapting(const RunOptions& run, const AdaptOptions& options) {
  const Result<bool> done = adapt(run, options);
  if (done) return *done ? 0 : 1;
  print_error(done.error());
  return 1;
}

}  // namespace placewright::cli
