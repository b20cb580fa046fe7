// SPDX-License-Identifier: Apache-2.0
// Splits a mapping text into tokens.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "lang/diagnostic_kinds.h"
#include "lang/syntax/token.h"
#include "lang/syntax/words.h"
#include "support/utf8.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

struct Sign {
  std::string_view text;
  TokenKind kind;
};

// Longer operators first.
constexpr std::array<Sign, 27> kSigns = {
    {{"<=", T::LessEqual},  {">=", T::GreaterEqual}, {"==", T::EqualEqual}, {"!=", T::NotEqual},
     {"&&", T::AndAnd},     {"||", T::OrOr},         {"..", T::DotDot},     {"+", T::Plus},
     {"-", T::Minus},       {"*", T::Star},          {"/", T::Slash},       {"%", T::Percent},
     {"=", T::Assign},      {",", T::Comma},         {";", T::Semicolon},   {"!", T::Not},
     {"?", T::Question},    {":", T::Colon},         {"<", T::Less},        {">", T::Greater},
     {"(", T::LeftParen},   {")", T::RightParen},    {"{", T::LeftBrace},   {"}", T::RightBrace},
     {"[", T::LeftBracket}, {"]", T::RightBracket},  {".", T::Dot}}};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\a' || c == '\n'; }

class Lexer {
 public:
  Lexer(const SourceFile& file, Diagnostics& diagnostics)
      : text_(file.text()), diagnostics_(diagnostics) {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;  // a byte order mark
  }

  LexedText run() {
    while (true) {
      skip_blanks();
      if (position_ == text_.size()) break;
      lex_one();
    }
    add(T::End, position_, text_.substr(position_));
    return std::move(result_);
  }

 private:
  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) {
      if (text_[position_] == '\n') line_is_empty_ = true;
      ++position_;
    }
  }

  void lex_one() {
    const char c = text_[position_];
    if (line_is_empty_ && rest().starts_with("```")) return lex_code_fence();
    if (c == '#' || rest().starts_with("//")) return lex_comment();
    if (rest().starts_with("/*")) return lex_block_comment();
    if (c == '"' || c == '\'') return lex_string(c);
    if (is_letter(c)) return lex_word();
    if (is_digit(c)) return lex_integer();
    for (const Sign& sign : kSigns) {
      if (rest().starts_with(sign.text))
        return add(sign.kind, position_ + sign.text.size(), sign.text);
    }
    lex_unknown();
  }

  void lex_comment() {
    const size_t begin = position_;
    position_ = std::min(text_.find('\n', begin), text_.size());
    size_t end = position_;
    while (is_blank(text_[end - 1])) --end;
    result_.comments.push_back({range(begin, end), line_is_empty_});
  }

  // The code fences that language models and web pages put around a program.
  void lex_code_fence() {
    const size_t begin = position_;
    position_ = std::min(text_.find('\n', begin), text_.size());
    report(diagnostics_, DiagnosticKind::CodeFence, range(begin, position_),
           "this line is a code fence, not part of the mapping")
        .fixes = {FixIt{range(begin, std::min(position_ + 1, text_.size())), ""}};
  }

  void lex_block_comment() {
    const size_t begin = position_;
    const size_t end = text_.find("*/", begin + 2);
    position_ = end == std::string_view::npos ? text_.size() : end + 2;
    report(diagnostics_, DiagnosticKind::BlockComment, range(begin, begin + 2),
           "block comments are not supported")
        .help = "begin each line of the comment with `#`";
  }

  void lex_string(char quote) {
    const size_t begin = position_;
    size_t end = begin + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') ++end;
    const std::string_view content = text_.substr(begin + 1, end - begin - 1);
    const bool closed = end < text_.size() && text_[end] == quote;
    const size_t after = closed ? end + 1 : end;
    if (!closed) {
      report(diagnostics_, DiagnosticKind::UnterminatedString, range(begin, after),
             "this string does not end on its line")
          .help = fmt::format("close it with `{}`", quote);
    } else if (quote == '\'') {
      Diagnostic& d = report(diagnostics_, DiagnosticKind::SingleQuotes, range(begin, after),
                             "found single quotes, expected double quotes");
      d.fixes = {FixIt{range(begin, after), fmt::format("\"{}\"", content)}};
      d.help = fmt::format("write `\"{}\"`", content);
    }
    add(T::String, after, content);
    result_.tokens.back().broken = !closed;
  }

  void lex_word() {
    size_t end = position_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string_view word = text_.substr(position_, end - position_);
    add(word_kind(word), end, word);
  }

  void lex_integer() {
    const size_t begin = position_;
    size_t end = begin;
    uint64_t value = 0;
    bool overflow = false;
    for (; end < text_.size() && is_digit(text_[end]); ++end) {
      overflow |= __builtin_mul_overflow(value, uint64_t{10}, &value) ||
                  __builtin_add_overflow(value, static_cast<uint64_t>(text_[end] - '0'), &value);
    }
    if (overflow) {
      report(diagnostics_, DiagnosticKind::IntegerTooLarge, range(begin, end),
             "this integer is too large: the largest is 18446744073709551615");
      value = 1;
    }
    add(T::Integer, end, text_.substr(begin, end - begin));
    result_.tokens.back().integer = value;
  }

  // One message for a run of characters that do not belong to the language.
  void lex_unknown() {
    const size_t begin = position_;
    const char c = text_[begin];
    if (c == '&' || c == '|') {
      const std::string twice(2, c);
      Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownCharacter,
                             range(begin, begin + 1), fmt::format("unknown operator `{}`", c));
      d.help = fmt::format("did you mean `{}`?", twice);
      d.fixes = {FixIt{range(begin, begin + 1), twice}};
      return add(c == '&' ? T::AndAnd : T::OrOr, begin + 1, text_.substr(begin, 1));
    }
    size_t end = begin;
    while (end < text_.size() && is_unknown(text_[end])) ++end;
    position_ = std::max(end, begin + 1);
    const auto run = text_.substr(begin, position_ - begin);
    const auto characters =
        std::ranges::count_if(run, [](char byte) { return !continues_character(byte); });
    report(diagnostics_, DiagnosticKind::UnknownCharacter, range(begin, position_),
           fmt::format("unexpected character{} `{}`", characters == 1 ? "" : "s",
                       printable(begin, position_)));
  }

  static bool is_unknown(char c) {
    constexpr std::string_view known = "#\"'&|";
    if (is_letter(c) || is_digit(c) || is_blank(c) || known.find(c) != std::string_view::npos)
      return false;
    for (const Sign& sign : kSigns)
      if (sign.text.size() == 1 && sign.text[0] == c) return false;
    return true;
  }

  std::string printable(size_t begin, size_t end) const {
    std::string shown;
    for (const char c : text_.substr(begin, end - begin)) {
      const auto code = static_cast<unsigned char>(c);
      if (code < 0x20 || code == 0x7F) {
        shown += fmt::format("\\x{:02x}", code);
      } else {
        shown += c;
      }
    }
    return shown;
  }

  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }

  static SourceRange range(size_t begin, size_t end) {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }

  void add(TokenKind kind, size_t end, std::string_view text) {
    result_.tokens.push_back({kind, range(position_, end), text, 0, line_is_empty_});
    line_is_empty_ = false;
    position_ = end;
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  size_t position_ = 0;
  bool line_is_empty_ = true;
  LexedText result_;
};

std::unordered_map<std::string_view, TokenKind> reserved_words() {
  std::unordered_map<std::string_view, TokenKind> words = {
#define PLACEWRIGHT_STATEMENT(name, word, node) {word, T::name},
#define PLACEWRIGHT_LATER_STATEMENT(name, word, node)
#include "lang/syntax/statements.def"
      {"tuple", T::Tuple}, {"for", T::For}, {"in", T::In}, {"True", T::True}, {"False", T::False}};
  for (const std::string_view word : processor_words()) words.emplace(word, T::ProcessorWord);
  for (const std::string_view word : memory_words()) words.emplace(word, T::MemoryWord);
  for (const std::string_view word : reserved_member_words()) words.emplace(word, T::MemberWord);
  for (const std::string_view word : layout_words()) words.emplace(word, T::LayoutWord);
  for (const std::string_view word : parameter_type_words()) words.emplace(word, T::TypeWord);
  for (const std::string_view later : {"REGSOCKMEM", "No_Align"}) words.erase(later);
  return words;
}

}  // namespace

LexedText lex(const SourceFile& file, Diagnostics& diagnostics) {
  return Lexer(file, diagnostics).run();
}

TokenKind word_kind(std::string_view word) {
  static const auto words = reserved_words();
  const auto found = words.find(word);
  return found == words.end() ? T::Identifier : found->second;
}

std::optional<StatementWord> statement_word(const Token& token) {
  if (token.kind != T::Identifier && !is_statement_word(token.kind)) return std::nullopt;
  return parse_statement_word(token.text);
}

std::string describe(const Token& token) {
  const std::string_view text = token.text;
  if (token.kind == T::End) return "the end of the file";
  if (token.kind == T::Identifier) return fmt::format("name `{}`", text);
  if (token.kind == T::Integer) return fmt::format("integer `{}`", text);
  if (token.kind == T::String) return fmt::format("string `\"{}\"`", text);
  if (token.kind == T::ProcessorWord) return fmt::format("processor kind `{}`", text);
  if (token.kind == T::MemoryWord) return fmt::format("memory kind `{}`", text);
  return fmt::format("`{}`", text);
}

}  // namespace placewright::lang
