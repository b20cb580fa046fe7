// SPDX-License-Identifier: Apache-2.0
// What a refused request teaches about its server: which parameter to omit, and how long an answer
// may be. Reads the refusal's words only; never a model's name.
#pragma once

#include <optional>
#include <string_view>

#include "llm/capabilities.h"
#include "llm/wire/codec.h"

namespace placewright::llm {

/// The consequences of a refused request.
struct Lesson {
  Capabilities capabilities;  ///< To try again with.
  /// The server does not know the parameter, so all later requests omit it. Otherwise the refusal
  /// concerns only this request, as with a grammar that the server cannot read.
  bool lasting = true;
};

/// Finds the sent parameter that a refusal names, as its `parameter` or in its message. nullopt if
/// it names none that could be omitted or lowered.
[[nodiscard]] std::optional<Lesson> learn(Protocol protocol, const Capabilities& used,
                                          const Request& request, std::string_view parameter,
                                          std::string_view message);

/// Whether an error is about the request, so that learn() may find out what to change. A fault of
/// the server is only if it says that something is not supported: chat templates fail like this.
[[nodiscard]] bool can_teach(const ServerError& error);

}  // namespace placewright::llm
