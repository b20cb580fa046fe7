// SPDX-License-Identifier: Apache-2.0
// Loads the plug-in into a program that was built without it (LD_PRELOAD). It must not depend on
// Legion itself: it is also loaded into mpirun, timeout and shells, where it does nothing.
#include "legion/preload.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "legion_defines.h"
#include "support/for_terminal.h"

using placewright::preload::next;

namespace {

// Mangled names of the runtime's C++ functions.
#define LEGION_START "_ZN6Legion7Runtime5startEiPPcbbb"
#define LEGION_GET_VERSION "_ZN6Legion7Runtime18get_legion_versionEv"
#define LEGION_ADD_MAPPER "_ZN6Legion7Runtime10add_mapperEjPNS_7Mapping6MapperEN5Realm9ProcessorE"
#define LEGION_REPLACE_MAPPER \
  "_ZN6Legion7Runtime22replace_default_mapperEPNS_7Mapping6MapperEN5Realm9ProcessorE"
#define LEGION_GET_MAPPER \
  "_ZN6Legion7Runtime10get_mapperEPNS_8Internal11TaskContextEjN5Realm9ProcessorE"
#define REALM_WRITE_BACKTRACE "_ZN5RealmlsERSoRKNS_9BacktraceE"
#define REALM_NAME_SYMBOLS                                                              \
  "_ZNK5Realm9Backtrace13print_symbolsERSt6vectorINSt7__cxx1112basic_stringIcSt11char_" \
  "traitsIcESaIcEEESaIS7_EE"
#define LEGION_PREREGISTER                                             \
  "_ZN6Legion7Runtime24preregister_task_variantERKNS_20TaskVariantReg" \
  "istrarERKN5Realm14CodeDescriptorEPKvmPKcjmbb"

#define LEGION_EXECUTE_TASK                                                              \
  "_ZN6Legion7Runtime12execute_taskEPNS_8Internal11TaskContextERKNS_12TaskLauncherEPSt6" \
  "vectorINS_17OutputRequirementESaIS8_EE"
#define LEGION_EXECUTE_INDEX_SPACE                                                      \
  "_ZN6Legion7Runtime19execute_index_spaceEPNS_8Internal11TaskContextERKNS_17IndexTask" \
  "LauncherEPSt6vectorINS_17OutputRequirementESaIS8_EE"
#define LEGION_EXECUTE_REDUCTION                                                        \
  "_ZN6Legion7Runtime19execute_index_spaceEPNS_8Internal11TaskContextERKNS_17IndexTask" \
  "LauncherEibPSt6vectorINS_17OutputRequirementESaIS8_EE"
#define LEGION_FENCE "_ZN6Legion7Runtime21issue_execution_fenceEPNS_8Internal11TaskContextEPKc"
#define LEGION_WAIT_FOR_FUTURE "_ZNK6Legion6Future15get_void_resultEbPKc"
#define LEGION_READ_FUTURE "_ZNK6Legion6Future10get_bufferEN5Realm6Memory4KindEPmbbPKc"
#define LEGION_WAIT_FOR_FUTURES "_ZNK6Legion9FutureMap16wait_all_resultsEbPKc"
#define LEGION_BEGIN_TRACE                                                            \
  "_ZN6Legion7Runtime11begin_traceEPNS_8Internal11TaskContextEjbbPKSt3setIySt4lessIy" \
  "ESaIyEEPKc"
#define LEGION_END_TRACE "_ZN6Legion7Runtime9end_traceEPNS_8Internal11TaskContextEjPKc"

/// A Legion::Future or FutureMap: like every class with a destructor it is returned in memory of the
/// caller, which a call passes on without touching it.
struct Returned {
  ~Returned();
  void* implementation;
};
using ExecuteTask = Returned (*)(void*, void*, const void*, void*);
using ExecuteReduction = Returned (*)(void*, void*, const void*, int, bool, void*);
using IssueFence = Returned (*)(void*, void*, const char*);

struct Plugin {
  void (*preloaded)(double milliseconds_so_far) = nullptr;
  void* (*application_mapper)(void* runtime, unsigned id, void* mapper,
                              unsigned long long processor) = nullptr;
  void* (*original_mapper)(void* mapper) = nullptr;
  void (*variant_registered)(const void* registrar) = nullptr;
  // Only in a run that tries several mappings or is recorded.
  Returned (*execute_task)(ExecuteTask, void*, void*, const void*, void*) = nullptr;
  Returned (*execute_index_space)(ExecuteTask, void*, void*, const void*, void*) = nullptr;
  Returned (*execute_reduction)(ExecuteReduction, void*, void*, const void*, int, bool,
                                void*) = nullptr;
  unsigned (*begun_trace)(void* context, unsigned trace) = nullptr;
  unsigned (*ended_trace)(void* context, unsigned trace) = nullptr;
  // Only in a run that is recorded.
  Returned (*issue_fence)(IssueFence, void*, void*, const char*) = nullptr;
  void (*waits_for_result)(const void* future) = nullptr;
  void (*waits_for_results)(const void* future_map) = nullptr;
  void (*note_cost)(unsigned long long task, const void* cost) = nullptr;
};
Plugin plugin;

using Clock = std::chrono::steady_clock;

const char* file_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

/// Ends the program: `placewright run` asked for a mapping, which needs the plug-in.
[[noreturn]] void refuse(const std::string& message) {
  std::fprintf(stderr, "placewright: error: %s\n", placewright::for_terminal(message).c_str());
  if (const char* path = std::getenv("PLACEWRIGHT_STATUS")) {
    std::string numbered;
    for (; *path != '\0'; ++path) numbered += *path == '%' ? '0' : *path;
    const int fd = open(numbered.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    std::string line = R"({"event":"refused","message":")";
    for (const char c : message) line += c == '"' || c == '\\' ? '\'' : c;
    line += "\"}\n";
    [[maybe_unused]] const ssize_t written = write(fd, line.data(), line.size());
  }
  std::_Exit(1);
}

std::string library_of(const void* symbol) {
  Dl_info library{};
  dladdr(symbol, &library);
  return library.dli_fname;
}

std::string resolved(const std::string& path) {
  char buffer[PATH_MAX];
  return realpath(path.c_str(), buffer) == nullptr ? path : buffer;
}

std::string own_path() { return library_of(reinterpret_cast<const void*>(&own_path)); }

/// The plug-in is in the same folder as this library.
std::string plugin_path() {
  const std::string path = own_path();
  return path.substr(0, path.rfind('/') + 1) + "libplacewright_legion.so";
}

/// A plug-in works only with the Legion it was built against, because they share C++ types.
void refuse_other_legion(const void* start) {
  const std::string library = library_of(start);
  if (std::strcmp(file_name(library.c_str()), PLACEWRIGHT_LEGION_LIBRARY) != 0) {
    // A second copy of Legion beside the program's own would corrupt both.
    refuse(std::string("the program uses the Legion library `") + file_name(library.c_str()) +
           "`, but the plug-in was built for `" PLACEWRIGHT_LEGION_LIBRARY "`");
  }
  const auto version = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, LEGION_GET_VERSION));
  const std::string found = version == nullptr ? "(of unknown version)" : version();
  if (found != LEGION_VERSION) {
    refuse("the program runs on Legion `" + found +
           "`, but the plug-in was built for `" LEGION_VERSION "`");
  }
}

/// Two plug-ins in one process would both respond for it.
void refuse_second_plugin() {
  const auto check = [](const char* symbol, const std::string& ours) {
    const void* found = dlsym(RTLD_DEFAULT, symbol);
    if (found == nullptr || resolved(library_of(found)) == resolved(ours)) return;
    refuse("two plug-ins in one program: `" + library_of(found) + "` and `" + ours + "`");
  };
  check("placewright_preload_library", own_path());
  check("placewright_preloaded", plugin_path());
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) refuse(std::string("the plug-in lacks `") + name + "`");
}

/// Loads a mapper from a separate library. It runs after the plug-in, so its mapper replaces the
/// plug-in's.
void load_mapper_library() {
  const char* path = std::getenv("PLACEWRIGHT_MAPPER_LIBRARY");
  if (path == nullptr || dlopen(path, RTLD_NOW | RTLD_LOCAL) != nullptr) return;
  refuse(std::string("cannot load the mapper: ") + dlerror());
}

__attribute__((constructor)) void preload() {
  const Clock::time_point start = Clock::now();
  const void* legion = dlsym(RTLD_DEFAULT, LEGION_START);
  if (legion == nullptr) return;
  refuse_second_plugin();
  refuse_other_legion(legion);
  void* library = dlopen(plugin_path().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse(std::string("cannot load the plug-in: ") + dlerror());
  Plugin found;
  find(library, "placewright_preloaded", found.preloaded);
  find(library, "placewright_application_mapper", found.application_mapper);
  find(library, "placewright_original_mapper", found.original_mapper);
  find(library, "placewright_variant_registered", found.variant_registered);
  const bool explores = std::getenv("PLACEWRIGHT_PLAN") != nullptr;
  const bool is_recorded = std::getenv("PLACEWRIGHT_RECORDING") != nullptr;
  if (explores || is_recorded) {
    find(library, "placewright_execute_task", found.execute_task);
    find(library, "placewright_execute_index_space", found.execute_index_space);
    find(library, "placewright_execute_reduction", found.execute_reduction);
  }
  if (is_recorded) {
    find(library, "placewright_issue_fence", found.issue_fence);
    find(library, "placewright_waits_for_result", found.waits_for_result);
    find(library, "placewright_waits_for_results", found.waits_for_results);
    find(library, "placewright_note_cost", found.note_cost);
    find(library, "placewright_filled", placewright::preload::note_fill);
    find(library, "placewright_filled_index", placewright::preload::note_index_fill);
  }
  if (explores || is_recorded) {
    find(library, "placewright_begun_trace", found.begun_trace);
    find(library, "placewright_ended_trace", found.ended_trace);
  }
  plugin = found;
  plugin.preloaded(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  load_mapper_library();
}

/// Null means that nothing is left to install.
void* mapper_to_install(void* runtime, unsigned id, void* mapper, unsigned long long processor) {
  return plugin.application_mapper == nullptr
             ? mapper
             : plugin.application_mapper(runtime, id, mapper, processor);
}

}  // namespace

/// Marks this library, so that a second copy can be detected.
PRELOAD_EXPORT const int placewright_preload_library;
const int placewright_preload_library = 1;

// The runtime's functions below are members or static members of Legion::Runtime. Arguments that
// are passed through unread keep the size and class that the calling convention assigns to them.

PRELOAD_EXPORT void placewright_replace_default_mapper(
    void* runtime, void* mapper, unsigned long long processor) __asm__(LEGION_REPLACE_MAPPER);
void placewright_replace_default_mapper(void* runtime, void* mapper, unsigned long long processor) {
  mapper = mapper_to_install(runtime, 0, mapper, processor);
  if (mapper == nullptr) return;
  next<void (*)(void*, void*, unsigned long long)>(LEGION_REPLACE_MAPPER)(runtime, mapper,
                                                                          processor);
}

PRELOAD_EXPORT void placewright_add_mapper(void* runtime, unsigned id, void* mapper,
                                           unsigned long long processor) __asm__(LEGION_ADD_MAPPER);
void placewright_add_mapper(void* runtime, unsigned id, void* mapper,
                            unsigned long long processor) {
  mapper = mapper_to_install(runtime, id, mapper, processor);
  if (mapper == nullptr) return;
  next<void (*)(void*, unsigned, void*, unsigned long long)>(LEGION_ADD_MAPPER)(runtime, id, mapper,
                                                                                processor);
}

PRELOAD_EXPORT void* placewright_get_mapper(
    void* runtime, void* context, unsigned id,
    unsigned long long processor) __asm__(LEGION_GET_MAPPER);
void* placewright_get_mapper(void* runtime, void* context, unsigned id,
                             unsigned long long processor) {
  void* mapper = next<void* (*)(void*, void*, unsigned, unsigned long long)>(LEGION_GET_MAPPER)(
      runtime, context, id, processor);
  return plugin.original_mapper == nullptr ? mapper : plugin.original_mapper(mapper);
}

PRELOAD_EXPORT unsigned placewright_preregister(const void* registrar, const void* code,
                                                const void* user_data, size_t user_size,
                                                const char* name, unsigned variant,
                                                size_t return_size, bool has_return_size,
                                                bool check_task_id) __asm__(LEGION_PREREGISTER);
unsigned placewright_preregister(const void* registrar, const void* code, const void* user_data,
                                 size_t user_size, const char* name, unsigned variant,
                                 size_t return_size, bool has_return_size, bool check_task_id) {
  if (plugin.variant_registered != nullptr) plugin.variant_registered(registrar);
  using Preregister = unsigned (*)(const void*, const void*, const void*, size_t, const char*,
                                   unsigned, size_t, bool, bool);
  return next<Preregister>(LEGION_PREREGISTER)(registrar, code, user_data, user_size, name, variant,
                                               return_size, has_return_size, check_task_id);
}

// What programs launch, and the traces that they mark.

PRELOAD_EXPORT Returned placewright_launch_task(void* runtime, void* context, const void* launcher,
                                                void* outputs) __asm__(LEGION_EXECUTE_TASK);
Returned placewright_launch_task(void* runtime, void* context, const void* launcher,
                                 void* outputs) {
  const auto execute = next<ExecuteTask>(LEGION_EXECUTE_TASK);
  if (plugin.execute_task == nullptr) return execute(runtime, context, launcher, outputs);
  return plugin.execute_task(execute, runtime, context, launcher, outputs);
}

PRELOAD_EXPORT Returned
placewright_launch_index_space(void* runtime, void* context, const void* launcher,
                               void* outputs) __asm__(LEGION_EXECUTE_INDEX_SPACE);
Returned placewright_launch_index_space(void* runtime, void* context, const void* launcher,
                                        void* outputs) {
  const auto execute = next<ExecuteTask>(LEGION_EXECUTE_INDEX_SPACE);
  if (plugin.execute_index_space == nullptr) return execute(runtime, context, launcher, outputs);
  return plugin.execute_index_space(execute, runtime, context, launcher, outputs);
}

PRELOAD_EXPORT Returned placewright_launch_reduction(
    void* runtime, void* context, const void* launcher, int operation, bool is_deterministic,
    void* outputs) __asm__(LEGION_EXECUTE_REDUCTION);
Returned placewright_launch_reduction(void* runtime, void* context, const void* launcher,
                                      int operation, bool is_deterministic, void* outputs) {
  const auto execute = next<ExecuteReduction>(LEGION_EXECUTE_REDUCTION);
  if (plugin.execute_reduction == nullptr)
    return execute(runtime, context, launcher, operation, is_deterministic, outputs);
  return plugin.execute_reduction(execute, runtime, context, launcher, operation, is_deterministic,
                                  outputs);
}

PRELOAD_EXPORT void placewright_begin_trace(void* runtime, void* context, unsigned trace,
                                            bool logical_only, bool is_static, const void* trees,
                                            const char* provenance) __asm__(LEGION_BEGIN_TRACE);
void placewright_begin_trace(void* runtime, void* context, unsigned trace, bool logical_only,
                             bool is_static, const void* trees, const char* provenance) {
  if (plugin.begun_trace != nullptr) trace = plugin.begun_trace(context, trace);
  next<void (*)(void*, void*, unsigned, bool, bool, const void*, const char*)>(LEGION_BEGIN_TRACE)(
      runtime, context, trace, logical_only, is_static, trees, provenance);
}

PRELOAD_EXPORT void placewright_end_trace(void* runtime, void* context, unsigned trace,
                                          const char* provenance) __asm__(LEGION_END_TRACE);
void placewright_end_trace(void* runtime, void* context, unsigned trace, const char* provenance) {
  if (plugin.ended_trace != nullptr) trace = plugin.ended_trace(context, trace);
  next<void (*)(void*, void*, unsigned, const char*)>(LEGION_END_TRACE)(runtime, context, trace,
                                                                        provenance);
}

// What lies between the launches of a program that is recorded.

PRELOAD_EXPORT Returned placewright_fence(void* runtime, void* context,
                                          const char* provenance) __asm__(LEGION_FENCE);
Returned placewright_fence(void* runtime, void* context, const char* provenance) {
  const auto issue = next<IssueFence>(LEGION_FENCE);
  if (plugin.issue_fence == nullptr) return issue(runtime, context, provenance);
  return plugin.issue_fence(issue, runtime, context, provenance);
}

PRELOAD_EXPORT void placewright_wait_for_future(
    const void* future, bool silence, const char* warning) __asm__(LEGION_WAIT_FOR_FUTURE);
void placewright_wait_for_future(const void* future, bool silence, const char* warning) {
  if (plugin.waits_for_result != nullptr) plugin.waits_for_result(future);
  static const auto wait = next<void (*)(const void*, bool, const char*)>(LEGION_WAIT_FOR_FUTURE);
  wait(future, silence, warning);
}

PRELOAD_EXPORT const void* placewright_read_future(const void* future, int memory, size_t* size,
                                                   bool check_size, bool silence,
                                                   const char* warning) __asm__(LEGION_READ_FUTURE);
const void* placewright_read_future(const void* future, int memory, size_t* size, bool check_size,
                                    bool silence, const char* warning) {
  if (plugin.waits_for_result != nullptr) plugin.waits_for_result(future);
  using Read = const void* (*)(const void*, int, size_t*, bool, bool, const char*);
  static const auto read = next<Read>(LEGION_READ_FUTURE);
  return read(future, memory, size, check_size, silence, warning);
}

PRELOAD_EXPORT void placewright_wait_for_futures(
    const void* future_map, bool silence, const char* warning) __asm__(LEGION_WAIT_FOR_FUTURES);
void placewright_wait_for_futures(const void* future_map, bool silence, const char* warning) {
  if (plugin.waits_for_results != nullptr) plugin.waits_for_results(future_map);
  static const auto wait = next<void (*)(const void*, bool, const char*)>(LEGION_WAIT_FOR_FUTURES);
  wait(future_map, silence, warning);
}

/// <placewright/stated_cost.h>.
PRELOAD_EXPORT void placewright_state_cost(unsigned long long task, const void* cost) {
  if (plugin.note_cost != nullptr) plugin.note_cost(task, cost);
}

// Legion's profiler prints a backtrace for every wait, which takes a tenth of a second each, inside
// the task that it measures. Profiles do not use the backtraces.

static bool keeps_backtraces() {
  static const bool is_profiling = std::getenv("PLACEWRIGHT_PROFILE") != nullptr;
  return !is_profiling;
}

/// Realm's `std::ostream& operator<<(std::ostream&, const Backtrace&)`.
PRELOAD_EXPORT void* placewright_write_backtrace(void* stream, const void* backtrace) __asm__(
    REALM_WRITE_BACKTRACE);
void* placewright_write_backtrace(void* stream, const void* backtrace) {
  if (!keeps_backtraces()) return stream;
  return next<void* (*)(void*, const void*)>(REALM_WRITE_BACKTRACE)(stream, backtrace);
}

/// Realm's `void Backtrace::print_symbols(std::vector<std::string>&) const`.
PRELOAD_EXPORT void placewright_name_symbols(const void* backtrace,
                                             void* names) __asm__(REALM_NAME_SYMBOLS);
void placewright_name_symbols(const void* backtrace, void* names) {
  if (keeps_backtraces()) next<void (*)(const void*, void*)>(REALM_NAME_SYMBOLS)(backtrace, names);
}
