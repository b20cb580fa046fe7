// SPDX-License-Identifier: Apache-2.0
// How many tokens an answer may have, from the words of a server that refused to allow more. Pure:
// reads numbers and the words around them; the wordings of vLLM, OpenAI, Anthropic, Groq, DeepSeek,
// Bedrock and TGI are in the test.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placewright::llm {

struct TokenLimit {
  int64_t tokens = 0;
  /// The limit of every answer. Otherwise it is what this prompt leaves of the context.
  bool lasting = true;
};

/// The largest limit below `sent` that the refusal allows: the number that it names, what is left
/// of a context that prompt and answer share, or half of `sent` if it only says that this is too
/// much. nullopt if the refusal is about something else, or leaves no room for an answer.
[[nodiscard]] std::optional<TokenLimit> limit_named(std::string_view refusal, int64_t sent);

}  // namespace placewright::llm
