// SPDX-License-Identifier: Apache-2.0
// A model on a scripted server, for tests of what becomes of its answers.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "llm/remote_model.h"
#include "model_testing.h"
#include "support/json.h"

namespace placewright::llm {

using nlohmann::json;

/// A server whose answers to the question itself come from a list; the last one is repeated. It has
/// no answer to questions about itself but those in `about`.
class Remote {
 public:
  explicit Remote(std::vector<Script> answers, std::map<std::string, std::string> about = {})
      : answers_(std::move(answers)),
        about_(std::move(about)),
        server_([this](const Seen& request) {
          const auto found = about_.find(request.path);
          if (found != about_.end()) return json_answer(found->second);
          if (request.method == "GET" || request.path == "/api/show")
            return json_answer(R"({"error":"not found"})", 404);
          return answers_[std::min(static_cast<size_t>(next_++), answers_.size() - 1)];
        }) {}

  RemoteModel model(Protocol protocol, const std::function<void(Endpoint&)>& change = {}) {
    Endpoint endpoint = endpoint_at(server_, protocol, pause_);
    if (change) change(endpoint);
    return {std::move(endpoint), price_};
  }
  Completion ask_as(Protocol protocol, const Request& request = ask("x")) {
    return model(protocol).complete(request);
  }
  /// Bodies of the questions, in order.
  std::vector<json> bodies() const {
    std::vector<json> bodies;
    for (const Seen& request : server_.seen()) {
      if (request.method == "POST" && request.path != "/api/show")
        bodies.push_back(json::parse(request.body));
    }
    return bodies;
  }

  std::vector<Script> answers_;
  std::map<std::string, std::string> about_;
  std::atomic<int> next_ = 0;
  std::optional<Price> price_;
  std::shared_ptr<CountedPause> pause_ = std::make_shared<CountedPause>();
  TestServer server_;
};

inline Script good() { return events(chat_events("ok")); }

inline Script error(int status, const std::string& message, const std::string& headers = "") {
  return json_answer(json{{"error", {{"message", message}}}}.dump(), status, headers);
}

}  // namespace placewright::llm
