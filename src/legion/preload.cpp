// Brings the plug-in into a program that knows nothing of it (LD_PRELOAD). It must not depend on
// Legion itself: it is also loaded into mpirun, timeout and shells, where it does nothing.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#define PRELOAD_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

// The runtime's C++ names, as the compiler encodes them.
#define LEGION_START "_ZN6Legion7Runtime5startEiPPcbbb"
#define LEGION_ADD_MAPPER "_ZN6Legion7Runtime10add_mapperEjPNS_7Mapping6MapperEN5Realm9ProcessorE"
#define LEGION_REPLACE_MAPPER \
  "_ZN6Legion7Runtime22replace_default_mapperEPNS_7Mapping6MapperEN5Realm9ProcessorE"
#define REALM_WRITE_BACKTRACE "_ZN5RealmlsERSoRKNS_9BacktraceE"
#define REALM_NAME_SYMBOLS                                                              \
  "_ZNK5Realm9Backtrace13print_symbolsERSt6vectorINSt7__cxx1112basic_stringIcSt11char_" \
  "traitsIcESaIcEEESaIS7_EE"
#define LEGION_PREREGISTER                                             \
  "_ZN6Legion7Runtime24preregister_task_variantERKNS_20TaskVariantReg" \
  "istrarERKN5Realm14CodeDescriptorEPKvmPKcjmbb"

struct Plugin {
  void (*preloaded)(double milliseconds_so_far) = nullptr;
  void* (*application_mapper)(void* mapper) = nullptr;
  void (*variant_registered)(const void* registrar) = nullptr;
};
Plugin plugin;

using Clock = std::chrono::steady_clock;

const char* file_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

/// Ends the program: `placewright run` asked for a mapping, and without the plug-in there is none.
[[noreturn]] void refuse(const std::string& message) {
  std::fprintf(stderr, "placewright: error: %s\n", message.c_str());
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

/// The plug-in stands beside this library.
std::string plugin_path() {
  Dl_info here{};
  dladdr(reinterpret_cast<const void*>(&plugin_path), &here);
  const std::string path = here.dli_fname;
  return path.substr(0, path.size() - std::strlen(file_name(here.dli_fname))) +
         "libplacewright_legion.so";
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) refuse(std::string("the plug-in lacks `") + name + "`");
}

__attribute__((constructor)) void preload() {
  const Clock::time_point start = Clock::now();
  const void* legion = dlsym(RTLD_DEFAULT, LEGION_START);
  if (legion == nullptr) return;
  // A second copy of Legion beside the program's own would corrupt both.
  Dl_info program{};
  dladdr(legion, &program);
  if (std::strcmp(file_name(program.dli_fname), PLACEWRIGHT_LEGION_LIBRARY) != 0) {
    refuse(std::string("the program uses the Legion library `") + file_name(program.dli_fname) +
           "`, but the plug-in was built for `" PLACEWRIGHT_LEGION_LIBRARY "`");
  }
  void* library = dlopen(plugin_path().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse(std::string("cannot load the plug-in: ") + dlerror());
  Plugin found;
  find(library, "placewright_preloaded", found.preloaded);
  find(library, "placewright_application_mapper", found.application_mapper);
  find(library, "placewright_variant_registered", found.variant_registered);
  plugin = found;
  plugin.preloaded(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// Null: the application's mapper is to be dropped.
void* mapper_to_install(void* mapper) {
  return plugin.application_mapper == nullptr ? mapper : plugin.application_mapper(mapper);
}

}  // namespace

// The runtime's functions below are members of Legion::Runtime or static ones; what is passed
// through unread keeps the size and class that the calling convention gives it.

PRELOAD_EXPORT void placewright_replace_default_mapper(
    void* runtime, void* mapper, unsigned long long processor) __asm__(LEGION_REPLACE_MAPPER);
void placewright_replace_default_mapper(void* runtime, void* mapper, unsigned long long processor) {
  mapper = mapper_to_install(mapper);
  if (mapper == nullptr) return;
  next<void (*)(void*, void*, unsigned long long)>(LEGION_REPLACE_MAPPER)(runtime, mapper,
                                                                          processor);
}

PRELOAD_EXPORT void placewright_add_mapper(void* runtime, unsigned id, void* mapper,
                                           unsigned long long processor) __asm__(LEGION_ADD_MAPPER);
void placewright_add_mapper(void* runtime, unsigned id, void* mapper,
                            unsigned long long processor) {
  // Only id 0 is the default mapper's; libraries keep theirs.
  if (id == 0) mapper = mapper_to_install(mapper);
  if (mapper == nullptr) return;
  next<void (*)(void*, unsigned, void*, unsigned long long)>(LEGION_ADD_MAPPER)(runtime, id, mapper,
                                                                                processor);
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

// Legion's profiler prints a backtrace for every place that waits, which takes a tenth of a second
// each, inside the task that it measures; nothing that a profile is made from needs them.

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
