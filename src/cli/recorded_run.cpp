// SPDX-License-Identifier: Apache-2.0
#include "cli/recorded_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "support/try.h"

namespace placewright::cli {
namespace {

/// Percent of a capacity: the allocator needs some room between instances.
constexpr uint64_t kFull = 95;

/// The rest of the line at `file:line:column`; the file's begin if the text is not such a place.
SourceRange range_at(const SourceFile& file, std::string_view place) {
  const size_t last = place.rfind(':');
  const size_t first = last == std::string_view::npos ? last : place.rfind(':', last - 1);
  if (first == std::string_view::npos) return {0, 0};
  int line = 0, column = 0;
  std::from_chars(place.data() + first + 1, place.data() + last, line);
  std::from_chars(place.data() + last + 1, place.data() + place.size(), column);
  if (line < 1 || line > file.line_count() || column < 1) return {0, 0};
  const std::string_view text = file.line(line);
  const auto begin = static_cast<uint32_t>(text.data() - file.text().data());
  const auto end = begin + static_cast<uint32_t>(text.size());
  return {std::min(end, begin + static_cast<uint32_t>(column - 1)), end};
}

/// It ends the run for certain only if one instance is larger than the whole memory: a run may wait for
/// others to free what they have, in an order that nobody knows beforehand.
void add_shortage(const decide::Refusal& refusal, Diagnostics& diagnostics) {
  const SourceRange range = range_at(diagnostics.file(), refusal.position);
  const bool is_certain = refusal.bytes > refusal.capacity;
  Diagnostic& message = is_certain
                            ? diagnostics.error("out-of-memory", range, refusal.message)
                            : diagnostics.warning("may-run-out-of-memory", range, refusal.message);
  message.help = refusal.help;
}

}  // namespace

Result<RecordedRun> RecordedRun::make(workload::Recording recording,
                                      const machine::MachineDescription& machine) {
  auto kept = std::make_unique<const workload::Recording>(std::move(recording));
  PLACEWRIGHT_TRY(sim::Simulator simulator, sim::Simulator::make(*kept, machine));
  return RecordedRun(std::move(kept), std::move(simulator));
}

void RecordedRun::check(const policy::Policy& policy, Diagnostics& diagnostics) const {
  const auto run = simulator_.predict(policy, {.explains = false, .decides_only = true});
  if (!run) {
    const decide::Refusal& refusal = run.error();
    if (refusal.full_memory) return add_shortage(refusal, diagnostics);
    const SourceRange range = range_at(diagnostics.file(), refusal.position);
    // Without an id the mapping is not at fault.
    Diagnostic& message =
        refusal.id.empty()
            ? diagnostics.warning("not-checked", range, "the recorded run: " + refusal.message)
            : diagnostics.error(refusal.id, range, refusal.message);
    message.help = refusal.help;
    return;
  }
  for (const sim::MemoryPeak& each : run->peaks) {
    if (each.bytes == 0 || each.bytes / kFull * 100 < each.capacity) continue;
    diagnostics.warning("may-run-out-of-memory", {0, 0},
                        fmt::format("the recorded run fills {} to {} of {} bytes", each.memory,
                                    each.bytes, each.capacity));
  }
}

}  // namespace placewright::cli
