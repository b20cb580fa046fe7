// SPDX-License-Identifier: Apache-2.0
// A language model at a network address: probes the server once, asks, retries, and omits what the
// server does not accept. Everything from the server is redacted before it is passed on.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "llm/capabilities.h"
#include "llm/endpoint.h"
#include "llm/http.h"
#include "llm/prices.h"
#include "llm/wire/codec.h"

namespace placewright::llm {

/// Admits a limited number of callers at a time. Thread-safe.
class Gate {
 public:
  explicit Gate(int places) : free_(places) {}
  /// False if `cancelled` returned true first (polled about twenty times a second; may be empty).
  [[nodiscard]] bool enter(const std::function<bool()>& cancelled);
  void leave();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

class RemoteModel : public LanguageModel {
 public:
  RemoteModel(Endpoint endpoint, std::optional<Price> price);

  /// Errors: all but CassetteMiss and BudgetSpent; NoKey and BadRequest before anything is sent
  /// where the request itself is at fault.
  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return endpoint_.spec; }

  /// What is known about the server; probes it if necessary. A server that does not answer or is
  /// not ready gets its protocol's assumptions and is probed again next time.
  [[nodiscard]] Capabilities capabilities();

 private:
  /// One request and its answer.
  struct Attempt {
    Completion completion;
    std::optional<ServerError> error;  ///< The server's error, if it sent one.
    std::optional<double> retry_after_s;
  };

  Completion complete_in_gate(const Request& request);
  Attempt attempt(const Request& request, const Capabilities& capabilities);
  Attempt read_answer(const tl::expected<HttpResponse, ModelError>& response, const Answer& answer,
                      const Request& request, const WireRequest& sent);
  [[nodiscard]] HttpRequest address(const std::string& url) const;
  /// True when the request should be sent again as `known`, which learned from the error.
  bool take_lesson(const ServerError& error, const Request& request, Capabilities& known);
  /// True when the request should be sent again, after waiting.
  bool wait_to_retry(const Attempt& failed, int attempts);
  void explain(ModelError& error, const Capabilities& capabilities) const;
  void finish(Reply& reply) const;

  Endpoint endpoint_;
  std::optional<Price> price_;
  Redactor redactor_;
  HttpClient http_;
  Gate gate_;
  std::mutex mutex_;                          ///< Guards the members below.
  std::optional<Capabilities> capabilities_;  ///< Set once probed.
  std::mt19937_64 random_;
};

}  // namespace placewright::llm
