// SPDX-License-Identifier: Apache-2.0
// What several tests of models share.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "llm/endpoint.h"
#include "test_server.h"

namespace placewright::llm {

inline Request ask(const std::string& text) {
  return {.messages = {{Role::System, "Be short."}, {Role::User, text}}, .max_output_tokens = 64};
}

/// What a model said, or the word and message of its failure.
inline std::string text_of(const Completion& completion) {
  if (completion) return completion->text;
  return std::string(to_string(completion.error().failure)) + ": " +
         completion.error().error.message;
}

/// Nothing where there is an answer.
inline std::optional<Failure> failure_of(const Completion& completion) {
  if (completion) return std::nullopt;
  return completion.error().failure;
}

inline Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

/// Time that passes only by waiting.
class CountedPause : public Pause {
 public:
  [[nodiscard]] double now_s() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  [[nodiscard]] double unix_time_s() const override { return kStart + now_s(); }
  void wait(double seconds, const std::function<bool()>&) override {
    const std::lock_guard lock(mutex_);
    now_ += seconds;
    waits_.push_back(seconds);
  }
  [[nodiscard]] std::vector<double> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }
  static constexpr double kStart = 1'700'000'000;  // Tue, 14 Nov 2023 22:13:20 GMT

 private:
  mutable std::mutex mutex_;
  double now_ = 0;
  std::vector<double> waits_;
};

/// An endpoint on a test server, impatient and with counted pauses.
inline Endpoint endpoint_at(const TestServer& server, Protocol protocol,
                            std::shared_ptr<CountedPause> pause) {
  Endpoint endpoint{.protocol = protocol, .spec = "test", .model = "m", .provider = "test"};
  endpoint.base_url = server.root() + (protocol == Protocol::Ollama ? "" : "/v1");
  endpoint.limits = {.connect_s = 0.2, .stall_s = 0.2, .total_s = 5, .max_bytes = 1u << 20};
  endpoint.retries.max_attempts = 3;
  endpoint.pause = std::move(pause);
  return endpoint;
}

/// Events of a streamed chat answer that says `text`.
inline std::vector<std::string> chat_events(const std::string& text) {
  return {R"({"id":"c1","model":"m-1","choices":[{"delta":{"role":"assistant","content":")" + text +
              R"("},"finish_reason":null}]})",
          R"({"choices":[{"delta":{},"finish_reason":"stop"}]})",
          R"({"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3}})", "[DONE]"};
}

}  // namespace placewright::llm
