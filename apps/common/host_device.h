// SPDX-License-Identifier: Apache-2.0
// Marks functions that run on hosts and, where a CUDA compiler builds them, on GPUs.
#pragma once

#ifdef __CUDACC__
#define APPS_HOST_DEVICE __host__ __device__
#else
#define APPS_HOST_DEVICE
#endif
