// SPDX-License-Identifier: Apache-2.0
// The strategy of constrained coordinate descent.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "tune/mapping_writer.h"
#include "tune/strategy.h"

namespace placewright::tune {
namespace {

struct Move {
  std::vector<std::pair<int, int>> turns;  ///< Knob, choice.
  std::string words;
};

class DescentStrategy : public Strategy {
 public:
  DescentStrategy(const SearchSpace& space, uint64_t seed) : space_(space), generator_(seed) {
    for (size_t t = 0; t < space_.workload().tasks.size(); ++t)
      tasks_.push_back(static_cast<int>(t));
    shuffle(tasks_);
    std::ranges::stable_sort(tasks_, std::ranges::greater(),
                             [&](int task) { return space_.weight(task); });
  }

  std::string_view name() const override { return "descent"; }

  void begin(const Start& start) override {
    center_ = start.assignment;
    start_rotation();
  }

  Result<std::optional<Proposal>> ask() override {
    while (true) {
      while (!moves_.empty()) {
        const Move move = moves_.front();
        moves_.pop_front();
        asked_ = apply(move);
        if (asked_ != center_ && has_effect(move))
          return Proposal{write_mapping(space_, asked_), move.words};
      }
      if (!changed_) return std::nullopt;
      start_rotation();
    }
  }

  void tell(const Proposal&, const Verdict& verdict) override {
    if (!verdict.accepted) return;
    center_ = asked_;
    changed_ = true;
  }

 private:
  void start_rotation() {
    changed_ = false;
    add_group_moves();
    add_processor_moves();
    add_map_moves();
    add_single_moves<machine::MemoryKind>();
    add_single_moves<LayoutChoice>();
  }

  Assignment apply(const Move& move) const {
    Assignment assignment = center_;
    for (const auto& [knob, choice] : move.turns) assignment[knob] = choice;
    return assignment;
  }

  // Turning a knob of a processor kind that its task does not run on has no effect, unless the same
  // move also moves the task.
  bool has_effect(const Move& move) const {
    const Assignment assignment = apply(move);
    return std::ranges::any_of(move.turns, [&](const auto& turn) {
      return center_[turn.first] != turn.second && space_.is_active(assignment, turn.first);
    });
  }

  // Adds one move per choice that any of the knobs has: turn all knobs that have it.
  void add_joint_moves(const std::vector<int>& knobs, const std::string& what) {
    std::map<std::string, Move> by_choice;
    std::vector<std::string> order;
    for (const int knob : knobs) {
      if (space_.knobs()[knob].fixed) continue;
      const auto& choices = space_.knobs()[knob].choices;
      for (size_t c = 0; c < choices.size(); ++c) {
        const std::string word = to_string(choices[c]);
        if (by_choice.emplace(word, Move{}).second) order.push_back(word);
        by_choice[word].turns.emplace_back(knob, static_cast<int>(c));
      }
    }
    for (const std::string& word : order) {
      Move& move = by_choice[word];
      move.words = fmt::format("{}: {}", what, word);
      moves_.push_back(std::move(move));
    }
  }

  template <class T>
  std::vector<int> knobs_of(int task) const {
    std::vector<int> knobs;
    for (size_t k = 0; k < space_.knobs().size(); ++k) {
      const Knob& knob = space_.knobs()[k];
      if (knob.is<T>() && knob.task == task) knobs.push_back(static_cast<int>(k));
    }
    return knobs;
  }

  template <class T>
  std::vector<int> all_knobs() const {
    std::vector<int> knobs;
    for (const int task : tasks_) {
      for (const int knob : knobs_of<T>(task)) knobs.push_back(knob);
    }
    return knobs;
  }

  void add_processor_moves() {
    const std::vector<int> all = all_knobs<machine::ProcessorKind>();
    if (all.size() > 1) add_joint_moves(all, "all tasks");
    for (const int knob : all) add_joint_moves({knob}, space_.label(knob));
  }

  void add_group_moves() {
    for (const KnobGroup& group : space_.groups()) add_joint_moves(group.knobs, group.name);
  }

  void add_map_moves() {
    const std::vector<int> all = all_knobs<IndexMap>();
    if (all.size() > 1) add_joint_moves(all, "index launches of all tasks");
    for (const int task : tasks_) {
      for (const int knob : knobs_of<IndexMap>(task))
        add_joint_moves({knob}, space_.label(knob) + " index map");
    }
  }

  template <class T>
  void add_single_moves() {
    for (const int task : tasks_) {
      std::vector<int> knobs = knobs_of<T>(task);
      std::ranges::stable_sort(knobs, std::ranges::greater(), [&](int knob) {
        const Knob& k = space_.knobs()[knob];
        return space_.workload().tasks[task].arguments[k.argument].bytes;
      });
      for (const int knob : knobs) add_joint_moves({knob}, space_.label(knob));
    }
  }

  void shuffle(std::vector<int>& list) {
    for (size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[generator_() % i]);
  }

  const SearchSpace& space_;
  Assignment center_;
  Assignment asked_;
  std::mt19937_64 generator_;
  std::vector<int> tasks_;  // heaviest first
  std::deque<Move> moves_;
  bool changed_ = false;
};

}  // namespace

std::unique_ptr<Strategy> make_descent_strategy(const SearchSpace& space, uint64_t seed) {
  return std::make_unique<DescentStrategy>(space, seed);
}

}  // namespace placewright::tune
