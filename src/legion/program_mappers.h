// SPDX-License-Identifier: Apache-2.0
// The mappers that a program installs itself: each is left alone, watched, or replaced by ours. A
// replaced mapper stays alive, because the program may ask it for tunable values.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "legion/mapper_factory.h"
#include "legion/session.h"

namespace placewright::legion {

/// One per process. Thread-safe.
class ProgramMappers {
 public:
  using Mapper = Legion::Mapping::Mapper;

  /// A mapper of ours answers for id 0 on a processor from now on. Legion owns it.
  void add_default(Legion::Processor processor, OurMapper mapper);

  /// The program installs a mapper, on all processors of this process if `processor` is none.
  /// Returns what Legion is to install for it; null if this was done or is to be left out. Owns the
  /// mapper if it is replaced.
  [[nodiscard]] Mapper* install(Legion::Runtime* runtime, Legion::MapperID id, Mapper* mapper,
                                Legion::Processor processor,
                                const std::shared_ptr<Session>& session,
                                const std::shared_ptr<Exploration>& exploration);
  /// The program's own mapper if this is one of ours that stands for it; otherwise the argument.
  [[nodiscard]] Mapper* original(Mapper* mapper) const;

 private:
  void replace(Legion::Runtime* runtime, Legion::MapperID id, const std::shared_ptr<Mapper>& mapper,
               Legion::Processor processor, const std::shared_ptr<Session>& session,
               const std::shared_ptr<Exploration>& exploration);

  mutable std::mutex mutex_;
  std::map<Legion::Processor, OurMapper> defaults_;
  std::map<const Mapper*, Mapper*> originals_;
};

}  // namespace placewright::legion
