// SPDX-License-Identifier: Apache-2.0
#include "legion/convert.h"

#include <algorithm>

#include "support/check.h"

namespace placewright::legion {
namespace {

using Legion::Memory;
using Legion::Processor;

struct ProcessorPair {
  machine::ProcessorKind ours;
  Processor::Kind theirs;
};
constexpr std::array<ProcessorPair, machine::kProcessorKindCount> kProcessorPairs = {{
    {machine::ProcessorKind::Cpu, Processor::LOC_PROC},
    {machine::ProcessorKind::Gpu, Processor::TOC_PROC},
    {machine::ProcessorKind::Io, Processor::IO_PROC},
    {machine::ProcessorKind::Py, Processor::PY_PROC},
    {machine::ProcessorKind::Proc, Processor::PROC_SET},
    {machine::ProcessorKind::Omp, Processor::OMP_PROC},
}};

struct MemoryPair {
  machine::MemoryKind ours;
  Memory::Kind theirs;
};
// Legion has no registered socket memory, so REGSOCKMEM of one dialect becomes socket memory.
constexpr std::array<MemoryPair, 6> kMemoryPairs = {{
    {machine::MemoryKind::SysMem, Memory::SYSTEM_MEM},
    {machine::MemoryKind::FbMem, Memory::GPU_FB_MEM},
    {machine::MemoryKind::RdMem, Memory::REGDMA_MEM},
    {machine::MemoryKind::ZcMem, Memory::Z_COPY_MEM},
    {machine::MemoryKind::SockMem, Memory::SOCKET_MEM},
    {machine::MemoryKind::RegSockMem, Memory::SOCKET_MEM},
}};

}  // namespace

Processor::Kind to_legion(machine::ProcessorKind kind) {
  const auto pair = std::ranges::find(kProcessorPairs, kind, &ProcessorPair::ours);
  PLACEWRIGHT_CHECK(pair != kProcessorPairs.end());
  return pair->theirs;
}

std::optional<machine::ProcessorKind> from_legion(Processor::Kind kind) {
  const auto pair = std::ranges::find(kProcessorPairs, kind, &ProcessorPair::theirs);
  if (pair == kProcessorPairs.end()) return std::nullopt;
  return pair->ours;
}

Memory::Kind to_legion(machine::MemoryKind kind) {
  const auto pair = std::ranges::find(kMemoryPairs, kind, &MemoryPair::ours);
  PLACEWRIGHT_CHECK(pair != kMemoryPairs.end());
  return pair->theirs;
}

std::optional<machine::MemoryKind> from_legion(Memory::Kind kind) {
  const auto pair = std::ranges::find(kMemoryPairs, kind, &MemoryPair::theirs);
  if (pair == kMemoryPairs.end()) return std::nullopt;
  return pair->ours;
}

machine::DomainPoint from_legion(const Legion::DomainPoint& point) {
  machine::DomainPoint result;
  result.dim = point.get_dim();
  for (int d = 0; d < result.dim; ++d) result.at[d] = point[d];
  return result;
}

machine::LaunchDomain from_legion(const Legion::Domain& domain) {
  return {from_legion(domain.lo()), from_legion(domain.hi())};
}

Legion::DomainPoint to_legion(const machine::DomainPoint& point) {
  Legion::DomainPoint result;
  result.dim = point.dim;
  for (int d = 0; d < point.dim; ++d) result[d] = point.at[d];
  return result;
}

machine::Privilege privilege_of(Legion::PrivilegeMode privilege) {
  if (privilege == LEGION_NO_ACCESS) return machine::Privilege::None;
  if (privilege == LEGION_REDUCE) return machine::Privilege::Reduce;
  if ((privilege & LEGION_WRITE_PRIV) == 0) return machine::Privilege::ReadOnly;
  return (privilege & LEGION_DISCARD_INPUT_MASK) != 0 ? machine::Privilege::WriteDiscard
                                                      : machine::Privilege::ReadWrite;
}

decide::Memory describe(Memory memory) {
  if (!memory.exists()) return {};
  return {memory.id, from_legion(memory.kind()), static_cast<decide::RawMemoryKind>(memory.kind()),
          memory.capacity()};
}

Memory to_legion(const decide::Memory& memory) {
  Memory result;
  result.id = memory.id;
  return result;
}

}  // namespace placewright::legion
