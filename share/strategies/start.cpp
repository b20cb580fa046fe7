// SPDX-License-Identifier: Apache-2.0
// Starting code: Legion's default mapper (everything that can on GPUs, data in their frame buffers),
// installed as soon as the library that this file becomes is loaded into the program.
#include <legion.h>
#include <mappers/default_mapper.h>

#include <set>

using namespace Legion;
using namespace Legion::Mapping;

class StudyMapper : public DefaultMapper {
 public:
  StudyMapper(MapperRuntime* runtime, Machine machine, Processor processor)
      : DefaultMapper(runtime, machine, processor, "study mapper") {}
};

// Legion calls this once in every process before anything runs.
void create_study_mappers(Machine machine, Runtime* runtime,
                          const std::set<Processor>& processors) {
  for (const Processor processor : processors) {
    runtime->replace_default_mapper(
        new StudyMapper(runtime->get_mapper_runtime(), machine, processor), processor);
  }
}

__attribute__((constructor)) static void install_study_mappers() {
  Runtime::add_registration_callback(create_study_mappers);
}
