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

Demand demand(const Layout& layout) { return {layout, {}}; }

Demand order(std::vector<int8_t> axes, bool contiguous = false) {
  Layout layout;
  layout.ordering = {std::move(axes), contiguous};
  return {layout, {}};
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

TEST(Layout, DemandedSpecializationWinsUnlessItIsPlain) {
  Layout raw;
  raw.specialization.storage = Storage::Raw;
  raw.specialization.raw = 5;
  EXPECT_EQ(request(policy::LayoutRule{.compact = true}, {demand(raw)}).layout.specialization,
            raw.specialization);
  Layout exact;
  exact.specialization.exact = true;
  EXPECT_EQ(request(policy::LayoutRule{.compact = true}, {demand(exact)}).layout.specialization,
            exact.specialization);
  EXPECT_EQ(request(policy::LayoutRule{.compact = true}, {Demand()}).layout.specialization.storage,
            Storage::Compact);
}

TEST(Layout, DemandedFieldsCountIfTheirPlaceMatters) {
  Layout loose;
  loose.fields = {{9}, false, false};
  EXPECT_EQ(request(std::nullopt, {demand(loose)}).layout.fields.ids, kFields);
  Layout contiguous;
  contiguous.fields = {{7, 4}, true, false};
  EXPECT_EQ(request(std::nullopt, {demand(contiguous)}).layout.fields, contiguous.fields);
  Layout ordered;
  ordered.fields = {{7, 4}, false, true};
  EXPECT_EQ(request(std::nullopt, {demand(ordered)}).layout.fields, ordered.fields);
  Layout empty;
  empty.fields = {{}, true, true};
  EXPECT_EQ(request(std::nullopt, {demand(empty)}).layout.fields.ids, kFields);
}

TEST(Layout, DemandedAlignmentReplacesTheRulesForItsField) {
  using policy::Relation;
  Layout layout;
  layout.alignments = {{7, Relation::Equal, 16}, {9, Relation::Equal, 8}};
  const policy::LayoutRule rule{.alignment = {{Relation::Equal, 128}}};
  EXPECT_THAT(
      request(rule, {demand(layout)}).layout.alignments,
      ElementsAre(FieldAlignment{4, Relation::Equal, 128}, FieldAlignment{7, Relation::Equal, 16},
                  FieldAlignment{9, Relation::Equal, 8}));
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
  Layout raw;
  raw.specialization.storage = Storage::Raw;
  raw.specialization.exact = true;
  const LayoutRequest wanted = request(std::nullopt, {demand(raw)}, 12);
  EXPECT_EQ(wanted.layout.specialization.storage, Storage::Reduction);
  EXPECT_FALSE(wanted.layout.specialization.exact);
}

}  // namespace
}  // namespace placewright::decide
