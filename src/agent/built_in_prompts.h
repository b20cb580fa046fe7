// SPDX-License-Identifier: Apache-2.0
// The files of share/prompts/, embedded at build time. Used by prompt.cpp only.
#pragma once

#include <span>
#include <string_view>

namespace placewright::agent {

struct BuiltInPrompt {
  std::string_view name;
  std::string_view text;
};

[[nodiscard]] std::span<const BuiltInPrompt> built_in_prompts();

}  // namespace placewright::agent
