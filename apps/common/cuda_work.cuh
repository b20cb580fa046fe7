// SPDX-License-Identifier: Apache-2.0
// Work (work.h) as CUDA kernels. Include this in an application's .cu file and instantiate:
//     template void apps::run_on_gpu(const MyWork&, void*);
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace apps {

template <class Work>
__global__ void run_pieces(Work work, int64_t count) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  for (; i < count; i += stride) work(i);
}

template <class Work>
void run_on_gpu(const Work& work, void* stream) {
  const int64_t count = work.count();
  if (count <= 0) return;
  constexpr int64_t kThreads = 256;
  constexpr int64_t kMostBlocks = 1 << 20;
  const int64_t wanted = (count + kThreads - 1) / kThreads;
  const auto blocks = static_cast<unsigned>(wanted < kMostBlocks ? wanted : kMostBlocks);
  run_pieces<<<blocks, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(work, count);
  const cudaError_t error = cudaGetLastError();
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "error: a CUDA kernel could not be launched: %s\n",
               cudaGetErrorString(error));
  std::fflush(stderr);
  std::_Exit(1);
}

}  // namespace apps
