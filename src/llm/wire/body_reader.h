// SPDX-License-Identifier: Apache-2.0
// Bytes of an answer to events: server-sent events, lines of JSON, or one JSON document, told apart
// by how they begin and not by what the server calls them.
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
  /// No more will come. Call once.
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
  std::string pending_;       ///< Not looked at yet.
  size_t searched_ = 0;       ///< Of `pending_`, without a line break.
  std::string data_;          ///< Of the event that is being read.
  bool has_data_ = false;     ///< Whether it has any.
  bool is_document_ = false;  ///< JSON over several lines.
};

}  // namespace placewright::llm
