// SPDX-License-Identifier: Apache-2.0
// Processor and memory kinds as the language and Legion name them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace placewright::machine {

enum class ProcessorKind : uint8_t { Cpu, Gpu, Io, Py, Proc, Omp };

/// Virtual is a way to map a region ("no instance"), not a memory of a machine.
enum class MemoryKind : uint8_t { SysMem, FbMem, RdMem, ZcMem, SockMem, RegSockMem, Virtual };

inline constexpr size_t kProcessorKindCount = 6;
inline constexpr size_t kMemoryKindCount = 7;

inline constexpr std::array<ProcessorKind, kProcessorKindCount> kProcessorKinds = {
    ProcessorKind::Cpu, ProcessorKind::Gpu,  ProcessorKind::Io,
    ProcessorKind::Py,  ProcessorKind::Proc, ProcessorKind::Omp};
inline constexpr std::array<MemoryKind, kMemoryKindCount> kMemoryKinds = {
    MemoryKind::SysMem,  MemoryKind::FbMem,      MemoryKind::RdMem,  MemoryKind::ZcMem,
    MemoryKind::SockMem, MemoryKind::RegSockMem, MemoryKind::Virtual};

/// The keyword: "CPU", "FBMEM".
[[nodiscard]] std::string_view to_string(ProcessorKind kind);
[[nodiscard]] std::string_view to_string(MemoryKind kind);
[[nodiscard]] std::optional<ProcessorKind> parse_processor_kind(std::string_view word);
[[nodiscard]] std::optional<MemoryKind> parse_memory_kind(std::string_view word);

/// Whether processors of a kind can address memories of a kind on the same node. A GPU sees its
/// frame buffer and zero-copy memory; every other kind sees system, registered, socket and
/// zero-copy memory. Virtual is visible to all.
[[nodiscard]] bool can_address(ProcessorKind processor, MemoryKind memory);

}  // namespace placewright::machine
