// SPDX-License-Identifier: Apache-2.0
// The JSON library with conversions that check: a number that does not fit its type and an
// enumerator that does not exist are errors, where the library's own conversions make some other
// value of them in silence. They must be the same everywhere, so no other file of src/ includes the
// library. json.h reads foreign text with them.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace placewright {

/// How many numbers from 0 have a meaning, for an enum that is written as a number.
template <class Enum>
inline constexpr int kEnumerators = 0;

/// What the conversions throw; read_json() of json.h makes an Error of it.
class JsonMisfit : public std::exception {
 public:
  /// `value` is where the value is in its document.
  JsonMisfit(const void* value, std::string shown, std::string expected)
      : value_(value), shown_(std::move(shown)), expected_(std::move(expected)) {}
  [[nodiscard]] const char* what() const noexcept override { return expected_.c_str(); }
  [[nodiscard]] const void* value() const { return value_; }
  [[nodiscard]] std::string message(const std::string& path) const;

 private:
  const void* value_;
  std::string shown_, expected_;
};

namespace json_detail {

[[nodiscard]] std::string integers(int64_t lowest, uint64_t highest);

template <class Json>
[[nodiscard]] std::string shown(const Json& value) {
  constexpr size_t kLongest = 60;
  if (value.is_object()) return "{...}";
  if (value.is_array()) return "[...]";
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

template <class Json>
[[noreturn]] void misfit(const Json& value, std::string expected) {
  throw JsonMisfit(&value, shown(value), std::move(expected));
}

/// The whole number if the value is one of the type's range and at most `highest`.
template <std::integral Number, class Json>
std::optional<Number> fitting(const Json& from,
                              uint64_t highest = std::numeric_limits<Number>::max()) {
  if (!from.is_number_integer()) return std::nullopt;
  if (from.is_number_unsigned()) {
    const uint64_t value = *from.template get_ptr<const uint64_t*>();
    return value <= highest ? std::optional(static_cast<Number>(value)) : std::nullopt;
  }
  const int64_t value = *from.template get_ptr<const int64_t*>();
  const bool fits = value < 0 ? std::in_range<Number>(value) : std::cmp_less_equal(value, highest);
  return fits ? std::optional(static_cast<Number>(value)) : std::nullopt;
}

template <std::integral Number, class Json>
Number integer_of(const Json& from, uint64_t highest = std::numeric_limits<Number>::max()) {
  if (const auto value = fitting<Number>(from, highest)) return *value;
  misfit(from, integers(static_cast<int64_t>(std::numeric_limits<Number>::min()), highest));
}

}  // namespace json_detail

}  // namespace placewright

namespace nlohmann {

template <std::integral Number>
requires(!std::same_as<Number, bool>) struct adl_serializer<Number> {
  template <class Json>
  static void to_json(Json& to, Number from) {
    ::nlohmann::to_json(to, from);
  }
  template <class Json>
  static void from_json(const Json& from, Number& to) {
    to = placewright::json_detail::integer_of<Number>(from);
  }
};

template <class Enum>
requires(std::is_enum_v<Enum>&& placewright::kEnumerators<Enum> > 0) struct adl_serializer<Enum> {
  template <class Json>
  static void to_json(Json& to, Enum from) {
    to = static_cast<int>(from);
  }
  template <class Json>
  static void from_json(const Json& from, Enum& to) {
    to = static_cast<Enum>(
        placewright::json_detail::integer_of<unsigned>(from, placewright::kEnumerators<Enum> - 1));
  }
};

template <std::floating_point Number>
struct adl_serializer<Number> {
  template <class Json>
  static void to_json(Json& to, Number from) {
    ::nlohmann::to_json(to, from);
  }
  template <class Json>
  static void from_json(const Json& from, Number& to) {
    if (!from.is_number()) placewright::json_detail::misfit(from, "a number");
    ::nlohmann::from_json(from, to);
  }
};

template <>
struct adl_serializer<bool> {
  template <class Json>
  static void to_json(Json& to, bool from) {
    ::nlohmann::to_json(to, from);
  }
  template <class Json>
  static void from_json(const Json& from, bool& to) {
    if (!from.is_boolean()) placewright::json_detail::misfit(from, "true or false");
    ::nlohmann::from_json(from, to);
  }
};

template <>
struct adl_serializer<std::string> {
  template <class Json, class Text>
  static void to_json(Json& to, Text&& from) {
    ::nlohmann::to_json(to, std::forward<Text>(from));
  }
  template <class Json>
  static void from_json(const Json& from, std::string& to) {
    if (!from.is_string()) placewright::json_detail::misfit(from, "a string");
    ::nlohmann::from_json(from, to);
  }
};

}  // namespace nlohmann
