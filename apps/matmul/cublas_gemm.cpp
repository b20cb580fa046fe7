// SPDX-License-Identifier: Apache-2.0
// cuBLAS's dgemm wrapped in one C function. It is a shared library of its own that gpu_gemm.cpp
// loads only when a real GPU needs it, because loading cuBLAS takes hundreds of megabytes.
#include <cublas_v2.h>
#include <cuda_runtime.h>

#include <map>
#include <mutex>

#include "matmul/gemm.h"

namespace {

std::mutex& guard() {
  static std::mutex instance;
  return instance;
}

/// The handle of the current device; a handle is bound to the device that was current when it was
/// made.
cublasStatus_t handle_of_device(cublasHandle_t& handle) {
  static std::map<int, cublasHandle_t> handles;
  int device = 0;
  if (cudaGetDevice(&device) != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  const auto found = handles.find(device);
  if (found != handles.end()) {
    handle = found->second;
    return CUBLAS_STATUS_SUCCESS;
  }
  const cublasStatus_t status = cublasCreate(&handle);
  if (status == CUBLAS_STATUS_SUCCESS) handles[device] = handle;
  return status;
}

cublasStatus_t enqueue(const matmul::Gemm& g, cudaStream_t stream) {
  // A handle has one stream at a time.
  const std::lock_guard lock(guard());
  cublasHandle_t handle = nullptr;
  cublasStatus_t status = handle_of_device(handle);
  if (status == CUBLAS_STATUS_SUCCESS) status = cublasSetStream(handle, stream);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  const double one = 1.0;
  const auto to_int = [](int64_t value) { return static_cast<int>(value); };
  // cuBLAS counts columns first, so it sees the transposed matrices: A^T += C^T B^T.
  return cublasDgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, to_int(g.n), to_int(g.m), to_int(g.k), &one,
                     g.c, to_int(g.ldc), g.b, to_int(g.ldb), &one, g.a, to_int(g.lda));
}

}  // namespace

/// Enqueues A += B C on a cudaStream_t of the current device; null, or why it could not.
extern "C" const char* placewright_cublas_gemm(const matmul::Gemm* gemm, void* stream) {
  const cublasStatus_t status = enqueue(*gemm, static_cast<cudaStream_t>(stream));
  return status == CUBLAS_STATUS_SUCCESS ? nullptr : cublasGetStatusString(status);
}
