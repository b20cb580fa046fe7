// SPDX-License-Identifier: Apache-2.0
// Random mappings for one application, drawn from the language that the published study describes.
//
// Published is that ten seeds for each application were drawn from the space of the whole language,
// not how. So the rule here is the plainest one, and was fixed before anything was counted: what
// may be absent is there with probability 1/2, and of several alternatives all are equally likely.
// Names are those of the application; nothing else of what is drawn looks at the application or
// machine, except that a mapping function has as many coordinates as its launches. So nothing keeps
// a draw from naming processors that there are none of, memories that cannot be addressed, or
// indices that lie outside.
//
// Statements: those of the published grammar (Task, Region, Layout, IndexTaskMap, mapping
// functions) and those that the publication uses besides (SingleTaskMap, InstanceLimit,
// CollectMemory).
//   processors   CPU, GPU, OMP: 1 to 3 of them, in any order
//   memories     SYSMEM, FBMEM, ZCMEM, SOCKMEM: 1 to 4 of them, in any order
//   layouts      SOA or AOS; C_order or F_order; nothing, No_Align, or Align == 16 .. 256
//   limits       1 to 8
//   index maps   a space of one kind, perhaps merged, split, swapped, sliced or auto-split; for
//   each
//                of its dimensions a sum of multiples 0 to 2 of the point's coordinates, perhaps
//                divided, perhaps modulo, by a size of the space, an extent of the launch, or 2 to
//                4
//   single maps  the parent's processor in a space of one kind, or an index of numbers 0 to 3
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
