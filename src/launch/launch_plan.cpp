// SPDX-License-Identifier: Apache-2.0
#include "launch/launch_plan.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "launch/flags.h"
#include "machine/load.h"
#include "support/files.h"
#include "support/try.h"

namespace placewright::launch {
namespace {

// A user who stops a search waits for this and for what concludes it.
constexpr double kGrace_s = 1;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void append(std::string& list, const std::string& item, char separator) {
  if (item.empty()) return;
  if (!list.empty()) list += separator;
  list += item;
}

/// Host memory is real even under a machine file: all processes, each a node with the whole
/// modelled memory, share half of the physical memory.
uint64_t usable_system_memory(uint64_t modelled, int processes) {
  const auto pages = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
  return std::min(modelled, pages * page / 2 / static_cast<uint64_t>(processes));
}

std::vector<std::string> machine_flags(const machine::MachineDescription& machine,
                                       const RunRequest& request) {
  std::vector<std::string> flags = {"-ll:cpu", std::to_string(machine.cpu_processors())};
  if (request.runtime_cost) {
    flags.emplace_back("-ll:util");
    flags.push_back(std::to_string(machine.utility_processors()));
  }
  const auto add_mib = [&](const char* flag, uint64_t bytes) {
    flags.emplace_back(flag);
    flags.push_back(std::to_string(bytes / machine::kMiB));
  };
  add_mib("-ll:csize", usable_system_memory(machine.system_memory_bytes(), request.processes));
  if (machine.gpus() > 0) {
    flags.emplace_back("-ll:gpu");
    flags.push_back(std::to_string(machine.gpus()));
    add_mib("-ll:fsize", machine.frame_buffer_bytes());
    add_mib("-ll:zsize", machine.zero_copy_bytes());
    // Realm reserves 256 MiB of pinned memory for copies, more than a small machine has.
    add_mib("-ll:ib_zsize", std::min(machine.zero_copy_bytes(), 256 * machine::kMiB));
    // Without it Realm polls events tens of millions of times.
    flags.emplace_back("-cuda:callbacks");
  }
  return flags;
}

Result<machine::MachineDescription> read_machine(const RunRequest& request) {
  Result<machine::MachineDescription> machine = machine::read_machine(*request.machine);
  if (machine && machine::gives_nodes(*request.machine) && machine->nodes() != request.processes) {
    return fail(
        fmt::format("`{}` has {} nodes, but the run has {} process{}", *request.machine,
                    machine->nodes(), request.processes, request.processes == 1 ? "" : "es"),
        fmt::format("each process is a node: leave the number out, or `--processes {}`",
                    machine->nodes()));
  }
  if (machine && request.processes > 1 && !machine->has_network()) {
    return fail(fmt::format("{}: no section `[network]`, which {} processes need", *request.machine,
                            request.processes),
                "add `bandwidth_peak`, `bandwidth_efficiency` and `latency`, or run one process");
  }
  if (machine && request.runtime_cost && !machine->has_runtime()) {
    return fail(fmt::format("{}: no section `[runtime]`, which `--runtime-cost model` needs",
                            *request.machine),
                "add it (docs/virtual-gpu.md), or leave the runtime's own work unmodelled");
  }
  return machine;
}

Result<std::vector<std::string>> added_words(const RunRequest& request) {
  std::vector<std::string> words;
  if (request.machine) {
    PLACEWRIGHT_TRY(const machine::MachineDescription machine, read_machine(request));
    words = machine_flags(machine, request);
  }
  if (request.processes > 1) {
    words.insert(words.end(), {"-ll:bgwork", "1"});
  } else {
    words.insert(words.end(), {"-ll:networks", "none"});
  }
  return words;
}

Result<void> write_machine_table(const RunRequest& request, const std::string& path) {
  PLACEWRIGHT_TRY(const machine::MachineDescription machine, read_machine(request));
  return write_file(path,
                    machine::flat_machine_table(
                        machine, {.time_scale = request.time_scale,
                                  .move_bytes = request.correctness,
                                  .runtime_cost = request.runtime_cost && !request.correctness}));
}

class Planner {
 public:
  Planner(const RunRequest& request, const RunFiles& files, const LaunchLibraries& libraries)
      : request_(request), files_(files), libraries_(libraries) {}

  Result<LaunchPlan> make() {
    PLACEWRIGHT_TRY(const std::string program,
                    find_program(request_.argv.front(), request_.working_directory));
    PLACEWRIGHT_TRY_VOID(check_preloadable(program));
    set_basics();
    PLACEWRIGHT_TRY_VOID(set_library_path());
    if (request_.untouched) {
      PLACEWRIGHT_TRY_VOID(set_devices());
      if (watches_copies()) {
        set("PLACEWRIGHT_STATUS", files_.status());
        std::vector<std::string> flags;
        watch_copies(flags);
        set_legion_words(flags);
      }
    } else {
      PLACEWRIGHT_TRY_VOID(set_runtime_words());
      set_plugin_variables();
    }
    PLACEWRIGHT_TRY_VOID(set_command());
    return std::move(plan_);
  }

 private:
  void set_basics() {
    plan_.command.working_directory = request_.working_directory;
    plan_.command.timeout_s = request_.timeout_s;
    plan_.command.grace_s = kGrace_s;
    plan_.command.on_output = request_.on_output;
    plan_.command.cancelled = request_.cancelled;
    for (const auto& [name, value] : request_.environment) set(name, value);
  }

  void set(const std::string& name, const std::string& value) {
    plan_.command.environment.emplace_back(name, value);
  }

  Result<void> set_library_path() {
    std::string path;
    if (request_.machine) {
      append(path, libraries_.virtual_gpu, ':');
      PLACEWRIGHT_TRY_VOID(write_machine_table(request_, files_.machine_table()));
      set("PLACEWRIGHT_MACHINE_TABLE", files_.machine_table());
    } else if (uses_no_gpu_library()) {
      append(path, libraries_.no_gpu, ':');
    }
    append(path, libraries_.runtime_path, ':');
    append(path, variable("LD_LIBRARY_PATH"), ':');
    set("LD_LIBRARY_PATH", path);
    return {};
  }

  [[nodiscard]] bool uses_no_gpu_library() const {
    return !request_.machine && !has_nvidia_driver();
  }

  /// The flags that give the program its machine, for an untouched run.
  Result<void> set_devices() {
    if (!request_.machine) return {};
    PLACEWRIGHT_TRY(const machine::MachineDescription machine, read_machine(request_));
    set_realm_words(machine_flags(machine, request_));
    return {};
  }

  void set_realm_words(const std::vector<std::string>& words) {
    std::string realm = fmt::format("{}", fmt::join(words, " "));
    append(realm, variable("REALM_DEFAULT_ARGS"), ' ');
    set("REALM_DEFAULT_ARGS", realm);
  }

  Result<void> set_runtime_words() {
    PLACEWRIGHT_TRY(std::vector<std::string> words, added_words(request_));
    words.insert(words.end(), {"-logfile", files_.log()});
    // The no-device library makes Realm say that there is no device.
    if (uses_no_gpu_library()) words.insert(words.end(), {"-level", "gpu=6"});
    set_realm_words(words);

    std::vector<std::string> flags;
    if (request_.checks_mapper) flags.emplace_back("-lg:safe_mapper");
    if (!request_.automatic_tracing) flags.emplace_back("-lg:no_auto_tracing");
    if (request_.discover || request_.decisions || request_.record)
      flags.emplace_back("-lg:no_tracing");
    if (watches_copies()) watch_copies(flags);
    if (request_.profile)
      flags.push_back(fmt::format("-lg:prof {} -lg:prof_logfile {} -lg:prof_no_critical_paths",
                                  request_.processes, files_.profile()));
    set_legion_words(flags);
    return {};
  }

  /// The plug-in watches copies that virtual GPUs do not model, even in an untouched run.
  [[nodiscard]] bool watches_copies() const { return request_.machine && !request_.correctness; }

  void watch_copies(std::vector<std::string>& legion_flags) {
    set("PLACEWRIGHT_WATCH_COPIES", "1");
    // Legion tells nobody of the copies of a trace that it replays. What the runtime costs depends on
    // which operations are traced, which it does not tell under this flag; then the plug-in refuses
    // each replay, and what remains of the trace keeps iterations from overlapping.
    if (!request_.runtime_cost) legion_flags.emplace_back("-lg:no_physical_tracing");
  }

  void set_legion_words(const std::vector<std::string>& words) {
    std::string legion = fmt::format("{}", fmt::join(words, " "));
    append(legion, variable("LEGION_DEFAULT_ARGS"), ' ');
    set("LEGION_DEFAULT_ARGS", legion);
  }

  void set_plugin_variables() {
    const auto absolute = [](const std::string& path) {
      return std::filesystem::absolute(path).string();
    };
    if (request_.mapping) {
      set("PLACEWRIGHT_MAPPING",
          request_.working_directory.empty() ? *request_.mapping : absolute(*request_.mapping));
    }
    set("PLACEWRIGHT_STATUS", files_.status());
    if (request_.decisions) set("PLACEWRIGHT_DECISIONS", files_.decisions());
    if (request_.profile) set("PLACEWRIGHT_PROFILE", "1");
    // A profile gets the names of region arguments from the workload.
    if (request_.discover || request_.profile || request_.record)
      set("PLACEWRIGHT_WORKLOAD", files_.workload());
    if (request_.record) set("PLACEWRIGHT_RECORDING", files_.recording());
    if (request_.replace_mapper) set("PLACEWRIGHT_REPLACE_MAPPER", "1");
    if (request_.mapper_library) set("PLACEWRIGHT_MAPPER_LIBRARY", *request_.mapper_library);
    if (request_.plan) {
      set("PLACEWRIGHT_PLAN", absolute(*request_.plan));
      set("PLACEWRIGHT_EXPLORED", absolute(request_.explored));
    }
    if (request_.probe_instances) set("PLACEWRIGHT_PROBE_INSTANCES", "1");
  }

  Result<void> set_command() {
    std::string preload = request_.untouched && !watches_copies() ? "" : libraries_.preload;
    if (request_.processes > 1) {
      PLACEWRIGHT_TRY(const bool yields, needs_yield());
      if (yields && !request_.untouched) append(preload, libraries_.ucx_yield, ':');
      PLACEWRIGHT_TRY_VOID(add_network(preload));
    }
    append(preload, variable("LD_PRELOAD"), ':');
    std::vector<std::string>& argv = plan_.command.argv;
    if (request_.processes == 1) {
      set("LD_PRELOAD", preload);
    } else {
      const Result<std::string> mpirun = find_program("mpirun", "");
      if (!mpirun)
        return fail("several processes need `mpirun`, which is missing",
                    "apt-get install openmpi-bin");
      // UCX prints a warning on stdout about a harmless setting.
      if (variable("UCX_LOG_LEVEL").empty()) set("UCX_LOG_LEVEL", "error");
      set("REALM_UCP_BOOTSTRAP_PLUGIN", "librealm_ucp_bootstrap_mpi_ompi.so");
      // The preload is for the application's processes, not for mpirun.
      argv = {*mpirun,
              "--allow-run-as-root",
              "--oversubscribe",
              "--bind-to",
              "none",
              "-n",
              std::to_string(request_.processes),
              "-x",
              "LD_PRELOAD=" + preload};
      for (const auto& [name, value] : plan_.command.environment) {
        argv.emplace_back("-x");
        argv.push_back(name);
      }
    }
    argv.insert(argv.end(), request_.argv.begin(), request_.argv.end());
    return {};
  }

  Result<void> add_network(std::string& preload) {
    if (!request_.machine) return {};
    // The loader only warns about a missing preload.
    if (access(libraries_.network.c_str(), R_OK) != 0) {
      return fail(fmt::format("the modelled network is missing: `{}`", libraries_.network),
                  "build it with `cmake --build --preset dev`");
    }
    append(preload, libraries_.network, ':');
    set("PLACEWRIGHT_NETWORK", files_.network());
    return {};
  }

  /// Whether more threads are busy than there are cores.
  Result<bool> needs_yield() {
    PLACEWRIGHT_TRY(const std::vector<std::string> words, runtime_words(request_));
    PLACEWRIGHT_TRY(const RealmFlags flags, parse_realm_flags(words));
    const int threads = request_.processes * flags.busy_threads();
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    if (threads <= cores) return false;
    plan_.notes += fmt::format(
        "placewright: note: {} processes with {} busy threads share {} cores, so UCX yields its "
        "core while it waits; do not compare such times with others\n",
        request_.processes, threads, cores);
    return true;
  }

  const RunRequest& request_;
  const RunFiles& files_;
  const LaunchLibraries& libraries_;
  LaunchPlan plan_;
};

}  // namespace

std::string RunFiles::numbered(const std::string& pattern, int process) {
  std::string path = pattern;
  path.replace(path.rfind('%'), 1, std::to_string(process));
  return path;
}

Result<std::vector<std::string>> runtime_words(const RunRequest& request) {
  PLACEWRIGHT_TRY(std::vector<std::string> words, added_words(request));
  for (const std::string& word : split_words(variable("REALM_DEFAULT_ARGS"))) words.push_back(word);
  words.insert(words.end(), request.argv.begin(), request.argv.end());
  return words;
}

Result<LaunchPlan> plan_launch(const RunRequest& request, const RunFiles& files,
                               const LaunchLibraries& libraries) {
  return Planner(request, files, libraries).make();
}

}  // namespace placewright::launch
