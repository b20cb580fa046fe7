// SPDX-License-Identifier: Apache-2.0
// What the grammar of mappings can be narrowed to for one application: its names and what its
// machine has.
#pragma once

#include "lang/grammar/vocabulary.h"
#include "workload/workload.h"

namespace placewright {

/// Arguments without a name are called by their number.
[[nodiscard]] lang::grammar::Vocabulary vocabulary_of(const Workload& workload);

}  // namespace placewright
