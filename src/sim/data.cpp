// SPDX-License-Identifier: Apache-2.0
#include "sim/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "sim/grid.h"
#include "support/try.h"

namespace placewright::sim {
namespace {

constexpr uint64_t kMostGridCells = uint64_t{1} << 22;

/// The point sets of each tree: those of its pieces and of the regions that they were cut from.
std::map<uint32_t, std::vector<uint32_t>> point_sets_of_trees(
    const workload::Recording& recording) {
  std::map<uint32_t, std::set<uint32_t>> sets;
  for (const workload::Piece& piece : recording.pieces) {
    sets[piece.tree].insert(piece.points);
    sets[piece.tree].insert(piece.ancestors.begin(), piece.ancestors.end());
  }
  std::map<uint32_t, std::vector<uint32_t>> lists;
  for (const auto& [tree, all] : sets) lists[tree].assign(all.begin(), all.end());
  return lists;
}

machine::LaunchDomain bounds_of(const workload::PointSet& points) {
  if (points.boxes.empty()) return {{points.dim, {}}, {points.dim, {-1}}};
  machine::LaunchDomain bounds = points.boxes.front();
  for (const machine::LaunchDomain& box : points.boxes) {
    for (int d = 0; d < points.dim; ++d) {
      bounds.lo.at[d] = std::min(bounds.lo.at[d], box.lo.at[d]);
      bounds.hi.at[d] = std::max(bounds.hi.at[d], box.hi.at[d]);
    }
  }
  return bounds;
}

/// Fields that the same requirements of a tree use, with their bytes together.
struct FieldGroup {
  uint32_t fields = 0;
  uint64_t bytes = 0;
};
struct FieldGroups {
  std::vector<FieldGroup> groups;
  std::map<uint32_t, uint32_t> of;  ///< By field.
};

FieldGroups group_fields(const workload::Recording& recording, uint32_t tree) {
  std::map<uint32_t, uint64_t> bytes;
  std::set<std::vector<uint32_t>> lists;
  for (const workload::Piece& piece : recording.pieces) {
    if (piece.tree != tree) continue;
    for (const workload::FieldSize& field : recording.field_spaces[piece.fields])
      bytes[field.id] = field.bytes;
  }
  for (const workload::Requirement& requirement : recording.requirements)
    if (requirement.piece && recording.pieces[*requirement.piece].tree == tree)
      lists.insert(requirement.fields);
  std::map<std::vector<bool>, uint32_t> known;
  FieldGroups result;
  for (const auto& [field, size] : bytes) {
    std::vector<bool> users;
    for (const std::vector<uint32_t>& list : lists)
      users.push_back(std::ranges::binary_search(list, field));
    const auto [group, is_new] =
        known.try_emplace(std::move(users), static_cast<uint32_t>(result.groups.size()));
    if (is_new) result.groups.emplace_back();
    ++result.groups[group->second].fields;
    result.groups[group->second].bytes += size;
    result.of[field] = group->second;
  }
  return result;
}

}  // namespace

Result<Data::Tree> Data::cut_points(const workload::Recording& recording,
                                    const std::vector<uint32_t>& point_sets) {
  const int dim = recording.point_sets[point_sets.front()].dim;
  Grid grid(dim);
  for (const uint32_t set : point_sets)
    for (const machine::LaunchDomain& box : recording.point_sets[set].boxes) grid.add(box);
  const uint64_t size = grid.finish();
  if (size > kMostGridCells)
    return fail(
        fmt::format("the pieces of a region tree meet in too many ways: a grid of {} boxes, "
                    "at most {} can be used",
                    size, kMostGridCells));
  // Cells of the grid that no set has told apart so far have the same number.
  std::vector<uint32_t> atom_of(size, 0);
  uint32_t next = 1;
  for (const uint32_t set : point_sets) {
    std::unordered_map<uint32_t, uint32_t> parts;
    for (const machine::LaunchDomain& box : recording.point_sets[set].boxes)
      grid.for_each(box, [&](uint64_t cell) {
        const auto [part, is_new] = parts.try_emplace(atom_of[cell], next);
        if (is_new) ++next;
        atom_of[cell] = part->second;
      });
  }
  Tree tree;
  std::unordered_map<uint32_t, uint32_t> numbers;
  for (uint64_t cell = 0; cell < size; ++cell) {
    if (atom_of[cell] == 0) continue;
    const auto [number, is_new] =
        numbers.try_emplace(atom_of[cell], static_cast<uint32_t>(tree.points.size()));
    if (is_new) tree.points.push_back(0);
    tree.points[number->second] += grid.points(cell);
  }
  for (const uint32_t set : point_sets) {
    std::set<uint32_t> atoms;
    for (const machine::LaunchDomain& box : recording.point_sets[set].boxes)
      grid.for_each(box, [&](uint64_t cell) { atoms.insert(numbers.at(atom_of[cell])); });
    tree.atoms[set].assign(atoms.begin(), atoms.end());
  }
  return tree;
}

void Data::cut_fields(const workload::Recording& recording, uint32_t number) {
  Tree& tree = trees_.at(number);
  const FieldGroups fields = group_fields(recording, number);
  tree.first_cell = static_cast<uint32_t>(cells_.size());
  tree.groups = static_cast<uint32_t>(fields.groups.size());
  for (const uint64_t points : tree.points)
    for (const FieldGroup& group : fields.groups)
      cells_.push_back({points, group.fields, points * group.bytes});
  for (size_t i = 0; i < recording.requirements.size(); ++i) {
    const workload::Requirement& requirement = recording.requirements[i];
    if (!requirement.piece || recording.pieces[*requirement.piece].tree != number) continue;
    std::set<uint32_t> groups;
    for (const uint32_t field : requirement.fields) groups.insert(fields.of.at(field));
    for (const uint32_t atom : tree.atoms.at(recording.pieces[*requirement.piece].points))
      for (const uint32_t group : groups)
        used_[i].push_back(tree.first_cell + atom * tree.groups + group);
  }
}

Result<Data> Data::cut(const workload::Recording& recording) {
  Data data;
  data.used_.resize(recording.requirements.size());
  for (const workload::PointSet& points : recording.point_sets)
    data.bounds_.push_back(bounds_of(points));
  std::map<std::tuple<uint32_t, std::vector<int64_t>, std::vector<std::string>>, uint32_t> spaces;
  for (const workload::Piece& piece : recording.pieces) {
    const auto number = static_cast<uint32_t>(spaces.size());
    const std::tuple key(piece.points, piece.color, piece.names);
    data.spaces_.push_back(spaces.try_emplace(key, number).first->second);
    std::vector<uint64_t>& volumes = data.volumes_.emplace_back();
    const auto add = [&](uint32_t points) {
      volumes.push_back(static_cast<uint64_t>(volume(recording.point_sets[points])));
    };
    add(piece.points);
    for (const uint32_t ancestor : piece.ancestors) add(ancestor);
  }
  for (const auto& [number, point_sets] : point_sets_of_trees(recording)) {
    PLACEWRIGHT_TRY(Tree tree, cut_points(recording, point_sets));
    data.trees_.emplace(number, std::move(tree));
    data.cut_fields(recording, number);
  }
  return data;
}

std::vector<uint32_t> Data::of(uint32_t number, uint32_t point_set) const {
  const Tree& tree = trees_.at(number);
  std::vector<uint32_t> cells;
  for (const uint32_t atom : tree.atoms.at(point_set))
    for (uint32_t group = 0; group < tree.groups; ++group)
      cells.push_back(tree.first_cell + atom * tree.groups + group);
  return cells;
}

uint64_t Data::common_points(uint32_t number, uint32_t one, uint32_t other) const {
  const Tree& tree = trees_.at(number);
  const std::vector<uint32_t>& atoms = tree.atoms.at(one);
  const std::vector<uint32_t>& others = tree.atoms.at(other);
  uint64_t points = 0;
  for (const uint32_t atom : atoms)
    if (std::ranges::binary_search(others, atom)) points += tree.points[atom];
  return points;
}

}  // namespace placewright::sim
