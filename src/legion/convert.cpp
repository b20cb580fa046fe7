// SPDX-License-Identifier: Apache-2.0
#include "legion/convert.h"

#include <algorithm>

#include "support/check.h"

namespace placewright {
namespace {

using Legion::Memory;
using Legion::Processor;

struct ProcessorPair {
  ProcessorKind ours;
  Processor::Kind theirs;
};
constexpr std::array<ProcessorPair, kProcessorKindCount> kProcessorPairs = {{
    {ProcessorKind::Cpu, Processor::LOC_PROC},
    {ProcessorKind::Gpu, Processor::TOC_PROC},
    {ProcessorKind::Io, Processor::IO_PROC},
    {ProcessorKind::Py, Processor::PY_PROC},
    {ProcessorKind::Proc, Processor::PROC_SET},
    {ProcessorKind::Omp, Processor::OMP_PROC},
}};

struct MemoryPair {
  MemoryKind ours;
  Memory::Kind theirs;
};
// Legion has no registered socket memory, so REGSOCKMEM of one dialect becomes socket memory.
constexpr std::array<MemoryPair, 6> kMemoryPairs = {{
    {MemoryKind::SysMem, Memory::SYSTEM_MEM},
    {MemoryKind::FbMem, Memory::GPU_FB_MEM},
    {MemoryKind::RdMem, Memory::REGDMA_MEM},
    {MemoryKind::ZcMem, Memory::Z_COPY_MEM},
    {MemoryKind::SockMem, Memory::SOCKET_MEM},
    {MemoryKind::RegSockMem, Memory::SOCKET_MEM},
}};

}  // namespace

Processor::Kind to_legion(ProcessorKind kind) {
  const auto pair = std::ranges::find(kProcessorPairs, kind, &ProcessorPair::ours);
  PLACEWRIGHT_CHECK(pair != kProcessorPairs.end());
  return pair->theirs;
}

std::optional<ProcessorKind> from_legion(Processor::Kind kind) {
  const auto pair = std::ranges::find(kProcessorPairs, kind, &ProcessorPair::theirs);
  if (pair == kProcessorPairs.end()) return std::nullopt;
  return pair->ours;
}

Memory::Kind to_legion(MemoryKind kind) {
  const auto pair = std::ranges::find(kMemoryPairs, kind, &MemoryPair::ours);
  PLACEWRIGHT_CHECK(pair != kMemoryPairs.end());
  return pair->theirs;
}

std::optional<MemoryKind> from_legion(Memory::Kind kind) {
  const auto pair = std::ranges::find(kMemoryPairs, kind, &MemoryPair::theirs);
  if (pair == kMemoryPairs.end()) return std::nullopt;
  return pair->ours;
}

DomainPoint from_legion(const Legion::DomainPoint& point) {
  DomainPoint result;
  result.dim = point.get_dim();
  for (int d = 0; d < result.dim; ++d) result.at[d] = point[d];
  return result;
}

LaunchDomain from_legion(const Legion::Domain& domain) {
  return {from_legion(domain.lo()), from_legion(domain.hi())};
}

}  // namespace placewright
