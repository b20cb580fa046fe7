// SPDX-License-Identifier: Apache-2.0
// One call of a language model as a study records it: enough to answer the same request again
// without the model. Does not interpret the request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace placewright::tune {

struct CallRecord {
  std::string key;                     ///< Hash of the request; equal requests have equal keys.
  std::string prompt;                  ///< Name, version and hash of the prompt files.
  std::string model;                   ///< As the server names it.
  std::string request;                 ///< JSON.
  std::string reply;                   ///< The reply's text.
  std::optional<std::string> failure;  ///< The word for it; unset: the call was answered.
  std::string message;                 ///< A failure's message.
  std::string finish;
  std::string constraint;  ///< The word for what the request wanted of the output's form.
  std::string request_id;
  bool truncated = false;
  int attempts = 1;
  std::optional<int64_t> input_tokens, output_tokens, cached_tokens, reasoning_tokens;
  std::optional<double> dollars;
  double latency_s = 0;
};

/// Sums over all calls of a study.
struct CallTotals {
  int64_t calls = 0;
  int64_t failed = 0;
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
  double dollars = 0;
  int64_t without_price = 0;   ///< Answered calls whose price is unknown.
  int64_t without_tokens = 0;  ///< Answered calls whose tokens the server did not report.
  double latency_s = 0;
};

}  // namespace placewright::tune
