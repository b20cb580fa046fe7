// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/members.h"

namespace placewright::lang {
namespace {

constexpr MemberType kInt = MemberType::Int;
constexpr MemberType kTuple = MemberType::Tuple;

constexpr MemberInfo property(Member member, MemberOwner owner, MemberType result) {
  return {member, owner, result, 0, 0, {}, ""};
}

/// A method of a processor space that gives another one.
constexpr MemberInfo transformation(Member member, size_t arguments,
                                    std::array<MemberType, 3> parameters,
                                    std::string_view example) {
  return {member, MemberOwner::Space, MemberType::Space, arguments, arguments, parameters, example};
}

constexpr std::array<MemberInfo, 23> kMembers = {{
    property(Member::Size, MemberOwner::TupleOrSpace, kTuple),
    transformation(Member::Split, 2, {kInt, kInt}, "split(0, 2)"),
    transformation(Member::Merge, 2, {kInt, kInt}, "merge(0, 1)"),
    transformation(Member::Swap, 2, {kInt, kInt}, "swap(0, 1)"),
    transformation(Member::Slice, 3, {kInt, kInt, kInt}, "slice(0, 1, 3)"),
    transformation(Member::Reverse, 1, {kInt}, "reverse(0)"),
    transformation(Member::BalanceSplit, 2, {kInt, kInt}, "balance_split(0, 2)"),
    transformation(Member::AutoSplit, 2, {kInt, kTuple}, "auto_split(0, task.ispace)"),
    transformation(Member::GreedySplit, 2, {kInt, kTuple}, "greedy_split(0, task.ispace)"),
    property(Member::Volume, MemberOwner::TupleOrSpace, kInt),
    {Member::Has, MemberOwner::Place, MemberType::Bool, 1, 1, {MemberType::Memory}, ""},
    property(Member::Len, MemberOwner::TupleOrSpace, kInt),
    property(Member::IPoint, MemberOwner::Task, kTuple),
    property(Member::ISpace, MemberOwner::Task, kTuple),
    property(Member::Parent, MemberOwner::Task, MemberType::Task),
    {Member::Processor, MemberOwner::Task, kTuple, 1, 1, {MemberType::Space}, ""},
    property(Member::Lo, MemberOwner::Task, kTuple),
    property(Member::Hi, MemberOwner::Task, kTuple),
    // The second tuple has the widths of the halos.
    {Member::Decompose,
     MemberOwner::Space,
     MemberType::Space,
     2,
     3,
     {kInt, kTuple, kTuple},
     "decompose(0, task.ispace)"},
    property(Member::Tag, MemberOwner::Task, kInt),
    property(Member::Depth, MemberOwner::Task, kInt),
    property(Member::MapperId, MemberOwner::Task, kInt),
    property(Member::All, MemberOwner::Space, MemberType::Space),
}};

/// In enumerator order, as info() needs it.
constexpr bool is_ordered() {
  for (size_t i = 0; i < kMembers.size(); ++i)
    if (kMembers[i].member != static_cast<Member>(i)) return false;
  return true;
}
static_assert(is_ordered());
static_assert(kMembers.size() == static_cast<size_t>(Member::All) + 1);

}  // namespace

const MemberInfo& info(Member member) { return kMembers[static_cast<size_t>(member)]; }

}  // namespace placewright::lang
