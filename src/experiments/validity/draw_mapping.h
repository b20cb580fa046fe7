// SPDX-License-Identifier: Apache-2.0
// Random mappings for one application, drawn from the language that the publication describes.
//
// The publication says that ten seeds per application were drawn from the space of the whole
// language, but not how. The rule here is the simplest one and was fixed before anything was
// counted: optional parts are present with probability 1/2, and alternatives are equally likely.
// Names come from the application. Otherwise a draw ignores the application and the machine, except
// that a mapping function has as many coordinates as its launches. A draw may therefore name
// processors that do not exist, memories that cannot be addressed, or indices out of range.
//
// Statements: those of the published grammar (Task, Region, Layout, IndexTaskMap, mapping
// functions) and the others that the publication uses (SingleTaskMap, InstanceLimit,
// CollectMemory).
//   processors   CPU, GPU, OMP: 1 to 3 of them, in any order
//   memories     SYSMEM, FBMEM, ZCMEM, SOCKMEM: 1 to 4 of them, in any order
//   layouts      SOA or AOS; C_order or F_order; nothing, No_Align, or Align == 16 .. 256
//   limits       1 to 8
//   index maps   a space of one kind, perhaps merged, split, swapped, sliced or auto-split; for
//                each of its dimensions a sum of multiples 0 to 2 of the point's coordinates,
//                perhaps divided, perhaps modulo, by a size of the space, an extent of the launch,
//                or 2 to 4
//   single maps  the parent's processor in a space of one kind, or an index of numbers 0 to 3
#pragma once

#include <cstdint>
#include <string>

#include "workload/workload.h"

namespace placewright::experiments {

/// The same application, seed and tasks give the same text on every platform; draws for different
/// applications are independent. The text parses, and every name is defined.
/// Tasks that only the runtime launches (depth 0) get no rules.
[[nodiscard]] std::string draw_mapping(const std::string& application,
                                       const workload::Workload& workload, uint64_t seed);

}  // namespace placewright::experiments
