// SPDX-License-Identifier: Apache-2.0
#include "legion/report.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "support/json.h"
#include "support/terminal.h"

namespace placewright::legion {

std::string numbered_path(std::string path, int process) {
  const size_t mark = path.find('%');
  if (mark != std::string::npos) path.replace(mark, 1, std::to_string(process));
  return path;
}

StatusFile::StatusFile(std::string path, int process) {
  if (!path.empty()) {
    fd_ = open(numbered_path(std::move(path), process).c_str(),
               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }
}

StatusFile::~StatusFile() {
  if (fd_ >= 0) close(fd_);
}

void StatusFile::line(const std::string& json) const {
  if (fd_ < 0) return;
  const std::string text = json + "\n";
  // If this write fails, `placewright run` notices the missing line and reports it.
  [[maybe_unused]] const ssize_t written = write(fd_, text.data(), text.size());
}

void end_run(const StatusFile& status, const decide::Refusal& refusal) {
  static std::mutex only_one;
  only_one.lock();  // Never unlocked: if several threads fail, only the first one reports.
  nlohmann::json record = {{"event", "refused"}, {"message", refusal.message}};
  if (!refusal.help.empty()) record["help"] = refusal.help;
  if (!refusal.position.empty()) record["position"] = refusal.position;
  if (!refusal.id.empty()) record["id"] = refusal.id;
  if (const decide::RefusedArgument& argument = refusal.argument; !argument.task.empty()) {
    record["task"] = argument.task;
    record["argument"] = argument.index;
    record["regions"] = argument.regions;
  }
  if (refusal.full_memory) {
    record["full_memory"] = to_string(*refusal.full_memory);
    record["bytes"] = refusal.bytes;
    record["capacity"] = refusal.capacity;
    nlohmann::json& holders = record["holders"] = nlohmann::json::array();
    for (const decide::RefusalShare& share : refusal.holders)
      holders.push_back({{"task", share.task},
                         {"argument", share.argument},
                         {"count", share.count},
                         {"bytes", share.bytes}});
  }
  status.line(dump_json(record));
  const std::string where = refusal.position.empty() ? "placewright" : refusal.position;
  std::string text = fmt::format("{}: error: {}\n", where, refusal.message);
  if (!refusal.help.empty()) text += fmt::format("  help: {}\n", refusal.help);
  std::fflush(stdout);
  print_text(stderr, "{}", text);
  std::_Exit(1);
}

void say(std::string_view text) { print_text(stderr, "placewright: note: {}\n", text); }

}  // namespace placewright::legion
