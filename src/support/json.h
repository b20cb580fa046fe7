// SPDX-License-Identifier: Apache-2.0
// JSON that others wrote: one bounded parser, and one reader whose errors name the path of what is
// wrong. Includes the JSON library with checked conversions (json_values.h).
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "support/json_values.h"
#include "support/result.h"

namespace placewright {

/// Objects and lists within each other; no format that is read here needs a fifth of it. Copying,
/// comparing and printing a value takes stack for every level.
inline constexpr int kMaxJsonDepth = 100;

namespace json_detail {

/// Why the text cannot be read whatever its values are; empty if it can.
[[nodiscard]] std::string depth_error(std::string_view text);
[[nodiscard]] std::string parse_error(size_t byte);
/// The library's message without its number.
[[nodiscard]] std::string plain(std::string_view message);
/// Puts the path of the value in front of `path` if it is in the document.
template <class Json>
bool find_path(const Json& document, const void* value, std::string& path) {
  if (static_cast<const void*>(&document) == value) return true;
  if (!document.is_structured()) return false;
  size_t index = 0;
  for (auto each = document.begin(); each != document.end(); ++each, ++index) {
    if (!find_path(*each, value, path)) continue;
    std::string step;
    if (document.is_object()) {
      step = each.key();
      if (!path.empty() && path.front() != '[') step += '.';
    } else {
      step = "[" + std::to_string(index) + "]";
      if (!path.empty() && path.front() != '[') step += '.';
    }
    path.insert(0, step);
    return true;
  }
  return false;
}

template <class T>
struct IsResult : std::false_type {};
template <class T>
struct IsResult<Result<T>> : std::true_type {};

template <class Value>
using AsResult = std::conditional_t<IsResult<Value>::value, Value, Result<Value>>;

}  // namespace json_detail

/// Errors: "not JSON: wrong at byte 17", "nested more than 100 deep at byte 99".
template <class Json = nlohmann::json>
[[nodiscard]] Result<Json> parse_json(std::string_view text) {
  if (std::string error = json_detail::depth_error(text); !error.empty())
    return fail(std::move(error));
  try {
    return Json::parse(text);
  } catch (const typename Json::parse_error& error) {
    return fail(json_detail::parse_error(error.byte));
  } catch (const typename Json::exception& error) {
    return fail("not JSON: " + json_detail::plain(error.what()));
  }
}

/// What `read` makes of a document: a value, or a Result. A conversion that fails becomes an error
/// that names the path: "`tasks[3].count` is `-1`, expected a whole number from 0 to 4294967295".
template <class Json, class Read>
[[nodiscard]] auto read_json(const Json& document, Read&& read)
    -> json_detail::AsResult<std::invoke_result_t<Read, const Json&>> {
  try {
    return std::forward<Read>(read)(document);
  } catch (const JsonMisfit& misfit) {
    std::string path;
    (void)json_detail::find_path(document, misfit.value(), path);
    return fail(misfit.message(path));
  } catch (const typename Json::exception& error) {
    return fail(json_detail::plain(error.what()));
  }
}

/// Both: a text to what `read` makes of it.
template <class Json = nlohmann::json, class Read>
[[nodiscard]] auto read_json_text(std::string_view text, Read&& read)
    -> json_detail::AsResult<std::invoke_result_t<Read, const Json&>> {
  auto document = parse_json<Json>(text);
  if (!document) return tl::unexpected(std::move(document).error());
  return read_json(*document, std::forward<Read>(read));
}

/// JSON in one line, even if its strings hold invalid UTF-8.
template <class Json = nlohmann::json>
[[nodiscard]] std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace placewright
