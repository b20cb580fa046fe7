// SPDX-License-Identifier: Apache-2.0
// The names under which pennant's tasks and data are known to Legion and to mappings.
#pragma once

#include <legion.h>

#include "problem.h"

namespace pennant {

/// Fields whose names end with X are vectors: Y is the next number.
enum ZoneFieldId : Legion::FieldID {
  kZoneSides = 101,  ///< znump
  kZoneCentreX,      ///< zx, at the end of a time step
  kZoneHalfCentreX = kZoneCentreX + 2,
  kZoneVolume = kZoneHalfCentreX + 2,
  kZoneHalfVolume,
  kZoneOldVolume,
  kZoneLength,
  kZoneMass,
  kZoneDensity,
  kZoneHalfDensity,
  kZoneEnergy,
  kZoneTotalEnergy,
  kZoneWork,
  kZonePressure,
  kZoneViscosity,
  kZoneSoundSpeed,
  kZoneSignalSpeed,
};

enum PointFieldId : Legion::FieldID {
  kPointOldPositionX = 201,
  kPointHalfPositionX = kPointOldPositionX + 2,
  kPointPositionX = kPointHalfPositionX + 2,
  kPointOldVelocityX = kPointPositionX + 2,
  kPointVelocityX = kPointOldVelocityX + 2,
  kPointForceX = kPointVelocityX + 2,
  kPointMass = kPointForceX + 2,
  kPointHoldsX,
  kPointHoldsY,
};

enum SideFieldId : Legion::FieldID {
  kSideZone = 301,
  kSidePoint1,
  kSidePoint2,
  kSidePrevious,
  kSideNext,
  kSideMassFraction,
  kSideArea,
  kSidePressureForceX,
  kSideSubzoneForceX = kSidePressureForceX + 2,
  kSideViscosityForceX = kSideSubzoneForceX + 2,
};

enum TaskId : Legion::TaskID {
  kTopLevelTask = 1,
  kInitPiece,
  kCalcGlobalDt,
  kAdvPosHalf,
  kCalcEverything,
  kAdvPosFull,
  kCalcEverythingFull,
  kCalcDtHydro,
  kChecksumPiece,
};

/// Regions with the partitions that tasks are launched over.
struct Regions {
  Legion::LogicalRegion zones, points, sides;
  Legion::LogicalPartition rz_all_p, rs_all_p;
  Legion::LogicalPartition rp_all_private_p, rp_all_shared_p, rp_all_ghost_p;
  Legion::IndexSpace launch_space;  ///< One point per piece.
};

/// Creates and names everything. Every process of a run does the same.
[[nodiscard]] Regions create_regions(Legion::Context ctx, Legion::Runtime* runtime,
                                     const Problem& problem, const std::vector<Piece>& pieces);

}  // namespace pennant
