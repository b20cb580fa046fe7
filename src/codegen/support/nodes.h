// The machine as Legion shows it: nodes, processors with numbers, memories next to them.

[[noreturn]] inline void end_run(const std::string& message) {
  std::cerr << kMappingName << ": " << message << std::endl;
  std::_Exit(1);
}

struct KindPair {
  ProcessorKind ours;
  Legion::Processor::Kind theirs;
};
inline constexpr KindPair kProcessorPairs[] = {{ProcessorKind::Cpu, Legion::Processor::LOC_PROC},
                                               {ProcessorKind::Gpu, Legion::Processor::TOC_PROC},
                                               {ProcessorKind::Io, Legion::Processor::IO_PROC},
                                               {ProcessorKind::Py, Legion::Processor::PY_PROC},
                                               {ProcessorKind::Proc, Legion::Processor::PROC_SET},
                                               {ProcessorKind::Omp, Legion::Processor::OMP_PROC}};
inline Legion::Processor::Kind to_legion(ProcessorKind kind) {
  return kProcessorPairs[static_cast<size_t>(kind)].theirs;
}
inline std::optional<ProcessorKind> from_legion(Legion::Processor::Kind kind) {
  for (const KindPair& pair : kProcessorPairs) {
    if (pair.theirs == kind) return pair.ours;
  }
  return std::nullopt;
}

struct MemoryPair {
  MemoryKind ours;
  Legion::Memory::Kind theirs;
};
inline constexpr MemoryPair kMemoryPairs[] = {{MemoryKind::SysMem, Legion::Memory::SYSTEM_MEM},
                                              {MemoryKind::FbMem, Legion::Memory::GPU_FB_MEM},
                                              {MemoryKind::RdMem, Legion::Memory::REGDMA_MEM},
                                              {MemoryKind::ZcMem, Legion::Memory::Z_COPY_MEM},
                                              {MemoryKind::SockMem, Legion::Memory::SOCKET_MEM},
                                              {MemoryKind::RegSockMem, Legion::Memory::SOCKET_MEM}};
inline MemoryKind from_legion(Legion::Memory::Kind kind) {
  for (const MemoryPair& pair : kMemoryPairs) {
    if (pair.theirs == kind) return pair.ours;
  }
  return MemoryKind::SysMem;
}

/// Processors by node and kind, in ascending order of their ids, and the memories next to them.
class Nodes {
 public:
  explicit Nodes(Legion::Machine machine) : machine_(machine) {
    processors_.resize(machine.get_address_space_count());
    for (const Legion::Processor each : Legion::Machine::ProcessorQuery(machine)) {
      if (const auto kind = from_legion(each.kind()))
        processors_[each.address_space()][*kind].push_back(each);
    }
    MachineFacts& facts = machine_facts();
    facts.nodes = static_cast<int>(processors_.size());
    for (auto& node : processors_) {
      for (auto& [kind, list] : node) std::sort(list.begin(), list.end());
    }
    for (const KindPair& pair : kProcessorPairs) {
      size_t least = SIZE_MAX;
      for (size_t node = 0; node < processors_.size(); ++node)
        least = std::min(least, at(static_cast<int>(node), pair.ours).size());
      facts.per_node[pair.ours] = static_cast<int>(least);
    }
    facts.has_memory = [this](ProcessorKind kind, MemoryKind memory, int node) {
      const auto& list = at(node, kind);
      return !list.empty() && this->memory(list.front(), memory).exists();
    };
  }
  [[nodiscard]] const std::vector<Legion::Processor>& at(int node, ProcessorKind kind) const {
    static const std::vector<Legion::Processor> none;
    const auto found = processors_[static_cast<size_t>(node)].find(kind);
    return found == processors_[static_cast<size_t>(node)].end() ? none : found->second;
  }
  [[nodiscard]] int count() const { return static_cast<int>(processors_.size()); }
  [[nodiscard]] int ordinal(Legion::Processor processor) const {
    const auto kind = from_legion(processor.kind());
    if (!kind) return 0;
    const auto& list = at(static_cast<int>(processor.address_space()), *kind);
    return static_cast<int>(std::find(list.begin(), list.end(), processor) - list.begin());
  }
  /// The one of its kind on the processor's node that it reaches fastest.
  [[nodiscard]] Legion::Memory memory(Legion::Processor processor, MemoryKind kind) const {
    std::vector<Legion::Machine::ProcessorMemoryAffinity> affinities;
    machine_.get_proc_mem_affinity(affinities, processor, Legion::Memory::NO_MEMORY, false);
    Legion::Memory best = Legion::Memory::NO_MEMORY;
    unsigned bandwidth = 0;
    for (const auto& each : affinities) {
      const bool wanted = std::any_of(std::begin(kMemoryPairs), std::end(kMemoryPairs),
                                      [&](const MemoryPair& pair) {
                                        return pair.ours == kind && pair.theirs == each.m.kind();
                                      });
      if (!wanted || each.m.address_space() != processor.address_space() || each.m.capacity() == 0)
        continue;
      if (best.exists() && each.bandwidth <= bandwidth) continue;
      best = each.m;
      bandwidth = each.bandwidth;
    }
    return best;
  }

 private:
  Legion::Machine machine_;
  std::vector<std::map<ProcessorKind, std::vector<Legion::Processor>>> processors_;
};

inline Tuple to_tuple(const Legion::DomainPoint& point) {
  Tuple result;
  for (int d = 0; d < point.get_dim(); ++d) result.push_back(static_cast<int64_t>(point[d]));
  return result;
}
