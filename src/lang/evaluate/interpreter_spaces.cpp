// SPDX-License-Identifier: Apache-2.0
// Processor spaces and tasks: members, transformations, indexing.
#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>

#include "lang/evaluate/interpreter.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

IntTuple coordinates(const machine::DomainPoint& point) {
  return IntTuple({point.at.data(), static_cast<size_t>(point.dim)});
}

IntTuple extents(const machine::LaunchDomain& domain) {
  IntTuple result;
  for (int d = 0; d < domain.dim(); ++d) result.push_back(domain.extent(d));
  return result;
}

/// The domain of a launch; null if the task has none.
const machine::LaunchDomain* domain_of(const TaskView& task) {
  if (task.launch == TaskView::Launch::Whole)
    return task.facts->domain ? &*task.facts->domain : nullptr;
  return task.launch == TaskView::Launch::Index ? task.domain : nullptr;
}

bool is_method(Member member) {
  switch (member) {
    case Member::Size:
    case Member::Volume:
    case Member::Len:
    case Member::IPoint:
    case Member::ISpace:
    case Member::Lo:
    case Member::Hi:
    case Member::Parent:
    case Member::Tag:
    case Member::Depth:
      return false;
    default:
      return true;
  }
}

struct Signature {
  size_t integers;
  size_t tuples;
  std::string_view example;
};

Signature signature(Member member) {
  switch (member) {
    case Member::Merge:
      return {2, 0, "merge(0, 1)"};
    case Member::Split:
      return {2, 0, "split(0, 2)"};
    case Member::Swap:
      return {2, 0, "swap(0, 1)"};
    case Member::Slice:
      return {3, 0, "slice(0, 1, 3)"};
    case Member::Reverse:
      return {1, 0, "reverse(0)"};
    case Member::BalanceSplit:
      return {2, 0, "balance_split(0, 2)"};
    case Member::AutoSplit:
      return {1, 1, "auto_split(0, task.ispace)"};
    case Member::GreedySplit:
      return {1, 1, "greedy_split(0, task.ispace)"};
    default:
      return {1, 2, "decompose(0, task.ispace)"};
  }
}

Result<machine::ProcessorSpace> apply(const machine::ProcessorSpace& space, Member member,
                                      const std::array<int64_t, 3>& n,
                                      const std::array<IntTuple, 2>& t) {
  switch (member) {
    case Member::Merge:
      return space.merge(n[0], n[1]);
    case Member::Split:
      return space.split(n[0], n[1]);
    case Member::Swap:
      return space.swap(n[0], n[1]);
    case Member::Slice:
      return space.slice(n[0], n[1], n[2]);
    case Member::Reverse:
      return space.reverse(n[0]);
    case Member::BalanceSplit:
      return space.balance_split(n[0], n[1]);
    case Member::AutoSplit:
      return space.auto_split(n[0], t[0].span());
    case Member::GreedySplit:
      return space.greedy_split(n[0], t[0].span());
    default:
      return space.decompose(n[0], t[0].span(), t[1].span());
  }
}

}  // namespace

bool Interpreter::eval_property(const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(code.children[0], scratch);
  if (!object) return false;
  if (is_method(code.member)) {
    return fail(DiagnosticKind::TypeMismatch, code.range,
                fmt::format("`{}` needs arguments in parentheses", to_string(code.member)));
  }
  const auto* tuple = std::get_if<TupleValue>(object);
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  const auto* task = std::get_if<const TaskView*>(object);
  const bool index_launch = task && (*task)->launch == TaskView::Launch::Index;
  const bool whole = task && (*task)->launch == TaskView::Launch::Whole;
  const bool of_domain =
      code.member == Member::ISpace || code.member == Member::Lo || code.member == Member::Hi;
  const machine::LaunchDomain* domain = task ? domain_of(**task) : nullptr;
  if (code.member == Member::Size && tuple) {
    out = TupleValue(*tuple);
  } else if (code.member == Member::Size && space) {
    out = TupleValue{IntTuple(space->sizes().span()), {}};
  } else if (code.member == Member::Len && (tuple || space)) {
    out = tuple ? static_cast<int64_t>(tuple->elements.size()) : int64_t{space->rank()};
  } else if (code.member == Member::Volume && space) {
    out = space->volume();
  } else if (code.member == Member::Volume && tuple) {
    int64_t product = 1;
    for (int64_t element : tuple->elements.span()) {
      if (!arithmetic(code, BinaryOp::Multiply, product, element, product)) return false;
    }
    out = product;
  } else if (code.member == Member::IPoint && index_launch) {
    out = TupleValue{coordinates((*task)->point), {}};
  } else if (code.member == Member::ISpace && domain) {
    out = TupleValue{extents(*domain), {}};
  } else if (code.member == Member::Lo && domain) {
    out = TupleValue{coordinates(domain->lo), {}};
  } else if (code.member == Member::Hi && domain) {
    out = TupleValue{coordinates(domain->hi), {}};
  } else if (whole && of_domain) {
    out = TupleValue{};  // a single task has no dimensions
  } else if (whole && code.member == Member::Tag) {
    out = (*task)->facts->tag;
  } else if (whole && code.member == Member::Depth) {
    out = (*task)->facts->depth;
  } else if (code.member == Member::Parent && task && (*task)->parent) {
    out = (*task)->parent;
  } else if (task && code.member >= Member::IPoint) {
    const bool wants_parent = code.member == Member::Parent;
    const bool wants_condition = code.member == Member::Tag || code.member == Member::Depth;
    return fail(DiagnosticKind::UnavailableMember, code.range,
                fmt::format("{} has no `{}`",
                            whole             ? "the condition of a rule"
                            : index_launch    ? "a point of an index launch"
                            : (*task)->parent ? "a single task"
                                              : "a parent task",
                            to_string(code.member)),
                wants_condition ? "only the condition of a rule has the tag and the depth"
                : wants_parent  ? "only a single task, mapped by `SingleTaskMap`, has a `parent`"
                                : "only an index launch, mapped by `IndexTaskMap`, has points");
  } else {
    return fail(DiagnosticKind::TypeMismatch, code.range,
                fmt::format("{} has no `{}`", describe(*object), to_string(code.member)));
  }
  return true;
}

bool Interpreter::eval_method(const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(code.children[0], scratch);
  if (!object) return false;
  if (!is_method(code.member)) {
    return fail(DiagnosticKind::TypeMismatch, code.range,
                fmt::format("`{}` takes no arguments", to_string(code.member)),
                "remove the parentheses");
  }
  std::vector<Value> arguments;
  const bool is_question = code.member == Member::Has || code.member == Member::Processor;
  if (!eval_arguments(code, 1, arguments)) return false;
  if (is_question && arguments.size() != 1) {
    return fail(
        DiagnosticKind::WrongArgumentCount, code.range,
        fmt::format("`{}` takes 1 argument, found {}", to_string(code.member), arguments.size()));
  }
  if (code.member == Member::Has) return has_memory(code, *object, arguments[0], out);
  if (code.member == Member::Processor) {
    const auto* task = std::get_if<const TaskView*>(object);
    if (!task) return type_error(code.children[0], "a task before `.processor`", *object);
    return processor_of(code, **task, arguments[0], out);
  }
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  if (!space) {
    return type_error(code.children[0],
                      fmt::format("a processor space before `.{}`", to_string(code.member)),
                      *object);
  }
  return transform(code, *space, arguments, out);
}

bool Interpreter::has_memory(const Code& code, const Value& object, const Value& memory,
                             Value& out) {
  const auto* processor = std::get_if<TupleValue>(&object);
  const auto* kind = std::get_if<machine::MemoryKind>(&memory);
  if (!processor || !processor->processor) {
    return type_error(code.children[0], "a processor like `m[0, 0]` before `.has`", object);
  }
  if (!kind) return type_error(code.children[1], "a memory kind", memory);
  out = program_.machine.has_memory(*processor->processor, *kind,
                                    static_cast<int>(processor->elements[0]));
  return true;
}

bool Interpreter::processor_of(const Code& code, const TaskView& task, const Value& space,
                               Value& out) {
  const auto* where = std::get_if<machine::ProcessorSpace>(&space);
  if (!where) return type_error(code.children[1], "a processor space", space);
  if (task.launch == TaskView::Launch::Whole) {
    return fail(DiagnosticKind::UnavailableMember, code.range,
                "the condition of a rule has no `processor`",
                "it applies to a whole launch, which has no processor yet");
  }
  if (task.launch == TaskView::Launch::Index) {
    warn(DiagnosticKind::UnavailableMember, code.range,
         "a point of an index launch has no processor yet: processor 0 of node 0 is used");
  }
  const auto index = where->index_of(task.processor);
  if (!index) {
    return fail(DiagnosticKind::IndexOutOfRange, code.range, index.error().message,
                index.error().help);
  }
  out = TupleValue{IntTuple(index->span()), {}};
  return true;
}

bool Interpreter::transform(const Code& code, const machine::ProcessorSpace& space,
                            const std::vector<Value>& arguments, Value& out) {
  const auto [integer_count, tuple_count, example] = signature(code.member);
  const size_t most = integer_count + tuple_count;
  // The second tuple (halo widths) is optional.
  const size_t fewest = std::min(most, integer_count + 1);
  if (arguments.size() < fewest || arguments.size() > most) {
    return fail(DiagnosticKind::WrongArgumentCount, code.range,
                fmt::format("`{}` takes {} arguments, found {}", to_string(code.member), most,
                            arguments.size()),
                fmt::format("for example `.{}`", example));
  }
  std::array<int64_t, 3> numbers{};
  for (size_t i = 0; i < integer_count; ++i) {
    const auto* number = std::get_if<int64_t>(&arguments[i]);
    if (!number)
      return type_error(code, fmt::format("an integer as argument {}", i + 1), arguments[i]);
    numbers[i] = *number;
  }
  std::array<IntTuple, 2> tuples;
  for (size_t i = integer_count; i < arguments.size(); ++i) {
    const auto* tuple = std::get_if<TupleValue>(&arguments[i]);
    if (!tuple) return type_error(code, "a tuple of extents", arguments[i]);
    tuples[i - integer_count] = tuple->elements;
  }
  auto result = apply(space, code.member, numbers, tuples);
  if (!result) {
    return fail(DiagnosticKind::InvalidTransformation, code.range, result.error().message,
                result.error().help);
  }
  if (code.member == Member::Split && space.sizes().at[numbers[0]] % numbers[1] != 0) {
    warn(DiagnosticKind::UnevenSplit, code.range,
         fmt::format("splitting dimension {} of size {} by {} leaves processors out", numbers[0],
                     space.sizes().at[numbers[0]], numbers[1]));
  }
  out = std::move(*result);
  return true;
}

bool Interpreter::eval_index(const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(code.children[0], scratch);
  if (!object) return false;
  if (const auto* tuple = std::get_if<TupleValue>(object)) {
    return index_tuple(code, tuple->elements, out);
  }
  if (const auto* space = std::get_if<machine::ProcessorSpace>(object)) {
    return index_space(code, *space, out);
  }
  return type_error(code.children[0], "a tuple or a processor space to index", *object);
}

bool Interpreter::index_space(const Code& code, const machine::ProcessorSpace& space, Value& out) {
  IntTuple index;
  std::vector<int> stars;
  for (size_t i = 1; i < code.children.size(); ++i) {
    if (code.children[i].op == Op::Star) {
      stars.push_back(static_cast<int>(index.size()));
      index.push_back(0);
    } else if (!append_integers(code.children[i], index)) {
      return false;
    }
  }
  if (!stars.empty() && static_cast<int>(index.size()) == space.rank()) {
    machine::SpaceIndex start;
    start.rank = space.rank();
    std::ranges::copy(index.span(), start.at.begin());
    return index_set(code, space, start, stars, out);
  }
  const auto processor = space.at(index.span());
  if (!processor) {
    return fail(DiagnosticKind::IndexOutOfRange, code.range, processor.error().message,
                processor.error().help);
  }
  TupleValue result;
  result.elements.push_back(processor->node);
  result.elements.push_back(processor->ordinal);
  result.processor = space.kind();
  out = std::move(result);
  return true;
}

/// All indices with every starred dimension iterated, the last one fastest.
bool Interpreter::index_set(const Code& code, const machine::ProcessorSpace& space,
                            machine::SpaceIndex index, const std::vector<int>& stars, Value& out) {
  PointSet set;
  set.kind = space.kind();
  bool done = std::ranges::any_of(stars, [&](int d) { return space.sizes().at[d] == 0; });
  while (!done) {
    const auto processor = space.at(index.span());
    if (!processor) {
      return fail(DiagnosticKind::IndexOutOfRange, code.range, processor.error().message);
    }
    set.points.push_back(*processor);
    done = true;
    for (auto star = stars.rbegin(); star != stars.rend() && done; ++star) {
      done = ++index.at[*star] == space.sizes().at[*star];
      if (done) index.at[*star] = 0;
    }
  }
  out = std::move(set);
  return true;
}

}  // namespace placewright::lang
