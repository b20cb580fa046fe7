// SPDX-License-Identifier: Apache-2.0
// The result of an operation on the outside world: a value, or a message for the user. Mistakes in
// a user's mapping, machine or study file go to Diagnostics instead (diagnostics.h).
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace placewright {

/// A failure of the outside world: a missing file, a full disk, a child process that died.
struct Error {
  std::string message;  ///< Lower case, no period: what was found and what was expected.
  std::string help;     ///< What to do about it; may be empty.
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail("cannot read `x`", "check the path");` in a function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string message, std::string help = {}) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(help)});
}

}  // namespace placewright
