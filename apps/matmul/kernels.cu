// SPDX-License-Identifier: Apache-2.0
// The matrix programs' own work as CUDA kernels; the leaf is cuBLAS.
#include "common/cuda_work.cuh"
#include "matmul/fill_block.h"

template void apps::run_on_gpu(const matmul::FillBlock&, void*);
