// SPDX-License-Identifier: Apache-2.0
// Stencil's work as CUDA kernels.
#include "cells.h"
#include "common/cuda_work.cuh"

template void apps::run_on_gpu(const stencil::InitTile&, void*);
template void apps::run_on_gpu(const stencil::InitStrip&, void*);
template void apps::run_on_gpu(const stencil::FillHalo&, void*);
template void apps::run_on_gpu(const stencil::ApplyStencil&, void*);
template void apps::run_on_gpu(const stencil::Increment&, void*);
