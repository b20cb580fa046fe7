// SPDX-License-Identifier: Apache-2.0
// Where a model is and how to reach it, from the user's setting and the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "llm/capabilities.h"
#include "llm/http.h"
#include "llm/retry.h"
#include "llm/secret.h"

namespace placewright::llm {

/// An environment variable; nullopt if it is unset or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] Environment process_environment();

/// Takes the keys of models out of this process's environment, so that no program that it starts
/// can read them, not even in the environment of this process: every variable that parse_endpoint()
/// reads a key from, and all others whose names end in `_API_KEY`. Call it before other threads
/// exist, after the models were opened.
void erase_keys();

struct Endpoint {
  Protocol protocol = Protocol::OpenAiChat;
  std::string spec;      ///< As the user wrote it.
  std::string base_url;  ///< Without a slash at the end.
  std::string query;     ///< At the end of every address; empty: none.
  std::string model;
  std::string provider;  ///< For prices: "openai", "anthropic", "ollama", or host and port.
  Secret key;            ///< Empty: none is sent.
  std::string key_hint;  ///< Where a key would come from, for messages.
  HttpLimits limits;
  RetryPolicy retries;
  int max_concurrent = 4;
  std::function<bool()> cancelled;  ///< Asked about twenty times a second; may be empty.
  std::shared_ptr<Pause> pause;     ///< Null: real time.
};

/// Reads one of
///
///   openai:MODEL            OPENAI_API_KEY; OPENAI_BASE_URL, whose server is asked by chat
///   openai-chat:MODEL, openai-responses:MODEL   the same with the protocol named
///   anthropic:MODEL         ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL
///   ollama:MODEL            OLLAMA_HOST
///   http://127.0.0.1:8080/v1#MODEL              any OpenAI-compatible server, by chat
///   responses+https://..., anthropic+https://..., ollama+http://...   other protocols
///   https://HOST/openai/deployments/NAME?api-version=VERSION#MODEL    Azure's form of addresses
///
/// PLACEWRIGHT_LLM_KEY, or the file that PLACEWRIGHT_LLM_KEY_FILE names, takes precedence over the
/// provider's variable; plain addresses use only these two.
///
/// Errors: another form; a key that is missing although required (NoKey) or unusable; a query other
/// than `api-version`; http to another machine without PLACEWRIGHT_LLM_ALLOW_HTTP=1.
[[nodiscard]] tl::expected<Endpoint, ModelError> parse_endpoint(const std::string& spec,
                                                                const Environment& environment);

}  // namespace placewright::llm
