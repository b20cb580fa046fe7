// SPDX-License-Identifier: Apache-2.0
#include "cli/steps_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "cli/print_error.h"
#include "explore/log.h"
#include "explore/plan.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

constexpr size_t kMostTasks = 20;

std::string describe(const explore::Block& block) {
  std::vector<std::string> tasks(
      block.tasks.begin(),
      block.tasks.begin() + static_cast<std::ptrdiff_t>(std::min(kMostTasks, block.tasks.size())));
  if (block.tasks.size() > kMostTasks) tasks.emplace_back("...");
  std::string text = fmt::format("block {}: {} launches", block.number, block.tasks.size());
  if (block.traces > 0)
    text += fmt::format(" in {} trace{}", block.traces, block.traces == 1 ? "" : "s");
  return text + fmt::format(": {}\n", fmt::join(tasks, ", "));
}

std::string describe(const explore::BlockEnd& end) {
  std::string text = fmt::format("  at least {} steps", end.steps);
  if (end.changes > 0) text += fmt::format(", {} of which differ from the one before", end.changes);
  return text + "\n";
}

std::string describe(const explore::KeptTask& kept) {
  return fmt::format("  `{}` keeps the run's own mapping: {}\n", kept.task, kept.why);
}

Result<std::string> read_log(const std::string& path) {
  PLACEWRIGHT_TRY(const std::string log, read_file(path));
  std::string text;
  std::string kept;
  size_t begin = 0;
  for (size_t end = log.find('\n'); end != std::string::npos; end = log.find('\n', begin)) {
    const std::string_view line = std::string_view(log).substr(begin, end - begin);
    begin = end + 1;
    PLACEWRIGHT_TRY(const explore::LogLine read, explore::read_log_line(line));
    if (const auto* block = std::get_if<explore::Block>(&read)) text += describe(*block);
    if (const auto* end = std::get_if<explore::BlockEnd>(&read)) text += describe(*end);
    if (const auto* task = std::get_if<explore::KeptTask>(&read)) kept += describe(*task);
  }
  if (text.empty()) return std::string("the program repeats no block of launches\n");
  return text + kept;
}

Result<int> run(const RunOptions& options, const std::string& first_task) {
  PLACEWRIGHT_TRY(const TemporaryFolder folder, TemporaryFolder::make());
  launch::RunRequest request = options.request;
  request.plan = folder.path() + "/plan";
  request.explored = folder.path() + "/explored_%";
  explore::PlanHeader header;
  header.step = first_task;
  PLACEWRIGHT_TRY_VOID(write_file(*request.plan, to_line(header) + explore::end_line("")));
  PLACEWRIGHT_TRY(const launch::RunOutcome outcome, launch::run_application(request));
  const int status = report(outcome);
  if (status == 0) {
    PLACEWRIGHT_TRY(const std::string text, read_log(folder.path() + "/explored_0"));
    print_text(stderr, "{}", text);
  }
  return status;
}

}  // namespace

int run_for_steps(const RunOptions& options, const std::string& first_task) {
  const Result<int> status = run(options, first_task);
  if (status) return *status;
  print_error(status.error());
  return 1;
}

}  // namespace placewright::cli
