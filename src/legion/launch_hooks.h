// SPDX-License-Identifier: Apache-2.0
// What the preload library calls in place of Legion's functions that launch tasks and mark traces, in
// a run that tries several mappings or is recorded. It finds them by the names below. `next` is
// Legion's function.
#pragma once

#include <memory>
#include <vector>

#include "legion.h"
#include "placewright/mapper.h"

namespace placewright::legion {

class Exploration;
/// That of this process; null if it explores nothing, or Legion has not started yet.
[[nodiscard]] std::shared_ptr<Exploration> current_exploration();

// Legion's functions are members: the object is the first argument.
using Outputs = std::vector<Legion::OutputRequirement>;
using ExecuteTask = Legion::Future (*)(Legion::Runtime*, Legion::Context,
                                       const Legion::TaskLauncher&, Outputs*);
using ExecuteIndexSpace = Legion::FutureMap (*)(Legion::Runtime*, Legion::Context,
                                                const Legion::IndexTaskLauncher&, Outputs*);
using ExecuteReduction = Legion::Future (*)(Legion::Runtime*, Legion::Context,
                                            const Legion::IndexTaskLauncher&, int, bool, Outputs*);

}  // namespace placewright::legion

// They return C++ classes, so they have C++ linkage with plain names.
PLACEWRIGHT_EXPORT Legion::Future placewright_execute_task(
    placewright::legion::ExecuteTask next, Legion::Runtime* runtime, Legion::Context ctx,
    const Legion::TaskLauncher& launcher,
    placewright::legion::Outputs* outputs) __asm__("placewright_execute_task");
PLACEWRIGHT_EXPORT Legion::FutureMap placewright_execute_index_space(
    placewright::legion::ExecuteIndexSpace next, Legion::Runtime* runtime, Legion::Context ctx,
    const Legion::IndexTaskLauncher& launcher,
    placewright::legion::Outputs* outputs) __asm__("placewright_execute_index_space");
PLACEWRIGHT_EXPORT Legion::Future placewright_execute_reduction(
    placewright::legion::ExecuteReduction next, Legion::Runtime* runtime, Legion::Context ctx,
    const Legion::IndexTaskLauncher& launcher, int operation, bool is_deterministic,
    placewright::legion::Outputs* outputs) __asm__("placewright_execute_reduction");
/// The number of the trace to begin, or to end, in place of the program's.
PLACEWRIGHT_EXPORT Legion::TraceID placewright_begun_trace(
    Legion::Context ctx, Legion::TraceID trace) __asm__("placewright_begun_trace");
PLACEWRIGHT_EXPORT Legion::TraceID placewright_ended_trace(
    Legion::Context ctx, Legion::TraceID trace) __asm__("placewright_ended_trace");
