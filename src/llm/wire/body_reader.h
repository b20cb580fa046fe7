// SPDX-License-Identifier: Apache-2.0
// Splits an answer's bytes into events: server-sent events, lines of JSON, or one JSON document,
// distinguished by how they begin, not by the server's content type.
#pragma once

#include <string>
#include <string_view>

#include "llm/wire/codec.h"

namespace placewright::llm {

class BodyReader {
 public:
  BodyReader(const Codec& codec, Answer& answer) : codec_(codec), answer_(answer) {}
  /// Pieces may end anywhere.
  void feed(std::string_view bytes);
  /// Marks the end of the answer. Call once.
  void finish();

 private:
  enum class Kind { Unknown, Events, Json };

  void recognise();
  void read_event_lines();
  void read_event_line(std::string_view line);
  void read_json_lines();
  void dispatch(std::string_view data, bool is_last);

  const Codec& codec_;
  Answer& answer_;
  Kind kind_ = Kind::Unknown;
  std::string pending_;       ///< Not processed yet.
  size_t searched_ = 0;       ///< Bytes of `pending_` known to have no line break.
  std::string data_;          ///< The current event's data.
  bool has_data_ = false;     ///< Whether it has any.
  bool is_document_ = false;  ///< JSON over several lines.
  bool has_begun_ = false;    ///< A byte order mark would have been taken off.
};

}  // namespace placewright::llm
