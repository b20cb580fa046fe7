// SPDX-License-Identifier: Apache-2.0
// What a program owes its standard streams: nothing else takes their numbers, and output that was
// lost is an error.
#pragma once

#include "support/result.h"

namespace placewright {

/// Call first in main(). Where the caller has closed a standard stream, a file that is opened later
/// would get its number, and messages would be written into it. Also makes a limit on the size of
/// files an error like a full disk, not a signal that ends the program.
void reserve_standard_streams();

/// Remembers why a write to standard output failed; only the first reason counts.
void note_lost_output(int error_number);

/// Call last in main(). Errors: some of what was printed on standard output could not be written.
[[nodiscard]] Result<void> finish_standard_output();

}  // namespace placewright
