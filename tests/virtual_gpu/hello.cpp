// SPDX-License-Identifier: Apache-2.0
// The smallest Legion program: says which processors and memories the runtime found.
#include <legion.h>

#include <cstdio>

namespace {

enum { kTopTask = 1 };

int count(Legion::Processor::Kind kind) {
  Legion::Machine::ProcessorQuery query(Legion::Machine::get_machine());
  return static_cast<int>(query.only_kind(kind).count());
}

void print_memories(const char* name, Legion::Memory::Kind kind) {
  Legion::Machine::MemoryQuery query(Legion::Machine::get_machine());
  query.only_kind(kind);
  for (const Legion::Memory memory : query) std::printf("%s %zu\n", name, memory.capacity());
}

void top(const Legion::Task*, const std::vector<Legion::PhysicalRegion>&, Legion::Context,
         Legion::Runtime*) {
  std::printf("CPU %d\nGPU %d\n", count(Legion::Processor::LOC_PROC),
              count(Legion::Processor::TOC_PROC));
  print_memories("FB", Legion::Memory::GPU_FB_MEM);
  print_memories("ZC", Legion::Memory::Z_COPY_MEM);
  std::printf("hello\n");
}

}  // namespace

int main(int argc, char** argv) {
  Legion::Runtime::set_top_level_task_id(kTopTask);
  Legion::TaskVariantRegistrar registrar(kTopTask, "top");
  registrar.add_constraint(Legion::ProcessorConstraint(Legion::Processor::LOC_PROC));
  Legion::Runtime::preregister_task_variant<top>(registrar, "top");
  return Legion::Runtime::start(argc, argv);
}
