// SPDX-License-Identifier: Apache-2.0
#include "legion/program_mappers.h"

#include <vector>

#include "legion/watching.h"

namespace placewright::legion {

void ProgramMappers::add_default(Legion::Processor processor, OurMapper mapper) {
  const std::lock_guard lock(mutex_);
  defaults_[processor] = mapper;
}

ProgramMappers::Mapper* ProgramMappers::install(Legion::Runtime* runtime, Legion::MapperID id,
                                                Mapper* mapper, Legion::Processor processor,
                                                const std::shared_ptr<Session>& session,
                                                const std::shared_ptr<Exploration>& exploration) {
  if (session->options().replace_mapper) {
    replace(runtime, id, std::shared_ptr<Mapper>(mapper), processor, session, exploration);
    return nullptr;
  }
  // Under a mapping, the program's mapper for id 0 makes the run fail.
  if (id == 0 && session->rules() != nullptr) return mapper;
  Mapper* watching = new WatchingMapper(mapper, id, session);
  const std::lock_guard lock(mutex_);
  originals_[watching] = mapper;
  return watching;
}

void ProgramMappers::replace(Legion::Runtime* runtime, Legion::MapperID id,
                             const std::shared_ptr<Mapper>& mapper, Legion::Processor processor,
                             const std::shared_ptr<Session>& session,
                             const std::shared_ptr<Exploration>& exploration) {
  std::vector<std::pair<Legion::Processor, OurMapper>> ours;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : defaults_)
      if (!processor.exists() || each.first == processor) ours.push_back(each);
  }
  for (auto& [local, answers] : ours) {
    if (id != 0) answers = make_mapper(runtime->get_mapper_runtime(), local, session, exploration);
    answers.decides->take_place_of(mapper);
    {
      const std::lock_guard lock(mutex_);
      originals_[answers.registered] = mapper.get();
    }
    if (id != 0) runtime->add_mapper(id, answers.registered, local);
  }
}

ProgramMappers::Mapper* ProgramMappers::original(Mapper* mapper) const {
  const std::lock_guard lock(mutex_);
  const auto found = originals_.find(mapper);
  return found == originals_.end() ? mapper : found->second;
}

}  // namespace placewright::legion
