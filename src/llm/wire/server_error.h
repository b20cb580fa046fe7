// SPDX-License-Identifier: Apache-2.0
// What a server's error means. Pure: status and text to a failure.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "llm/wire/codec.h"

namespace placewright::llm {

/// The error of an answer with this HTTP status, from whatever the server wrote: OpenAI's,
/// Anthropic's, Ollama's, vLLM's and FastAPI's shapes, or a page for people. `path` is what was
/// asked for. Texts are not redacted yet.
[[nodiscard]] ServerError read_http_error(int status, std::string_view body, std::string_view path);

/// The error of an event inside an answer that began with status 200.
[[nodiscard]] ServerError read_stream_error(const nlohmann::json& event);

}  // namespace placewright::llm
