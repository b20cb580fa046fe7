// SPDX-License-Identifier: Apache-2.0
// Whether the CUDA driver of this process drives hardware.
#pragma once

namespace apps {

/// True when the loaded driver has a device and is not Placewright's virtual one. Needs no runtime.
[[nodiscard]] bool real_gpu_present();

}  // namespace apps
