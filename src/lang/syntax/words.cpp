// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "lang/syntax/token.h"
#include "support/check.h"

namespace placewright::lang {
namespace {

// In enumerator order.
constexpr std::array<std::string_view, 23> kMembers = {
    "size",          "split",      "merge",        "swap",      "slice", "reverse",
    "balance_split", "auto_split", "greedy_split", "volume",    "has",   "len",
    "ipoint",        "ispace",     "parent",       "processor", "lo",    "hi",
    "decompose",     "tag",        "depth",        "mapper_id", "all"};
constexpr std::array<std::string_view, 8> kLayoutWords = {
    "F_order", "C_order", "AOS", "SOA", "Compact", "Exact", "Align", "No_Align"};
constexpr std::array<std::string_view, 6> kParameterTypes = {"int",    "bool",   "IPoint",
                                                             "ISpace", "MSpace", "Task"};
constexpr std::array<std::string_view, 6> kComparisons = {"<", "<=", ">", ">=", "==", "!="};
constexpr std::array<std::string_view, 2> kUnaryOps = {"-", "!"};
constexpr auto kStatements = std::to_array<std::string_view>({
#define PLACEWRIGHT_STATEMENT(name, word, node) word,
#include "lang/syntax/statements.def"
});

static_assert(kMembers[static_cast<size_t>(Member::Processor)] == "processor");
static_assert(kLayoutWords[static_cast<size_t>(LayoutWord::NoAlign)] == "No_Align");
static_assert(kParameterTypes[static_cast<size_t>(ParameterType::Task)] == "Task");
static_assert(kComparisons[static_cast<size_t>(Comparison::NotEqual)] == "!=");

struct BinaryOpInfo {
  std::string_view text;
  int precedence;
};
constexpr std::array<BinaryOpInfo, 13> kBinaryOps = {{{"+", 5},
                                                      {"-", 5},
                                                      {"*", 6},
                                                      {"/", 6},
                                                      {"%", 6},
                                                      {"<", 4},
                                                      {">", 4},
                                                      {"<=", 4},
                                                      {">=", 4},
                                                      {"==", 3},
                                                      {"!=", 3},
                                                      {"&&", 2},
                                                      {"||", 1}}};
static_assert(kBinaryOps[static_cast<size_t>(BinaryOp::Or)].text == "||");

template <class Enum, size_t N>
std::optional<Enum> find_word(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

template <class Kinds>
auto names_of(const Kinds& kinds) {
  std::array<std::string_view, std::tuple_size_v<Kinds>> names;
  std::ranges::transform(kinds, names.begin(), [](auto kind) { return machine::to_string(kind); });
  return names;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::string_view to_string(StatementWord word) { return kStatements[static_cast<size_t>(word)]; }
std::string_view to_string(Member member) { return kMembers[static_cast<size_t>(member)]; }
std::string_view to_string(LayoutWord word) { return kLayoutWords[static_cast<size_t>(word)]; }
std::string_view to_string(ParameterType type) {
  return kParameterTypes[static_cast<size_t>(type)];
}
std::string_view to_string(Comparison comparison) {
  return kComparisons[static_cast<size_t>(comparison)];
}
std::string_view to_string(BinaryOp op) { return kBinaryOps[static_cast<size_t>(op)].text; }
std::string_view to_string(UnaryOp op) { return kUnaryOps[static_cast<size_t>(op)]; }

std::optional<StatementWord> parse_statement_word(std::string_view word) {
  return find_word<StatementWord>(kStatements, word);
}
std::optional<Member> parse_member(std::string_view word) {
  return find_word<Member>(kMembers, word);
}
std::optional<LayoutWord> parse_layout_word(std::string_view word) {
  return find_word<LayoutWord>(kLayoutWords, word);
}
std::optional<ParameterType> parse_parameter_type(std::string_view word) {
  return find_word<ParameterType>(kParameterTypes, word);
}

bool holds(BinaryOp op, int64_t a, int64_t b) {
  switch (op) {
    case BinaryOp::Less:
      return a < b;
    case BinaryOp::Greater:
      return a > b;
    case BinaryOp::LessEqual:
      return a <= b;
    case BinaryOp::GreaterEqual:
      return a >= b;
    case BinaryOp::Equal:
      return a == b;
    case BinaryOp::NotEqual:
      return a != b;
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
    case BinaryOp::Remainder:
    case BinaryOp::And:
    case BinaryOp::Or:
      break;
  }
  PLACEWRIGHT_CHECK(false && "the operator compares");
  return false;
}

int precedence(BinaryOp op) { return kBinaryOps[static_cast<size_t>(op)].precedence; }

std::span<const std::string_view> member_words() { return kMembers; }
std::span<const std::string_view> reserved_member_words() {
  return std::span(kMembers).first(static_cast<size_t>(Member::Lo));
}
std::span<const std::string_view> layout_words() { return kLayoutWords; }
std::span<const std::string_view> parameter_type_words() { return kParameterTypes; }
std::span<const std::string_view> comparison_words() { return kComparisons; }
std::span<const std::string_view> processor_words() {
  static const auto names = names_of(machine::kProcessorKinds);
  return names;
}
std::span<const std::string_view> memory_words() {
  static const auto names = names_of(machine::kMemoryKinds);
  return names;
}
std::span<const std::string_view> statement_words() { return kStatements; }

bool is_plain_name(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return false;
  const auto fits = [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return std::ranges::all_of(text, fits) && word_kind(text) == TokenKind::Identifier;
}

bool can_be_written(std::string_view name) {
  return !name.empty() && name.find_first_of("\"\n\r") == std::string_view::npos;
}

std::string written_name(std::string_view name) {
  return is_plain_name(name) ? std::string(name) : fmt::format("\"{}\"", name);
}

}  // namespace placewright::lang
