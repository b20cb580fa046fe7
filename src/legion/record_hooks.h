// SPDX-License-Identifier: Apache-2.0
// What the preload library calls in a run that is recorded: fences, waits, and what an application
// states of its tasks' work. It finds them by the names below.
#pragma once

#include <placewright/stated_cost.h>

#include <memory>

#include "legion.h"
#include "placewright/mapper.h"

namespace placewright::legion {

class ProgramOrder;
class Structure;
/// Those of this process; null if it is not recorded, or Legion has not started yet.
[[nodiscard]] std::shared_ptr<ProgramOrder> current_program_order();
[[nodiscard]] std::shared_ptr<Structure> current_structure();

using IssueFence = Legion::Future (*)(Legion::Runtime*, Legion::Context, const char*);

}  // namespace placewright::legion

/// In place of Legion's function `next`.
PLACEWRIGHT_EXPORT Legion::Future placewright_issue_fence(
    placewright::legion::IssueFence next, Legion::Runtime* runtime, Legion::Context ctx,
    const char* provenance) __asm__("placewright_issue_fence");
/// The program fills fields of a region, or of several regions at once.
PLACEWRIGHT_EXPORT void placewright_filled(Legion::Context ctx, const Legion::LogicalRegion* region,
                                           const Legion::FieldID* fields,
                                           size_t count) __asm__("placewright_filled");
PLACEWRIGHT_EXPORT void placewright_filled_index(
    Legion::Runtime* runtime, Legion::Context ctx,
    const Legion::IndexFillLauncher* launcher) __asm__("placewright_filled_index");
/// The program is about to wait.
PLACEWRIGHT_EXPORT void placewright_waits_for_result(const Legion::Future* result) __asm__(
    "placewright_waits_for_result");
PLACEWRIGHT_EXPORT void placewright_waits_for_results(const Legion::FutureMap* results) __asm__(
    "placewright_waits_for_results");
/// `task`: its unique id.
PLACEWRIGHT_EXPORT void placewright_note_cost(
    unsigned long long task, const placewright::StatedCost* cost) __asm__("placewright_note_cost");
