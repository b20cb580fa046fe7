// SPDX-License-Identifier: Apache-2.0
#include "tasks.h"

#include <atomic>
#include <cstdio>

#include "common/checksum.h"
#include "common/field_access.h"
#include "common/task_body.h"
#include "common/task_variants.h"
#include "costs.h"
#include "fields.h"
#include "hash.h"

namespace pennant {
namespace {

using namespace Legion;
using apps::body_of;
using apps::column;
using placewright::run_modelled_task;

struct State {
  Problem problem;
  std::vector<Piece> pieces;
};
State& state() {
  static State instance;
  return instance;
}

Interval points_of(const Task* task, Runtime* runtime) {
  const Domain domain = runtime->get_index_space_domain(task->regions[0].region.get_index_space());
  return {domain.lo()[0], domain.hi()[0]};
}

InitPoints init_points(Interval points, int64_t first_row, const PhysicalRegion& region) {
  const Problem& problem = state().problem;
  return {points,
          first_row,
          problem.nzx,
          problem.nzy,
          problem.spacing(),
          vectors<double>(region, kPointPositionX),
          vectors<double>(region, kPointVelocityX),
          column<uint8_t>(region, kPointHoldsX),
          column<uint8_t>(region, kPointHoldsY)};
}

void init_piece(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                Runtime* runtime) {
  const Problem& problem = state().problem;
  const Piece& piece = piece_of(task);
  InitZones zones;
  zones.zones = piece.zones;
  zones.nzx = problem.nzx;
  zones.nzy = problem.nzy;
  zones.spacing = problem.spacing();
  zones.rows = piece.rows;
  zones.side_count = column<uint8_t>(regions[0], kZoneSides);
  zones.mass = column<double>(regions[0], kZoneMass);
  zones.density = column<double>(regions[0], kZoneDensity);
  zones.energy = column<double>(regions[0], kZoneEnergy);
  zones.total_energy = column<double>(regions[0], kZoneTotalEnergy);
  zones.volume = column<double>(regions[0], kZoneVolume);
  zones.maps = {column<int64_t>(regions[3], kSideZone), column<int64_t>(regions[3], kSidePoint1),
                column<int64_t>(regions[3], kSidePoint2),
                column<int64_t>(regions[3], kSidePrevious), column<int64_t>(regions[3], kSideNext)};
  zones.mass_fraction = column<double>(regions[3], kSideMassFraction);
  run_modelled_task(task, regions, runtime, cost_of_init(piece),
                    body_of(init_points(piece.private_points, piece.rows.inner_row, regions[1]),
                            init_points(piece.shared_points, piece.shared_row, regions[2]), zones));
}

void adv_pos_half(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                  Runtime* runtime) {
  AdvanceHalf work;
  work.points = points_of(task, runtime);
  work.dt = step_of(task).dt;
  work.position = vectors<const double>(regions[0], kPointPositionX);
  work.velocity = vectors<const double>(regions[0], kPointVelocityX);
  work.old_position = vectors<double>(regions[1], kPointOldPositionX);
  work.half_position = vectors<double>(regions[1], kPointHalfPositionX);
  work.old_velocity = vectors<double>(regions[1], kPointOldVelocityX);
  const PointSums sums = sums_of(regions[1]);
  work.mass = sums.mass;
  work.force_x = sums.force_x;
  work.force_y = sums.force_y;
  run_modelled_task(task, regions, runtime, cost_of_half(work.points), body_of(work));
}

void adv_pos_full(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                  Runtime* runtime) {
  AdvanceFull work;
  work.points = points_of(task, runtime);
  work.dt = step_of(task).dt;
  work.scale = fixed_point(state().problem.spacing());
  work.old_position = vectors<const double>(regions[0], kPointOldPositionX);
  work.old_velocity = vectors<const double>(regions[0], kPointOldVelocityX);
  work.mass = column<const int64_t>(regions[0], kPointMass);
  work.force_x = column<const int64_t>(regions[0], kPointForceX);
  work.force_y = column<const int64_t>(regions[0], kPointForceX + 1);
  work.holds_x = column<const uint8_t>(regions[0], kPointHoldsX);
  work.holds_y = column<const uint8_t>(regions[0], kPointHoldsY);
  work.position = vectors<double>(regions[1], kPointPositionX);
  work.velocity = vectors<double>(regions[1], kPointVelocityX);
  run_modelled_task(task, regions, runtime, cost_of_full(work.points), body_of(work));
}

HalfZones half_zones(const Piece& piece, const std::vector<PhysicalRegion>& regions) {
  HalfZones work;
  work.zones = piece.zones;
  work.side_count = column<const uint8_t>(regions[0], kZoneSides);
  work.mass = column<const double>(regions[0], kZoneMass);
  work.density = column<const double>(regions[0], kZoneDensity);
  work.energy = column<const double>(regions[0], kZoneEnergy);
  work.volume = column<const double>(regions[0], kZoneVolume);
  work.centre = vectors<double>(regions[1], kZoneHalfCentreX);
  work.old_volume = column<double>(regions[1], kZoneOldVolume);
  work.half_volume = column<double>(regions[1], kZoneHalfVolume);
  work.length = column<double>(regions[1], kZoneLength);
  work.half_density = column<double>(regions[1], kZoneHalfDensity);
  work.pressure = column<double>(regions[1], kZonePressure);
  work.viscosity = column<double>(regions[1], kZoneViscosity);
  work.sound_speed = column<double>(regions[1], kZoneSoundSpeed);
  work.signal_speed = column<double>(regions[1], kZoneSignalSpeed);
  work.position = point_vectors(piece, regions[2], regions[4], kPointHalfPositionX);
  work.velocity = point_vectors(piece, regions[2], regions[4], kPointVelocityX);
  work.point1 = column<const int64_t>(regions[6], kSidePoint1);
  work.point2 = column<const int64_t>(regions[6], kSidePoint2);
  work.next = column<const int64_t>(regions[6], kSideNext);
  work.area = column<double>(regions[7], kSideArea);
  return work;
}

SideForces side_forces(const Piece& piece, const std::vector<PhysicalRegion>& regions) {
  SideForces work;
  work.sides = piece.sides;
  work.zone = column<const int64_t>(regions[6], kSideZone);
  work.point1 = column<const int64_t>(regions[6], kSidePoint1);
  work.point2 = column<const int64_t>(regions[6], kSidePoint2);
  work.mass_fraction = column<const double>(regions[6], kSideMassFraction);
  work.area = column<const double>(regions[7], kSideArea);
  work.centre = vectors<const double>(regions[1], kZoneHalfCentreX);
  work.half_volume = column<const double>(regions[1], kZoneHalfVolume);
  work.half_density = column<const double>(regions[1], kZoneHalfDensity);
  work.pressure = column<const double>(regions[1], kZonePressure);
  work.viscosity = column<const double>(regions[1], kZoneViscosity);
  work.sound_speed = column<const double>(regions[1], kZoneSoundSpeed);
  work.position = point_vectors(piece, regions[2], regions[4], kPointHalfPositionX);
  work.by_pressure = vectors<double>(regions[7], kSidePressureForceX);
  work.by_subzone = vectors<double>(regions[7], kSideSubzoneForceX);
  work.by_viscosity = vectors<double>(regions[7], kSideViscosityForceX);
  return work;
}

CornerSums corner_sums(const Piece& piece, const std::vector<PhysicalRegion>& regions) {
  CornerSums work;
  work.sides = piece.sides;
  work.scale = fixed_point(state().problem.spacing());
  work.zone = column<const int64_t>(regions[6], kSideZone);
  work.point1 = column<const int64_t>(regions[6], kSidePoint1);
  work.previous = column<const int64_t>(regions[6], kSidePrevious);
  work.mass_fraction = column<const double>(regions[6], kSideMassFraction);
  work.half_volume = column<const double>(regions[1], kZoneHalfVolume);
  work.half_density = column<const double>(regions[1], kZoneHalfDensity);
  work.force = force_of(regions[7]);
  work.sums = {piece.private_points, sums_of(regions[3]), sums_of(regions[5])};
  return work;
}

void calc_everything(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                     Runtime* runtime) {
  const Piece& piece = piece_of(task);
  run_modelled_task(task, regions, runtime, cost_of_everything(piece),
                    body_of(half_zones(piece, regions), side_forces(piece, regions),
                            corner_sums(piece, regions)));
}

void calc_everything_full(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                          Runtime* runtime) {
  const Piece& piece = piece_of(task);
  FullZones work;
  work.zones = piece.zones;
  work.dt = step_of(task).dt;
  work.side_count = column<const uint8_t>(regions[0], kZoneSides);
  work.mass = column<const double>(regions[0], kZoneMass);
  work.total_energy = column<double>(regions[1], kZoneTotalEnergy);
  work.centre = vectors<double>(regions[2], kZoneCentreX);
  work.volume = column<double>(regions[2], kZoneVolume);
  work.density = column<double>(regions[2], kZoneDensity);
  work.energy = column<double>(regions[2], kZoneEnergy);
  work.work = column<double>(regions[2], kZoneWork);
  work.position = point_vectors(piece, regions[3], regions[4], kPointPositionX);
  work.old_velocity = point_vectors(piece, regions[3], regions[4], kPointOldVelocityX);
  work.velocity = point_vectors(piece, regions[3], regions[4], kPointVelocityX);
  work.point1 = column<const int64_t>(regions[5], kSidePoint1);
  work.point2 = column<const int64_t>(regions[5], kSidePoint2);
  work.next = column<const int64_t>(regions[5], kSideNext);
  work.force = force_of(regions[5]);
  run_modelled_task(task, regions, runtime, cost_of_everything_full(piece), body_of(work));
}

uint64_t hash_zones(Interval zones, uint64_t hash_field, const PhysicalRegion& region,
                    FieldID field) {
  const Column<const double> values = column<const double>(region, field);
  uint64_t sum = 0;
  for (int64_t z = zones.first; z <= zones.last; ++z) {
    sum += apps::hash_value(hash_field, z, apps::bits_of(values[z]));
  }
  return sum;
}

/// `first_row`: the row of points in which the interval begins.
uint64_t hash_points(Interval points, int64_t first_row, const PhysicalRegion& region) {
  const auto position = vectors<const double>(region, kPointPositionX);
  const auto velocity = vectors<const double>(region, kPointVelocityX);
  uint64_t sum = 0;
  for (int64_t p = points.first; p <= points.last; ++p) {
    const int64_t in_mesh = first_row * state().problem.points_per_row() + (p - points.first);
    sum += hash_point(in_mesh, position[p], velocity[p]);
  }
  return sum;
}

/// A mesh with an inverted zone is not a result, and stays recognizable as such (next_step()).
void demand_sound_mesh(Interval zones, const PhysicalRegion& region) {
  static std::atomic<bool> said = false;
  const Column<const double> density = column<const double>(region, kZoneDensity);
  for (int64_t z = zones.first; z <= zones.last; ++z) {
    if (density[z] > 0) continue;
    if (!said.exchange(true)) {
      std::fprintf(stderr,
                   "error: pennant: the gas has turned zones inside out; fewer cycles (`-l` "
                   "and `-warmup`) end before that\n");
    }
    Runtime::set_return_code(1);
    return;
  }
}

uint64_t checksum_piece(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                        Runtime*) {
  const Piece& piece = piece_of(task);
  demand_sound_mesh(piece.zones, regions[0]);
  return hash_zones(piece.zones, kHashDensity, regions[0], kZoneDensity) +
         hash_zones(piece.zones, kHashEnergy, regions[0], kZoneEnergy) +
         hash_zones(piece.zones, kHashPressure, regions[0], kZonePressure) +
         hash_zones(piece.zones, kHashViscosity, regions[0], kZoneViscosity) +
         hash_points(piece.private_points, piece.rows.inner_row, regions[1]) +
         hash_points(piece.shared_points, piece.shared_row, regions[2]);
}

}  // namespace

const Piece& piece_of(const Task* task) {
  return state().pieces[static_cast<size_t>(task->index_point[0])];
}

void register_tasks(const Problem& problem) {
  state() = {problem, describe_pieces(problem)};
  using apps::register_variants;
  register_variants<init_piece>(kInitPiece, "init_piece");
  register_variants<adv_pos_half>(kAdvPosHalf, "adv_pos_half");
  register_variants<calc_everything>(kCalcEverything, "calc_everything");
  register_variants<adv_pos_full>(kAdvPosFull, "adv_pos_full");
  register_variants<calc_everything_full>(kCalcEverythingFull, "calc_everything_full");
  apps::register_cpu_variant<uint64_t, checksum_piece>(kChecksumPiece, "checksum_piece");
  register_time_step_tasks();
}

const Problem& current_problem() { return state().problem; }
const std::vector<Piece>& current_pieces() { return state().pieces; }

}  // namespace pennant
