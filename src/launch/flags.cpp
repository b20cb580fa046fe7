// SPDX-License-Identifier: Apache-2.0
#include "launch/flags.h"

#include <fmt/core.h>

#include <charconv>
#include <functional>
#include <map>
#include <sstream>

#include "support/try.h"

namespace placewright::launch {
namespace {

Result<uint64_t> number(const std::string& flag, std::string_view text, uint64_t default_unit) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  const std::map<std::string_view, uint64_t> units = {{"", default_unit},
                                                      {"k", 1024},
                                                      {"K", 1024},
                                                      {"m", machine::kMiB},
                                                      {"M", machine::kMiB},
                                                      {"g", 1024 * machine::kMiB},
                                                      {"G", 1024 * machine::kMiB},
                                                      {"b", 1},
                                                      {"B", 1}};
  const auto factor = units.find(unit);
  const bool may_have_unit = default_unit != 1 || unit.empty();
  if (error != std::errc() || factor == units.end() || !may_have_unit)
    return fail(fmt::format("`{}` expects a number, found `{}`", flag, text));
  return value * factor->second;
}

struct Counts {
  uint64_t cpu = 1, gpu = 0, io = 0, py = 0, omp = 0, utility = 1, background = 0;
  uint64_t system = 512, frame_buffer = 256, zero_copy = 64, registered = 0, socket = 0;
};

}  // namespace

int RealmFlags::busy_threads() const {
  int result = utility + background;
  for (const int count : node.processors) result += count;
  return result;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Result<RealmFlags> parse_realm_flags(std::span<const std::string> words) {
  // Defaults of Realm 25.6; sizes in MiB.
  Counts counts;
  struct Flag {
    uint64_t* value;
    uint64_t unit;
  };
  for (uint64_t* size : {&counts.system, &counts.frame_buffer, &counts.zero_copy})
    *size *= machine::kMiB;
  const std::map<std::string, Flag> flags = {{"-ll:cpu", {&counts.cpu, 1}},
                                             {"-ll:gpu", {&counts.gpu, 1}},
                                             {"-ll:io", {&counts.io, 1}},
                                             {"-ll:py", {&counts.py, 1}},
                                             {"-ll:ocpu", {&counts.omp, 1}},
                                             {"-ll:util", {&counts.utility, 1}},
                                             {"-ll:bgwork", {&counts.background, 1}},
                                             {"-ll:csize", {&counts.system, machine::kMiB}},
                                             {"-ll:fsize", {&counts.frame_buffer, machine::kMiB}},
                                             {"-ll:zsize", {&counts.zero_copy, machine::kMiB}},
                                             {"-ll:rsize", {&counts.registered, machine::kMiB}},
                                             {"-ll:nsize", {&counts.socket, machine::kMiB}}};
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const auto flag = flags.find(words[i]);
    if (flag == flags.end()) continue;
    PLACEWRIGHT_TRY(*flag->second.value, number(words[i], words[i + 1], flag->second.unit));
    ++i;
  }
  RealmFlags result;
  result.utility = static_cast<int>(counts.utility);
  result.background = static_cast<int>(counts.background);
  const auto set = [&](machine::ProcessorKind kind, uint64_t count) {
    result.node.processors[static_cast<size_t>(kind)] = static_cast<int>(count);
  };
  set(machine::ProcessorKind::Cpu, counts.cpu);
  set(machine::ProcessorKind::Gpu, counts.gpu);
  set(machine::ProcessorKind::Io, counts.io);
  set(machine::ProcessorKind::Py, counts.py);
  set(machine::ProcessorKind::Omp, counts.omp);
  const auto memory = [&](machine::MemoryKind kind, uint64_t bytes) {
    result.node.memory_bytes[static_cast<size_t>(kind)] = bytes;
  };
  memory(machine::MemoryKind::SysMem, counts.system);
  memory(machine::MemoryKind::FbMem, counts.gpu > 0 ? counts.frame_buffer : 0);
  memory(machine::MemoryKind::ZcMem, counts.gpu > 0 ? counts.zero_copy : 0);
  memory(machine::MemoryKind::RdMem, counts.registered);
  memory(machine::MemoryKind::SockMem, counts.socket);
  return result;
}

}  // namespace placewright::launch
