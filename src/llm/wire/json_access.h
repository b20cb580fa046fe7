// SPDX-License-Identifier: Apache-2.0
// Looks into JSON from a server without trusting its shape: nothing here throws.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace placewright::llm {

/// Null if the text is not JSON; never a discarded value.
[[nodiscard]] inline nlohmann::json parse_json(std::string_view text) {
  nlohmann::json value = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? nlohmann::json() : value;
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
  if (found == nullptr || !found->is_number_integer()) return std::nullopt;
  return found->get<int64_t>();
}

/// Replaces `number` by an object's member if that is a whole number.
inline void read_number(const nlohmann::json& object, std::string_view name,
                        std::optional<int64_t>& number) {
  if (const std::optional<int64_t> found = number_at(object, name)) number = found;
}

/// JSON text, even if the strings hold invalid UTF-8.
[[nodiscard]] inline std::string dump_json(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace placewright::llm
