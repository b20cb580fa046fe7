// SPDX-License-Identifier: Apache-2.0
#include "workload/vocabulary.h"

#include <algorithm>

#include "workload/decisions.h"

namespace placewright::workload {

lang::grammar::Vocabulary vocabulary_of(const Workload& workload) {
  lang::grammar::Vocabulary result;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    if (!workload.machine.has(kind)) continue;
    lang::grammar::VocabularyKind known{kind, {}};
    for (const machine::MemoryKind memory : machine::kMemoryKinds)
      if (workload.machine.has(kind, memory)) known.memories.push_back(memory);
    result.kinds.push_back(std::move(known));
  }
  for (const WorkloadTask& task : workload.tasks) {
    lang::grammar::VocabularyTask known{task.name, {}, {}, task.arguments.size()};
    for (const machine::ProcessorKind kind : task.variants)
      if (workload.machine.has(kind)) known.kinds.push_back(kind);
    for (size_t i = 0; i < task.arguments.size(); ++i) {
      const auto& names = task.arguments[i].names;
      const std::string name = names.empty() ? std::to_string(i) : names.front();
      if (std::ranges::find(known.arguments, name) == known.arguments.end())
        known.arguments.push_back(name);
    }
    result.tasks.push_back(std::move(known));
  }
  return result;
}

}  // namespace placewright::workload
