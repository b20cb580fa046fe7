// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the answers of language models: mappings, suggestions and decision forms.
#include "agent/answers/answer.h"
#include "input.h"
#include "lang/grammar/decision_form.h"
#include "llm/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const std::string text = text_of(data, size);
  for (const bool truncated : {false, true}) {
    const auto answer = agent::read_mappings(text, 4, truncated);
    require(answer ? !answer->drafts.empty() : !answer.error().message.empty());
  }
  (void)agent::read_suggestion(text);
  (void)lang::grammar::mapping_from_form(text);
  (void)llm::extract_code_block(text);
  return 0;
}
