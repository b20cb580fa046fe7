// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include "common/options.h"
#include "costs.h"

namespace pennant {
namespace {

std::string at_least(const char* option, int64_t least) {
  return "`" + std::string(option) + "` must be at least " + std::to_string(least);
}

/// The first row of zones of a piece, which is also its first row of points.
int64_t row_of_piece(const Problem& problem, int64_t piece) {
  return piece * problem.nzy / problem.pieces;
}

}  // namespace

std::string find_mistake(const Problem& problem) {
  constexpr int64_t kMost = int64_t{1} << 31;
  if (problem.nzx < 1) return at_least("-nzx", 1);
  if (problem.nzy < 1) return at_least("-nzy", 1);
  if (problem.pieces < 1) return at_least("-npieces", 1);
  if (problem.nzx > kMost) return "`-nzx` must be at most 2^31";
  if (problem.nzy > kMost) return "`-nzy` must be at most 2^31";
  if (problem.pieces > problem.nzy) {
    return "`-npieces` " + std::to_string(problem.pieces) + " is more than the " +
           std::to_string(problem.nzy) + " rows of zones (`-nzy`)";
  }
  if (problem.pieces > apps::kMostPieces) {
    return "`-npieces` must be at most " + std::to_string(apps::kMostPieces);
  }
  if (problem.zones() > int64_t{1} << 40) return "more than 2^40 zones";
  if (problem.loops < 1) return at_least("-l", 1);
  if (problem.warmup < 0) return "`-warmup` must not be negative";
  if (problem.loops > kMost) return "`-l` must be at most 2^31";
  if (problem.warmup > kMost) return "`-warmup` must be at most 2^31";
  return {};
}

Piece describe_piece(const Problem& problem, int64_t piece) {
  const int64_t per_row = problem.points_per_row();
  const int64_t first = row_of_piece(problem, piece);
  const int64_t last = row_of_piece(problem, piece + 1);
  const bool shares_first = piece > 0;
  const bool shares_last = piece + 1 < problem.pieces;
  const auto shared_start = [&](int64_t interface) {
    return problem.private_points() + interface * per_row;
  };
  Piece p;
  p.zones = {first * problem.nzx, last * problem.nzx - 1};
  p.sides = {p.zones.first * kSidesPerZone, (p.zones.last + 1) * kSidesPerZone - 1};

  // Each earlier interface shares one row of those below this piece's; the others are private.
  const int64_t inner_first = first + (shares_first ? 1 : 0);
  const int64_t inner_last = last - (shares_last ? 1 : 0);
  const int64_t inner_start = (inner_first - piece) * per_row;
  p.private_points = {inner_start, inner_start + (inner_last - inner_first + 1) * per_row - 1};
  if (shares_last) {
    p.shared_row = last;
    p.shared_points = {shared_start(piece), shared_start(piece + 1) - 1};
  }
  if (shares_first || shares_last) {
    p.ghost_points = {shared_start(shares_first ? piece - 1 : piece),
                      shared_start(shares_last ? piece + 1 : piece) - 1};
  }
  const auto inner = [&](int64_t row) { return inner_start + (row - inner_first) * per_row; };
  p.rows = {per_row,
            first,
            last,
            shares_first ? shared_start(piece - 1) : inner(first),
            shares_last ? shared_start(piece) : inner(last),
            inner_first,
            inner_start};
  // Two corners of each zone in the first row lie in the first row of points; so at the end.
  p.ghost_corners = 2 * problem.nzx * ((shares_first ? 1 : 0) + (shares_last ? 1 : 0));
  p.private_corners = p.sides.size() - p.ghost_corners;
  return p;
}

std::vector<Piece> describe_pieces(const Problem& problem) {
  std::vector<Piece> result;
  for (int64_t i = 0; i < problem.pieces; ++i) result.push_back(describe_piece(problem, i));
  return result;
}

double flops_per_cycle(const Problem& problem) {
  const auto zones = static_cast<double>(problem.zones());
  const auto points = static_cast<double>(problem.points());
  return zones * (kEverythingFlops + kEverythingFullFlops + kTimeStepFlops) +
         points * (kHalfFlops + kFullFlops);
}

}  // namespace pennant
