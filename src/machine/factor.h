// SPDX-License-Identifier: Apache-2.0
// Splitting a number of processors into factors, one per dimension. Pure arithmetic: knows nothing
// of spaces, which use it for balance_split, auto_split and greedy_split.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "support/result.h"

namespace placewright {

/// In ascending order, repeated; none for 1. `number` is at least 1.
[[nodiscard]] std::vector<int64_t> prime_factors(int64_t number);

/// What is wrong with splitting `number` over extents: `number` below 1, no extent, one below 1.
[[nodiscard]] std::optional<Error> find_split_error(int64_t number,
                                                    std::span<const int64_t> extents);

/// Each prime factor, in ascending order, multiplies the smallest part so far (the first of
/// equals); the parts are then sorted descending. Not always as even as possible: 12 -> (6,2).
///
/// Errors: `number` or `parts` below 1.
[[nodiscard]] Result<std::vector<int64_t>> balance_split(int64_t number, int parts);

/// Each prime factor, in descending order, goes to the dimension whose extent divided by its factor
/// so far is largest (the first of equals), as Legion's default mapper does.
///
/// Errors: `number` below 1, no extent, an extent below 1.
[[nodiscard]] Result<std::vector<int64_t>> greedy_split(int64_t number,
                                                        std::span<const int64_t> extents);

/// The factorization with the smallest sum of factor / extent, which minimises the surface of the
/// blocks that the extents are cut into. Among equals the result of greedy_split() wins, else the
/// first in the order of enumeration (larger primes outermost, exponents of the first dimension
/// ascending). Factors are not limited by the extents: (4; (2,1)) -> (4,1).
///
/// Errors: as greedy_split(), and more than a million candidate factorizations.
[[nodiscard]] Result<std::vector<int64_t>> auto_split(int64_t number,
                                                      std::span<const int64_t> extents);

}  // namespace placewright
