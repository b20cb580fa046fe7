// SPDX-License-Identifier: Apache-2.0
#include "machine/domain.h"

#include <fmt/core.h>

#include <charconv>
#include <optional>

namespace placewright::machine {
namespace {

/// Reads `3,-1,0`.
std::optional<DomainPoint> parse_point(std::string_view text) {
  DomainPoint point;
  const char* next = text.data();
  const char* const end = text.data() + text.size();
  while (point.dim < kMaxDim) {
    int64_t& coordinate = point.at[point.dim];
    const auto [rest, status] = std::from_chars(next, end, coordinate);
    if (status != std::errc{}) return std::nullopt;
    if (coordinate > kLargestCoordinate || coordinate < -kLargestCoordinate) return std::nullopt;
    ++point.dim;
    if (rest == end) return point;
    if (*rest != ',') return std::nullopt;
    next = rest + 1;
  }
  return std::nullopt;
}

}  // namespace

int64_t LaunchDomain::volume() const {
  __int128 product = dim() > 0 ? 1 : 0;
  for (int d = 0; d < dim(); ++d) {
    if (hi.at[d] < lo.at[d]) return 0;
    product *= static_cast<__int128>(hi.at[d]) - lo.at[d] + 1;
    if (product > INT64_MAX) return INT64_MAX;
  }
  return static_cast<int64_t>(product);
}

bool LaunchDomain::contains(const DomainPoint& point) const {
  if (point.dim != dim()) return false;
  for (int d = 0; d < dim(); ++d) {
    if (point.at[d] < lo.at[d] || point.at[d] > hi.at[d]) return false;
  }
  return true;
}

int64_t LaunchDomain::linear(const DomainPoint& point) const {
  int64_t position = 0;
  for (int d = dim() - 1; d >= 0; --d) position = position * extent(d) + point.at[d] - lo.at[d];
  return position;
}

DomainPoint LaunchDomain::point(int64_t linear) const {
  DomainPoint result;
  result.dim = dim();
  for (int d = 0; d < dim(); ++d) {
    result.at[d] = lo.at[d] + linear % extent(d);
    linear /= extent(d);
  }
  return result;
}

std::string LaunchDomain::to_string() const {
  return fmt::format("{}..{}", machine::to_string(lo), machine::to_string(hi));
}

std::string to_string(const DomainPoint& point) {
  std::string text;
  for (int d = 0; d < point.dim; ++d) {
    if (d > 0) text += ',';
    text += std::to_string(point.at[d]);
  }
  return text;
}

Result<LaunchDomain> parse_launch_domain(std::string_view text) {
  constexpr std::string_view kExample = "write lower and upper bounds like `0,0..7,3`";
  const size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    return fail(fmt::format("`{}` is not a launch domain", text), std::string(kExample));
  }
  const auto lo = parse_point(text.substr(0, dots));
  const auto hi = parse_point(text.substr(dots + 2));
  if (!lo || !hi) {
    return fail(fmt::format("`{}` is not a launch domain: expected 1 to {} integers up to 2^40 on "
                            "either side of `..`",
                            text, kMaxDim),
                std::string(kExample));
  }
  if (lo->dim != hi->dim) {
    return fail(
        fmt::format("launch domain `{}` has {} lower and {} upper bounds", text, lo->dim, hi->dim),
        std::string(kExample));
  }
  LaunchDomain domain{*lo, *hi};
  if (domain.volume() == 0) {
    return fail(fmt::format("launch domain `{}` is empty", text),
                "both bounds are inclusive; the upper one must not be below the lower one");
  }
  return domain;
}

}  // namespace placewright::machine
