// SPDX-License-Identifier: Apache-2.0
#include "profile/memory_place.h"

#include <fmt/core.h>

#include <charconv>

namespace placewright::profile {
namespace {

constexpr std::string_view kOfNode = " of node ";
constexpr std::string_view kOther = "memory";
constexpr std::string_view kCode = "memory kind ";

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<MemoryPlaceKind> parse_kind(std::string_view text) {
  if (const auto known = machine::parse_memory_kind(text)) return *known;
  if (text == kOther) return OtherMemory{};
  if (!text.starts_with(kCode)) return std::nullopt;
  const auto code = whole_number<uint64_t>(text.substr(kCode.size()));
  return code ? std::optional<MemoryPlaceKind>(OtherMemory{*code}) : std::nullopt;
}

}  // namespace

std::optional<machine::MemoryKind> MemoryPlace::known_kind() const {
  const auto* known = std::get_if<machine::MemoryKind>(&kind);
  return known == nullptr ? std::nullopt : std::optional(*known);
}

std::string to_string(const MemoryPlaceKind& kind) {
  if (const auto* known = std::get_if<machine::MemoryKind>(&kind))
    return std::string(machine::to_string(*known));
  const OtherMemory& other = std::get<OtherMemory>(kind);
  return other.code == 0 ? std::string(kOther) : fmt::format("{}{}", kCode, other.code);
}

std::string to_string(const MemoryPlace& place) {
  const bool is_numbered = place.index > 0 || place.known_kind() == machine::MemoryKind::FbMem;
  return fmt::format("{}{}{}{}", to_string(place.kind),
                     is_numbered ? fmt::format(" {}", place.index) : "", kOfNode, place.node);
}

std::optional<MemoryPlace> parse_memory_place(std::string_view text) {
  const size_t end = text.rfind(kOfNode);
  if (end == std::string_view::npos) return std::nullopt;
  const auto node = whole_number<int>(text.substr(end + kOfNode.size()));
  if (!node) return std::nullopt;
  const std::string_view head = text.substr(0, end);
  if (const auto kind = parse_kind(head)) return MemoryPlace{*kind, 0, *node};
  const size_t blank = head.rfind(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto kind = parse_kind(head.substr(0, blank));
  const auto index = whole_number<int>(head.substr(blank + 1));
  if (!kind || !index) return std::nullopt;
  return MemoryPlace{*kind, *index, *node};
}

}  // namespace placewright::profile
