// SPDX-License-Identifier: Apache-2.0
// Work (work.h) as the body of a Legion task.
#pragma once

#include <placewright/modelled_task.h>

#include "common/work.h"

namespace apps {

/// `works` in this order, on a host or on a GPU.
template <class... Works>
[[nodiscard]] placewright::TaskBody body_of(const Works&... works) {
  placewright::TaskBody body;
  body.on_host = [works...] { (run_on_host(works), ...); };
#ifdef APPS_WITH_CUDA
  body.on_gpu = [works...](void* stream) { (run_on_gpu(works, stream), ...); };
#endif
  return body;
}

}  // namespace apps
