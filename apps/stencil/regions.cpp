// SPDX-License-Identifier: Apache-2.0
#include "regions.h"

#include <functional>
#include <string>

#include "common/regions.h"

namespace stencil {
namespace {

using namespace Legion;
using apps::create_partition;
using apps::create_region;

const char* const kSideNames[kSides] = {"xm", "xp", "ym", "yp"};

Domain to_domain(const Box& box) {
  if (box.size() == 0) return Domain(Rect<2>(Point<2>(0, 0), Point<2>(-1, -1)));
  return Domain(Rect<2>(Point<2>(box.x.first, box.y.first), Point<2>(box.x.last, box.y.last)));
}

}  // namespace

Regions create_regions(Context ctx, Runtime* runtime, const Problem& problem,
                       const std::vector<Tile>& tiles) {
  Regions r;
  r.launch_space = runtime->create_index_space(ctx, Domain(Rect<1>(0, problem.tiles() - 1)));
  r.points = create_region(ctx, runtime, to_domain(all_points(problem)),
                           {{kInput, sizeof(double), "input"}, {kOutput, sizeof(double), "output"}},
                           "points");
  const auto split = [&](LogicalRegion region, const std::function<Box(const Tile&)>& part,
                         PartitionKind kind, const std::string& name) {
    std::vector<Domain> subsets;
    for (const Tile& tile : tiles) subsets.push_back(to_domain(part(tile)));
    return create_partition(ctx, runtime, region, subsets, r.launch_space, kind, name.c_str());
  };
  constexpr PartitionKind kComplete = LEGION_DISJOINT_COMPLETE_KIND;
  constexpr PartitionKind kIncomplete = LEGION_DISJOINT_INCOMPLETE_KIND;
  r.whole = split(
      r.points, [](const Tile& t) { return t.whole; }, kComplete, "private");
  r.interior = split(
      r.points, [](const Tile& t) { return t.interior; }, kIncomplete, "interior");
  // Complete when there is one tile only.
  r.exterior = split(
      r.points, [](const Tile& t) { return t.exterior; }, LEGION_DISJOINT_KIND, "exterior");
  for (int side = 0; side < kSides; ++side) {
    const std::string name = kSideNames[side];
    r.strips[side] = create_region(ctx, runtime, to_domain(all_strips(problem, side)),
                                   {{kInput, sizeof(double), "input"}}, name.c_str());
    r.in[side] = split(
        r.strips[side], [side](const Tile& t) { return t.in[side]; }, kIncomplete, name + "_in");
    r.out[side] = split(
        r.strips[side], [side](const Tile& t) { return t.out[side]; }, kComplete, name + "_out");
  }
  return r;
}

}  // namespace stencil
