// SPDX-License-Identifier: Apache-2.0
// The tasks that choose time steps. They return futures: the minimum of the zones' limits is the
// limit from which a single task computes the next step.
#include "common/task_body.h"
#include "common/task_variants.h"
#include "costs.h"
#include "fields.h"
#include "tasks.h"

namespace pennant {
namespace {

using namespace Legion;
using apps::column;
using placewright::run_modelled_task;

void run_zone_time_steps(const Task* task, const std::vector<PhysicalRegion>& regions,
                         Runtime* runtime, double* longest) {
  const Piece& piece = piece_of(task);
  ZoneTimeSteps work;
  work.zones = piece.zones;
  work.dt = step_of(task).dt;
  work.length = column<const double>(regions[0], kZoneLength);
  work.sound_speed = column<const double>(regions[0], kZoneSoundSpeed);
  work.signal_speed = column<const double>(regions[0], kZoneSignalSpeed);
  work.old_volume = column<const double>(regions[0], kZoneOldVolume);
  work.volume = column<const double>(regions[0], kZoneVolume);
  work.longest = longest;
  run_modelled_task(task, regions, runtime, cost_of_time_step(piece), apps::body_of(work));
}

double calc_dt_hydro(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                     Runtime* runtime) {
  double longest = kLongestStep;
  run_zone_time_steps(task, regions, runtime, &longest);
  return longest;
}

/// On a GPU the value exists only when the kernel has ended; Legion reads it then.
DeferredValue<double> calc_dt_hydro_on_gpu(const Task* task,
                                           const std::vector<PhysicalRegion>& regions, Context,
                                           Runtime* runtime) {
  const DeferredValue<double> longest(kLongestStep);
  run_zone_time_steps(task, regions, runtime, longest.ptr());
  return longest;
}

Step calc_global_dt(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                    Runtime* runtime) {
  const Step step =
      next_step(step_of(task), task->futures[1].get_result<double>(/*silence_warnings=*/true),
                current_problem().spacing());
  run_modelled_task(task, regions, runtime, cost_of_global_time_step(), {.on_host = [] {}});
  return step;
}

}  // namespace

void register_time_step_tasks() {
  apps::register_cpu_variant<Step, calc_global_dt>(kCalcGlobalDt, "calc_global_dt");
  apps::register_cpu_variant<double, calc_dt_hydro>(kCalcDtHydro, "calc_dt_hydro");
  TaskVariantRegistrar on_gpu(kCalcDtHydro, "calc_dt_hydro");
  on_gpu.add_constraint(ProcessorConstraint(Processor::TOC_PROC));
  on_gpu.set_leaf();
  on_gpu.leaf_pool_bounds.emplace(Memory::Z_COPY_MEM, PoolBounds(sizeof(double), alignof(double)));
  Runtime::preregister_task_variant<DeferredValue<double>, calc_dt_hydro_on_gpu>(on_gpu,
                                                                                 "calc_dt_hydro");
}

}  // namespace pennant
