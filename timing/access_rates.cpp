// SPDX-License-Identifier: Apache-2.0
#include <placewright/access_rates.h>

#include <algorithm>
#include <cmath>

namespace placewright {

double rate_at(const RateCurve& curve, double footprint_bytes) {
  if (footprint_bytes <= 0) return curve.back().per_second;
  const auto above = std::find_if(curve.begin(), curve.end(), [&](const RatePoint& point) {
    return point.footprint_bytes >= footprint_bytes;
  });
  if (above == curve.end()) return curve.back().per_second;
  if (above == curve.begin()) return above->per_second;
  const RatePoint& below = *(above - 1);
  const double share = std::log(footprint_bytes / below.footprint_bytes) /
                       std::log(above->footprint_bytes / below.footprint_bytes);
  return below.per_second * std::pow(above->per_second / below.per_second, share);
}

}  // namespace placewright
