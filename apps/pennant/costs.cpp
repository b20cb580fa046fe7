// SPDX-License-Identifier: Apache-2.0
#include "costs.h"

namespace pennant {
namespace {

using placewright::AccessPattern;
using placewright::ArgumentCost;
using placewright::TaskCost;

constexpr double kReal = 8;  ///< A double, a whole number or a map.
constexpr double kVec = 2 * kReal;
constexpr double kFlag = 1;  ///< znump, has_bcx, has_bcy.

ArgumentCost stream(size_t requirement, int64_t elements, double read, double written) {
  return {requirement, AccessPattern::Stream, static_cast<double>(elements), read, written};
}

/// Mass and two components of force.
ArgumentCost sums(size_t requirement, int64_t corners) {
  return {requirement, AccessPattern::Atomic, 3.0 * static_cast<double>(corners), kReal, kReal};
}

TaskCost with(double flops, int64_t parallelism, std::vector<ArgumentCost> arguments) {
  TaskCost cost;
  cost.fp64_flops = flops * static_cast<double>(parallelism);
  cost.parallelism = static_cast<double>(parallelism);
  cost.arguments = std::move(arguments);
  return cost;
}

}  // namespace

TaskCost cost_of_init(const Piece& piece) {
  constexpr double kPoint = 2 * kVec + 2 * kFlag;
  return with(0, piece.zones.size(),
              {stream(0, piece.zones.size(), 0, kFlag + 5 * kReal),
               stream(1, piece.private_points.size(), 0, kPoint),
               stream(2, piece.shared_points.size(), 0, kPoint),
               stream(3, piece.sides.size(), 0, 6 * kReal)});
}

TaskCost cost_of_half(Interval points) {
  return with(
      kHalfFlops, points.size(),
      {stream(0, points.size(), 2 * kVec, 0), stream(1, points.size(), 0, 3 * kVec + 3 * kReal)});
}

TaskCost cost_of_everything(const Piece& piece) {
  const int64_t zones = piece.zones.size();
  const int64_t sides = piece.sides.size();
  // Position and velocity in the pass over zones, position in the pass over sides.
  constexpr double kPoint = 3 * kVec;
  return with(kEverythingFlops, zones,
              {stream(0, zones, kFlag + 4 * kReal, 0),
               // The passes over sides read centre, pressure, viscosity, density, sound speed and
               // volume again.
               stream(1, zones, kVec + 5 * kReal, kVec + 8 * kReal),
               stream(2, piece.private_points.size(), kPoint, 0), sums(3, piece.private_corners),
               stream(4, 2 * piece.ghost_corners, kPoint, 0), sums(5, piece.ghost_corners),
               // Zones: both points, next side. Forces: zone, both points, mass fraction. Corners:
               // zone, point, side before, mass fraction.
               stream(6, sides, (3 + 4 + 4) * kReal, 0),
               stream(7, sides, kReal + 3 * kVec, kReal + 3 * kVec)});
}

TaskCost cost_of_full(Interval points) {
  return with(kFullFlops, points.size(),
              {stream(0, points.size(), 2 * kVec + 3 * kReal + 2 * kFlag, 0),
               stream(1, points.size(), 0, 2 * kVec)});
}

TaskCost cost_of_everything_full(const Piece& piece) {
  const int64_t zones = piece.zones.size();
  constexpr double kPoint = 3 * kVec;
  return with(
      kEverythingFullFlops, zones,
      {stream(0, zones, kFlag + kReal, 0), stream(1, zones, kReal, kReal),
       stream(2, zones, 0, kVec + 4 * kReal), stream(3, piece.private_points.size(), kPoint, 0),
       stream(4, 2 * piece.ghost_corners, kPoint, 0),
       stream(5, piece.sides.size(), 3 * kReal + 3 * kVec, 0)});
}

TaskCost cost_of_time_step(const Piece& piece) {
  return with(kTimeStepFlops, piece.zones.size(), {stream(0, piece.zones.size(), 5 * kReal, 0)});
}

TaskCost cost_of_global_time_step() { return with(3, 1, {}); }

}  // namespace pennant
