// SPDX-License-Identifier: Apache-2.0
// Runs a task's body for as long as the modelled machine would need. An application calls this from
// both the CPU variant and the GPU variant of a task. Without a machine table
// (PLACEWRIGHT_MACHINE_TABLE) the body simply runs, on a CPU or on a real GPU.
//
// It does not decide what a task costs; that is in task_cost.h.
#pragma once

#include <legion.h>
#include <placewright/task_cost.h>

#include <functional>
#include <vector>

namespace placewright {

/// The machine table of this process, read once; null if there is none. If it cannot be read, the
/// program ends with a message.
[[nodiscard]] const MachineTable* current_machine_table();

/// Seconds elapsed on the modelled machine (the virtual GPUs' clock, or the wall clock without them,
/// over time_scale), or wall-clock seconds without a model. Only differences are meaningful. On a
/// busy machine too, no difference is shorter than what the model gives to the tasks and copies
/// between the readings.
[[nodiscard]] double modelled_clock();

/// Whether regions hold data and bodies run; false in a timing run, which moves no bytes.
[[nodiscard]] bool data_is_real();

/// A task's work in its two possible forms.
struct TaskBody {
  /// On a CPU, or as the host function of a virtual GPU's kernel.
  std::function<void()> on_host;
  /// On a real GPU: enqueues everything on a cudaStream_t and does not wait. Empty in a program
  /// built without CUDA.
  std::function<void(void* stream)> on_gpu;
};

/// Does the work of the current point task.
///
/// On a virtual GPU it enqueues a modelled kernel on the task's stream. `on_host` then runs later,
/// on a driver thread and outside Legion, so it must own what it refers to (addresses taken from
/// accessors stay valid until the kernel has ended). On a CPU under a model it sleeps until the
/// modelled time is over. In a timing run `on_host` is not called. On a real GPU `on_gpu` is
/// called, and Legion waits for the stream.
///
/// Errors: on a real GPU without `on_gpu` the program ends with a message and computes nothing.
void run_modelled_task(const Legion::Task* task, const std::vector<Legion::PhysicalRegion>& regions,
                       Legion::Runtime* runtime, const TaskCost& cost, TaskBody body);

/// Where the data of each requirement of a running task is: memory kind and layout of the instance
/// that holds its first field.
[[nodiscard]] std::vector<ArgumentPlace> places_of(
    const Legion::Task* task, const std::vector<Legion::PhysicalRegion>& regions,
    Legion::Runtime* runtime);

}  // namespace placewright
