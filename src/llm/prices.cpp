// SPDX-License-Identifier: Apache-2.0
#include "llm/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "support/text.h"
#include "support/toml.h"
#include "support/try.h"

namespace placewright::llm {
namespace {

constexpr int kVersion = 1;
constexpr double kMillion = 1e6;
constexpr std::array<std::string_view, 2> kRootKeys = {"version", "price"};
constexpr std::array<std::string_view, 7> kKeys = {"provider", "model",  "input", "cached",
                                                   "output",   "source", "date"};

class Reader {
 public:
  explicit Reader(const SourceFile& file) : file_(file) {}

  Result<std::vector<PriceEntry>> read(const toml::table& root) const {
    PLACEWRIGHT_TRY_VOID(check_keys(root, kRootKeys));
    const auto version = root["version"].value<int64_t>();
    if (version != kVersion) {
      return fail(fmt::format("{}: the price table must begin with `version = {}`", file_.name(),
                              kVersion));
    }
    std::vector<PriceEntry> entries;
    const toml::node* list = root.get("price");
    if (list == nullptr) return entries;
    if (!list->is_array_of_tables()) return wrong(*list, "`price` must be tables `[[price]]`");
    for (const toml::node& node : *list->as_array()) {
      PLACEWRIGHT_TRY(PriceEntry entry, read_entry(*node.as_table()));
      const bool is_known = std::ranges::any_of(entries, [&](const PriceEntry& other) {
        return other.provider == entry.provider && other.model == entry.model;
      });
      if (is_known)
        return wrong(node, fmt::format("a second price of `{}:{}`", entry.provider, entry.model));
      entries.push_back(std::move(entry));
    }
    return entries;
  }

 private:
  tl::unexpected<Error> wrong(const toml::node& node, const std::string& message,
                              std::string help = {}) const {
    const toml::source_position& at = node.source().begin;
    return fail(fmt::format("{}:{}:{}: {}", file_.name(), at.line, at.column, message),
                std::move(help));
  }

  template <size_t kSize>
  Result<void> check_keys(const toml::table& table,
                          const std::array<std::string_view, kSize>& known) const {
    for (const auto& [key, value] : table) {
      if (std::ranges::find(known, key.str()) != known.end()) continue;
      return wrong(value, fmt::format("unknown key `{}`", key.str()),
                   fmt::format("known are {}", fmt::join(known, ", ")));
    }
    return {};
  }

  Result<PriceEntry> read_entry(const toml::table& table) const {
    PLACEWRIGHT_TRY_VOID(check_keys(table, kKeys));
    PriceEntry entry;
    for (const auto& [key, text] :
         {std::pair<std::string_view, std::string*>{"provider", &entry.provider},
          {"model", &entry.model},
          {"source", &entry.source}}) {
      *text = table[key].value_exact<std::string>().value_or("");
      if (text->empty()) return wrong(table, fmt::format("a price needs a string `{}`", key));
    }
    for (const auto& [key, number] :
         {std::pair<std::string_view, double*>{"input", &entry.price.input},
          {"cached", &entry.price.cached},
          {"output", &entry.price.output}}) {
      *number = table[key].value<double>().value_or(-1);
      if (!(*number >= 0) || !std::isfinite(*number)) {
        return wrong(
            table, fmt::format("a price needs a number `{}`, in dollars per million tokens", key));
      }
    }
    const auto date = table["date"].value_exact<toml::date>();
    if (!date) return wrong(table, "a price needs a date, as `date = 2026-11-25`");
    entry.date = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    return entry;
  }

  const SourceFile& file_;
};

}  // namespace

Result<PriceTable> PriceTable::parse(const SourceFile& file) {
  toml::table root;
  try {
    root = parse_toml(file.text(), file.name());
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}:{}:{}: {}", file.name(), error.source().begin.line,
                            error.source().begin.column, error.description()));
  }
  PLACEWRIGHT_TRY(std::vector<PriceEntry> entries, Reader(file).read(root));
  return PriceTable(std::move(entries));
}

std::optional<Price> PriceTable::find(const std::string& provider, const std::string& model) const {
  for (const PriceEntry& entry : entries_) {
    if (entry.provider == provider && entry.model == model) return entry.price;
  }
  return std::nullopt;
}

std::optional<double> dollars(const Price& price, const Usage& usage) {
  if (!usage.input || !usage.output) return std::nullopt;
  const int64_t cached = std::min(usage.cached.value_or(0), *usage.input);
  return (static_cast<double>(*usage.input - cached) * price.input +
          static_cast<double>(cached) * price.cached +
          static_cast<double>(*usage.output) * price.output) /
         kMillion;
}

}  // namespace placewright::llm
