// SPDX-License-Identifier: Apache-2.0
#include "tune/evaluation.h"

#include <algorithm>
#include <array>

namespace placewright::tune {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, kStatusCount> kWords = {
    "ok",           "rejected-mapping", "mapper-error",           "out-of-memory",
    "crash",        "timeout",          "wrong-result",           "no-metric",
    "not-legion",   "mapper-ignored",   "processes-did-not-join", "failed",
    "not-measured", "cancelled"};
static_assert(kWords[static_cast<size_t>(Status::Cancelled)] == "cancelled");

}  // namespace

std::string_view to_string(Status status) { return kWords[static_cast<size_t>(status)]; }

std::optional<Status> parse_status(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<Status>(found - kWords.begin());
}

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::Default:
      return "default";
    case Origin::Expert:
      return "expert";
    case Origin::HandWritten:
      return "hand-written";
    case Origin::Strategy:
      return "strategy";
  }
  return "strategy";
}

Origin parse_origin(std::string_view word) {
  for (const Origin baseline : kBaselines) {
    if (to_string(baseline) == word) return baseline;
  }
  return Origin::Strategy;
}

}  // namespace placewright::tune
