// SPDX-License-Identifier: Apache-2.0
// Reads the text form of a machine shape.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "machine/shape.h"
#include "support/text.h"

namespace placewright::machine {
namespace {

constexpr int64_t kMostNodes = 65'536;
constexpr int64_t kMostProcessors = 65'536;
constexpr std::string_view kExample = "for example `nodes=2,GPU=4,CPU=1,OMP=1,FBMEM=16GiB`";

constexpr std::pair<std::string_view, uint64_t> kSizeUnits[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
    {"KiB", uint64_t{1} << 10},
    {"MiB", uint64_t{1} << 20},
    {"GiB", uint64_t{1} << 30},
    {"TiB", uint64_t{1} << 40},
};

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<int64_t> parse_count(std::string_view key, std::string_view text, int64_t least,
                            int64_t most) {
  int64_t value = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool complete = !text.empty() && rest == text.data() + text.size();
  if (status == std::errc{} && complete && value >= least && value <= most) return value;
  return fail(fmt::format("machine shape: `{}={}` should be an integer from {} to {}", key, text,
                          least, most),
              std::string(kExample));
}

Result<uint64_t> parse_bytes(std::string_view key, std::string_view text) {
  if (text == "unlimited") return kUnlimitedBytes;
  uint64_t value = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status == std::errc{}) {
    const std::string_view unit(rest, static_cast<size_t>(text.data() + text.size() - rest));
    for (const auto& [word, factor] : kSizeUnits) {
      if (unit == word && value < kUnlimitedBytes / factor) return value * factor;
    }
  }
  return fail(fmt::format("machine shape: `{}={}` should be a size in bytes", key, text),
              "for example `16GiB`, `512MB`, `0` or `unlimited`");
}

std::vector<std::string_view> known_keys() {
  std::vector<std::string_view> keys = {"nodes"};
  for (ProcessorKind kind : kProcessorKinds) keys.push_back(to_string(kind));
  for (MemoryKind kind : kMemoryKinds) {
    if (kind != MemoryKind::Virtual) keys.push_back(to_string(kind));
  }
  return keys;
}

/// The text of a shape during parsing.
struct ShapeText {
  int64_t nodes = 1;
  NodeShape node;
  std::array<std::optional<uint64_t>, kMemoryKindCount> memories;
  std::vector<std::string_view> seen;

  Result<void> read_entry(std::string_view entry);
  Result<void> read_value(std::string_view key, std::string_view value);
};

Result<void> ShapeText::read_entry(std::string_view entry) {
  const size_t equals = entry.find('=');
  if (equals == std::string_view::npos) {
    return fail(fmt::format("machine shape: `{}` should be `key=value`", entry),
                std::string(kExample));
  }
  const std::string_view key = trim(entry.substr(0, equals));
  if (std::ranges::find(seen, key) != seen.end()) {
    return fail(fmt::format("machine shape: `{}` is given twice", key));
  }
  seen.push_back(key);
  return read_value(key, trim(entry.substr(equals + 1)));
}

Result<void> ShapeText::read_value(std::string_view key, std::string_view value) {
  const auto processor = parse_processor_kind(key);
  if (key == "nodes" || processor) {
    const auto count = processor ? parse_count(key, value, 0, kMostProcessors)
                                 : parse_count(key, value, 1, kMostNodes);
    if (!count) return tl::unexpected(count.error());
    if (processor) {
      node.processors[static_cast<size_t>(*processor)] = static_cast<int>(*count);
    } else {
      nodes = *count;
    }
    return {};
  }
  const auto memory = parse_memory_kind(key);
  if (!memory || *memory == MemoryKind::Virtual) {
    const std::vector<std::string_view> keys = known_keys();
    const std::string_view nearest = nearest_word(key, keys);
    return fail(
        fmt::format("machine shape: unknown key `{}`, expected {}", key, join_alternatives(keys)),
        nearest.empty() ? std::string() : fmt::format("did you mean `{}`?", nearest));
  }
  const auto bytes = parse_bytes(key, value);
  if (!bytes) return tl::unexpected(bytes.error());
  memories[static_cast<size_t>(*memory)] = *bytes;
  return {};
}

}  // namespace

Result<MachineShape> MachineShape::parse(std::string_view text) {
  ShapeText shape;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = rest.find(',');
    if (auto read = shape.read_entry(trim(rest.substr(0, comma))); !read) {
      return tl::unexpected(read.error());
    }
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  if (std::ranges::all_of(shape.node.processors, [](int count) { return count == 0; })) {
    return fail(fmt::format("machine shape `{}` has no processor", text), std::string(kExample));
  }
  for (MemoryKind kind : kMemoryKinds) {
    const size_t index = static_cast<size_t>(kind);
    shape.node.memory_bytes[index] =
        shape.memories[index].value_or(default_memory_bytes(shape.node, kind));
  }
  return MachineShape(std::vector<NodeShape>(static_cast<size_t>(shape.nodes), shape.node));
}

}  // namespace placewright::machine
