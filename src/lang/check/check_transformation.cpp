// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_transformation.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/check_member.h"
#include "lang/syntax/members.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

/// The number of dimensions after one of them became as many as the tuple of extents has.
std::optional<int64_t> rank_after_split(int64_t rank, const Type& extents) {
  if (!extents.is(TypeKind::Tuple) || !extents.length) return std::nullopt;
  return rank + *extents.length - 1;
}

std::optional<int64_t> rank_after(Member member, int64_t rank, const ListElements& arguments) {
  switch (member) {
    case Member::Merge:
      return std::max<int64_t>(rank - 1, 1);
    case Member::Split:
      return rank + 1;
    case Member::BalanceSplit: {
      const auto parts = arguments.known[1].type.value;
      if (!parts || *parts < 2 || *parts > 3) return std::nullopt;
      return rank + *parts - 1;
    }
    case Member::AutoSplit:
    case Member::GreedySplit:
    case Member::Decompose:
      return rank_after_split(rank, arguments.known[1].type);
    case Member::Swap:
    case Member::Slice:
    case Member::Reverse:
      return rank;
    case Member::Size:
    case Member::Volume:
    case Member::Has:
    case Member::Len:
    case Member::IPoint:
    case Member::ISpace:
    case Member::Parent:
    case Member::Processor:
    case Member::Lo:
    case Member::Hi:
    case Member::Tag:
    case Member::Depth:
    case Member::MapperId:
    case Member::All:
      return std::nullopt;  // not a transformation
  }
  return std::nullopt;
}

void check_dimension(CheckContext& context, const ListElement& argument, int64_t rank) {
  if (!argument.type.value) return;
  const int64_t dimension = *argument.type.value;
  if (dimension >= 0 && dimension < rank) return;
  context
      .report(DiagnosticKind::IndexOutOfRange, argument.expr->range,
              fmt::format("there is no dimension {}: the processor space has {}", dimension,
                          plural(static_cast<size_t>(rank), "dimension")))
      .help = "dimensions count from 0";
}

void check_values(CheckContext& context, Member member, const ListElements& arguments) {
  const auto value = [&](size_t i) { return arguments.known[i].type.value; };
  const auto bad = [&](size_t i, std::string message) {
    context.report(DiagnosticKind::InvalidTransformation, arguments.known[i].expr->range,
                   std::move(message));
  };
  const bool two_dimensions = member == Member::Merge || member == Member::Swap;
  if (two_dimensions && value(0) && value(0) == value(1))
    bad(1, fmt::format("`{}` takes two different dimensions", to_string(member)));
  if (member == Member::Split && value(1) && *value(1) < 1)
    bad(1, fmt::format("`split` takes a factor of at least 1, found {}", *value(1)));
  if (member == Member::BalanceSplit && value(1) && *value(1) != 2 && *value(1) != 3)
    bad(1, fmt::format("`balance_split` makes 2 or 3 dimensions, found {}", *value(1)));
  if (member == Member::Slice && value(1) && *value(1) < 0)
    bad(1, fmt::format("`slice` begins at 0 or later, found {}", *value(1)));
  if (member == Member::Slice && value(1) && value(2) && *value(1) > *value(2)) {
    bad(2, fmt::format("`slice` takes the first and the last index, found {} and {}", *value(1),
                       *value(2)));
  }
}

}  // namespace

Type infer_transformation(CheckContext& context, const Expr& expr, Member member, const Type& space,
                          const ListElements& arguments) {
  const Type any_rank = space_type(std::nullopt, space.processor);
  const MemberInfo& method = info(member);
  const size_t given = arguments.known.size();
  const size_t expected =
      given == method.most_arguments ? method.most_arguments : method.fewest_arguments;
  if (!check_count(context, expr, fmt::format("`{}`", to_string(member)), arguments, expected))
    return any_rank;
  if (!arguments.complete) return any_rank;
  expect_arguments(context, method, arguments);
  if (space.length) {
    check_dimension(context, arguments.known[0], *space.length);
    if (member == Member::Merge || member == Member::Swap)
      check_dimension(context, arguments.known[1], *space.length);
  }
  check_values(context, member, arguments);
  if (!space.length) return any_rank;
  return space_type(rank_after(member, *space.length, arguments), space.processor);
}

}  // namespace placewright::lang
