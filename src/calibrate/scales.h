// SPDX-License-Identifier: Apache-2.0
// Factors by which a machine differs from its file: few, so that some runs determine them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "machine/description.h"

namespace placewright::calibrate {

/// Numbers of a machine file that are multiplied by one factor.
struct Scale {
  std::string_view name;
  std::string_view words;
  std::span<const std::string_view> keys;
};

inline constexpr size_t kScaleCount = 3;
[[nodiscard]] std::span<const Scale, kScaleCount> scales();

/// By the number of the scale.
using Factors = std::array<double, kScaleCount>;
inline constexpr Factors kUnscaled = {1, 1, 1};

/// The largest factor that leaves all efficiencies of a scale at 1 or below.
[[nodiscard]] double most(const Scale& scale, const machine::MachineDescription& machine);

[[nodiscard]] machine::MachineDescription scaled(const machine::MachineDescription& machine,
                                                 const Factors& factors);

/// The text of a machine file, which was read before, with scaled values and ranges; everything else
/// stays as it is. Factors of 1 change nothing.
[[nodiscard]] std::string scaled_text(const std::string& text, const Factors& factors);

}  // namespace placewright::calibrate
