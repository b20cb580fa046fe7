// SPDX-License-Identifier: Apache-2.0
// When to retry, and after how long. The clock is an interface, so that tests do not wait.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string_view>

#include "llm/language_model.h"
#include "support/clock.h"

namespace placewright::llm {

/// A clock that can be waited on. Thread-safe.
class Pause : public Clock {
 public:
  /// Waits; returns early if `cancelled` is true (polled about 20 times a second; may be empty).
  virtual void wait(double seconds, const std::function<bool()>& cancelled) = 0;
  /// Seconds since 1970.
  [[nodiscard]] virtual double unix_time_s() const = 0;
};
[[nodiscard]] std::shared_ptr<Pause> real_pause();

struct RetryPolicy {
  int max_attempts = 7;         ///< For what happens before an answer begins.
  int max_broken_attempts = 2;  ///< For answers that broke off: each may have cost tokens.
  double first_delay_s = 1;
  double max_delay_s = 60;
  /// A server that asks for a longer wait gets no further attempt.
  double max_retry_after_s = 300;
  uint64_t seed = 1;  ///< Seed of the jitter.
};

/// How often to send a request that fails like this; 1 if retrying cannot help.
[[nodiscard]] int allowed_attempts(const RetryPolicy& policy, Failure failure);

/// The wait that a `retry-after` header (a number or a date) asks for, in seconds from now, at
/// least 0; nullopt if it cannot be parsed.
[[nodiscard]] std::optional<double> parse_retry_after(std::string_view value, double unix_time_s);

/// The wait that a refusal asks for in words, "please try again in 1m2.5s"; nullopt without such.
[[nodiscard]] std::optional<double> wait_named(std::string_view message);

/// The delay before attempt `attempt` + 1: the first one doubled each time, cut at the largest,
/// then drawn from its upper half; or what the server asked for and up to a tenth more.
[[nodiscard]] double retry_delay(const RetryPolicy& policy, int attempt,
                                 std::optional<double> retry_after_s, std::mt19937_64& random);

}  // namespace placewright::llm
