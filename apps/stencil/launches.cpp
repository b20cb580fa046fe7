// SPDX-License-Identifier: Apache-2.0
// The launches of tasks.h: which requirements each task has, in the published order.
#include "common/launch.h"
#include "tasks.h"

namespace stencil {

using namespace Legion;
using apps::Launch;

void launch_init(Context ctx, Runtime* runtime, const Regions& r) {
  Launch launch(kInit, r.launch_space);
  launch.use(r.whole, r.points, LEGION_WRITE_DISCARD, {kInput, kOutput});
  for (int side = 0; side < kSides; ++side) {
    launch.use(r.out[side], r.strips[side], LEGION_WRITE_DISCARD, {kInput});
  }
  launch.run(ctx, runtime);
}

void launch_iteration(Context ctx, Runtime* runtime, const Regions& r) {
  Launch stencil(kStencil, r.launch_space);
  stencil.use(r.whole, r.points, LEGION_READ_WRITE, {kInput, kOutput});
  stencil.use(r.interior, r.points, LEGION_NO_ACCESS, {kInput, kOutput});
  for (int side = 0; side < kSides; ++side) {
    stencil.use(r.in[side], r.strips[side], LEGION_READ_ONLY, {kInput});
  }
  stencil.run(ctx, runtime);

  Launch increment(kIncrement, r.launch_space);
  increment.use(r.whole, r.points, LEGION_READ_WRITE, {kInput});
  increment.use(r.exterior, r.points, LEGION_NO_ACCESS, {kInput});
  for (int side = 0; side < kSides; ++side) {
    increment.use(r.out[side], r.strips[side], LEGION_READ_WRITE, {kInput});
  }
  increment.run(ctx, runtime);
}

Future launch_checksum(Context ctx, Runtime* runtime, const Regions& r) {
  return Launch(kChecksum, r.launch_space)
      .use(r.whole, r.points, LEGION_READ_ONLY, {kInput, kOutput})
      .combine(ctx, runtime, LEGION_REDOP_SUM_UINT64);
}

}  // namespace stencil
