// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_member.h"

#include <fmt/core.h>

#include <utility>

#include "lang/evaluate/eval_expression.h"
#include "lang/evaluate/eval_operator.h"
#include "lang/evaluate/eval_space.h"
#include "lang/evaluate/integer.h"
#include "lang/syntax/members.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

using Launch = TaskView::Launch;

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
  if (task.launch == Launch::Whole) return task.facts->domain ? &*task.facts->domain : nullptr;
  return task.launch == Launch::Index ? task.domain : nullptr;
}

/// `ispace`, `lo` or `hi`; false if the task is not launched over a domain.
bool read_domain(const TaskView& task, Member member, Value& out) {
  const machine::LaunchDomain* domain = domain_of(task);
  if (domain == nullptr) {
    if (task.launch != Launch::Whole) return false;
    out = TupleValue{};  // a single task has no dimensions
    return true;
  }
  out = TupleValue{member == Member::ISpace ? extents(*domain)
                   : member == Member::Lo   ? coordinates(domain->lo)
                                            : coordinates(domain->hi),
                   {}};
  return true;
}

/// A property of a task; false if it has none of this name.
[[gnu::noinline]] bool read_task(const TaskView& task, Member member, Value& out) {
  switch (member) {
    case Member::IPoint:
      if (task.launch != Launch::Index) return false;
      out = TupleValue{coordinates(task.point), {}};
      return true;
    case Member::ISpace:
    case Member::Lo:
    case Member::Hi:
      return read_domain(task, member, out);
    case Member::Tag:
      if (task.facts == nullptr) return false;
      out = integer_value(task.facts->tag);
      return true;
    case Member::Depth:
      if (task.facts == nullptr) return false;
      out = task.facts->depth;
      return true;
    case Member::MapperId:
      if (task.facts == nullptr) return false;
      out = integer_value(task.facts->mapper);
      return true;
    case Member::Parent:
      if (task.parent == nullptr) return false;
      out = task.parent;
      return true;
    case Member::Size:
    case Member::Split:
    case Member::Merge:
    case Member::Swap:
    case Member::Slice:
    case Member::Reverse:
    case Member::BalanceSplit:
    case Member::AutoSplit:
    case Member::GreedySplit:
    case Member::Volume:
    case Member::Has:
    case Member::Len:
    case Member::Processor:
    case Member::Decompose:
    case Member::All:
      return false;
  }
  return false;
}

[[gnu::noinline]] bool report_unavailable(EvalContext& context, const Code& code,
                                          const TaskView& task) {
  const bool of_parent = task.launch == Launch::Parent;
  const bool wants_parent = code.member == Member::Parent;
  return context.fail(DiagnosticKind::UnavailableMember, code.range,
                      fmt::format("{} has no `{}`",
                                  task.launch == Launch::Whole   ? "the condition of a rule"
                                  : task.launch == Launch::Index ? "a point of an index launch"
                                  : of_parent                    ? "a parent task"
                                                                 : "a single task",
                                  to_string(code.member)),
                      of_parent ? "only its `processor` is known"
                      : wants_parent
                          ? "it applies to a whole launch"
                          : "only an index launch, mapped by `IndexTaskMap`, has points");
}

[[gnu::noinline]] bool report_missing(EvalContext& context, const Code& code, const Value& object) {
  return context.fail(DiagnosticKind::TypeMismatch, code.range,
                      fmt::format("{} has no `{}`", describe(object), to_string(code.member)));
}

/// `size`, `len` or `volume`.
[[gnu::noinline]] bool read_tuple(EvalContext& context, const Code& code, const TupleValue& tuple,
                                  Value& out) {
  if (code.member == Member::Size) {
    out = TupleValue(tuple);
    return true;
  }
  if (code.member == Member::Len) {
    out = static_cast<int64_t>(tuple.elements.size());
    return true;
  }
  if (!context.spend(code, element_steps(tuple.elements.size()))) return false;
  int64_t product = 1;
  for (int64_t element : tuple.elements.span()) {
    if (!arithmetic(context, code, BinaryOp::Multiply, product, element, product)) return false;
  }
  out = product;
  return true;
}

/// `size`, `len` or `volume`.
void read_space(const machine::ProcessorSpace& space, Member member, Value& out) {
  if (member == Member::Size) {
    out = TupleValue{IntTuple(space.sizes().span()), {}};
  } else {
    out = member == Member::Len ? int64_t{space.rank()} : space.volume();
  }
}

[[gnu::noinline]] bool every_processor(EvalContext& context, const Code& code,
                                       const machine::ProcessorSpace& space, Value& out) {
  auto all = space.all();
  if (!all) {
    return context.fail(DiagnosticKind::InvalidTransformation, code.range, all.error().message,
                        all.error().help);
  }
  out = std::move(*all);
  return true;
}

[[gnu::noinline]] bool has_memory(EvalContext& context, const Code& code, const Value& object,
                                  const Value& memory, Value& out) {
  const auto* processor = std::get_if<TupleValue>(&object);
  const auto* kind = std::get_if<machine::MemoryKind>(&memory);
  if (!processor || !processor->processor) {
    return context.type_error(code.children[0], "a processor like `m[0, 0]` before `.has`", object);
  }
  if (!kind) return context.type_error(code.children[1], "a memory kind", memory);
  out = context.program.machine.has_memory(*processor->processor, *kind,
                                           static_cast<int>(processor->elements[0]));
  return true;
}

[[gnu::noinline]] bool processor_of(EvalContext& context, const Code& code, const Value& object,
                                    const Value& space, Value& out) {
  const auto* found = std::get_if<const TaskView*>(&object);
  if (!found) return context.type_error(code.children[0], "a task before `.processor`", object);
  const TaskView& task = **found;
  const auto* where = std::get_if<machine::ProcessorSpace>(&space);
  if (!where) return context.type_error(code.children[1], "a processor space", space);
  if (task.launch == Launch::Whole) {
    return context.fail(DiagnosticKind::UnavailableMember, code.range,
                        "the condition of a rule has no `processor`",
                        "it applies to a whole launch, which has no processor yet");
  }
  if (task.launch == Launch::Index) {
    context.warn(DiagnosticKind::UnavailableMember, code.range,
                 "a point of an index launch has no processor yet: processor 0 of node 0 is used");
  }
  const auto index = where->index_of(task.processor);
  if (!index) {
    return context.fail(DiagnosticKind::IndexOutOfRange, code.range, index.error().message,
                        index.error().help);
  }
  out = TupleValue{IntTuple(index->span()), {}};
  return true;
}

}  // namespace

bool eval_property(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const bool outer = std::exchange(context.wants_all, code.member == Member::All);
  const Value* object = refer(context, code.children[0], scratch);
  context.wants_all = outer;
  if (!object) return false;
  const MemberInfo& member = info(code.member);
  if (member.is_called()) {
    return context.fail(DiagnosticKind::TypeMismatch, code.range,
                        fmt::format("`{}` needs arguments in parentheses", to_string(code.member)));
  }
  if (member.owner == MemberOwner::Task) {
    const auto* task = std::get_if<const TaskView*>(object);
    if (!task) return report_missing(context, code, *object);
    return read_task(**task, code.member, out) || report_unavailable(context, code, **task);
  }
  const auto* tuple = std::get_if<TupleValue>(object);
  if (tuple != nullptr && member.owner == MemberOwner::TupleOrSpace)
    return read_tuple(context, code, *tuple, out);
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  if (!space) return report_missing(context, code, *object);
  if (code.member == Member::All) return every_processor(context, code, *space, out);
  read_space(*space, code.member, out);
  return true;
}

bool eval_method(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(context, code.children[0], scratch);
  if (!object) return false;
  const MemberInfo& method = info(code.member);
  if (!method.is_called()) {
    return context.fail(DiagnosticKind::TypeMismatch, code.range,
                        fmt::format("`{}` takes no arguments", to_string(code.member)),
                        "remove the parentheses");
  }
  std::vector<Value> arguments;
  if (!eval_arguments(context, code, 1, arguments)) return false;
  if (method.owner != MemberOwner::Space && arguments.size() != method.most_arguments) {
    return context.fail(
        DiagnosticKind::WrongArgumentCount, code.range,
        fmt::format("`{}` takes 1 argument, found {}", to_string(code.member), arguments.size()));
  }
  if (code.member == Member::Has) return has_memory(context, code, *object, arguments[0], out);
  if (code.member == Member::Processor)
    return processor_of(context, code, *object, arguments[0], out);
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  if (!space) {
    return context.type_error(code.children[0],
                              fmt::format("a processor space before `.{}`", to_string(code.member)),
                              *object);
  }
  return transform(context, code, *space, arguments, out);
}

}  // namespace placewright::lang
