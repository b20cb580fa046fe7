// SPDX-License-Identifier: Apache-2.0
// Makes the mapper objects of a run: for one mapping, or for several that take turns.
#pragma once

#include <memory>

#include "legion/exploration.h"
#include "legion/mapper.h"

namespace placewright::legion {

/// A mapper object of ours.
struct OurMapper {
  PlacewrightMapper* decides = nullptr;  ///< Under the run's own mapping.
  /// What Legion calls; owns `decides` if they differ.
  Legion::Mapping::Mapper* registered = nullptr;
};

/// `exploration` may be null. Legion is to own the result.
[[nodiscard]] OurMapper make_mapper(Legion::Mapping::MapperRuntime* runtime,
                                    Legion::Processor processor,
                                    const std::shared_ptr<Session>& session,
                                    const std::shared_ptr<Exploration>& exploration);

}  // namespace placewright::legion
