// SPDX-License-Identifier: Apache-2.0
// Splits a number of processors into factors, one per dimension. Pure arithmetic, without knowledge
// of processor spaces, which use it for balance_split, auto_split and greedy_split.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "support/result.h"

namespace placewright::machine {

/// In ascending order, with repetition; empty for 1. `number` is at least 1.
[[nodiscard]] std::vector<int64_t> prime_factors(int64_t number);

/// Why `number` cannot be split over the extents: `number` below 1, no extent, or an extent below
/// 1.
[[nodiscard]] std::optional<Error> find_split_error(int64_t number,
                                                    std::span<const int64_t> extents);

/// Each prime factor, in ascending order, is multiplied into the smallest part so far (the first of
/// equals); the parts are then sorted in descending order. Not always as even as possible: 12 ->
/// (6,2).
///
/// Errors: `number` or `parts` below 1.
[[nodiscard]] Result<std::vector<int64_t>> balance_split(int64_t number, int parts);

/// Each prime factor, in descending order, goes to the dimension whose extent divided by its factor
/// so far is largest (the first of equals), as Legion's default mapper does.
///
/// Errors: `number` below 1, no extent, an extent below 1.
[[nodiscard]] Result<std::vector<int64_t>> greedy_split(int64_t number,
                                                        std::span<const int64_t> extents);

/// The factorization with the smallest sum of factor / extent, which minimizes the surface of the
/// blocks that the extents are cut into. Among equals the result of greedy_split() wins, else the
/// first in enumeration order (larger primes outermost, exponents of the first dimension
/// ascending). The extents do not limit the factors: (4; (2,1)) -> (4,1).
///
/// Adds the number of candidates to `steps` if given. Errors: those of greedy_split(), and more than
/// a million candidate factorizations.
[[nodiscard]] Result<std::vector<int64_t>> auto_split(int64_t number,
                                                      std::span<const int64_t> extents,
                                                      int64_t* steps = nullptr);

}  // namespace placewright::machine
