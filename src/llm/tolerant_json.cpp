// SPDX-License-Identifier: Apache-2.0
#include "llm/tolerant_json.h"

#include <charconv>
#include <cstdint>
#include <string>

#include "llm/utf8.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
 public:
  Reader(std::string_view text, size_t at) : text_(text), at_(at) {}

  std::optional<json> value(int depth) {
    skip_blanks();
    if (at_ >= text_.size() || depth > kMaxDepth) return std::nullopt;
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
      case '\'':
        return string();
      default:
        return is_name_character(text_[at_]) && !is_digit(text_[at_]) ? word() : number();
    }
  }

  [[nodiscard]] size_t at() const { return at_; }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  [[nodiscard]] bool sees(std::string_view what) const {
    return text_.substr(std::min(at_, text_.size())).starts_with(what);
  }

  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Blanks and comments.
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (sees("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (sees("/*")) {
        const size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  std::optional<json> object(int depth) {
    ++at_;
    json members = json::object();
    while (!take('}')) {
      if (at_ >= text_.size()) return std::nullopt;
      std::optional<std::string> name = member_name();
      if (!name || !take(':')) return std::nullopt;
      std::optional<json> member = value(depth + 1);
      if (!member) return std::nullopt;
      members[std::move(*name)] = std::move(*member);
      if (!take(',') && !next_is('}')) return std::nullopt;
    }
    return members;
  }

  std::optional<json> array(int depth) {
    ++at_;
    json elements = json::array();
    while (!take(']')) {
      std::optional<json> element = value(depth + 1);
      if (!element) return std::nullopt;
      elements.push_back(std::move(*element));
      if (!take(',') && !next_is(']')) return std::nullopt;
    }
    return elements;
  }

  bool next_is(char c) {
    skip_blanks();
    return at_ < text_.size() && text_[at_] == c;
  }

  std::optional<std::string> member_name() {
    skip_blanks();
    if (at_ >= text_.size()) return std::nullopt;
    if (text_[at_] == '"' || text_[at_] == '\'') return string();
    const size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    if (at_ == begin) return std::nullopt;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::optional<std::string> string() {
    const char quote = text_[at_++];
    std::string raw;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) return with_valid_utf8(raw);
      if (c == '\\' && at_ < text_.size()) {
        escape(raw);
      } else {
        raw += c;
      }
    }
    return std::nullopt;
  }

  void escape(std::string& raw) {
    const char c = text_[at_++];
    constexpr std::string_view kLetters = "nrtbf0";
    constexpr std::string_view kMeanings("\n\r\t\b\f\0", 6);
    if (const size_t i = kLetters.find(c); i != std::string_view::npos) {
      raw += kMeanings[i];
    } else if (c == 'u') {
      unicode(raw);
    } else if (std::string_view("\"'\\/`").find(c) != std::string_view::npos) {
      raw += c;
    } else if (c != '\n') {
      raw += '\\';  // Not an escape at all, as in an unescaped regular expression.
      raw += c;
    }
  }

  std::optional<uint32_t> hex4() {
    uint32_t unit = 0;
    if (at_ + 4 > text_.size()) return std::nullopt;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
    if (error != std::errc() || end != begin + 4) return std::nullopt;
    at_ += 4;
    return unit;
  }

  void unicode(std::string& raw) {
    std::optional<uint32_t> unit = hex4();
    if (!unit) {
      raw += "\\u";
      return;
    }
    uint32_t point = *unit;
    if (point >= 0xD800 && point <= 0xDBFF && sees("\\u")) {
      const size_t before = at_;
      at_ += 2;
      const std::optional<uint32_t> low = hex4();
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    append_utf8(raw, point);
  }

  /// A lone surrogate becomes bytes that with_valid_utf8() replaces.
  static void append_utf8(std::string& raw, uint32_t point) {
    const auto tail = [&](int shift) {
      raw += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
    };
    if (point < 0x80) {
      raw += static_cast<char>(point);
    } else if (point < 0x800) {
      raw += static_cast<char>(0xC0 | (point >> 6));
      tail(0);
    } else if (point < 0x10000) {
      raw += static_cast<char>(0xE0 | (point >> 12));
      tail(6);
      tail(0);
    } else {
      raw += static_cast<char>(0xF0 | (point >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::optional<json> word() {
    const size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name == "true" || name == "True") return json(true);
    if (name == "false" || name == "False") return json(false);
    if (name == "null" || name == "None") return json(nullptr);
    return std::nullopt;
  }

  std::optional<json> number() {
    if (text_[at_] == '+') ++at_;
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (is_digit(text_[at_]) ||
            std::string_view("+-.eE").find(text_[at_]) != std::string_view::npos))
      ++at_;
    const char* first = text_.data() + begin;
    const char* last = text_.data() + at_;
    int64_t integer = 0;
    if (const auto [end, error] = std::from_chars(first, last, integer);
        error == std::errc() && end == last && first != last)
      return json(integer);
    double real = 0;
    if (const auto [end, error] = std::from_chars(first, last, real);
        error == std::errc() && end == last && first != last)
      return json(real);
    return std::nullopt;
  }

  std::string_view text_;
  size_t at_;
};

}  // namespace

TolerantJson read_tolerant_json(std::string_view text, size_t begin) {
  Reader reader(text, begin);
  TolerantJson result;
  result.value = reader.value(0);
  result.end = reader.at();
  return result;
}

}  // namespace placewright::llm
