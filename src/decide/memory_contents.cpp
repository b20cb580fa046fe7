// SPDX-License-Identifier: Apache-2.0
#include "decide/memory_contents.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace placewright::decide {

void MemoryContents::made(uint64_t instance, const Memory& memory, uint64_t bytes, uint32_t task,
                          unsigned argument) {
  // Deleted instances must neither accumulate nor hide free memory for long.
  constexpr size_t kMostInstances = 1024;
  Contents& contents = contents_[memory.id];
  contents.instances.emplace(instance, Made{bytes, task, argument});
  contents.bytes += bytes;
  contents.new_bytes += bytes;
  tight_ = tight_ || contents.bytes >= memory.capacity / 4;
  const bool overflows =
      contents.bytes > memory.capacity && contents.new_bytes > memory.capacity / 8;
  if (overflows || contents.instances.size() >= std::max(kMostInstances, contents.check_at)) {
    contents.is_due = true;
    any_due_ = true;
  }
}

bool MemoryContents::is_crowded(const Memory& memory, uint64_t bytes) const {
  if (!tight_) return false;
  const auto contents = contents_.find(memory.id);
  return contents != contents_.end() && contents->second.bytes + bytes > memory.capacity;
}

bool MemoryContents::leaves_half(const Memory& memory, uint64_t bytes) const {
  const auto contents = contents_.find(memory.id);
  const uint64_t used = contents == contents_.end() ? 0 : contents->second.bytes;
  return used + bytes <= memory.capacity / 2;
}

std::vector<uint64_t> MemoryContents::take_due() {
  std::vector<uint64_t> due;
  if (!std::exchange(any_due_, false)) return due;
  for (auto& [memory, contents] : contents_) {
    if (std::exchange(contents.is_due, false)) due.push_back(memory);
  }
  return due;
}

std::vector<uint64_t> MemoryContents::instances(uint64_t memory) const {
  std::vector<uint64_t> list;
  const auto contents = contents_.find(memory);
  if (contents == contents_.end()) return list;
  for (const auto& [instance, made] : contents->second.instances) list.push_back(instance);
  return list;
}

void MemoryContents::checked(uint64_t memory, const std::vector<uint64_t>& gone) {
  Contents& contents = contents_[memory];
  for (const uint64_t instance : gone) {
    const auto made = contents.instances.find(instance);
    if (made == contents.instances.end()) continue;
    contents.bytes -= made->second.bytes;
    contents.instances.erase(made);
  }
  contents.new_bytes = 0;
  contents.check_at = 2 * contents.instances.size();
}

std::vector<MemoryContents::Share> MemoryContents::shares(uint64_t memory) const {
  std::map<std::pair<uint32_t, unsigned>, Share> by_argument;
  const auto contents = contents_.find(memory);
  if (contents == contents_.end()) return {};
  for (const auto& [instance, made] : contents->second.instances) {
    Share& share = by_argument[{made.task, made.argument}];
    share = {made.task, made.argument, share.count + 1, share.bytes + made.bytes};
  }
  std::vector<Share> result;
  for (const auto& [key, share] : by_argument) result.push_back(share);
  std::stable_sort(result.begin(), result.end(),
                   [](const Share& a, const Share& b) { return a.bytes > b.bytes; });
  return result;
}

}  // namespace placewright::decide
