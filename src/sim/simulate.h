// SPDX-License-Identifier: Apache-2.0
// Predicts what a mapping would do: the recorded program under its rules on a modelled machine, with
// the decisions of the decision core and the prices of the virtual GPU driver. Nothing runs.
//
// Tasks are mapped in program order, before anything is simulated: a decision does not depend on when
// something ends. So a task never waits for memory that somebody may free, and of limited tasks those
// mapped earlier are taken to end earlier.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/refusal.h"
#include "machine/description.h"
#include "policy/rules.h"
#include "sim/bounds.h"
#include "sim/critical_path.h"
#include "sim/level.h"
#include "sim/loads.h"
#include "sim/observed_run.h"
#include "support/result.h"
#include "workload/recording.h"

namespace placewright::sim {

/// What was moved from one kind of memory to another, or filled ("" to a kind).
struct MovedBetween {
  std::string from;
  std::string to;
  bool is_local = false;   ///< Within one memory.
  bool is_across = false;  ///< From one node to another.
  uint64_t bytes = 0;
  uint64_t count = 0;
};

struct MemoryPeak {
  machine::MemoryKind kind = machine::MemoryKind::SysMem;
  std::string memory;  ///< In words.
  uint64_t bytes = 0;
  uint64_t capacity = 0;
};

/// Simulated; seconds of the modelled machine.
struct Prediction {
  /// A step: the median of the later half of the windows that the program times, if it times three or
  /// more; else of the passes of its main loop, from one's last end to the next one's.
  double step_s = 0;
  std::vector<double> windows_s;  ///< Between readings of the clock.
  double all_s = 0;               ///< Until everything has ended.
  size_t activities = 0;
  /// What the later half of the passes spends its time on that nothing else hides.
  std::vector<Blame> critical;
  std::vector<NamedLoad> loads;  ///< all_s is at least the longest.
  std::vector<MovedBetween> moves;
  std::vector<MemoryPeak> peaks;
  uint64_t unmodelled_bytes = 0;  ///< Copied by CPUs, which the model does not price.
  uint64_t measured_tasks = 0;    ///< Whose time a run of the recorded program measured.
  std::optional<ObservedRun> observed;
};

/// Every task, copy and fill takes longer or shorter by a factor of its own from 1 - part to 1 + part.
struct Variation {
  uint64_t seed = 0;
  double part = 0;
};

/// How far times vary in replays; nobody measured how far they do.
inline constexpr double kReplayVariation = 0.1;

struct Effort {
  size_t most_passes = 0;  ///< As many of the program's main loop; 0: all.
  bool explains = true;    ///< Prediction::critical and loads.
  bool observes = false;   ///< Prediction::observed; with `explains` only.
  Variation variation = {};
  /// Nothing is timed: all times are 0, and costs may be unknown.
  bool decides_only = false;
};

/// What is modelled, where it is not left to the machine.
struct Modelling {
  /// Else the driver's for one node with GPUs, and the shared one, which several nodes need.
  std::optional<Level> level = std::nullopt;
  /// The runtime's own work takes time. Else it does where there are no GPUs, so that all is real, if the
  /// machine's file says how much.
  std::optional<bool> runtime_cost = std::nullopt;
};

class Simulator {
 public:
  /// `recording` must outlive the simulator. Errors: those of model_machine() and Data::cut(), too many
  /// tasks or nodes, the driver's level for several nodes, a runtime's cost that the machine lacks.
  [[nodiscard]] static Result<Simulator> make(const workload::Recording& recording,
                                              const machine::MachineDescription& machine,
                                              const Modelling& modelling = {});
  /// The same recording and modelling with the machine's uncertain numbers at this end of their ranges;
  /// `machine`: the one that this was made of. The data is not cut again.
  [[nodiscard]] Result<Simulator> at_end(const machine::MachineDescription& machine,
                                         machine::RangeEnd end) const;
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;
  ~Simulator();

  [[nodiscard]] const machine::MachineShape& shape() const;
  [[nodiscard]] Level level() const;
  /// Whether the runtime's own work takes time.
  [[nodiscard]] bool has_runtime_cost() const;
  /// `rules`: for shape(). Safe to call from several threads. Errors: those that would end a run, a
  /// task whose cost is unknown.
  [[nodiscard]] tl::expected<Prediction, decide::Refusal> predict(const policy::Rules& rules,
                                                                  const Effort& effort = {}) const;
  /// What no mapping's all_s is below.
  [[nodiscard]] Bounds bounds() const;

 private:
  struct Parts;
  explicit Simulator(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace placewright::sim
