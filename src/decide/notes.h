// SPDX-License-Identifier: Apache-2.0
// The words of what a run is told about decisions: notes that are reported once, and the refusals
// about one argument.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decide/obtain.h"
#include "decide/refusal.h"

namespace placewright::decide {

/// "argument 0 (`rp_shared`) of task `calc`".
[[nodiscard]] std::string describe_argument(std::string_view task, int index,
                                            const std::vector<std::string>& regions);

[[nodiscard]] std::string note_limit_without_effect(std::string_view task);
[[nodiscard]] std::string note_limit_beside_barriers(std::string_view task);
[[nodiscard]] std::string note_points_together(std::string_view task);
[[nodiscard]] std::string note_cannot_collect(std::string_view argument);
[[nodiscard]] std::string note_layout_conflict(std::string_view argument,
                                               const LayoutConflict& conflict,
                                               std::string_view position);
[[nodiscard]] std::string note_waits(std::string_view argument, const Shortage& shortage);
[[nodiscard]] std::string note_fallback(std::string_view argument, const Shortage& shortage,
                                        machine::MemoryKind instead);

/// An instance does not fit, and waiting would be in vain. `argument` as describe_argument() says
/// it; the caller fills in Refusal::argument.
[[nodiscard]] Refusal refuse_instance(const policy::Rules& rules, std::string_view argument,
                                      const ProcessorPlace& target, const Shortage& shortage,
                                      std::vector<RefusalShare> holders);
/// An inline mapping does not fit; `region` in words, "`cells`".
[[nodiscard]] Refusal refuse_inline_mapping(std::string_view region, std::string_view task,
                                            const Memory& memory, uint64_t bytes,
                                            std::vector<RefusalShare> holders);
[[nodiscard]] Refusal refuse_layout(const policy::Rules& rules, std::string_view argument,
                                    const MemoryChoice& choice);

}  // namespace placewright::decide
