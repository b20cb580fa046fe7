// SPDX-License-Identifier: Apache-2.0
// Copies, fills and reductions that Realm makes with a CPU in host memory. Virtual GPUs do not model
// them: they take this machine's time, of which a modelled second has many, so they are almost free.
// Adds up what they would take at least, so that no run is timed in which they matter. Thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "decide/refusal.h"
#include "legion.h"
#include "machine/kinds.h"

namespace placewright::legion {

class HostCopies {
 public:
  using Request = Legion::Mapping::ProfilingRequest;
  using Response = Legion::Mapping::ProfilingResponse;

  /// Watches only if `wanted`, and on virtual GPUs.
  explicit HostCopies(bool wanted);
  [[nodiscard]] bool is_watching() const { return bandwidth_ > 0; }

  /// Asks for what finished() needs, if an operation that is mapped now may run while the program
  /// measures: a window of its clock is open, or it does not use that clock.
  void watch(Request& request) const;
  /// Some copy of an operation that was watched has ended. Returns how many seconds of the clock it
  /// would take at least; 0 if it is modelled.
  double finished(const Response& response);

  struct Verdict {
    std::optional<decide::Refusal> refusal;
    std::string note;  ///< May be empty.
  };
  /// At the end of the run.
  [[nodiscard]] Verdict verdict() const;

 private:
  enum class Work : uint8_t { Fill, Copy, Reduction };
  struct Kind {
    Work work = Work::Copy;
    machine::MemoryKind source = machine::MemoryKind::SysMem;
    machine::MemoryKind target = machine::MemoryKind::SysMem;
    auto operator<=>(const Kind&) const = default;
  };
  struct Total {
    uint64_t count = 0;
    uint64_t bytes = 0;
  };
  using Totals = std::map<Kind, Total>;
  /// Modelled seconds.
  [[nodiscard]] double seconds(const Kind& kind, uint64_t bytes) const;
  [[nodiscard]] static std::string describe(const Kind& kind, const Total& total);

  using Clock = std::chrono::steady_clock;
  double bandwidth_ = 0;   ///< The host memory's, in modelled bytes per second; 0: not watching.
  double time_scale_ = 1;  ///< Seconds of the clock per modelled second.
  Clock::time_point start_ = Clock::now();
  mutable std::mutex mutex_;
  Totals early_;  ///< Mapped before the program read the clock.
  Totals measured_;
};

}  // namespace placewright::legion
