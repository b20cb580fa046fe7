// SPDX-License-Identifier: Apache-2.0
// Which of several mappings decides for a task: a mark at the end of the data that a launch carries
// for its mapper. It reaches the points of an index launch, on every process.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "legion.h"

namespace placewright::legion {

/// Mappings of one run are numbered; 0 is the run's own.
using Generation = uint32_t;

namespace generation_detail {

struct Mark {
  uint64_t magic = 0x3130656772656e65;
  uint64_t generation = 0;
};

}  // namespace generation_detail

/// The launcher's own data with the mark after it.
[[nodiscard]] inline std::vector<char> with_mark(const Legion::UntypedBuffer& own,
                                                 Generation generation) {
  generation_detail::Mark mark;
  mark.generation = generation;
  std::vector<char> bytes(own.get_size() + sizeof mark);
  if (own.get_size() > 0) std::memcpy(bytes.data(), own.get_ptr(), own.get_size());
  std::memcpy(bytes.data() + own.get_size(), &mark, sizeof mark);
  return bytes;
}

/// 0 without a mark.
[[nodiscard]] inline Generation generation_of(const Legion::Task& task) {
  generation_detail::Mark mark;
  if (task.mapper_data == nullptr || task.mapper_data_size < sizeof mark) return 0;
  generation_detail::Mark found;
  std::memcpy(&found,
              static_cast<const char*>(task.mapper_data) + task.mapper_data_size - sizeof mark,
              sizeof mark);
  return found.magic == mark.magic ? static_cast<Generation>(found.generation) : 0;
}

}  // namespace placewright::legion
