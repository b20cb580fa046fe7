// SPDX-License-Identifier: Apache-2.0
// Circuit's work as CUDA kernels.
#include "common/cuda_work.cuh"
#include "physics.h"

template void apps::run_on_gpu(const circuit::CalculateCurrents&, void*);
template void apps::run_on_gpu(const circuit::DistributeCharge&, void*);
template void apps::run_on_gpu(const circuit::UpdateNodes&, void*);
template void apps::run_on_gpu(const circuit::CountUpdate&, void*);
