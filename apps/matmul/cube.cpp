// SPDX-License-Identifier: Apache-2.0
#include "matmul/cube.h"

#include "matmul/tasks.h"

namespace matmul {

using namespace Legion;
using apps::Launch;

CubeBlocks cut_cube(Context ctx, Runtime* runtime, const Matrices& m, const Cube& cube) {
  const auto cut_into = [&](const MatrixRegion& matrix, const Cut& cut, const char* name) {
    return cut_matrix(ctx, runtime, m.n, matrix.region, cut, kBlocks, name);
  };
  return {cut_into(m.a, cube.a(), "A_blocks"), cut_into(m.b, cube.b(), "B_blocks"),
          cut_into(m.c, cube.c(), "C_blocks")};
}

Launch launch_over(Runtime* runtime, TaskId task, const Matrices& m, const CubeBlocks& blocks) {
  return Launch(task, runtime->get_index_partition_color_space_name(blocks.a.get_index_partition()))
      .reduce(blocks.a, m.a.region, LEGION_REDOP_SUM_FLOAT64, {kEntry})
      .use(blocks.b, m.b.region, LEGION_READ_ONLY, {kEntry})
      .use(blocks.c, m.c.region, LEGION_READ_ONLY, {kEntry});
}

Start start_on_sides(const Cube& cube) { return {cube.a_face(), cube.b_face(), cube.c_face()}; }

Algorithm one_level_algorithm(const char* name, const Size& size, const Cube& cube,
                              const Placing& handwritten) {
  const auto prepare = [cube](Context ctx, Runtime* runtime, const Matrices& m) -> Multiply {
    const CubeBlocks blocks = cut_cube(ctx, runtime, m, cube);
    return [ctx, runtime, m, blocks] {
      launch_over(runtime, kLeaf, m, blocks).run(ctx, runtime);
      launch_place_a(ctx, runtime, m);
    };
  };
  return {name, size, start_on_sides(cube), {}, prepare, handwritten};
}

}  // namespace matmul
