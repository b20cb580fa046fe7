// SPDX-License-Identifier: Apache-2.0
#include "llm/reasoning.h"

#include <algorithm>
#include <array>

namespace placewright::llm {
namespace {

struct Marks {
  std::string_view open, close;
};

// In the order of how common they are: most open models; Anthropic's models when asked for steps;
// Gemini; Magistral; gpt-oss without its server's parser; Cohere.
constexpr std::array<Marks, 7> kMarks = {
    {{"<think>", "</think>"},
     {"<thinking>", "</thinking>"},
     {"<thought>", "</thought>"},
     {"<reasoning>", "</reasoning>"},
     {"[THINK]", "[/THINK]"},
     {"<|channel|>analysis<|message|>", "<|channel|>final<|message|>"},
     {"<|START_THINKING|>", "<|END_THINKING|>"}}};

bool begins_line(std::string_view text, size_t at) {
  const size_t before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t", at - 1);
  return before == std::string_view::npos || text[before] == '\n';
}

/// What is left between the marks; `reasoned` is set if they were there.
std::string without(std::string_view text, const Marks& marks, bool& reasoned) {
  std::string kept;
  size_t at = 0;
  size_t open = text.find(marks.open);
  for (;;) {
    if (open < at) open = text.find(marks.open, at);
    const size_t close = text.find(marks.close, at);
    if (close == std::string_view::npos) break;
    reasoned = true;
    if (open < close) {
      kept += text.substr(at, open - at);
    } else {
      kept.clear();
    }
    at = close + marks.close.size();
  }
  const bool is_unclosed = open != std::string_view::npos && begins_line(text, open);
  reasoned = reasoned || is_unclosed;
  return kept += text.substr(at, is_unclosed ? open - at : std::string_view::npos);
}

}  // namespace

Unreasoned without_reasoning(std::string_view text) {
  Unreasoned result{.text = std::string(text)};
  for (const Marks& marks : kMarks) result.text = without(result.text, marks, result.reasoned);
  if (result.reasoned)
    result.text.erase(0, std::min(result.text.find_first_not_of(" \t\r\n"), result.text.size()));
  return result;
}

}  // namespace placewright::llm
