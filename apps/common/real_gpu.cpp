// SPDX-License-Identifier: Apache-2.0
#include "common/real_gpu.h"

#include <dlfcn.h>
#include <placewright/virtual_gpu.h>

namespace apps {
namespace {

bool count_devices() {
  if (placewright::virtual_gpu_launch() != nullptr) return false;
  // Legion's runtime has loaded a driver already; by name, because programs do not link one.
  using Init = int (*)(unsigned);
  using Count = int (*)(int*);
  const auto init = reinterpret_cast<Init>(dlsym(RTLD_DEFAULT, "cuInit"));
  const auto count = reinterpret_cast<Count>(dlsym(RTLD_DEFAULT, "cuDeviceGetCount"));
  int devices = 0;
  return init != nullptr && count != nullptr && init(0) == 0 && count(&devices) == 0 && devices > 0;
}

}  // namespace

bool real_gpu_present() {
  static const bool present = count_devices();
  return present;
}

}  // namespace apps
