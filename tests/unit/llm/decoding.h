// SPDX-License-Identifier: Apache-2.0
// Bodies of answers, and what becomes of them, for tests of the protocols.
#pragma once

#include <string>
#include <vector>

#include "llm/wire/body_reader.h"
#include "model_testing.h"

namespace placewright::llm {

/// Reads a body in pieces of this size.
inline Completion read(Protocol protocol, const std::string& body, size_t piece = 1'000'000,
                       const Request& request = ask("x")) {
  Answer answer;
  BodyReader reader(codec(protocol), answer);
  for (size_t at = 0; at < body.size(); at += piece)
    reader.feed(std::string_view(body).substr(at, piece));
  reader.finish();
  return conclude(answer, request, {.constraint = Constraint::JsonSchema});
}

inline std::string sse(const std::vector<std::string>& data, const std::string& line_break = "\n") {
  std::string body;
  for (const std::string& event : data) body += "data: " + event + line_break + line_break;
  return body;
}

}  // namespace placewright::llm
