// SPDX-License-Identifier: Apache-2.0
#include "machine/kinds.h"

#include <algorithm>

namespace placewright::machine {
namespace {

constexpr std::array<std::string_view, kProcessorKindCount> kProcessorWords = {
    "CPU", "GPU", "IO", "PY", "PROC", "OMP"};
constexpr std::array<std::string_view, kMemoryKindCount> kMemoryWords = {
    "SYSMEM", "FBMEM", "RDMEM", "ZCMEM", "SOCKMEM", "REGSOCKMEM", "VIRTUAL"};

template <class Kind, size_t Count>
std::optional<Kind> parse_word(const std::array<std::string_view, Count>& words,
                               std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Kind>(found - words.begin());
}

}  // namespace

std::string_view to_string(ProcessorKind kind) {
  return kProcessorWords[static_cast<size_t>(kind)];
}

std::string_view to_string(MemoryKind kind) { return kMemoryWords[static_cast<size_t>(kind)]; }

std::optional<ProcessorKind> parse_processor_kind(std::string_view word) {
  return parse_word<ProcessorKind>(kProcessorWords, word);
}

std::optional<MemoryKind> parse_memory_kind(std::string_view word) {
  return parse_word<MemoryKind>(kMemoryWords, word);
}

bool can_address(ProcessorKind processor, MemoryKind memory) {
  if (memory == MemoryKind::Virtual || memory == MemoryKind::ZcMem) return true;
  return (processor == ProcessorKind::Gpu) == (memory == MemoryKind::FbMem);
}

}  // namespace placewright::machine
