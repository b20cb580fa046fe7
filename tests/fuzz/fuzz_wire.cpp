// SPDX-License-Identifier: Apache-2.0
// libFuzzer: what a server of language models sends. The first byte chooses the protocol and the
// size of the pieces in which it comes; in whatever pieces, the answer is the same.
#include "input.h"
#include "llm/wire/body_reader.h"
#include "llm/wire/json_access.h"
#include "llm/wire/server_error.h"

namespace {

using namespace placewright;

llm::Answer read_body(const llm::Codec& codec, std::string_view body, size_t piece) {
  llm::Answer answer;
  llm::BodyReader reader(codec, answer);
  for (size_t at = 0; at < body.size(); at += piece) reader.feed(body.substr(at, piece));
  reader.finish();
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr llm::Protocol kProtocols[] = {llm::Protocol::OpenAiChat, llm::Protocol::OpenAiResponses,
                                          llm::Protocol::Anthropic, llm::Protocol::Ollama};
  const llm::Codec& codec = llm::codec(kProtocols[data[0] % 4]);
  const std::string body = text_of(data + 1, size - 1);
  const llm::Answer whole = read_body(codec, body, body.size() + 1);
  const llm::Answer pieces = read_body(codec, body, 1 + data[0] / 4);
  require(whole.text == pieces.text && whole.ended == pieces.ended);
  llm::Request request;
  request.messages = {{llm::Role::User, "why"}};
  (void)conclude(whole, request, codec.encode(request, "model", {}));
  (void)llm::read_http_error(400 + data[0], body, "/");
  return 0;
}
