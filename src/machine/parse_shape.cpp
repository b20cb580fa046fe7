// SPDX-License-Identifier: Apache-2.0
// Reads the text form of a machine shape.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "machine/shape.h"
#include "support/text.h"
#include "support/try.h"

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

/// The text of a shape during parsing. A list has one value, or one for each node.
struct ShapeText {
  int64_t nodes = 0;  ///< 0 until it is given.
  std::array<std::vector<int>, kProcessorKindCount> processors;
  std::array<std::vector<uint64_t>, kMemoryKindCount> memories;
  std::vector<std::string_view> seen;
  std::string_view longest;  ///< The key with the longest list.
  size_t length = 1;         ///< The longest list's.

  Result<void> read_entry(std::string_view entry);
  Result<void> read_value(std::string_view key, std::string_view value);
  Result<std::vector<NodeShape>> shapes() const;
};

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t bar = text.find('|');
    parts.push_back(trim(text.substr(0, bar)));
    if (bar == std::string_view::npos) return parts;
    text = text.substr(bar + 1);
  }
}

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
  if (key == "nodes") {
    PLACEWRIGHT_TRY(nodes, parse_count(key, value, 1, kMostNodes));
    return {};
  }
  const std::vector<std::string_view> parts = split_list(value);
  if (parts.size() > length) {
    length = parts.size();
    longest = key;
  }
  if (const auto processor = parse_processor_kind(key)) {
    for (const std::string_view part : parts) {
      PLACEWRIGHT_TRY(const int64_t count, parse_count(key, part, 0, kMostProcessors));
      processors[static_cast<size_t>(*processor)].push_back(static_cast<int>(count));
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
  for (const std::string_view part : parts) {
    PLACEWRIGHT_TRY(const uint64_t bytes, parse_bytes(key, part));
    memories[static_cast<size_t>(*memory)].push_back(bytes);
  }
  return {};
}

template <class Value>
const Value& of_node(const std::vector<Value>& list, size_t node) {
  return list.size() == 1 ? list.front() : list[node];
}

Result<std::vector<NodeShape>> ShapeText::shapes() const {
  const size_t count = nodes == 0 ? length : static_cast<size_t>(nodes);
  const auto fits = [&](const auto& list) { return list.size() <= 1 || list.size() == count; };
  if (!std::ranges::all_of(processors, fits) || !std::ranges::all_of(memories, fits)) {
    return fail(fmt::format("machine shape: `{}` lists {} values for {} node{}", longest, length,
                            count, count == 1 ? "" : "s"),
                "write one value for all nodes, or one for each: `nodes=2,GPU=4|2`");
  }
  std::vector<NodeShape> result(count);
  for (size_t node = 0; node < count; ++node) {
    for (size_t kind = 0; kind < kProcessorKindCount; ++kind)
      if (!processors[kind].empty())
        result[node].processors[kind] = of_node(processors[kind], node);
    for (const MemoryKind kind : kMemoryKinds) {
      const auto& list = memories[static_cast<size_t>(kind)];
      result[node].memory_bytes[static_cast<size_t>(kind)] =
          list.empty() ? default_memory_bytes(result[node], kind) : of_node(list, node);
    }
  }
  return result;
}

}  // namespace

Result<MachineShape> MachineShape::parse(std::string_view text) {
  ShapeText shape;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = rest.find(',');
    PLACEWRIGHT_TRY_VOID(shape.read_entry(trim(rest.substr(0, comma))));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  PLACEWRIGHT_TRY(std::vector<NodeShape> nodes, shape.shapes());
  const auto is_empty = [](const NodeShape& node) {
    return std::ranges::all_of(node.processors, [](int count) { return count == 0; });
  };
  if (std::ranges::all_of(nodes, is_empty))
    return fail(fmt::format("machine shape `{}` has no processor", text), std::string(kExample));
  PLACEWRIGHT_TRY_VOID(check_size(nodes));
  return MachineShape(std::move(nodes));
}

}  // namespace placewright::machine
