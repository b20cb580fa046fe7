// SPDX-License-Identifier: Apache-2.0
// The data of a recording, cut where its pieces meet: cells, each of which every task uses as a whole
// or not at all. Made once for a recording; no mapping changes it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "support/result.h"
#include "workload/recording.h"

namespace placewright::sim {

/// Points of a tree that belong to the same pieces, in fields that belong to the same requirements.
struct Cell {
  uint64_t points = 0;
  uint32_t fields = 0;  ///< How many.
  uint64_t bytes = 0;
};

class Data {
 public:
  /// Errors: pieces that meet in too many ways (their corners make a grid of more than 2^22 boxes).
  [[nodiscard]] static Result<Data> cut(const workload::Recording& recording);

  [[nodiscard]] std::span<const Cell> cells() const { return cells_; }
  /// The cells that a requirement of the recording uses, ascending.
  [[nodiscard]] std::span<const uint32_t> used_by(uint32_t requirement) const {
    return used_[requirement];
  }
  /// The cells of a point set of a tree, in all fields.
  [[nodiscard]] std::vector<uint32_t> of(uint32_t tree, uint32_t point_set) const;
  /// Pieces with the same number have the same index space.
  [[nodiscard]] uint32_t space_of(uint32_t piece) const { return spaces_[piece]; }
  /// The box around a point set.
  [[nodiscard]] const machine::LaunchDomain& bounds(uint32_t point_set) const {
    return bounds_[point_set];
  }
  /// The points of a piece and of those that it was cut from, the tree's root last.
  [[nodiscard]] std::span<const uint64_t> volumes_up(uint32_t piece) const {
    return volumes_[piece];
  }
  /// How many points two point sets of a tree have in common.
  [[nodiscard]] uint64_t common_points(uint32_t tree, uint32_t one, uint32_t other) const;

 private:
  struct Tree {
    std::vector<uint64_t> points;  ///< By atom: points that belong to the same point sets.
    std::map<uint32_t, std::vector<uint32_t>> atoms;  ///< By point set, ascending.
    uint32_t first_cell = 0;
    uint32_t groups = 1;  ///< Groups of fields. Cells of an atom follow each other, one for each.
  };
  [[nodiscard]] static Result<Tree> cut_points(const workload::Recording& recording,
                                               const std::vector<uint32_t>& point_sets);
  void cut_fields(const workload::Recording& recording, uint32_t tree);

  std::map<uint32_t, Tree> trees_;
  std::vector<Cell> cells_;
  std::vector<std::vector<uint32_t>> used_;
  std::vector<machine::LaunchDomain> bounds_;   ///< By point set.
  std::vector<std::vector<uint64_t>> volumes_;  ///< By piece.
  std::vector<uint32_t> spaces_;                ///< By piece.
};

}  // namespace placewright::sim
