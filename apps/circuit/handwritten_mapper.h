// SPDX-License-Identifier: Apache-2.0
// The expert's decisions (mappings/expert.mapping) written against Legion's mapper interface: what
// a mapping in Placewright's language replaces.
#pragma once

namespace circuit {

/// Makes every process use the mapper. Call before the runtime starts.
void install_handwritten_mapper();

}  // namespace circuit
