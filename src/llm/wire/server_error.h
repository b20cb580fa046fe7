// SPDX-License-Identifier: Apache-2.0
// Interprets a server's error. Pure: maps status and text to a failure.
#pragma once

#include <string_view>

#include "llm/wire/codec.h"
#include "support/json.h"

namespace placewright::llm {

/// The error of an answer with this HTTP status, from any body: the formats of OpenAI, Anthropic,
/// Ollama, vLLM and FastAPI, or a web page. `path` is the requested one. Texts are not redacted
/// yet.
[[nodiscard]] ServerError read_http_error(int status, std::string_view body, std::string_view path);

/// The error of an event inside an answer that began with status 200.
[[nodiscard]] ServerError read_stream_error(const nlohmann::json& event);

}  // namespace placewright::llm
