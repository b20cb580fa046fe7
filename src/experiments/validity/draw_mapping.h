// SPDX-License-Identifier: Apache-2.0
// Random mappings for one application, drawn from the language that the published study describes.
//
// The study states that ten seeds per application were drawn from the space of the whole language,
// but not how. The rule used here is therefore the plainest one, fixed before anything was counted:
// an optional part is present with probability 1/2, and alternatives are equally likely. Names are
// those of the application. Nothing else of a draw depends on the application or the machine,
// except that a mapping function has as many coordinates as its launches. A draw may therefore name
// processors that do not exist, memories that cannot be addressed, or indices out of range.
//
// Statements: those of the published grammar (Task, Region, Layout, IndexTaskMap, mapping
// functions) and the others that the publication uses (SingleTaskMap, InstanceLimit,
// CollectMemory).
// - Processors: 1 to 3 of CPU, GPU, OMP, in any order.
// - Memories: 1 to 4 of SYSMEM, FBMEM, ZCMEM, SOCKMEM, in any order.
// - Layouts: SOA or AOS; C_order or F_order; nothing, No_Align, or Align == 16 .. 256.
// - Instance limits: 1 to 8.
// - Index maps: a space of one kind, perhaps merged, split, swapped, sliced or auto-split. The
//   index in each of its dimensions is a sum of the point's coordinates, each multiplied by 0 to 2.
//   The sum is perhaps divided, perhaps reduced modulo, by a size of the space, an extent of the
//   launch, or 2 to 4.
// - Single maps: the parent's processor in a space of one kind, or an index of numbers 0 to 3.
#pragma once

#include <cstdint>
#include <string>

#include "workload/workload.h"

namespace placewright::experiments {

/// The same text for the same application, seed and tasks, everywhere; draws of two applications
/// are independent. It parses, and every name is defined.
/// Tasks that only the runtime launches (depth 0) get no rules.
[[nodiscard]] std::string draw_mapping(const std::string& application, const Workload& workload,
                                       uint64_t seed);

}  // namespace placewright::experiments
