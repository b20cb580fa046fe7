// SPDX-License-Identifier: Apache-2.0
// The vocabulary that narrows the grammar of mappings to one application: its names and the
// processors and memories of its machine.
#pragma once

#include "lang/grammar/vocabulary.h"
#include "workload/workload.h"

namespace placewright::workload {

/// Arguments without a name are referred to by number.
[[nodiscard]] lang::grammar::Vocabulary vocabulary_of(const Workload& workload);

}  // namespace placewright::workload
