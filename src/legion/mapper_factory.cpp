// SPDX-License-Identifier: Apache-2.0
#include "legion/mapper_factory.h"

#include "legion/exploring_mapper.h"

namespace placewright::legion {

OurMapper make_mapper(Legion::Mapping::MapperRuntime* runtime, Legion::Processor processor,
                      const std::shared_ptr<Session>& session,
                      const std::shared_ptr<Exploration>& exploration) {
  auto waiting = std::make_shared<Waiting>(runtime);
  auto* decides =
      new PlacewrightMapper(runtime, Legion::Machine::get_machine(), processor, session, waiting);
  if (exploration == nullptr) return {decides, decides};
  return {decides, new ExploringMapper(decides, processor, std::move(waiting), exploration)};
}

}  // namespace placewright::legion
