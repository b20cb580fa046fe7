// SPDX-License-Identifier: Apache-2.0
#include "decide/field_parts.h"

#include <gmock/gmock.h>

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::vector<FieldId> kAll = {3, 1, 2, 4};

Demand list(std::vector<FieldId> ids) {
  Demand demand;
  demand.layout.fields.ids = std::move(ids);
  return demand;
}
Demand alignment(FieldId field) {
  Demand demand;
  demand.layout.alignments = {{field, policy::Relation::Equal, 64}};
  return demand;
}
Demand offset(FieldId field) {
  Demand demand;
  demand.layout.offsets = {{field, 8}};
  return demand;
}
Demand order() {
  Demand demand;
  demand.layout.ordering = {{Ordering::kFields, 0}};
  return demand;
}

std::vector<FieldPart> split(const std::vector<FieldId>& used, const std::vector<Demand>& demands,
                             machine::Privilege privilege = machine::Privilege::ReadOnly) {
  Argument argument;
  argument.privilege = privilege;
  argument.fields = used;
  return split_fields(argument, kAll, demands);
}

TEST(FieldParts, WithoutNamedFieldsOneInstanceHasAllFieldsOfTheRegion) {
  const auto parts = split({1}, {order()});
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_THAT(parts[0].used, ElementsAre(1));
  EXPECT_THAT(parts[0].fields, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(parts[0].demands, SizeIs(1));
}

TEST(FieldParts, NamedFieldsGetAnInstanceAndTheOthersAnother) {
  const auto parts = split({1, 2, 3}, {list({3, 2})});
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_THAT(parts[0].used, ElementsAre(2, 3));
  EXPECT_THAT(parts[0].fields, ElementsAre(3, 2));  // As the demand lists them.
  EXPECT_THAT(parts[0].demands, SizeIs(1));
  EXPECT_THAT(parts[1].used, ElementsAre(1));
  EXPECT_THAT(parts[1].fields, ElementsAre(1, 4));
  EXPECT_THAT(parts[1].demands, IsEmpty());
}

TEST(FieldParts, EachDemandThatNamesFieldsHasItsOwnInstance) {
  const auto parts = split({1, 2, 3, 4}, {list({1}), alignment(2), offset(4)});
  ASSERT_THAT(parts, SizeIs(4));
  EXPECT_THAT(parts[0].fields, ElementsAre(1));
  EXPECT_THAT(parts[1].fields, ElementsAre(2));
  EXPECT_THAT(parts[2].fields, ElementsAre(4));
  EXPECT_THAT(parts[3].fields, ElementsAre(3));
}

TEST(FieldParts, DemandThatTheTaskUsesInPartNeedsAllItsFields) {
  const auto parts = split({2}, {list({1, 2})});
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_THAT(parts[0].used, ElementsAre(2));
  EXPECT_THAT(parts[0].fields, ElementsAre(1, 2));
}

TEST(FieldParts, DemandForFieldsThatTheTaskDoesNotUseChangesNothing) {
  const auto parts = split({4}, {list({1, 2})});
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_THAT(parts[0].fields, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(parts[0].demands, IsEmpty());
}

TEST(FieldParts, FieldsOfAnotherFieldSpaceAreIgnored) {
  const auto parts = split({1, 2}, {list({9, 2})});
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_THAT(parts[0].fields, ElementsAre(2));
  EXPECT_THAT(split({1, 2}, {list({9})}), SizeIs(1));
}

TEST(FieldParts, DemandsThatShareAFieldShareAnInstance) {
  const auto parts = split({1, 2, 3}, {list({1, 2}), list({4}), list({2, 3})});
  ASSERT_THAT(parts, SizeIs(1));
  EXPECT_THAT(parts[0].fields, ElementsAre(1, 2, 3));
  EXPECT_THAT(parts[0].demands, SizeIs(2));
  // A third one can join what were two.
  const auto joined = split({1, 3}, {list({1, 2}), list({3}), list({2, 3})});
  ASSERT_THAT(joined, SizeIs(1));
  EXPECT_THAT(joined[0].demands, SizeIs(3));
}

TEST(FieldParts, DemandWithoutFieldsHoldsEverywhereAndYieldsToOneWith) {
  const auto parts = split({1, 2}, {list({1}), order()});
  ASSERT_THAT(parts, SizeIs(2));
  ASSERT_THAT(parts[0].demands, SizeIs(2));
  EXPECT_TRUE(names_fields(parts[0].demands[1]));
  EXPECT_THAT(parts[1].demands, SizeIs(1));
}

TEST(FieldParts, ReductionsHaveTheFieldsThatAreFoldedUnlessAListIsDemanded) {
  EXPECT_THAT(split({2, 3}, {}, machine::Privilege::Reduce)[0].fields, ElementsAre(2, 3));
  const auto parts = split({1, 2, 3}, {list({2, 4}), alignment(1)}, machine::Privilege::Reduce);
  ASSERT_THAT(parts, SizeIs(3));
  EXPECT_THAT(parts[0].fields, ElementsAre(2, 4));
  EXPECT_THAT(parts[1].fields, ElementsAre(1));
  EXPECT_THAT(parts[2].fields, ElementsAre(3));
}

}  // namespace
}  // namespace placewright::decide
