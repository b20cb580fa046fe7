// SPDX-License-Identifier: Apache-2.0
// Registers the variants of a task: one body for CPUs and GPUs, because run_modelled_task()
// determines where it runs. Call before the runtime starts, with the same arguments in every
// process.
#pragma once

#include <legion.h>

#include <functional>
#include <vector>

#include "common/real_gpu.h"

namespace apps {

using TaskFunction = void (*)(const Legion::Task*, const std::vector<Legion::PhysicalRegion>&,
                              Legion::Context, Legion::Runtime*);

/// What a variant requires of its instances and of the runtime.
using Requirements = std::function<void(Legion::TaskVariantRegistrar&)>;

enum class OnRealGpu {
  Yes,  ///< The body has a CUDA version.
  No,   ///< Set-up tasks and the like: GPUs run them only if they are virtual.
};

/// Leaf variants for LOC_PROC and TOC_PROC.
template <TaskFunction BODY>
void register_variants(Legion::TaskID id, const char* name, OnRealGpu on_real_gpu = OnRealGpu::Yes,
                       const Requirements& requirements = {}) {
  for (const Legion::Processor::Kind kind :
       {Legion::Processor::LOC_PROC, Legion::Processor::TOC_PROC}) {
    const bool on_gpu = kind == Legion::Processor::TOC_PROC;
    if (on_gpu && on_real_gpu == OnRealGpu::No && real_gpu_present()) continue;
    Legion::TaskVariantRegistrar registrar(id, name);
    registrar.add_constraint(Legion::ProcessorConstraint(kind));
    registrar.set_leaf();
    if (requirements) requirements(registrar);
    Legion::Runtime::preregister_task_variant<BODY>(registrar, name);
  }
}

/// A leaf variant for LOC_PROC that returns a value.
template <class T, T (*BODY)(const Legion::Task*, const std::vector<Legion::PhysicalRegion>&,
                             Legion::Context, Legion::Runtime*)>
void register_cpu_variant(Legion::TaskID id, const char* name) {
  Legion::TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(Legion::ProcessorConstraint(Legion::Processor::LOC_PROC));
  registrar.set_leaf();
  Legion::Runtime::preregister_task_variant<T, BODY>(registrar, name);
}

}  // namespace apps
