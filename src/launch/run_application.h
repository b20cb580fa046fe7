// SPDX-License-Identifier: Apache-2.0
// Runs a Legion application once, under a mapping or under Legion's default mapper, and reports the
// outcome. Knows how to start the runtime (library path, flags, several processes, virtual GPUs),
// but nothing about repeats, metrics or search. Leaves no process running.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "launch/plugin_refusal.h"
#include "launch/runtime_error.h"
#include "machine/kinds.h"
#include "machine/shape.h"
#include "support/result.h"

namespace placewright::launch {

struct RunRequest {
  /// Program and arguments. Flags of the application's command line win over the ones added here.
  std::vector<std::string> argv;
  std::optional<std::string> mapping;  ///< If unset, Legion's default mapper decides.
  int processes = 1;
  /// A machine file: the run gets its virtual GPUs and modelled times.
  std::optional<std::string> machine;
  /// Wall seconds per modelled second; 0 takes the machine file's own.
  double time_scale = 0;
  /// Under a machine file: move bytes and compute, so that checksums can be compared.
  bool correctness = false;
  /// Under a machine file: the runtime's own work takes modelled time, too.
  bool runtime_cost = false;
  /// A shared library to load into the program after the plug-in, with its own mapper.
  std::optional<std::string> mapper_library;
  /// Replace a mapper that the application installs itself.
  bool replace_mapper = false;
  /// Let Legion check what the mapper returns. Not needed for a mapping that has run before.
  bool checks_mapper = true;
  /// The command as its user runs it: without the plug-in and without flags of ours. Only what it
  /// cannot run without is added: libraries, and with `machine` its devices and, in timing runs,
  /// the plug-in, which only watches copies. Excludes a mapping and all files below.
  bool untouched = false;
  /// Where to write the observed workload (workload/workload.h). Turns tracing off.
  std::optional<std::string> discover;
  /// Where to write what the program launches (workload/recording.h), compressed. Turns tracing off.
  std::optional<std::string> record;
  /// Where to write what Legion finally did, one JSON object per line; a `%` in it becomes the
  /// process number.
  std::optional<std::string> decisions;
  /// Record for every read-only instance whether Legion kept it after the task. Probing deletes the
  /// others at once, so such a run is not timed, only inspected.
  bool probe_instances = false;
  /// Where to write the run's profile (profile/profile.h).
  std::optional<std::string> profile;
  /// Mappings to try within the run (explore/plan.h). `mapping` is the run's own, or the defaults.
  std::optional<std::string> plan;
  /// With a plan: where to write what came of it (explore/log.h); a `%` in it becomes the process
  /// number.
  std::string explored;
  /// Leave Legion's automatic traces on. They freeze decisions at a time that depends on timing.
  bool automatic_tracing = false;
  double timeout_s = 0;  ///< 0 means none.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string working_directory;  ///< Empty: the current one.
  /// Called with pieces of output as they arrive; may be empty.
  std::function<void(std::string_view text, bool is_stderr)> on_output;
  /// Polled about ten times a second; true ends the run with status Cancelled. May be empty.
  std::function<bool()> cancelled;
  bool keep_logs = false;  ///< Leave the folder with Legion's logs and name it in the outcome.
};

enum class RunStatus {
  Ok,
  RejectedMapping,  ///< The mapping has errors; nothing was started.
  MapperError,      ///< A decision could not be carried out, found by us or by Legion.
  OutOfMemory,      ///< `memory` has the kind, if known.
  Crash,            ///< A signal: `signal`.
  Timeout,
  Cancelled,            ///< RunRequest::cancelled returned true.
  NotLegion,            ///< The program does not link Legion, or never started it.
  MapperIgnored,        ///< The application installed its own mapper.
  ProcessesDidNotJoin,  ///< Separate copies instead of one run.
  Failed  ///< The application's own exit status: `exit_status`; or it could not start.
};

/// "ok", "rejected-mapping", ...: stable words for studies and messages.
[[nodiscard]] std::string_view to_string(RunStatus status);

/// Launches of a task with a mapper of the program, which no mapping reaches.
struct LeftLaunches {
  std::string task;
  uint32_t mapper = 0;  ///< The id.
  uint64_t count = 0;
};

struct RunOutcome {
  RunStatus status = RunStatus::Ok;
  /// One clear message, empty when Ok; several lines only for RejectedMapping.
  std::string message;
  std::string warnings;  ///< Printed form of the mapping's warnings and of notes about the run.
  std::string notes;     ///< The notes about the run alone.
  std::optional<machine::MemoryKind> memory;
  int signal = 0;
  int exit_status = 0;
  /// After a Crash: the failed assertion of Realm or Legion. The runtime has rare races, so such a
  /// run says little about the mapping until it has failed twice.
  std::string runtime_assertion;
  /// After a SIGABRT: the application's failed assertion, as `app.cc:7: a == b`.
  std::string application_assertion;
  std::optional<RuntimeError> runtime_error;  ///< The first one that the runtime logged.
  std::optional<PluginRefusal> refusal;       ///< Set when the plug-in ended the run.
  std::string stdout_text;                    ///< The last MiB at most, as stderr_text.
  std::string stderr_text;
  /// Whether the application installed a mapper that is still in charge.
  bool has_own_mapper = false;
  /// By mapper, then by task.
  std::vector<LeftLaunches> left_launches;
  double wall_s = 0;
  std::string log_folder;  ///< Empty unless keep_logs.
};

/// The machine that this request offers to a mapping: from the machine file, else from the `-ll:`
/// flags in `argv` and Legion's defaults. Errors: an unreadable machine file, a malformed flag.
[[nodiscard]] Result<machine::MachineShape> machine_of(const RunRequest& request);

/// Checks the mapping, starts the application and waits for it. An Error means that nothing could
/// be started for a reason outside the application and mapping (no MPI, a missing plug-in, a full
/// disk); everything else is an outcome.
[[nodiscard]] Result<RunOutcome> run_application(const RunRequest& request);

}  // namespace placewright::launch
