// SPDX-License-Identifier: Apache-2.0
// What the agent knows about an application and its machine before any run: the inputs of the
// decision functions, as JSON. Names come from the program and are therefore data: everything in
// them that is not plain ASCII is escaped.
#pragma once

#include <map>
#include <string>

#include "tune/settings.h"
#include "workload/workload.h"

namespace placewright::agent {

/// Values by name.
using Facts = std::map<std::string, std::string, std::less<>>;

/// By the names of inputs(): `tasks`, `regions`, `index_tasks`, `index_task_specification`,
/// `single_tasks`; and `machine`. Describes the 64 heaviest tasks (bytes of their arguments times
/// launches) and names the others; of each task the 16 most frequent launches, and counts the
/// others. Tasks that only launch others are in `tasks` alone. `demands` of an argument is what
/// variants ask of its layout, where they do.
[[nodiscard]] Facts facts_of(const workload::Workload& workload,
                             const machine::MachineShape& machine);

/// What the user does not let a search change, where there is something: `rules_that_must_stay`,
/// `tasks_that_may_change`, `tasks_that_may_not_change`.
[[nodiscard]] Facts restrictions_of(const tune::Settings& settings);

/// All facts for a prompt, one line each: `tasks = [...]`.
[[nodiscard]] std::string to_text(const Facts& facts);

}  // namespace placewright::agent
