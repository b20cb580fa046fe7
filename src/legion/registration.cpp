// SPDX-License-Identifier: Apache-2.0
// The two ways into a program: install_mapper() for a program that links the plug-in, and the hooks
// that the preload library calls in a program that does not.
#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "legion/exploration.h"
#include "legion/launch_hooks.h"
#include "legion/mapper_factory.h"
#include "legion/program_mappers.h"
#include "placewright/mapper.h"
#include "support/json.h"

namespace placewright::legion {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// What is known before Legion starts.
struct Registration {
  SessionOptions options;
  double preload_ms = 0;
  std::atomic<bool> registered{false};
  OwnMappers own_mappers;
  /// A library that was preloaded too has put its mapper in the default one's place before us.
  bool is_taken = false;
  ProgramMappers program_mappers;
  // Owned by the mappers, so they end with the last of them.
  std::weak_ptr<Session> session;
  std::weak_ptr<Exploration> exploration;
  std::atomic<int> variants{0};
  std::atomic<int> gpu_variants{0};
};

Registration& registration() {
  static Registration instance;
  return instance;
}

/// While one exists, the mappers that this thread installs are ours.
class Installing {
 public:
  Installing() { is_active_ = true; }
  ~Installing() { is_active_ = false; }
  Installing(const Installing&) = delete;
  Installing& operator=(const Installing&) = delete;
  [[nodiscard]] static bool is_active() { return is_active_; }

 private:
  static thread_local bool is_active_;
};
thread_local bool Installing::is_active_ = false;

/// Tells `placewright run` of a mapper that the program installs in place of the default one.
void report_program_mapper(const SessionOptions& options) {
  const StatusFile status(options.status, 0);
  status.line(options.replace_mapper    ? R"({"event":"application-mapper-replaced"})"
              : options.mapping.empty() ? R"({"event":"application-mapper-watched"})"
                                        : R"({"event":"application-mapper"})");
}

/// Without virtual-GPU variants, a run with a machine file would silently measure host code.
void check_gpu_variants(const StatusFile& status, const MachineView& machine) {
  const Registration& known = registration();
  const bool has_gpus = machine.shape().processors_per_node(machine::ProcessorKind::Gpu) > 0;
  if (!known.options.virtual_gpus || !has_gpus) return;
  if (known.variants == 0 || known.gpu_variants > 0) return;
  end_run(status, {"the program has no task variant for GPUs, so it cannot run on virtual GPUs",
                   "run it without `--machine`, or give its tasks TOC_PROC variants written with "
                   "<placewright/virtual_gpu.h>",
                   "", std::nullopt});
}

void report_start(const StatusFile& status, const MachineView& machine, int process,
                  double register_ms) {
  const double total = registration().preload_ms + register_ms;
  const nlohmann::json line = {{"event", "started"},
                               {"process", process},
                               {"processes", machine.node_count()},
                               {"machine", machine.shape().to_string()},
                               {"start_up_ms", total}};
  status.line(line.dump());
  if (registration().options.verbose) {
    say(fmt::format("process {} of {}, machine {}, start-up {:.2f} ms", process,
                    machine.node_count(), machine.shape().to_string(), total));
  }
}

}  // namespace

// A named function with external linkage, because Legion 26.x aborts on a lambda.
void register_placewright_mappers(Legion::Machine machine, Legion::Runtime* runtime,
                                  const std::set<Legion::Processor>& local_processors) {
  const Clock::time_point start = Clock::now();
  const int process = static_cast<int>(local_processors.begin()->address_space());
  const SessionOptions& options = registration().options;
  if (options.needs_mapper() && !(registration().is_taken && !options.decides())) {
    const auto session = std::make_shared<Session>(options, registration().own_mappers, machine,
                                                   process, runtime->get_mapper_runtime());
    check_gpu_variants(session->status(), session->machine());
    session->register_sharding(runtime);
    registration().session = session;
    std::shared_ptr<Exploration> exploration;
    if (!options.plan.empty())
      exploration =
          std::make_shared<Exploration>(options.plan, options.explored, *session, runtime);
    registration().exploration = exploration;
    const Installing guard;
    for (const Legion::Processor processor : local_processors) {
      const OurMapper mapper =
          make_mapper(runtime->get_mapper_runtime(), processor, session, exploration);
      registration().program_mappers.add_default(processor, mapper);
      runtime->replace_default_mapper(mapper.registered, processor);
    }
    report_start(session->status(), session->machine(), process, milliseconds_since(start));
  } else {
    const StatusFile status(options.status, process);
    const MachineView view(machine);
    check_gpu_variants(status, view);
    report_start(status, view, process, milliseconds_since(start));
  }
}

std::shared_ptr<Exploration> current_exploration() { return registration().exploration.lock(); }

std::shared_ptr<ProgramOrder> current_program_order() {
  const std::shared_ptr<Session> session = registration().session.lock();
  if (session == nullptr || session->program_order() == nullptr) return nullptr;
  return {session, session->program_order()};
}

std::shared_ptr<Structure> current_structure() {
  const std::shared_ptr<Session> session = registration().session.lock();
  if (session == nullptr || session->structure() == nullptr) return nullptr;
  return {session, session->structure()};
}

/// A program that links the plug-in may also be preloaded.
void register_once() {
  if (registration().registered.exchange(true)) return;
  Legion::Runtime::add_registration_callback(register_placewright_mappers);
}

}  // namespace placewright::legion

namespace legion = placewright::legion;
using legion::registration;

void placewright::install_mapper(const std::string& mapping_path) {
  auto& state = registration();
  state.options = legion::SessionOptions::from_environment();
  if (state.options.mapping.empty()) state.options.mapping = mapping_path;
  legion::register_once();
}

// ---- hooks called by the preload library

extern "C" PLACEWRIGHT_EXPORT void placewright_preloaded(double milliseconds_so_far) {
  const auto start = std::chrono::steady_clock::now();
  auto& state = registration();
  state.options = legion::SessionOptions::from_environment();
  legion::register_once();
  state.preload_ms = milliseconds_so_far + legion::milliseconds_since(start);
}

/// What Legion is to install in place of a mapper that the application installs; null if nothing is
/// left to install.
extern "C" PLACEWRIGHT_EXPORT void* placewright_application_mapper(void* runtime, unsigned id,
                                                                   void* mapper,
                                                                   unsigned long long processor) {
  auto& state = registration();
  const auto& options = state.options;
  if (legion::Installing::is_active() || !options.needs_mapper()) return mapper;
  const auto session = state.session.lock();
  if (!session) {
    state.is_taken |= id == 0;
    return mapper;
  }
  if (state.own_mappers.add(id) && id == 0) legion::report_program_mapper(options);
  const legion::Installing guard;
  Legion::Processor place;
  place.id = processor;
  return state.program_mappers.install(static_cast<Legion::Runtime*>(runtime), id,
                                       static_cast<Legion::Mapping::Mapper*>(mapper), place,
                                       session, state.exploration.lock());
}

/// What the application gets when it asks Legion for one of its mappers.
extern "C" PLACEWRIGHT_EXPORT void* placewright_original_mapper(void* mapper) {
  return registration().program_mappers.original(static_cast<Legion::Mapping::Mapper*>(mapper));
}

extern "C" PLACEWRIGHT_EXPORT void placewright_variant_registered(const void* registrar) {
  auto& state = registration();
  ++state.variants;
  const auto& constraint = static_cast<const Legion::TaskVariantRegistrar*>(registrar)
                               ->execution_constraints.processor_constraint;
  if (constraint.can_use(Legion::Processor::TOC_PROC)) ++state.gpu_variants;
}
