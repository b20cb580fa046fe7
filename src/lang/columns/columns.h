// SPDX-License-Identifier: Apache-2.0
// Columns: one number for each point of a block. The operations that mapping functions are built
// from, and a program of such operations that computes one number per point of a launch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "machine/divider.h"
#include "machine/domain.h"

namespace placewright::lang {

inline constexpr size_t kColumnLength = 1024;
/// The largest number of columns of a program that can be evaluated for single points.
inline constexpr int kMostColumnsAtOnce = 512;

/// One operation on whole columns, which are referred to by number; Booleans are 0 and 1.
struct ColumnOp {
  enum class Kind : uint8_t {
    Fill,            ///< out = value
    Add,             ///< out = a + b
    AddValue,        ///< out = a + value
    Subtract,        ///< out = a - b
    Multiply,        ///< out = a * b
    MultiplyValue,   ///< out = a * value
    Divide,          ///< out = a / b
    DivideValue,     ///< out = a / value with `divider`
    Remainder,       ///< out = a % b
    RemainderValue,  ///< out = a % value with `divider`
    Less,            ///< out = a < b
    LessEqual,       ///< out = a <= b
    Equal,           ///< out = a == b
    And,             ///< out = a && b
    Not,             ///< out = !a
    Select,          ///< out = a ? b : c
    Minimum,         ///< out = min(a, b)
    Maximum,         ///< out = max(a, b)
    Look,            ///< out = table[a]
    CheckRange       ///< Fails unless 0 <= a < value wherever column b is true (everywhere if -1).
  };
  Kind kind = Kind::Fill;
  int out = -1;
  int a = -1;
  int b = -1;
  int c = -1;
  int64_t value = 0;
  machine::Divider divider;
  size_t table = 0;
};

/// Columns 0, 1, .. hold the coordinates of the points.
struct ColumnProgram {
  machine::LaunchDomain domain;
  std::vector<ColumnOp> ops;
  std::vector<std::vector<int32_t>> tables;
  int columns = 0;
  int result = 0;  ///< The column with the numbers.

  /// The numbers of all points in the order of LaunchDomain::linear(); nullopt if a check failed.
  [[nodiscard]] std::optional<std::vector<uint32_t>> run() const;

  /// Whether every point has a number because no check is needed; only then may at() be called.
  [[nodiscard]] bool is_total() const;
  /// The number of one point, without allocation.
  [[nodiscard]] uint32_t at(const machine::DomainPoint& point) const;
};

}  // namespace placewright::lang
