// SPDX-License-Identifier: Apache-2.0
// Pennant's work as CUDA kernels.
#include "common/cuda_work.cuh"
#include "zones.h"

template void apps::run_on_gpu(const pennant::InitPoints&, void*);
template void apps::run_on_gpu(const pennant::InitZones&, void*);
template void apps::run_on_gpu(const pennant::AdvanceHalf&, void*);
template void apps::run_on_gpu(const pennant::AdvanceFull&, void*);
template void apps::run_on_gpu(const pennant::HalfZones&, void*);
template void apps::run_on_gpu(const pennant::SideForces&, void*);
template void apps::run_on_gpu(const pennant::CornerSums&, void*);
template void apps::run_on_gpu(const pennant::FullZones&, void*);
template void apps::run_on_gpu(const pennant::ZoneTimeSteps&, void*);
