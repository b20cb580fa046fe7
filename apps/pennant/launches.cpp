// SPDX-License-Identifier: Apache-2.0
// The launches of tasks.h: which requirements each task has, in the published order.
#include "common/launch.h"
#include "tasks.h"

namespace pennant {
namespace {

using namespace Legion;
using apps::field_range;
using apps::Fields;
using apps::Launch;
using apps::operator+;

Fields vector(FieldID first) { return field_range(first, 2); }

const Fields kSums = vector(kPointForceX) + Fields{kPointMass};
const Fields kMaps = {kSideZone, kSidePoint1, kSidePoint2, kSidePrevious, kSideNext};
const Fields kForces = field_range(kSidePressureForceX, 6);

Future launch_global_dt(Context ctx, Runtime* runtime, const TimeStep& time) {
  TaskLauncher launcher(kCalcGlobalDt, UntypedBuffer());
  launcher.add_future(time.step);
  launcher.add_future(time.longest);
  return runtime->execute_task(ctx, launcher);
}

void launch_half(Context ctx, Runtime* runtime, const Regions& r, LogicalPartition points,
                 const Future& step) {
  Launch(kAdvPosHalf, r.launch_space)
      .use(points, r.points, LEGION_READ_ONLY, vector(kPointPositionX) + vector(kPointVelocityX))
      .use(points, r.points, LEGION_WRITE_DISCARD,
           vector(kPointOldPositionX) + vector(kPointHalfPositionX) + vector(kPointOldVelocityX) +
               kSums)
      .wait_for(step)
      .run(ctx, runtime);
}

void launch_everything(Context ctx, Runtime* runtime, const Regions& r) {
  const Fields moving = vector(kPointHalfPositionX) + vector(kPointVelocityX);
  Launch(kCalcEverything, r.launch_space)
      .use(r.rz_all_p, r.zones, LEGION_READ_ONLY,
           {kZoneSides, kZoneMass, kZoneDensity, kZoneEnergy, kZoneVolume})
      .use(r.rz_all_p, r.zones, LEGION_WRITE_DISCARD,
           vector(kZoneHalfCentreX) + Fields{kZoneOldVolume, kZoneHalfVolume, kZoneLength,
                                             kZoneHalfDensity, kZonePressure, kZoneViscosity,
                                             kZoneSoundSpeed, kZoneSignalSpeed})
      .use(r.rp_all_private_p, r.points, LEGION_READ_ONLY, moving)
      .use(r.rp_all_private_p, r.points, LEGION_READ_WRITE, kSums)
      .use(r.rp_all_ghost_p, r.points, LEGION_READ_ONLY, moving)
      .reduce(r.rp_all_ghost_p, r.points, LEGION_REDOP_SUM_INT64, kSums)
      .use(r.rs_all_p, r.sides, LEGION_READ_ONLY, kMaps + Fields{kSideMassFraction})
      .use(r.rs_all_p, r.sides, LEGION_WRITE_DISCARD, Fields{kSideArea} + kForces)
      .run(ctx, runtime);
}

void launch_full(Context ctx, Runtime* runtime, const Regions& r, LogicalPartition points,
                 const Future& step) {
  Launch(kAdvPosFull, r.launch_space)
      .use(points, r.points, LEGION_READ_ONLY,
           vector(kPointOldPositionX) + vector(kPointOldVelocityX) + kSums +
               Fields{kPointHoldsX, kPointHoldsY})
      .use(points, r.points, LEGION_WRITE_DISCARD,
           vector(kPointPositionX) + vector(kPointVelocityX))
      .wait_for(step)
      .run(ctx, runtime);
}

void launch_everything_full(Context ctx, Runtime* runtime, const Regions& r, const Future& step) {
  const Fields moving =
      vector(kPointPositionX) + vector(kPointOldVelocityX) + vector(kPointVelocityX);
  Launch(kCalcEverythingFull, r.launch_space)
      .use(r.rz_all_p, r.zones, LEGION_READ_ONLY, {kZoneSides, kZoneMass})
      .use(r.rz_all_p, r.zones, LEGION_READ_WRITE, {kZoneTotalEnergy})
      .use(r.rz_all_p, r.zones, LEGION_WRITE_DISCARD,
           vector(kZoneCentreX) + Fields{kZoneVolume, kZoneDensity, kZoneEnergy, kZoneWork})
      .use(r.rp_all_private_p, r.points, LEGION_READ_ONLY, moving)
      .use(r.rp_all_ghost_p, r.points, LEGION_READ_ONLY, moving)
      .use(r.rs_all_p, r.sides, LEGION_READ_ONLY,
           Fields{kSidePoint1, kSidePoint2, kSideNext} + kForces)
      .wait_for(step)
      .run(ctx, runtime);
}

Future launch_dt_hydro(Context ctx, Runtime* runtime, const Regions& r, const Future& step) {
  return Launch(kCalcDtHydro, r.launch_space)
      .use(r.rz_all_p, r.zones, LEGION_READ_ONLY,
           {kZoneLength, kZoneSoundSpeed, kZoneSignalSpeed, kZoneOldVolume, kZoneVolume})
      .wait_for(step)
      .combine(ctx, runtime, LEGION_REDOP_MIN_FLOAT64);
}

}  // namespace

void launch_init(Context ctx, Runtime* runtime, const Regions& r) {
  const Fields points =
      vector(kPointPositionX) + vector(kPointVelocityX) + Fields{kPointHoldsX, kPointHoldsY};
  Launch(kInitPiece, r.launch_space)
      .use(r.rz_all_p, r.zones, LEGION_WRITE_DISCARD,
           {kZoneSides, kZoneMass, kZoneDensity, kZoneEnergy, kZoneTotalEnergy, kZoneVolume})
      .use(r.rp_all_private_p, r.points, LEGION_WRITE_DISCARD, points)
      .use(r.rp_all_shared_p, r.points, LEGION_WRITE_DISCARD, points)
      .use(r.rs_all_p, r.sides, LEGION_WRITE_DISCARD, kMaps + Fields{kSideMassFraction})
      .run(ctx, runtime);
}

void launch_cycle(Context ctx, Runtime* runtime, const Regions& r, TimeStep& time) {
  time.step = launch_global_dt(ctx, runtime, time);
  launch_half(ctx, runtime, r, r.rp_all_private_p, time.step);
  launch_half(ctx, runtime, r, r.rp_all_shared_p, time.step);
  launch_everything(ctx, runtime, r);
  launch_full(ctx, runtime, r, r.rp_all_private_p, time.step);
  launch_full(ctx, runtime, r, r.rp_all_shared_p, time.step);
  launch_everything_full(ctx, runtime, r, time.step);
  time.longest = launch_dt_hydro(ctx, runtime, r, time.step);
}

Future launch_checksum(Context ctx, Runtime* runtime, const Regions& r) {
  const Fields points = vector(kPointPositionX) + vector(kPointVelocityX);
  return Launch(kChecksumPiece, r.launch_space)
      .use(r.rz_all_p, r.zones, LEGION_READ_ONLY,
           {kZoneDensity, kZoneEnergy, kZonePressure, kZoneViscosity})
      .use(r.rp_all_private_p, r.points, LEGION_READ_ONLY, points)
      .use(r.rp_all_shared_p, r.points, LEGION_READ_ONLY, points)
      .combine(ctx, runtime, LEGION_REDOP_SUM_UINT64);
}

}  // namespace pennant
