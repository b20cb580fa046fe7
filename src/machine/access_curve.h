// SPDX-License-Identifier: Apache-2.0
// Measured rates of memory accesses in a machine file: `[access.<processor>.<memory>]`, a curve over
// the footprint for each access pattern.
//
// It says nothing about tasks; include/placewright/access_rates.h holds the same numbers for those.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace placewright::machine {

/// One measured point: different bytes touched, and bytes or accesses per second.
struct AccessPoint {
  double footprint = 0;
  double value = 0;
  double min = 0;
  double max = 0;
};

struct AccessCurve {
  std::vector<AccessPoint> points;  ///< Ascending in footprint.
  std::string source;
};

/// Seconds between two atomics on one line.
struct HotLine {
  double value = 0;
  double min = 0;
  double max = 0;
  std::string source;
};

/// The rates of one processor kind on one memory: all of kAccessPatterns or none.
struct AccessTable {
  std::map<std::string, AccessCurve, std::less<>> curves;
  HotLine hot_line;
};

inline constexpr std::string_view kAccessPatterns[] = {"stream_read", "stream_write", "irregular",
                                                       "atomic"};
/// What `[access.<processor>.<memory>]` can name, as `<processor>.<memory>`.
inline constexpr std::string_view kAccessPlaces[] = {"gpu.frame_buffer", "gpu.zero_copy",
                                                     "cpu.host"};

}  // namespace placewright::machine
