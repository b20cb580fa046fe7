// SPDX-License-Identifier: Apache-2.0
#include "llm/endpoint.h"

#include <fmt/core.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "support/try.h"

namespace placewright::llm {
namespace {

constexpr std::string_view kExamples =
    "write `openai:MODEL`, `anthropic:MODEL`, `ollama:MODEL` or "
    "`http://127.0.0.1:8080/v1#MODEL`";

/// A word before the colon.
struct Provider {
  std::string_view word;
  Protocol protocol;
  std::string_view provider;
  std::string_view base_url;
  std::string_view base_variable;
  std::string_view key_variable;  ///< Empty: none is needed.
};

constexpr std::string_view kOpenAi = "https://api.openai.com/v1";

constexpr std::array<Provider, 5> kProviders = {{
    {"openai", Protocol::OpenAiResponses, "openai", kOpenAi, "OPENAI_BASE_URL", "OPENAI_API_KEY"},
    {"openai-chat", Protocol::OpenAiChat, "openai", kOpenAi, "OPENAI_BASE_URL", "OPENAI_API_KEY"},
    {"openai-responses", Protocol::OpenAiResponses, "openai", kOpenAi, "OPENAI_BASE_URL",
     "OPENAI_API_KEY"},
    {"anthropic", Protocol::Anthropic, "anthropic", "https://api.anthropic.com/v1",
     "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"},
    {"ollama", Protocol::Ollama, "ollama", "http://127.0.0.1:11434", "OLLAMA_HOST", ""},
}};

constexpr std::array<std::pair<std::string_view, Protocol>, 4> kPrefixes = {
    {{"chat+", Protocol::OpenAiChat},
     {"responses+", Protocol::OpenAiResponses},
     {"anthropic+", Protocol::Anthropic},
     {"ollama+", Protocol::Ollama}}};

/// OLLAMA_HOST is the address the server listens on: often without a scheme, or 0.0.0.0.
std::string ollama_url(std::string host) {
  if (host.find("://") == std::string::npos) host = "http://" + host;
  Result<UrlParts> url = parse_url(host);
  if (!url) return host;
  if (url->host == "0.0.0.0" || url->host == "[::]") url->host = "127.0.0.1";
  if (url->port.empty() && url->scheme == "http") url->port = "11434";
  return url->root() + url->path;
}

tl::unexpected<ModelError> bad_spec(std::string message,
                                    std::string help = std::string(kExamples)) {
  return fail(Failure::BadRequest, std::move(message), std::move(help));
}

tl::unexpected<ModelError> bad_key(const Error& error) {
  return fail(Failure::NoKey, error.message, error.help);
}

/// The key from the most specific source that has one; empty if none has.
tl::expected<Secret, ModelError> find_key(const Environment& environment,
                                          std::string_view key_variable) {
  Result<Secret> key = Secret();
  if (const auto text = environment("PLACEWRIGHT_LLM_KEY")) {
    key = make_secret(*text, "PLACEWRIGHT_LLM_KEY");
  } else if (const auto path = environment("PLACEWRIGHT_LLM_KEY_FILE")) {
    key = read_secret_file(*path);
  } else if (!key_variable.empty()) {
    const std::string variable(key_variable);
    if (const auto own = environment(variable)) key = make_secret(*own, variable);
  }
  if (!key) return bad_key(key.error());
  return std::move(*key);
}

/// Other queries could hold keys, which are printed with the address.
bool is_api_version(std::string_view query) {
  constexpr std::string_view kName = "api-version=";
  return query.starts_with(kName) && query.size() > kName.size() &&
         query.find('&') == std::string_view::npos;
}

/// Checks the address and keeps keys off unencrypted connections.
tl::expected<UrlParts, ModelError> check_url(const std::string& url,
                                             const Environment& environment) {
  Result<UrlParts> parts = parse_url(url);
  if (!parts) return bad_spec(parts.error().message, parts.error().help);
  if (!parts->query.empty() && !is_api_version(parts->query)) {
    return bad_spec(fmt::format("the address of `{}` has a query (`?...`) other than `api-version`",
                                parts->host),
                    "pass keys in an environment variable or a file");
  }
  if (parts->scheme == "http" && !parts->is_loopback() &&
      environment("PLACEWRIGHT_LLM_ALLOW_HTTP") != "1") {
    return bad_spec(fmt::format("`{}` is another machine, and http would send keys and prompts "
                                "unencrypted",
                                parts->root()),
                    "use https, a tunnel to 127.0.0.1, or set PLACEWRIGHT_LLM_ALLOW_HTTP=1");
  }
  return std::move(*parts);
}

tl::expected<Endpoint, ModelError> from_provider(const Provider& provider, const std::string& spec,
                                                 const Environment& environment) {
  Endpoint endpoint{.protocol = provider.protocol, .spec = spec};
  endpoint.model = spec.substr(provider.word.size() + 1);
  if (endpoint.model.empty()) {
    return bad_spec(fmt::format("`{}` names no model", spec),
                    fmt::format("write the model after the colon: `{}:MODEL`", provider.word));
  }
  endpoint.provider = provider.provider;
  endpoint.base_url = provider.base_url;
  const auto own_base = environment(std::string(provider.base_variable));
  if (own_base) {
    endpoint.base_url = provider.protocol == Protocol::Ollama ? ollama_url(*own_base) : *own_base;
    // Gateways and local servers support chat; few support responses.
    if (provider.word == "openai") endpoint.protocol = Protocol::OpenAiChat;
  }
  PLACEWRIGHT_TRY(const auto url, check_url(endpoint.base_url, environment));
  endpoint.base_url = url.root() + url.path;
  endpoint.query = url.query;
  // The base address of Anthropic's own tools stops before the version.
  if (provider.protocol == Protocol::Anthropic && url.path.empty()) endpoint.base_url += "/v1";
  PLACEWRIGHT_TRY(endpoint.key, find_key(environment, provider.key_variable));
  endpoint.key_hint = fmt::format(
      "set {} or PLACEWRIGHT_LLM_KEY, or name a file with mode 0600 in "
      "PLACEWRIGHT_LLM_KEY_FILE",
      provider.key_variable);
  if (endpoint.key.empty() && !provider.key_variable.empty() && !own_base)
    return fail(Failure::NoKey, fmt::format("`{}` needs a key", spec), endpoint.key_hint);
  return endpoint;
}

tl::expected<Endpoint, ModelError> from_url(Protocol protocol, const std::string& spec,
                                            const std::string& text,
                                            const Environment& environment) {
  const size_t hash = text.find('#');
  if (hash == std::string::npos || hash + 1 == text.size()) {
    return bad_spec(fmt::format("`{}` names no model", spec),
                    "write the model after a `#`: `http://127.0.0.1:8080/v1#MODEL`");
  }
  PLACEWRIGHT_TRY(const auto url, check_url(text.substr(0, hash), environment));
  Endpoint endpoint{.protocol = protocol, .spec = spec};
  endpoint.base_url = url.root() + url.path;
  endpoint.query = url.query;
  endpoint.model = text.substr(hash + 1);
  endpoint.provider = url.host + (url.port.empty() ? "" : ":" + url.port);
  PLACEWRIGHT_TRY(endpoint.key, find_key(environment, ""));
  endpoint.key_hint =
      "set PLACEWRIGHT_LLM_KEY, or name a file with mode 0600 in PLACEWRIGHT_LLM_KEY_FILE";
  return endpoint;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

void erase_keys() {
  std::vector<std::string> names = {"PLACEWRIGHT_LLM_KEY", "PLACEWRIGHT_LLM_KEY_FILE"};
  for (const Provider& provider : kProviders) names.emplace_back(provider.key_variable);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string name(*entry, std::strcspn(*entry, "="));
    if (name.ends_with("_API_KEY")) names.push_back(std::move(name));
  }
  for (const std::string& name : names) {
    char* const value = name.empty() ? nullptr : std::getenv(name.c_str());
    if (value == nullptr) continue;
    // /proc shows the environment that a process began with, whatever it has removed since.
    explicit_bzero(value, std::strlen(value));
    unsetenv(name.c_str());
  }
}

tl::expected<Endpoint, ModelError> parse_endpoint(const std::string& spec,
                                                  const Environment& environment) {
  Protocol protocol = Protocol::OpenAiChat;
  std::string text = spec;
  for (const auto& [prefix, meant] : kPrefixes) {
    if (!spec.starts_with(prefix)) continue;
    protocol = meant;
    text = spec.substr(prefix.size());
  }
  if (text.starts_with("http://") || text.starts_with("https://"))
    return from_url(protocol, spec, text, environment);
  for (const Provider& provider : kProviders) {
    if (spec.starts_with(std::string(provider.word) + ":"))
      return from_provider(provider, spec, environment);
  }
  return bad_spec(fmt::format("`{}` is not a model that Placewright can use", spec));
}

}  // namespace placewright::llm
