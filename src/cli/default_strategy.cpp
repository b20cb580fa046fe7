// SPDX-License-Identifier: Apache-2.0
#include "cli/default_strategy.h"

namespace placewright::cli {

std::string default_strategy(const AgentOptions& options) {
  return has_model(options) ? "reflect" : "advisor";
}

}  // namespace placewright::cli
