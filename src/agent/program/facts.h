// SPDX-License-Identifier: Apache-2.0
// What the agent knows of an application and its machine before any run: the inputs of the decision
// functions, as JSON. Names come from the program, so they are data: everything in them that is not
// plain text is escaped.
#pragma once

#include <map>
#include <string>

#include "workload/workload.h"

namespace placewright::agent {

/// Values by name.
using Facts = std::map<std::string, std::string, std::less<>>;

/// By the names of inputs(): `tasks`, `regions`, `index_tasks`, `index_task_specification`,
/// `single_tasks`; and `machine`. Of many tasks the heaviest 64 are there (bytes of their arguments
/// times launches) and a count of the others. Tasks that only launch others are left out.
[[nodiscard]] Facts facts_of(const Workload& workload, const MachineShape& machine);

/// All of them for a prompt, a line each: `tasks = [...]`.
[[nodiscard]] std::string to_text(const Facts& facts);

}  // namespace placewright::agent
