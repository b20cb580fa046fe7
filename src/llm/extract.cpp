// SPDX-License-Identifier: Apache-2.0
#include "llm/extract.h"

#include "llm/tolerant_json.h"

namespace placewright::llm {
namespace {

// Every possible beginning may be read to the end of the text, so their number is bounded to keep
// the total time linear. Prose has only a few.
constexpr int kMaxBeginnings = 256;

/// A line of at least three backticks or tildes, indented or not.
struct Fence {
  char mark = '`';
  size_t length = 0;
  bool has_tag = false;
};

std::optional<Fence> fence_of(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  Fence fence{.mark = line[begin]};
  if (fence.mark != '`' && fence.mark != '~') return std::nullopt;
  size_t end = line.find_first_not_of(fence.mark, begin);
  if (end == std::string_view::npos) end = line.size();
  fence.length = end - begin;
  if (fence.length < 3) return std::nullopt;
  const std::string_view tag = line.substr(end);
  if (fence.mark == '`' && tag.find('`') != std::string_view::npos) return std::nullopt;
  fence.has_tag = tag.find_first_not_of(" \t\r") != std::string_view::npos;
  return fence;
}

bool closes(const Fence& candidate, const Fence& open) {
  return candidate.mark == open.mark && candidate.length >= open.length && !candidate.has_tag;
}

}  // namespace

std::optional<nlohmann::json> extract_json(std::string_view text) {
  std::optional<nlohmann::json> best;
  size_t best_length = 0;
  size_t at = 0;
  for (int tried = 0; tried < kMaxBeginnings; ++tried) {
    at = text.find_first_of("{[", at);
    if (at == std::string_view::npos) break;
    TolerantJson found = read_tolerant_json(text, at);
    if (!found.value) {
      ++at;
      continue;
    }
    if (found.end - at >= best_length) {
      best_length = found.end - at;
      best = std::move(found.value);
    }
    at = found.end;
  }
  return best;
}

std::optional<std::string> extract_code_block(std::string_view text) {
  std::optional<std::string_view> best;
  std::optional<Fence> open;
  size_t content = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t line_end = std::min(text.find('\n', at), text.size());
    const std::optional<Fence> fence = fence_of(text.substr(at, line_end - at));
    if (fence && !open) {
      open = fence;
      content = std::min(line_end + 1, text.size());
    } else if (fence && closes(*fence, *open)) {
      const std::string_view block = text.substr(content, at - content);
      if (!best || block.size() >= best->size()) best = block;
      open.reset();
    }
    at = line_end + 1;
  }
  if (!best && open) best = text.substr(content);
  if (!best) return std::nullopt;
  return std::string(*best);
}

}  // namespace placewright::llm
