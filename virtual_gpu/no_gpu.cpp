// SPDX-License-Identifier: Apache-2.0
// A libcuda.so.1 for machines without a GPU driver: it lets the Legion runtime load and reports
// that there are no devices. It must not export cuGetProcAddress: the runtime would then fetch
// every call through it.
#define PLACEWRIGHT_EXPORT extern "C" __attribute__((visibility("default")))

namespace {
constexpr int kSuccess = 0;
constexpr int kNoDevice = 100;
}  // namespace

PLACEWRIGHT_EXPORT int cuInit(unsigned int) { return kNoDevice; }

PLACEWRIGHT_EXPORT int cuGetErrorName(int error, const char** name) {
  *name = error == kNoDevice ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_UNKNOWN";
  return kSuccess;
}

PLACEWRIGHT_EXPORT int cuGetErrorString(int error, const char** text) {
  *text = error == kNoDevice ? "no GPU on this machine" : "not available without a GPU driver";
  return kSuccess;
}

PLACEWRIGHT_EXPORT int cuMemFree_v2(unsigned long long) { return kNoDevice; }
PLACEWRIGHT_EXPORT int cuMemFreeHost(void*) { return kNoDevice; }
