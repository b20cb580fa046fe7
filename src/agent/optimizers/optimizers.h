// SPDX-License-Identifier: Apache-2.0
// The optimizers that ask a language model, by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/optimizers/optimizer.h"

namespace placewright::agent {

/// As published with Trace.
[[nodiscard]] std::unique_ptr<Optimizer> make_optoprime(AgentParts parts);
[[nodiscard]] std::unique_ptr<Optimizer> make_opro(AgentParts parts);
/// Ours: several mappings per call, from an archive of everything tried.
[[nodiscard]] std::unique_ptr<Optimizer> make_reflect(AgentParts parts);
/// Controls: best-of-n repeats the same question; no-feedback adds earlier proposals, but not their
/// results.
[[nodiscard]] std::unique_ptr<Optimizer> make_best_of_n(AgentParts parts);
[[nodiscard]] std::unique_ptr<Optimizer> make_no_feedback(AgentParts parts);

[[nodiscard]] const std::vector<std::string>& optimizer_names();
/// `name` must be one of optimizer_names(). Sends the first request if it needs no feedback.
/// Errors: a prompt file with wrong placeholders.
[[nodiscard]] Result<std::unique_ptr<Optimizer>> make_optimizer(std::string_view name,
                                                                AgentParts parts);

}  // namespace placewright::agent
