// SPDX-License-Identifier: Apache-2.0
#include "experiments/validity/draw_mapping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "lang/grammar/index_maps.h"
#include "support/draw.h"

namespace placewright::experiments {
namespace {

using lang::grammar::written_name;
using Words = std::vector<std::string>;

const Words kProcessors = {"CPU", "GPU", "OMP"};
const Words kMemories = {"SYSMEM", "FBMEM", "ZCMEM", "SOCKMEM"};

/// The smallest dimension of the task's index launches; nullopt without one.
std::optional<int> rank_of(const workload::WorkloadTask& task) {
  std::optional<int> rank;
  for (const workload::WorkloadLaunch& launch : task.launches) {
    if (launch.index) rank = std::min(rank.value_or(machine::kMaxDim), launch.domain.dim());
  }
  return rank;
}

bool has_single_launch(const workload::WorkloadTask& task) {
  return std::ranges::any_of(task.launches,
                             [](const workload::WorkloadLaunch& launch) { return !launch.index; });
}

bool is_launched_by_a_task(const workload::WorkloadTask& task) {
  return std::ranges::any_of(
      task.launches, [](const workload::WorkloadLaunch& launch) { return launch.depth > 0; });
}

class Author {
 public:
  Author(const workload::Workload& workload, uint64_t seed) : draw_(seed) {
    for (const workload::WorkloadTask& task : workload.tasks) {
      if (is_launched_by_a_task(task)) tasks_.push_back(&task);
    }
  }

  std::string write() {
    for (const std::string& task : names_and_star()) {
      if (draw_.flip()) line("Task {} {};", task, some_of(kProcessors));
    }
    add_regions();
    for (const std::string& task : names_and_star()) {
      if (draw_.flip()) line("Layout {} * * {};", task, layout());
    }
    for (const workload::WorkloadTask* task : tasks_) {
      const std::string name = written_name(task->name);
      if (draw_.flip()) line("InstanceLimit {} {};", name, 1 + draw_.below(8));
      if (draw_.flip()) line("CollectMemory {} *;", name);
      if (const auto rank = rank_of(*task); rank && draw_.flip()) {
        add_index_map(*rank);
        line("IndexTaskMap {} map_{};", name, functions_++);
      }
      if (has_single_launch(*task) && draw_.flip()) {
        add_single_map();
        line("SingleTaskMap {} map_{};", name, functions_++);
      }
    }
    return text_;
  }

 private:
  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    text_ += fmt::format(format, std::forward<Arguments>(arguments)...) + "\n";
  }

  Words names_and_star() const {
    Words names = {"*"};
    for (const workload::WorkloadTask* task : tasks_) names.push_back(written_name(task->name));
    return names;
  }

  /// At least one, in any order.
  std::string some_of(Words words) {
    draw_.shuffle(words);
    words.resize(1 + draw_.below(words.size()));
    return fmt::format("{}", fmt::join(words, ", "));
  }

  void add_regions() {
    for (const std::string& kind : kProcessors) {
      if (draw_.flip()) line("Region * * {} {};", kind, some_of(kMemories));
    }
    for (const workload::WorkloadTask* task : tasks_) {
      Words seen;
      for (size_t i = 0; i < task->arguments.size(); ++i) {
        const auto& names = task->arguments[i].names;
        const std::string name = written_name(names.empty() ? std::to_string(i) : names.front());
        if (std::ranges::find(seen, name) != seen.end()) continue;
        seen.push_back(name);
        if (!draw_.flip()) continue;
        const std::string kind = draw_.one_of(kProcessors);
        line("Region {} {} {} {};", written_name(task->name), name, kind, some_of(kMemories));
      }
    }
  }

  std::string layout() {
    std::string text = draw_.flip() ? "SOA" : "AOS";
    text += draw_.flip() ? " C_order" : " F_order";
    switch (draw_.below(3)) {
      case 0:
        return text;
      case 1:
        return text + " No_Align";
      default:
        return text + fmt::format(" Align == {}", 16 << draw_.below(5));
    }
  }

  /// Adds a transformation to a two-dimensional space and returns the new number of dimensions.
  int add_transformation(std::string& space, int rank) {
    switch (draw_.below(5)) {
      case 0:
        space += ".merge(0, 1)";
        return 1;
      case 1:
        space += fmt::format(".split({}, ", draw_.below(2));
        space += fmt::format("{})", 2 + draw_.below(2));
        return 3;
      case 2:
        space += ".swap(0, 1)";
        return 2;
      case 3:
        space += ".slice(1, 0, 1)";
        return 2;
      default:
        space += fmt::format(".auto_split({}, task.ispace)", draw_.below(2));
        return 1 + rank;
    }
  }

  /// A divisor.
  std::string number(int space_rank, int rank) {
    Words all = {std::to_string(2 + draw_.below(3))};
    for (int d = 0; d < space_rank; ++d) all.push_back(fmt::format("m.size[{}]", d));
    for (int d = 0; d < rank; ++d) all.push_back(fmt::format("task.ispace[{}]", d));
    return draw_.one_of(all);
  }

  std::string coordinate(int space_rank, int rank) {
    Words terms;
    for (int d = 0; d < rank; ++d) {
      const size_t factor = draw_.below(3);
      if (factor == 1) terms.push_back(fmt::format("ip[{}]", d));
      if (factor == 2) terms.push_back(fmt::format("2 * ip[{}]", d));
    }
    if (terms.empty()) terms.push_back(std::to_string(draw_.below(4)));
    std::string text = fmt::format("({})", fmt::join(terms, " + "));
    if (draw_.flip()) text += " / " + number(space_rank, rank);
    if (draw_.flip()) text += " % " + number(space_rank, rank);
    return text;
  }

  void add_index_map(int rank) {
    std::string space = fmt::format("Machine({})", draw_.one_of(kProcessors));
    const int space_rank = draw_.flip() ? add_transformation(space, rank) : 2;
    Words index;
    for (int d = 0; d < space_rank; ++d) index.push_back(coordinate(space_rank, rank));
    line("def map_{}(Task task) {{", functions_);
    line("  m = {};", space);
    line("  ip = task.ipoint;");
    line("  return m[{}];", fmt::join(index, ", "));
    line("}}");
  }

  void add_single_map() {
    line("def map_{}(Task task) {{", functions_);
    line("  m = Machine({});", draw_.one_of(kProcessors));
    if (draw_.flip()) {
      line("  return m[*task.parent.processor(m)];");
    } else {
      const size_t node = draw_.below(4);
      line("  return m[{}, {}];", node, draw_.below(4));
    }
    line("}}");
  }

  Draw draw_;
  std::vector<const workload::WorkloadTask*> tasks_;
  std::string text_;
  int functions_ = 0;
};

}  // namespace

std::string draw_mapping(const std::string& application, const workload::Workload& workload,
                         uint64_t seed) {
  return Author(workload, XXH64(application.data(), application.size(), seed)).write();
}

}  // namespace placewright::experiments
