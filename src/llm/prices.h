// SPDX-License-Identifier: Apache-2.0
// Token prices, in a table that users can read and extend. A price that is not in it is unknown;
// nothing is guessed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "llm/language_model.h"
#include "support/source.h"

namespace placewright::llm {

/// Dollars per million tokens.
struct Price {
  double input = 0;
  double cached = 0;  ///< For prompt tokens in the server's cache.
  double output = 0;
  friend bool operator==(const Price&, const Price&) = default;
};

struct PriceEntry {
  std::string provider;  ///< "openai", "anthropic", "ollama", or the host of an address.
  std::string model;     ///< Exactly as it is asked for.
  Price price;
  std::string source;  ///< Where the price was read.
  std::string date;    ///< When, as 2026-11-25.
};

class PriceTable {
 public:
  PriceTable() = default;
  explicit PriceTable(std::vector<PriceEntry> entries) : entries_(std::move(entries)) {}

  /// Errors: not TOML, another version, an unknown or missing key, a price below zero, no date, the
  /// same model twice; each with its line.
  [[nodiscard]] static Result<PriceTable> parse(const SourceFile& file);

  [[nodiscard]] std::optional<Price> find(const std::string& provider,
                                          const std::string& model) const;
  [[nodiscard]] const std::vector<PriceEntry>& entries() const { return entries_; }

 private:
  std::vector<PriceEntry> entries_;
};

/// A call's cost; nullopt unless both input and output were counted.
[[nodiscard]] std::optional<double> dollars(const Price& price, const Usage& usage);

}  // namespace placewright::llm
