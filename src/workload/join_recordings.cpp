// SPDX-License-Identifier: Apache-2.0
// Puts together what the processes of a run saw.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "support/try.h"
#include "workload/check_recording.h"
#include "workload/cost_key.h"
#include "workload/numbered.h"
#include "workload/partial_recording.h"

namespace placewright::workload {
namespace {

using Part = PartialRecording;

/// What the numbers of one part are in the whole.
struct Renumbered {
  std::vector<uint32_t> point_sets, field_spaces, pieces, requirements, argument_lists, costs;
};

class Join {
 public:
  Result<void> add(const Part& part) {
    Renumbered to;
    PLACEWRIGHT_TRY_VOID(add_tables(part.seen, to));
    PLACEWRIGHT_TRY_VOID(add_launches(part, to));
    for (const auto& [task, program] : part.programs)
      PLACEWRIGHT_TRY_VOID(add_program(task, program, to));
    for (const auto& [task, cost] : part.costs) {
      PLACEWRIGHT_TRY(costs_of_[task], renumbered(cost, to.costs, "cost"));
    }
    for (const std::string& word : part.seen.left_out)
      if (std::ranges::find(left_out_, word) == left_out_.end()) left_out_.push_back(word);
    return {};
  }

  Result<Recording> finish(Workload workload) {
    Recording recording{std::move(workload)};
    PLACEWRIGHT_TRY(recording.program, program_of(0));
    for (const WorkloadTask& task : recording.workload.tasks)
      recording.variants.push_back(variants_[task.name]);
    recording.field_spaces = std::move(field_spaces_.values);
    recording.point_sets = std::move(point_sets_.values);
    recording.pieces = std::move(pieces_.values);
    recording.requirements = std::move(requirements_.values);
    recording.argument_lists = std::move(argument_lists_.values);
    recording.costs = std::move(costs_);
    recording.launches = std::move(launches_.values);
    recording.operations = std::move(operations_.values);
    recording.programs = std::move(programs_);
    recording.left_out = std::move(left_out_);
    if (lacks_order_)
      recording.left_out.emplace_back("the fences, waits and results of some tasks");
    PLACEWRIGHT_TRY_VOID(check(recording));
    return recording;
  }

 private:
  struct Point {
    PointTask described;
    TaskNumber task = 0;
  };
  struct Launched {
    Launch launch;  ///< Without points.
    std::vector<Point> points;
  };

  static Result<uint32_t> renumbered(uint32_t number, const std::vector<uint32_t>& to,
                                     std::string_view what) {
    if (number < to.size()) return to[number];
    return fail(fmt::format("a process has {} {}, but there are {}", what, number, to.size()));
  }
  static Result<void> renumber(std::vector<uint32_t>& numbers, const std::vector<uint32_t>& to,
                               std::string_view what) {
    for (uint32_t& number : numbers) {
      PLACEWRIGHT_TRY(number, renumbered(number, to, what));
    }
    return {};
  }

  Result<void> add_tables(const Recording& seen, Renumbered& to) {
    for (size_t i = 0; i < std::min(seen.variants.size(), seen.workload.tasks.size()); ++i)
      if (!seen.variants[i].empty()) variants_[seen.workload.tasks[i].name] = seen.variants[i];
    for (const PointSet& points : seen.point_sets)
      to.point_sets.push_back(point_sets_.number(points));
    for (const std::vector<FieldSize>& fields : seen.field_spaces)
      to.field_spaces.push_back(field_spaces_.number(fields));
    for (Piece piece : seen.pieces) {
      PLACEWRIGHT_TRY(piece.points, renumbered(piece.points, to.point_sets, "point set"));
      PLACEWRIGHT_TRY(piece.fields, renumbered(piece.fields, to.field_spaces, "field space"));
      PLACEWRIGHT_TRY_VOID(renumber(piece.ancestors, to.point_sets, "point set"));
      to.pieces.push_back(pieces_.number(piece));
    }
    for (Requirement requirement : seen.requirements) {
      if (requirement.piece) {
        PLACEWRIGHT_TRY(requirement.piece, renumbered(*requirement.piece, to.pieces, "piece"));
      }
      to.requirements.push_back(requirements_.number(requirement));
    }
    for (std::vector<uint32_t> list : seen.argument_lists) {
      PLACEWRIGHT_TRY_VOID(renumber(list, to.requirements, "requirement"));
      to.argument_lists.push_back(argument_lists_.number(list));
    }
    for (const TaskCost& cost : seen.costs) {
      const auto [known, is_new] =
          cost_numbers_.try_emplace(key_of(cost), static_cast<uint32_t>(costs_.size()));
      if (is_new) costs_.push_back(cost);
      to.costs.push_back(known->second);
    }
    return {};
  }

  Result<void> add_launches(const Part& part, const Renumbered& to) {
    if (part.places.size() != part.seen.launches.size())
      return fail(fmt::format("a process has {} launches and {} places", part.seen.launches.size(),
                              part.places.size()));
    for (size_t i = 0; i < part.places.size(); ++i) {
      const Part::Place& place = part.places[i];
      const Launch& launch = part.seen.launches[i];
      if (place.tasks.size() != launch.points.size())
        return fail(fmt::format("a process has {} points and {} tasks of them",
                                launch.points.size(), place.tasks.size()));
      Launched& launched = launched_[place.parent][place.number];
      if (launched.launch.task.empty()) {
        launched.launch = launch;
        launched.launch.points.clear();
      }
      for (size_t point = 0; point < launch.points.size(); ++point) {
        Point described{launch.points[point], place.tasks[point]};
        // Another process may have mapped it too.
        if (!tasks_.insert(described.task).second) continue;
        PLACEWRIGHT_TRY(
            described.described.arguments,
            renumbered(described.described.arguments, to.argument_lists, "argument list"));
        launched.points.push_back(std::move(described));
      }
    }
    return {};
  }

  /// All shards of a task do the same; what they disagree in is left out.
  Result<void> add_program(TaskNumber task, Part::Program program, const Renumbered& to) {
    for (Part::Mark& mark : program.marks) {
      if (mark.operation.kind != Operation::Kind::Fill) continue;
      PLACEWRIGHT_TRY(mark.operation.number,
                      renumbered(mark.operation.number, to.requirements, "requirement"));
    }
    const auto [known, is_new] = orders_.try_emplace(task, program);
    if (!is_new && known->second != program) known->second.launches = kUnknown;
    return {};
  }

  Result<Launch> complete(const Launched& launched) {
    Launch launch = launched.launch;
    for (const Point& point : launched.points) {
      PointTask described = point.described;
      if (launched_.contains(point.task)) {
        PLACEWRIGHT_TRY(described.program, program_of(point.task));
      }
      if (const auto cost = costs_of_.find(point.task); cost != costs_of_.end())
        described.cost = cost->second;
      launch.points.push_back(std::move(described));
    }
    std::ranges::sort(launch.points);
    return launch;
  }

  Result<uint32_t> program_of(TaskNumber task) {
    if (!open_.insert(task).second) return fail(fmt::format("task {} launches itself", task));
    const std::map<uint64_t, Launched>& launches = launched_[task];
    Part::Program order = orders_[task];
    if (order.launches != launches.size()) {
      lacks_order_ = true;
      order = {};
    }
    std::vector<uint32_t> sequence;
    auto mark = order.marks.begin();
    const auto add_marks = [&](uint64_t launched) {
      for (; mark != order.marks.end() && mark->launches <= launched; ++mark)
        sequence.push_back(operations_.number(mark->operation));
    };
    uint64_t number = 0;
    for (const auto& [place, launched] : launches) {
      add_marks(number);
      PLACEWRIGHT_TRY(Launch launch, complete(launched));
      launch.uses_results = order.uses_results[number++];
      sequence.push_back(operations_.number({Operation::Kind::Launch, launches_.number(launch)}));
    }
    add_marks(number);
    open_.erase(task);
    const uint32_t known = sequences_.number(sequence);
    if (known == programs_.size()) programs_.push_back(find_loops(sequence));
    return known;
  }

  static constexpr uint64_t kUnknown = UINT64_MAX;

  Numbered<PointSet> point_sets_;
  Numbered<std::vector<FieldSize>> field_spaces_;
  Numbered<Piece> pieces_;
  Numbered<Requirement> requirements_;
  Numbered<std::vector<uint32_t>> argument_lists_;
  std::map<std::vector<double>, uint32_t> cost_numbers_;
  std::vector<TaskCost> costs_;
  std::map<std::string, std::vector<RecordedVariant>> variants_;
  std::map<TaskNumber, std::map<uint64_t, Launched>> launched_;  ///< By parent and place.
  std::set<TaskNumber> tasks_;
  std::map<TaskNumber, Part::Program> orders_;
  std::map<TaskNumber, uint32_t> costs_of_;
  std::vector<std::string> left_out_;

  Numbered<Launch> launches_;
  Numbered<Operation> operations_;
  Numbered<std::vector<uint32_t>> sequences_;
  std::vector<std::vector<Loop>> programs_;
  std::set<TaskNumber> open_;
  bool lacks_order_ = false;
};

}  // namespace

Result<Recording> join(std::span<const PartialRecording> parts) {
  std::vector<Workload> workloads;
  Join whole;
  for (const Part& part : parts) {
    workloads.push_back(part.seen.workload);
    PLACEWRIGHT_TRY_VOID(whole.add(part));
  }
  PLACEWRIGHT_TRY(Workload workload, merge(workloads));
  return whole.finish(std::move(workload));
}

}  // namespace placewright::workload
