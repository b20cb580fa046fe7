// SPDX-License-Identifier: Apache-2.0
// The whole product by one call of BLAS, without tasks and blocks: what `-verify` compares with.
#pragma once

#include <cstdint>

namespace matmul {

/// What the program prints as CHECKSUM for matrices of order n. Needs 24 n^2 bytes.
[[nodiscard]] uint64_t whole_checksum(int64_t n);

/// The share of entry (i, j) of A in the checksum; the checksum is the sum over all.
[[nodiscard]] uint64_t hash_entry(int64_t n, int64_t i, int64_t j, double value);

}  // namespace matmul
