// SPDX-License-Identifier: Apache-2.0
#include "decide/layout.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int8_t kF = Ordering::kFields;
const std::vector<FieldId> kFields = {4, 7};

/// The request of a rule for data with two dimensions and the fields 4 and 7.
LayoutRequest request(const std::optional<policy::LayoutRule>& rule,
                      const std::vector<Demand>& demands = {}, ReductionId reduction = 0) {
  return request_layout(rule, 2, kFields, reduction, demands);
}

Demand demand(Layout layout, Storage storage = Storage::Any) {
  layout.specialization.storage = storage;
  return {layout, {}};
}

Demand order(std::vector<int8_t> axes, bool contiguous = false) {
  Layout layout;
  layout.ordering = {std::move(axes), contiguous};
  return demand(layout);
}

Demand align(FieldId field, policy::Relation relation, uint64_t bytes) {
  Layout layout;
  layout.alignments = {{field, relation, bytes}};
  return demand(layout);
}

TEST(Layout, OrdersHaveTheWordsOfTheLanguage) {
  const auto words = [](std::vector<int8_t> axes, int dim) {
    const machine::DataOrder found = describe({std::move(axes)}, dim);
    return std::string(to_string(found.fields)) + " " + std::string(to_string(found.dimensions));
  };
  EXPECT_EQ(words({0, 1, kF}, 2), "SOA F");
  EXPECT_EQ(words({1, 0, kF}, 2), "SOA C");
  EXPECT_EQ(words({kF, 0, 1}, 2), "AOS F");
  EXPECT_EQ(words({kF, 2, 1, 0}, 3), "AOS C");
  EXPECT_EQ(words({1, 0, 2, kF}, 3), "SOA mixed");
  EXPECT_EQ(words({0, kF, 1}, 2), "SOA F");
  EXPECT_EQ(words({kF, 0}, 1), "AOS F");
}

TEST(Layout, DimensionsThatTheDataLacksDoNotCount) {
  const machine::DataOrder order = describe({{5, 1, 0, kF}}, 2);
  EXPECT_EQ(order.dimensions, machine::DimensionOrder::C);
  EXPECT_EQ(order.fields, machine::FieldOrder::Soa);
  EXPECT_EQ(describe({{5, kF, 0}}, 1).fields, machine::FieldOrder::Aos);
}

TEST(Layout, NoRuleMeansStructureOfArraysInFortranOrder) {
  const LayoutRequest wanted = request(std::nullopt);
  EXPECT_THAT(wanted.layout.ordering.axes, ElementsAre(0, 1, kF));
  EXPECT_FALSE(wanted.layout.ordering.contiguous);
  EXPECT_EQ(wanted.layout.specialization, Specialization());
  EXPECT_EQ(wanted.layout.fields, (FieldList{kFields, false, false}));
  EXPECT_THAT(wanted.layout.alignments, IsEmpty());
  EXPECT_FALSE(wanted.tight);
  EXPECT_FALSE(wanted.conflict);
}

TEST(Layout, WordsOfARuleSetTheOrder) {
  EXPECT_THAT(request(policy::LayoutRule{.aos = true}).layout.ordering.axes, ElementsAre(kF, 0, 1));
  EXPECT_THAT(request(policy::LayoutRule{.c_order = true}).layout.ordering.axes,
              ElementsAre(1, 0, kF));
  EXPECT_THAT(request(policy::LayoutRule{.aos = true, .c_order = true}).layout.ordering.axes,
              ElementsAre(kF, 1, 0));
}

TEST(Layout, CompactAndExactSpecializeTheInstance) {
  const LayoutRequest compact = request(policy::LayoutRule{.compact = true});
  EXPECT_EQ(compact.layout.specialization.storage, Storage::Compact);
  EXPECT_FALSE(compact.tight);
  const LayoutRequest exact = request(policy::LayoutRule{.compact = true, .exact = true});
  EXPECT_EQ(exact.layout.specialization.storage, Storage::Compact);
  EXPECT_TRUE(exact.layout.specialization.exact);
  EXPECT_TRUE(exact.tight);
}

TEST(Layout, AlignmentHoldsForEveryField) {
  using policy::Relation;
  const policy::LayoutRule rule{.alignment = {{Relation::GreaterEqual, 64}}};
  EXPECT_THAT(request(rule).layout.alignments,
              ElementsAre(FieldAlignment{4, Relation::GreaterEqual, 64},
                          FieldAlignment{7, Relation::GreaterEqual, 64}));
}

TEST(Layout, DemandedOrderWinsAndAContradictionIsNamed) {
  const LayoutRequest wanted =
      request(policy::LayoutRule{.aos = true}, {order({1, 0, kF}, /*contiguous=*/true)});
  EXPECT_THAT(wanted.layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_TRUE(wanted.layout.ordering.contiguous);
  ASSERT_TRUE(wanted.conflict);
  EXPECT_EQ(wanted.conflict->wanted, "AOS F_order");
  EXPECT_EQ(wanted.conflict->demanded, "SOA C_order");
}

TEST(Layout, DemandedOrderThatTheRuleHasOrNoRuleAsksForIsNoConflict) {
  EXPECT_FALSE(request(policy::LayoutRule{.aos = true}, {order({kF, 0, 1})}).conflict);
  const LayoutRequest unruled = request(std::nullopt, {order({1, 0, kF})});
  EXPECT_FALSE(unruled.conflict);
  EXPECT_THAT(unruled.layout.ordering.axes, ElementsAre(1, 0, kF));
}

TEST(Layout, DemandThatLeavesTheOrderOpenKeepsTheRules) {
  const LayoutRequest wanted = request(policy::LayoutRule{.c_order = true}, {Demand()});
  EXPECT_THAT(wanted.layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_FALSE(wanted.conflict);
}

TEST(Layout, DemandedPartOfAnOrderIsKeptOrCompleted) {
  // Fields last, in C order: Y before X.
  const policy::LayoutRule rule{.c_order = true};
  EXPECT_THAT(request(rule, {order({1, kF})}).layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_THAT(request(rule, {order({0, kF})}).layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_THAT(request(rule, {order({0, 1})}).layout.ordering.axes, ElementsAre(0, 1, kF));
  EXPECT_THAT(request(rule, {order({kF, 0})}).layout.ordering.axes, ElementsAre(kF, 0, 1));
  // Y lies between X and the fields neither in the rule's order nor in the one made.
  EXPECT_THAT(request(std::nullopt, {order({0, kF}, /*contiguous=*/true)}).layout.ordering.axes,
              ElementsAre(1, 0, kF));
}

TEST(Layout, DemandedAxesThatTheDataLacksDoNotCount) {
  const LayoutRequest wanted = request(policy::LayoutRule{.c_order = true}, {order({2, 1, 0, kF})});
  EXPECT_THAT(wanted.layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_FALSE(wanted.conflict);
}

TEST(Layout, DemandedSpecializationWinsUnlessItLeavesStorageOpen) {
  Specialization raw;
  raw.raw = 5;
  Layout layout;
  layout.specialization = raw;
  raw.storage = Storage::Raw;
  EXPECT_EQ(request(policy::LayoutRule{.compact = true}, {demand(layout, Storage::Raw)})
                .layout.specialization,
            raw);
  EXPECT_EQ(
      request(policy::LayoutRule{.compact = true}, {demand({})}).layout.specialization.storage,
      Storage::Compact);
}

TEST(Layout, VariantThatNeedsAffineInstancesCannotGetCompactOnes) {
  const LayoutRequest wanted =
      request(policy::LayoutRule{.aos = true, .compact = true}, {demand({}, Storage::Affine)});
  EXPECT_EQ(wanted.layout.specialization.storage, Storage::Affine);
  ASSERT_TRUE(wanted.conflict);
  EXPECT_EQ(wanted.conflict->wanted, "Compact");
  EXPECT_EQ(wanted.conflict->demanded, "an instance that is not Compact");
  EXPECT_FALSE(request(policy::LayoutRule{.aos = true}, {demand({}, Storage::Affine)}).conflict);
}

TEST(Layout, SeveralContradictionsAreNamedTogether) {
  Layout layout;
  layout.ordering = {{0, 1, kF}};
  const LayoutRequest wanted =
      request(policy::LayoutRule{.aos = true, .compact = true}, {demand(layout, Storage::Affine)});
  ASSERT_TRUE(wanted.conflict);
  EXPECT_EQ(wanted.conflict->wanted, "AOS F_order, Compact");
  EXPECT_EQ(wanted.conflict->demanded, "SOA F_order, an instance that is not Compact");
}

TEST(Layout, ExactBoundsHoldIfTheRuleOrADemandAsksForThem) {
  Layout exact;
  exact.specialization.exact = true;
  const LayoutRequest demanded = request(std::nullopt, {demand(exact)});
  EXPECT_TRUE(demanded.layout.specialization.exact);
  EXPECT_TRUE(demanded.tight);
  const LayoutRequest ruled =
      request(policy::LayoutRule{.exact = true}, {demand({}, Storage::Affine)});
  EXPECT_TRUE(ruled.layout.specialization.exact);
  EXPECT_TRUE(ruled.tight);
}

TEST(Layout, DemandsSayWhetherThePlacesOfFieldsMatter) {
  Layout contiguous;
  contiguous.fields = {{4, 7}, true, false};
  Layout ordered;
  ordered.fields = {{}, false, true};
  EXPECT_EQ(request(std::nullopt, {demand(contiguous)}).layout.fields,
            (FieldList{kFields, true, false}));
  EXPECT_EQ(request(std::nullopt, {demand(contiguous), demand(ordered)}).layout.fields,
            (FieldList{kFields, true, true}));
}

TEST(Layout, RulesAlignmentStaysIfItDoesWhatIsDemanded) {
  using policy::Relation;
  const policy::LayoutRule rule{.alignment = {{Relation::Equal, 128}}};
  const auto of_field_7 = [&](const Demand& demanded) {
    return request(rule, {demanded}).layout.alignments[1];
  };
  EXPECT_EQ(of_field_7(align(7, Relation::GreaterEqual, 64)),
            (FieldAlignment{7, Relation::Equal, 128}));
  EXPECT_EQ(of_field_7(align(7, Relation::Equal, 16)), (FieldAlignment{7, Relation::Equal, 16}));
  EXPECT_EQ(of_field_7(align(7, Relation::GreaterEqual, 256)),
            (FieldAlignment{7, Relation::GreaterEqual, 256}));
  // The stronger one of two demands stays.
  EXPECT_THAT(request(std::nullopt,
                      {align(4, Relation::GreaterEqual, 64), align(4, Relation::GreaterEqual, 32)})
                  .layout.alignments,
              ElementsAre(FieldAlignment{4, Relation::GreaterEqual, 64}));
}

TEST(Layout, ConstraintsOfFieldsThatTheInstanceLacksDoNotCount) {
  Layout layout;
  layout.alignments = {{9, policy::Relation::Equal, 8}};
  layout.offsets = {{9, 16}};
  EXPECT_THAT(request(std::nullopt, {demand(layout)}).layout.alignments, IsEmpty());
  EXPECT_THAT(request(std::nullopt, {demand(layout)}).layout.offsets, IsEmpty());
}

TEST(Layout, PaddingOfTwoDemandsIsTheLargerOnEachSide) {
  Layout first;
  first.padding = box("1,3..2,4");
  Layout second;
  second.padding = box("2,1..3,2");
  EXPECT_EQ(request(std::nullopt, {demand(first), demand(second)}).layout.padding, box("2,3..3,4"));
}

TEST(Layout, OffsetsTilingsAndBoundsOfAllDemandsAddUp) {
  Layout first;
  first.offsets = {{4, 8}};
  first.tilings = {{0, 16, false}};
  first.bounds = {{0, policy::Relation::Less, 100}};
  first.padding = box("1,1..2,2");
  Layout second;
  second.offsets = {{7, 24}};
  second.tilings = {{1, 4, true}};
  second.bounds = {{1, policy::Relation::Equal, 10}};
  const Layout layout = request(std::nullopt, {demand(first), demand(second)}).layout;
  EXPECT_THAT(layout.offsets, ElementsAre(FieldOffset{4, 8}, FieldOffset{7, 24}));
  EXPECT_THAT(layout.tilings, ElementsAre(Tiling{0, 16, false}, Tiling{1, 4, true}));
  EXPECT_THAT(layout.bounds, ElementsAre(AxisBound{0, policy::Relation::Less, 100},
                                         AxisBound{1, policy::Relation::Equal, 10}));
  EXPECT_EQ(layout.padding, box("1,1..2,2"));
}

TEST(Layout, OutputRegionsKeepTheirFieldsApart) {
  const LayoutRequest plain = for_output(request(policy::LayoutRule{.c_order = true}), 2);
  EXPECT_THAT(plain.layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_FALSE(plain.conflict);
  const LayoutRequest together =
      for_output(request(policy::LayoutRule{.aos = true, .c_order = true}), 2);
  EXPECT_THAT(together.layout.ordering.axes, ElementsAre(1, 0, kF));
  ASSERT_TRUE(together.conflict);
  EXPECT_EQ(together.conflict->wanted, "AOS C_order");
  EXPECT_EQ(together.conflict->demanded, "SOA C_order");
}

TEST(Layout, ReductionIsAReductionInstanceThatIsNeverCompact) {
  const LayoutRequest wanted =
      request(policy::LayoutRule{.c_order = true, .compact = true, .exact = true}, {}, 12);
  Specialization special;
  special.storage = Storage::Reduction;
  special.reduction = 12;
  special.exact = true;
  EXPECT_EQ(wanted.layout.specialization, special);
  EXPECT_THAT(wanted.layout.ordering.axes, ElementsAre(1, 0, kF));
  EXPECT_TRUE(wanted.tight);
}

TEST(Layout, ReductionStaysOneWhateverStorageIsDemanded) {
  for (const Storage storage : {Storage::Any, Storage::Affine, Storage::Raw, Storage::Reduction}) {
    const LayoutRequest wanted = request(std::nullopt, {demand({}, storage)}, 12);
    EXPECT_EQ(wanted.layout.specialization.storage, Storage::Reduction);
    EXPECT_EQ(wanted.layout.specialization.reduction, 12);
  }
  const LayoutRequest compact = request(std::nullopt, {demand({}, Storage::CompactReduction)}, 12);
  EXPECT_EQ(compact.layout.specialization.storage, Storage::CompactReduction);
  EXPECT_EQ(compact.layout.specialization.reduction, 12);
}

}  // namespace
}  // namespace placewright::decide
