// SPDX-License-Identifier: Apache-2.0
// The values of expressions during the evaluation of a mapping. Values know nothing about names or
// source ranges.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "machine/domain.h"
#include "machine/kinds.h"
#include "machine/launch_facts.h"
#include "machine/space.h"

namespace placewright::lang {

inline constexpr size_t kMaxTupleLength = 4096;

/// What working on so many elements of a tuple costs, in steps of the evaluation; nothing for the
/// few that usual tuples have.
[[nodiscard]] constexpr int64_t element_steps(size_t elements) {
  return static_cast<int64_t>(elements / 4);
}

/// A short list of integers; up to eight are stored without allocation.
class IntTuple {
 public:
  IntTuple() = default;
  explicit IntTuple(std::span<const int64_t> elements) {
    for (int64_t element : elements) push_back(element);
  }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] int64_t operator[](size_t i) const { return data()[i]; }
  [[nodiscard]] std::span<const int64_t> span() const { return {data(), size_}; }
  void push_back(int64_t element);
  void set(size_t i, int64_t element) {
    (spilled_.empty() ? near_.data() : spilled_.data())[i] = element;
  }
  friend bool operator==(const IntTuple& a, const IntTuple& b);

 private:
  [[nodiscard]] const int64_t* data() const {
    return spilled_.empty() ? near_.data() : spilled_.data();
  }

  size_t size_ = 0;
  std::array<int64_t, 8> near_;
  std::vector<int64_t> spilled_;
};

/// A tuple of integers. The result of indexing a processor space also remembers the kind of
/// processor; any arithmetic, slicing or re-tupling drops that mark.
struct TupleValue {
  IntTuple elements;
  std::optional<machine::ProcessorKind> processor;
  friend bool operator==(const TupleValue&, const TupleValue&) = default;
};

/// The result of indexing a processor space with `*`: processors in ascending order.
struct PointSet {
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  std::vector<machine::ProcessorPosition> points;
};

using LaunchFacts = machine::LaunchFacts;

/// The task object of a mapping function: a point of an index launch, a single task, or the parent
/// of either; in the condition of a rule a whole launch. Refers to its domain, parent and facts,
/// which must outlive it.
struct TaskView {
  enum class Launch { Index, Single, Parent, Whole };
  Launch launch = Launch::Index;
  const machine::LaunchDomain* domain = nullptr;  ///< Index only.
  machine::DomainPoint point;                     ///< Index only.
  machine::ProcessorPosition processor;           ///< Single and Parent: where the task is now.
  const TaskView* parent = nullptr;               ///< Index and Single.
  const LaunchFacts* facts = nullptr;             ///< All but Parent.
};

/// What a mapping function is called with: a point of an index launch if the launch has a domain,
/// else a single task, which counts as being on the first processor of its parent's node. Stays in
/// place, because its parts refer to each other.
struct LaunchedTask {
  explicit LaunchedTask(const LaunchFacts& launch);
  LaunchedTask(const LaunchedTask&) = delete;
  LaunchedTask& operator=(const LaunchedTask&) = delete;

  LaunchFacts facts;
  TaskView parent;
  TaskView task;  ///< The first point; the caller sets others.
};

/// An integer of 2^63 and above, such as a launch's tag. See integer.h.
struct LargeInteger {
  uint64_t value = 0;
};

/// A function of the program, by its number.
struct FunctionValue {
  int function = 0;
};

/// The bare word `Machine`.
struct MachineWord {};

/// monostate is a name without a value.
using Value = std::variant<std::monostate, int64_t, bool, TupleValue, machine::ProcessorSpace,
                           const TaskView*, machine::ProcessorKind, machine::MemoryKind,
                           FunctionValue, MachineWord, PointSet, LargeInteger>;

/// "an integer", "a tuple of 2": for messages.
[[nodiscard]] std::string describe(const Value& value);

/// As `print` shows it: `7`, `true`, `4,2`, `Processor GPU: 2 4`, a set of points as `(0,0) (0,1)`.
[[nodiscard]] std::string to_string(const Value& value);

}  // namespace placewright::lang
