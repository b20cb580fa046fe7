// SPDX-License-Identifier: Apache-2.0
// Inner tasks: they iterate over the blocks of k and launch other tasks. They map no data.
#pragma once

#include <legion.h>
#include <mappers/default_mapper.h>

#include "common/task_variants.h"
#include "matmul/matrices.h"

namespace matmul {

/// Tells Legion's default mapper to keep what an inner task launches on its node, as the published
/// programs do.
inline constexpr Legion::MappingTagID kSameNode =
    Legion::Mapping::DefaultMapper::SAME_ADDRESS_SPACE;

/// Registers an inner task for a kind of processor.
template <apps::TaskFunction BODY>
void register_inner_variant(Legion::TaskID id, const char* name, Legion::Processor::Kind kind) {
  Legion::TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(Legion::ProcessorConstraint(kind));
  registrar.set_inner();
  Legion::Runtime::preregister_task_variant<BODY>(registrar, name);
}

/// From a task with arguments A, B, C: starts one `child` after the other, for each block k in
/// `order` on A, block (row, k) of B and block (k, column) of C.
void launch_steps(const Legion::Task* task, Legion::Context ctx, Legion::Runtime* runtime,
                  TaskId child, int64_t row, int64_t column, const std::vector<int64_t>& order);

}  // namespace matmul
