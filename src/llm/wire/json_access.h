// SPDX-License-Identifier: Apache-2.0
// Looks into JSON from a server without trusting its shape: nothing here throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/json.h"

namespace placewright::llm {

/// Null if the text is not JSON that can be read.
[[nodiscard]] inline nlohmann::json parse_json(std::string_view text) {
  return placewright::parse_json(text).value_or(nlohmann::json());
}

/// Null if `object` is not an object, has no such member, or has a null one.
[[nodiscard]] inline const nlohmann::json* member(const nlohmann::json& object,
                                                  std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

[[nodiscard]] inline std::string text_at(const nlohmann::json& object, std::string_view name) {
  const nlohmann::json* found = member(object, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

[[nodiscard]] inline std::optional<int64_t> number_at(const nlohmann::json& object,
                                                      std::string_view name) {
  const nlohmann::json* found = member(object, name);
  if (found == nullptr) return std::nullopt;
  return json_detail::fitting<int64_t>(*found);
}

/// Replaces `number` by an object's member if that is a whole number.
inline void read_number(const nlohmann::json& object, std::string_view name,
                        std::optional<int64_t>& number) {
  if (const std::optional<int64_t> found = number_at(object, name)) number = found;
}

}  // namespace placewright::llm
