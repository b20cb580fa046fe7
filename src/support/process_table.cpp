// SPDX-License-Identifier: Apache-2.0
#include "support/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "support/descriptor.h"
#include "support/files.h"

namespace placewright {
namespace {

/// Changes at every start of the machine.
std::string boot() {
  const auto text = read_file("/proc/sys/kernel/random/boot_id", 4096);
  return text ? text->substr(0, text->find('\n')) : "unknown";
}

}  // namespace

std::optional<ProcessFacts> process_facts(pid_t pid) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/stat", static_cast<int>(pid));
  const Descriptor file(open(path.data(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;
  std::array<char, 1024> text{};
  if (read(file.get(), text.data(), text.size() - 1) <= 0) return std::nullopt;
  // The command's name is in parentheses and may contain anything, so the fields are counted from
  // the last one.
  const char* after_name = std::strrchr(text.data(), ')');
  ProcessFacts facts;
  facts.pid = pid;
  unsigned long long start = 0;
  if (after_name == nullptr ||
      std::sscanf(after_name + 1,
                  " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                  &facts.state, &facts.parent, &facts.session, &start) != 4)
    return std::nullopt;
  facts.start = start;
  return facts;
}

std::vector<ProcessFacts> all_processes() {
  std::vector<ProcessFacts> list;
  DIR* processes = opendir("/proc");
  if (processes == nullptr) return list;
  while (const dirent* entry = readdir(processes)) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid <= 0) continue;
    if (const auto facts = process_facts(pid)) list.push_back(*facts);
  }
  closedir(processes);
  return list;
}

int kill_below(pid_t root) {
  const std::vector<ProcessFacts> processes = all_processes();
  std::vector<pid_t> tree = {root};
  int killed = 0;
  for (size_t next = 0; next < tree.size(); ++next) {
    for (const ProcessFacts& each : processes) {
      if (each.parent != tree[next] || std::ranges::find(tree, each.pid) != tree.end()) continue;
      tree.push_back(each.pid);
      if (!each.has_ended() && kill(each.pid, SIGKILL) == 0) ++killed;
    }
  }
  return killed;
}

std::string name_of_this_process() {
  const auto facts = process_facts(getpid());
  return fmt::format("{} {} {}", getpid(), facts ? facts->start : 0, boot());
}

std::optional<pid_t> running_process(const std::string& name) {
  const pid_t pid = std::atoi(name.c_str());
  const auto facts = pid > 0 ? process_facts(pid) : std::nullopt;
  if (!facts || facts->has_ended() || name != fmt::format("{} {} {}", pid, facts->start, boot()))
    return std::nullopt;
  return pid;
}

}  // namespace placewright
