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

/// What the condition of a rule can ask about a launch.
using LaunchFacts = machine::LaunchFacts;

/// The task object of a mapping function: a point of an index launch, a single task, or the parent
/// of a single task; in the condition of a rule a whole launch. Refers to its domain, parent and
/// facts, which must outlive it.
struct TaskView {
  enum class Launch { Index, Single, Parent, Whole };
  Launch launch = Launch::Index;
  const machine::LaunchDomain* domain = nullptr;  ///< Index only.
  machine::DomainPoint point;                     ///< Index only.
  machine::ProcessorPosition processor;           ///< Single and Parent: where the task is now.
  const TaskView* parent = nullptr;               ///< Single only.
  const LaunchFacts* facts = nullptr;             ///< Whole only.
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
                           FunctionValue, MachineWord, PointSet>;

/// "an integer", "a tuple of 2": for messages.
[[nodiscard]] std::string describe(const Value& value);

/// As `print` shows it: `7`, `true`, `4,2`, `Processor GPU: 2 4`, a set of points as `(0,0) (0,1)`.
[[nodiscard]] std::string to_string(const Value& value);

}  // namespace placewright::lang
