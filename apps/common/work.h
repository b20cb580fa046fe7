// SPDX-License-Identifier: Apache-2.0
// What a task computes, as a function of an index that runs anywhere.
//
// A `Work` is a small struct that owns addresses and sizes and can be copied bit by bit:
//     int64_t count() const;                           // how many independent pieces
//     APPS_HOST_DEVICE void operator()(int64_t i) const;  // piece i of 0..count()-1
// On a host the pieces run one after another; on a GPU as one kernel, in any order (cuda_work.cuh).
// Knows nothing of Legion; task_body.h turns it into a task.
#pragma once

#include <cstdint>

#include "common/host_device.h"

namespace apps {

template <class Work>
void run_on_host(const Work& work) {
  for (int64_t i = 0; i < work.count(); ++i) work(i);
}

/// Starts one kernel with a thread per piece on `stream` (a cudaStream_t) and does not wait.
/// Instantiated in the application's .cu file; errors of the launch end the program.
template <class Work>
void run_on_gpu(const Work& work, void* stream);

}  // namespace apps
