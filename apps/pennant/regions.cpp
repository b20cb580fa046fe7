// SPDX-License-Identifier: Apache-2.0
#include "regions.h"

#include <string>

#include "common/field_access.h"
#include "common/regions.h"

namespace pennant {
namespace {

using namespace Legion;
using apps::create_partition;
using apps::create_region;
using apps::FieldName;
using apps::to_rect;

void add_vector(std::vector<FieldName>& fields, FieldID first, const std::string& name) {
  fields.push_back({first, sizeof(double), name + "_x"});
  fields.push_back({first + 1, sizeof(double), name + "_y"});
}

// Names are the published program's.
std::vector<FieldName> zone_fields() {
  constexpr size_t kReal = sizeof(double);
  std::vector<FieldName> fields = {
      {kZoneSides, sizeof(uint8_t), "znump"},
      {kZoneVolume, kReal, "zvol"},
      {kZoneHalfVolume, kReal, "zvolp"},
      {kZoneOldVolume, kReal, "zvol0"},
      {kZoneLength, kReal, "zdl"},
      {kZoneMass, kReal, "zm"},
      {kZoneDensity, kReal, "zr"},
      {kZoneHalfDensity, kReal, "zrp"},
      {kZoneEnergy, kReal, "ze"},
      {kZoneTotalEnergy, kReal, "zetot"},
      {kZoneWork, kReal, "zw"},
      {kZonePressure, kReal, "zp"},
      {kZoneViscosity, kReal, "zq"},
      {kZoneSoundSpeed, kReal, "zss"},
      {kZoneSignalSpeed, kReal, "zdu"},
  };
  add_vector(fields, kZoneCentreX, "zx");
  add_vector(fields, kZoneHalfCentreX, "zxp");
  return fields;
}

std::vector<FieldName> point_fields() {
  std::vector<FieldName> fields = {{kPointMass, sizeof(int64_t), "pmaswt"},
                                   {kPointHoldsX, sizeof(uint8_t), "has_bcx"},
                                   {kPointHoldsY, sizeof(uint8_t), "has_bcy"}};
  add_vector(fields, kPointOldPositionX, "px0");
  add_vector(fields, kPointHalfPositionX, "pxp");
  add_vector(fields, kPointPositionX, "px");
  add_vector(fields, kPointOldVelocityX, "pu0");
  add_vector(fields, kPointVelocityX, "pu");
  add_vector(fields, kPointForceX, "pf");
  static_assert(sizeof(int64_t) == sizeof(double));
  return fields;
}

std::vector<FieldName> side_fields() {
  std::vector<FieldName> fields = {
      {kSideZone, sizeof(int64_t), "mapsz"},    {kSidePoint1, sizeof(int64_t), "mapsp1"},
      {kSidePoint2, sizeof(int64_t), "mapsp2"}, {kSidePrevious, sizeof(int64_t), "mapss3"},
      {kSideNext, sizeof(int64_t), "mapss4"},   {kSideMassFraction, sizeof(double), "smf"},
      {kSideArea, sizeof(double), "sareap"}};
  add_vector(fields, kSidePressureForceX, "sfp");
  add_vector(fields, kSideSubzoneForceX, "sft");
  add_vector(fields, kSideViscosityForceX, "sfq");
  return fields;
}

}  // namespace

Regions create_regions(Context ctx, Runtime* runtime, const Problem& problem,
                       const std::vector<Piece>& pieces) {
  const Interval all_zones{0, problem.zones() - 1};
  const Interval all_sides{0, problem.zones() * kSidesPerZone - 1};
  const Interval all_private{0, problem.private_points() - 1};
  const Interval all_ghost{problem.private_points(), problem.points() - 1};
  Regions r;
  r.zones = create_region(ctx, runtime, to_rect(all_zones), zone_fields(), "rz");
  r.sides = create_region(ctx, runtime, to_rect(all_sides), side_fields(), "rs");
  r.points = create_region(ctx, runtime, Rect<1>(0, problem.points() - 1), point_fields(), "rp");
  r.launch_space = runtime->create_index_space(ctx, Domain(Rect<1>(0, problem.pieces - 1)));

  const IndexSpace two = runtime->create_index_space(ctx, Domain(Rect<1>(0, 1)));
  const LogicalPartition by_privacy =
      create_partition(ctx, runtime, r.points, {to_rect(all_private), to_rect(all_ghost)}, two,
                       LEGION_DISJOINT_COMPLETE_KIND, "rp_all_p");
  const auto half = [&](int color, const char* name) {
    const LogicalRegion region =
        runtime->get_logical_subregion_by_color(ctx, by_privacy, DomainPoint(color));
    runtime->attach_name(region, name);
    return region;
  };
  const auto split = [&](LogicalRegion region, Interval Piece::*member, PartitionKind kind,
                         const char* name) {
    std::vector<Domain> subsets;
    for (const Piece& piece : pieces) subsets.emplace_back(to_rect(piece.*member));
    return create_partition(ctx, runtime, region, subsets, r.launch_space, kind, name);
  };
  const LogicalRegion rp_private = half(0, "rp_all_private");
  const LogicalRegion rp_ghost = half(1, "rp_all_ghost");
  constexpr PartitionKind kComplete = LEGION_DISJOINT_COMPLETE_KIND;
  r.rz_all_p = split(r.zones, &Piece::zones, kComplete, "rz_all_p");
  r.rs_all_p = split(r.sides, &Piece::sides, kComplete, "rs_all_p");
  r.rp_all_private_p = split(rp_private, &Piece::private_points, kComplete, "rp_all_private_p");
  r.rp_all_shared_p = split(rp_ghost, &Piece::shared_points, kComplete, "rp_all_shared_p");
  // With two pieces both see the same row: aliased. With one there is nothing to see.
  r.rp_all_ghost_p =
      split(rp_ghost, &Piece::ghost_points,
            problem.pieces > 1 ? LEGION_ALIASED_COMPLETE_KIND : kComplete, "rp_all_ghost_p");
  return r;
}

}  // namespace pennant
