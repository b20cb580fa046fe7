// SPDX-License-Identifier: Apache-2.0
// libFuzzer: a line of a cassette is damaged, or writes as a line that reads as the same.
#include "input.h"
#include "llm/cassette_line.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const std::string line = text_of(data, size);
  const auto header = llm::check_header(line);
  require(header || !header.error().message.empty());
  const auto exchange = llm::from_line(line);
  if (!exchange) return 0;
  const std::string written = to_line(*exchange, llm::Redactor());
  const auto again = llm::from_line(written);
  require(again && to_line(*again, llm::Redactor()) == written);
  return 0;
}
