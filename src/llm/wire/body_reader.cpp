// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/body_reader.h"

#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

constexpr std::string_view kEndMark = "[DONE]";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

void BodyReader::feed(std::string_view bytes) {
  pending_ += bytes;
  if (kind_ == Kind::Unknown) recognise();
  if (kind_ == Kind::Events) read_event_lines();
  if (kind_ == Kind::Json && !is_document_) read_json_lines();
}

void BodyReader::recognise() {
  if (!has_begun_) {
    if (pending_.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(pending_)) return;
    if (pending_.starts_with(kByteOrderMark)) pending_.erase(0, kByteOrderMark.size());
    has_begun_ = true;
  }
  const size_t begin = pending_.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return;
  kind_ = pending_[begin] == '{' ? Kind::Json : Kind::Events;
}

void BodyReader::read_event_lines() {
  size_t begin = 0;
  for (;;) {
    const size_t end = pending_.find_first_of("\r\n", std::max(begin, searched_));
    // After a carriage return at the very end, the line feed of the pair may not have arrived yet.
    if (end == std::string::npos || (pending_[end] == '\r' && end + 1 == pending_.size())) break;
    read_event_line(std::string_view(pending_).substr(begin, end - begin));
    begin = end + (pending_.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    searched_ = begin;
  }
  pending_.erase(0, begin);
  searched_ = pending_.empty() || pending_.back() != '\r' ? pending_.size() : pending_.size() - 1;
}

void BodyReader::read_event_line(std::string_view line) {
  if (line.empty()) {
    if (has_data_) dispatch(data_, false);
    data_.clear();
    has_data_ = false;
    return;
  }
  constexpr std::string_view kData = "data";
  if (!line.starts_with(kData)) return;  // A comment, a name or an id.
  std::string_view value = line.substr(kData.size());
  if (!value.empty() && value.front() != ':') return;
  if (!value.empty()) value.remove_prefix(1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_ += value;
  has_data_ = true;
}

void BodyReader::read_json_lines() {
  size_t begin = 0;
  for (;;) {
    const size_t end = pending_.find('\n', std::max(begin, searched_));
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(pending_).substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      if (!answer_.understood && !parse_json(line).is_object()) {
        is_document_ = true;
        break;
      }
      dispatch(line, false);
    }
    begin = end + 1;
    searched_ = begin;
  }
  pending_.erase(0, begin);
  searched_ = pending_.size();
}

void BodyReader::dispatch(std::string_view data, bool is_last) {
  if (data == kEndMark) {
    answer_.ended = true;
    return;
  }
  if (data.starts_with(':')) return;  // A comment that a gateway wrapped as data.
  const nlohmann::json event = parse_json(data);
  if (event.is_object()) {
    codec_.fold(event, answer_);
  } else if (!is_last) {
    answer_.damaged = true;
  }
}

void BodyReader::finish() {
  if (kind_ == Kind::Events) {
    if (!pending_.empty())
      read_event_line(std::string_view(pending_).substr(0, pending_.find('\r')));
    if (has_data_) dispatch(data_, true);
  } else if (kind_ == Kind::Json && pending_.find_first_not_of(" \t\r\n") != std::string::npos) {
    dispatch(pending_, true);
  }
}

}  // namespace placewright::llm
