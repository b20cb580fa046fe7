// SPDX-License-Identifier: Apache-2.0
// The machine as Legion presents it: nodes, their numbered processors, and the memories near them.

[[noreturn]] inline void end_run(const std::string& message) {
  std::cerr << kMappingName << ": " << message << std::endl;
  std::_Exit(1);
}

using placewright::legion::from_legion;
using placewright::legion::to_legion;
using placewright::machine::kProcessorKinds;

/// Processors by node and kind, in ascending order of their ids, and the memories near them.
class Nodes {
 public:
  explicit Nodes(Legion::Machine machine) {
    processors_.resize(machine.get_address_space_count());
    for (const Legion::Processor each : Legion::Machine::ProcessorQuery(machine)) {
      if (const auto kind = from_legion(each.kind()))
        processors_[each.address_space()][*kind].push_back(each);
      find_memories(machine, each);
    }
    MachineFacts& facts = machine_facts();
    facts.nodes = static_cast<int>(processors_.size());
    for (auto& node : processors_) {
      for (auto& [kind, list] : node) std::sort(list.begin(), list.end());
    }
    for (const ProcessorKind kind : kProcessorKinds) {
      size_t least = SIZE_MAX;
      for (size_t node = 0; node < processors_.size(); ++node)
        least = std::min(least, at(static_cast<int>(node), kind).size());
      facts.per_node[kind] = static_cast<int>(least);
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
  /// The memory of this kind on the processor's node that the processor reaches fastest.
  [[nodiscard]] Legion::Memory memory(Legion::Processor processor, MemoryKind kind) const {
    if (kind == MemoryKind::Virtual) return Legion::Memory::NO_MEMORY;
    const auto found = memories_.find({processor, to_legion(kind)});
    return found == memories_.end() ? Legion::Memory::NO_MEMORY : found->second;
  }

 private:
  void find_memories(Legion::Machine machine, Legion::Processor processor) {
    std::vector<Legion::Machine::ProcessorMemoryAffinity> affinities;
    machine.get_proc_mem_affinity(affinities, processor, Legion::Memory::NO_MEMORY, false);
    std::map<Legion::Memory::Kind, unsigned> bandwidths;
    for (const auto& each : affinities) {
      if (each.m.address_space() != processor.address_space() || each.m.capacity() == 0) continue;
      const auto best = bandwidths.find(each.m.kind());
      if (best != bandwidths.end() && each.bandwidth <= best->second) continue;
      bandwidths[each.m.kind()] = each.bandwidth;
      memories_[{processor, each.m.kind()}] = each.m;
    }
  }

  std::vector<std::map<ProcessorKind, std::vector<Legion::Processor>>> processors_;
  std::map<std::pair<Legion::Processor, Legion::Memory::Kind>, Legion::Memory> memories_;
};

inline Tuple to_tuple(const Legion::DomainPoint& point) {
  Tuple result;
  for (int d = 0; d < point.get_dim(); ++d) result.push_back(static_cast<int64_t>(point[d]));
  return result;
}
