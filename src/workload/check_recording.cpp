// SPDX-License-Identifier: Apache-2.0
#include "workload/check_recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "support/try.h"

namespace placewright::workload {
namespace {

/// Comparisons of boxes in all sets together; more would take minutes.
constexpr uint64_t kMostComparisons = 100'000'000;

template <class List>
Result<void> check_number(uint32_t number, const List& list, std::string_view what,
                          const std::string& path) {
  if (number < list.size()) return {};
  return fail(fmt::format("`{}` is {} {}, but there are {}", path, what, number, list.size()));
}

bool overlap(const machine::LaunchDomain& a, const machine::LaunchDomain& b) {
  for (int d = 0; d < a.dim(); ++d)
    if (a.hi.at[d] < b.lo.at[d] || b.hi.at[d] < a.lo.at[d]) return false;
  return true;
}

/// Sweeps along the first dimension.
Result<void> check_boxes(const PointSet& points, const std::string& path, uint64_t& comparisons) {
  std::vector<const machine::LaunchDomain*> boxes;
  for (const machine::LaunchDomain& box : points.boxes) boxes.push_back(&box);
  std::ranges::sort(boxes, {}, [](const auto* box) { return box->lo.at[0]; });
  std::vector<const machine::LaunchDomain*> open;
  for (const machine::LaunchDomain* box : boxes) {
    std::erase_if(open, [&](const auto* other) { return other->hi.at[0] < box->lo.at[0]; });
    comparisons += open.size();
    if (comparisons > kMostComparisons)
      return fail(fmt::format("`{}` has too many boxes beside each other to check", path));
    for (const machine::LaunchDomain* other : open)
      if (overlap(*box, *other))
        return fail(fmt::format("`{}` has boxes that overlap: {} and {}", path, other->to_string(),
                                box->to_string()));
    open.push_back(box);
  }
  if (volume(points) == std::numeric_limits<int64_t>::max())
    return fail(fmt::format("`{}` has more points than can be counted", path));
  return {};
}

class Checker {
 public:
  explicit Checker(const Recording& recording) : recording_(recording) {}

  Result<void> run() {
    uint64_t comparisons = 0;
    for (size_t i = 0; i < recording_.point_sets.size(); ++i)
      PLACEWRIGHT_TRY_VOID(
          check_boxes(recording_.point_sets[i], path("point_sets", i), comparisons));
    PLACEWRIGHT_TRY_VOID(check_pieces());
    for (size_t i = 0; i < recording_.requirements.size(); ++i)
      PLACEWRIGHT_TRY_VOID(check_requirement(recording_.requirements[i], path("requirements", i)));
    for (size_t i = 0; i < recording_.argument_lists.size(); ++i)
      for (const uint32_t requirement : recording_.argument_lists[i])
        PLACEWRIGHT_TRY_VOID(check_number(requirement, recording_.requirements, "requirement",
                                          path("argument_lists", i)));
    for (size_t i = 0; i < recording_.measured.size(); ++i)
      PLACEWRIGHT_TRY_VOID(check_number(recording_.measured[i].task, recording_.workload.tasks,
                                        "task", path("measured", i)));
    if (recording_.variants.size() != recording_.workload.tasks.size())
      return fail(fmt::format("`recording.variants` has {} tasks, but there are {}",
                              recording_.variants.size(), recording_.workload.tasks.size()));
    for (size_t i = 0; i < recording_.launches.size(); ++i)
      PLACEWRIGHT_TRY_VOID(check_launch(recording_.launches[i], path("launches", i)));
    for (size_t i = 0; i < recording_.operations.size(); ++i)
      PLACEWRIGHT_TRY_VOID(check_numbers(recording_.operations[i], path("operations", i)));
    return check_programs();
  }

 private:
  static std::string path(std::string_view list, size_t index) {
    return fmt::format("recording.{}[{}]", list, index);
  }

  [[nodiscard]] Result<void> check_numbers(const Operation& operation,
                                           const std::string& path) const {
    if (operation.kind == Operation::Kind::Launch)
      return check_number(operation.number, recording_.launches, "launch", path);
    if (operation.kind != Operation::Kind::Fill) return {};
    PLACEWRIGHT_TRY_VOID(
        check_number(operation.number, recording_.requirements, "requirement", path));
    if (recording_.requirements[operation.number].piece) return {};
    return fail(
        fmt::format("`{}` fills requirement {}, which has no piece", path, operation.number));
  }

  Result<void> check_pieces() {
    for (size_t i = 0; i < recording_.pieces.size(); ++i) {
      const Piece& piece = recording_.pieces[i];
      PLACEWRIGHT_TRY_VOID(check_number(piece.points, recording_.point_sets, "point set",
                                        path("pieces", i) + ".points"));
      PLACEWRIGHT_TRY_VOID(check_number(piece.fields, recording_.field_spaces, "field space",
                                        path("pieces", i) + ".fields"));
      for (const uint32_t ancestor : piece.ancestors)
        PLACEWRIGHT_TRY_VOID(check_number(ancestor, recording_.point_sets, "point set",
                                          path("pieces", i) + ".ancestors"));
    }
    return {};
  }

  Result<void> check_requirement(const Requirement& requirement, const std::string& path) {
    if (!std::ranges::is_sorted(requirement.fields, std::ranges::less_equal()))
      return fail(fmt::format("`{}.fields` are not ascending", path));
    if (!requirement.piece) return {};
    PLACEWRIGHT_TRY_VOID(
        check_number(*requirement.piece, recording_.pieces, "piece", path + ".piece"));
    const auto& known = recording_.field_spaces[recording_.pieces[*requirement.piece].fields];
    for (const uint32_t field : requirement.fields)
      if (std::ranges::find(known, field, &FieldSize::id) == known.end())
        return fail(fmt::format("`{}.fields` has {}, which the piece lacks", path, field));
    return {};
  }

  Result<void> check_launch(const Launch& launch, const std::string& path) {
    const auto& tasks = recording_.workload.tasks;
    if (std::ranges::find(tasks, launch.task, &WorkloadTask::name) == tasks.end())
      return fail(fmt::format("`{}.task` is not among the tasks", path));
    if (launch.points.empty()) return fail(fmt::format("`{}` has no points", path));
    for (const PointTask& task : launch.points) {
      const bool fits = launch.domain ? task.point.dim == launch.domain->dim() &&
                                            launch.domain->contains(task.point)
                                      : task.point.dim == 0 && launch.points.size() == 1;
      if (!fits) return fail(fmt::format("`{}` has a point outside of its domain", path));
      PLACEWRIGHT_TRY_VOID(check_number(task.arguments, recording_.argument_lists, "argument list",
                                        path + ".points"));
      if (task.program)
        PLACEWRIGHT_TRY_VOID(
            check_number(*task.program, recording_.programs, "program", path + ".points"));
      if (task.cost) PLACEWRIGHT_TRY_VOID(check_cost(task, path + ".points"));
    }
    return {};
  }

  Result<void> check_cost(const PointTask& task, const std::string& path) {
    PLACEWRIGHT_TRY_VOID(check_number(*task.cost, recording_.costs, "cost", path));
    const size_t arguments = recording_.argument_lists[task.arguments].size();
    for (const ArgumentCost& argument : recording_.costs[*task.cost].arguments)
      if (argument.requirement >= arguments)
        return fail(fmt::format("`{}` has the cost of argument {}, but there are {}", path,
                                argument.requirement, arguments));
    return {};
  }

  Result<void> check_programs() {
    PLACEWRIGHT_TRY_VOID(
        check_number(recording_.program, recording_.programs, "program", "recording.program"));
    for (size_t i = 0; i < recording_.programs.size(); ++i) {
      // What the first pass of a loop can look back to, later ones can too.
      uint64_t launched = 0;
      for (const Loop& loop : recording_.programs[i]) {
        const uint64_t before = launched;
        for (const uint32_t operation : loop.body)
          PLACEWRIGHT_TRY_VOID(check_operation(i, operation, launched));
        const uint64_t pass = launched - before;
        if (__builtin_mul_overflow(pass, loop.count, &launched) ||
            __builtin_add_overflow(launched, before, &launched))
          launched = std::numeric_limits<uint64_t>::max();
      }
    }
    return {};
  }

  /// One operation of a program, after so many launches.
  Result<void> check_operation(size_t program, uint32_t number, uint64_t& launched) {
    const std::string path = Checker::path("programs", program);
    PLACEWRIGHT_TRY_VOID(check_number(number, recording_.operations, "operation", path));
    const Operation& operation = recording_.operations[number];
    if (operation.kind == Operation::Kind::Wait && operation.number > launched)
      return fail(fmt::format("`{}` waits for the launch {} back, but there are {}", path,
                              operation.number, launched));
    if (operation.kind != Operation::Kind::Launch) return {};
    const Launch& launch = recording_.launches[operation.number];
    for (const uint32_t back : launch.uses_results)
      if (back == 0 || back > launched)
        return fail(fmt::format("`{}` uses the result of the launch {} back, but there are {}",
                                path, back, launched));
    // A task's program comes before that of whoever launched it.
    for (const PointTask& task : launch.points)
      if (task.program && *task.program >= program)
        return fail(
            fmt::format("`{}` contains program {}, which is not before it", path, *task.program));
    if (launched < std::numeric_limits<uint64_t>::max()) ++launched;
    return {};
  }

  const Recording& recording_;
};

}  // namespace

Result<void> check(const Recording& recording) { return Checker(recording).run(); }

}  // namespace placewright::workload
