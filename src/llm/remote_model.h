// SPDX-License-Identifier: Apache-2.0
// A language model behind an address: probes it once, asks, tries again, and leaves out what the
// server does not take. Everything that the server says is redacted before anyone sees it.
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

/// Lets so many through at a time. Thread-safe.
class Gate {
 public:
  explicit Gate(int places) : free_(places) {}
  /// False when `cancelled` said so first (asked about twenty times a second; may be empty).
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

  /// What is known about the server; asks it where that has not been done. A server that does not
  /// answer or is not ready is taken to do what its protocol says, and is asked again next time.
  [[nodiscard]] Capabilities capabilities();

 private:
  /// One request and its answer.
  struct Attempt {
    Completion completion;
    std::optional<ServerError> error;  ///< What the server said, if it said anything.
    std::optional<double> retry_after_s;
  };

  Completion complete_in_gate(const Request& request);
  Attempt attempt(const Request& request, const Capabilities& capabilities);
  Attempt read_answer(const tl::expected<HttpResponse, ModelError>& response, const Answer& answer,
                      const Request& request, const WireRequest& sent);
  [[nodiscard]] HttpRequest address(const std::string& url) const;
  /// True when the request should be sent again, after waiting.
  bool wait_to_retry(const Attempt& failed, int attempts);
  void explain(ModelError& error, const Capabilities& capabilities) const;
  void finish(Reply& reply) const;

  Endpoint endpoint_;
  std::optional<Price> price_;
  Redactor redactor_;
  HttpClient http_;
  Gate gate_;
  std::mutex mutex_;                          ///< Of what follows.
  std::optional<Capabilities> capabilities_;  ///< Once probed.
  std::mt19937_64 random_;
};

}  // namespace placewright::llm
