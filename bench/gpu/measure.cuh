// SPDX-License-Identifier: Apache-2.0
// Repeated timing of work on a CUDA stream.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace gpu_bench {

inline void check(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "error: gpu_memory_access: %s: %s\n", what, cudaGetErrorString(error));
  std::exit(1);
}

/// Times of several repetitions in seconds.
struct Times {
  double median = 0, least = 0, most = 0;
};

inline Times summarize(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return {seconds[seconds.size() / 2], seconds.front(), seconds.back()};
}

/// Times `enqueue(stream)` with events, after one unmeasured call.
template <class Enqueue>
Times measure(int repetitions, Enqueue enqueue) {
  cudaStream_t stream;
  cudaEvent_t start, end;
  check(cudaStreamCreate(&stream), "create a stream");
  check(cudaEventCreate(&start), "create an event");
  check(cudaEventCreate(&end), "create an event");
  std::vector<double> seconds;
  for (int i = 0; i <= repetitions; ++i) {
    check(cudaEventRecord(start, stream), "record an event");
    enqueue(stream);
    check(cudaEventRecord(end, stream), "record an event");
    check(cudaStreamSynchronize(stream), "run a kernel");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start, end), "read a time");
    if (i > 0) seconds.push_back(milliseconds * 1e-3);
  }
  cudaEventDestroy(start);
  cudaEventDestroy(end);
  cudaStreamDestroy(stream);
  return summarize(seconds);
}

/// One line of the JSON result: a rate (amount per second) or a time (amount 0).
struct Row {
  std::string name, unit;
  double amount = 0;
  Times times;
  size_t footprint = 0;  ///< Different bytes that were touched; 0 where that means nothing.
  int lines = 0;  ///< Lines of 128 bytes on which all operations met; 0 if they were scattered.
};

}  // namespace gpu_bench
