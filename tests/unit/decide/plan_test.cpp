// SPDX-License-Identifier: Apache-2.0
#include "decide/plan.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The plans of one kind of argument, argument 0 of task `t` on GPUs.
class PlanOf {
 public:
  explicit PlanOf(const std::string& text) : sample(text), setting(sample.setting()) {
    argument.privilege = machine::Privilege::ReadOnly;
    use({1});
  }
  void use(std::vector<FieldId> used) {
    fields_ = std::move(used);
    argument.fields = fields_;
  }
  void fold(ReductionId reduction, std::vector<FieldId> used) {
    argument.privilege = machine::Privilege::Reduce;
    argument.reduction = key.reduction = reduction;
    use(std::move(used));
  }
  void name(const char* region) {
    names_ = {sample.rules->region(region)};
    argument.names = names_;
  }
  const ArgumentPlan& plan() { return plans().front(); }
  std::span<const ArgumentPlan> plans() {
    return planner.plans(setting, key, sample.id("t"), argument, source);
  }
  const MemoryChoice& fallback(MemoryKind memory) {
    return planner.fallback(setting, plan(), sample.id("t"), argument, memory);
  }

  Sample sample;
  Setting setting;
  Planner planner;
  ArgumentKey key{.kind = ProcessorKind::Gpu};
  Argument argument;
  SampleSource source;

 private:
  std::vector<FieldId> fields_;
  std::vector<policy::RegionId> names_;
};

std::vector<MemoryKind> kinds(const ArgumentPlan& plan) {
  std::vector<MemoryKind> list;
  for (const MemoryChoice& choice : plan.choices) list.push_back(choice.kind);
  return list;
}

TEST(Plan, MemoriesOfTheRulesAreTheChoices) {
  PlanOf of("Region t r * FBMEM;\nRegion * * GPU ZCMEM,VIRTUAL;");
  of.name("r");
  const ArgumentPlan& plan = of.plan();
  EXPECT_THAT(kinds(plan), ElementsAre(MemoryKind::FbMem, MemoryKind::ZcMem, MemoryKind::Virtual));
  EXPECT_EQ(of.sample.rules->position(plan.choices[0].rule), "test.mapping:1:1");
  EXPECT_EQ(of.sample.rules->position(plan.choices[2].rule), "test.mapping:2:1");
  for (const MemoryChoice& choice : plan.choices) EXPECT_TRUE(choice.has_rule());
  EXPECT_NE(plan.choices[0].number, plan.choices[1].number);
  EXPECT_NE(plan.choices[1].number, plan.choices[2].number);
}

TEST(Plan, NoRuleGivesNoChoices) {
  PlanOf of("Region u * * FBMEM;");
  EXPECT_THAT(of.plan().choices, IsEmpty());
  EXPECT_FALSE(of.plan().collects);
  EXPECT_FALSE(of.plan().demanded_memory);
}

TEST(Plan, LayoutIsThatForTheMemory) {
  PlanOf of("Region t * * FBMEM,ZCMEM,VIRTUAL;\nLayout t * FBMEM AOS;");
  of.argument.dim = 2;
  const ArgumentPlan& plan = of.plan();
  EXPECT_THAT(plan.choices[0].request.layout.ordering.axes, ElementsAre(Ordering::kFields, 0, 1));
  EXPECT_EQ(of.sample.rules->position(plan.choices[0].layout_rule), "test.mapping:2:1");
  EXPECT_THAT(plan.choices[1].request.layout.ordering.axes, ElementsAre(0, 1, Ordering::kFields));
  EXPECT_EQ(plan.choices[1].layout_rule, SourceRange());
  EXPECT_THAT(plan.choices[2].request.layout.ordering.axes, IsEmpty());  // Virtual has no layout.
}

TEST(Plan, InstancesHaveAllFieldsOfTheRegionInOrder) {
  PlanOf of("Region t * * FBMEM;");
  EXPECT_THAT(of.plan().part.fields, ElementsAre(1, 2, 3));
  EXPECT_THAT(of.plan().choices[0].request.layout.fields.ids, ElementsAre(1, 2, 3));
}

TEST(Plan, ReductionInstancesHaveTheFieldsThatAreFolded) {
  PlanOf of("Region t * * FBMEM;");
  of.fold(12, {2});
  EXPECT_THAT(of.plan().part.fields, ElementsAre(2));
  EXPECT_EQ(of.plan().choices[0].request.layout.specialization.storage, Storage::Reduction);
  EXPECT_EQ(of.plan().choices[0].request.layout.specialization.reduction, 12);
}

TEST(Plan, CollectMemoryRuleIsPartOfThePlan) {
  PlanOf of("Region t * * FBMEM; CollectMemory t *;");
  EXPECT_TRUE(of.plan().collects);
}

TEST(Plan, VariantsDemandsAreMerged) {
  PlanOf of("Region t * * FBMEM; Layout t * * AOS;");
  of.source.wanted = {{}, {}};
  of.source.wanted[0].layout.ordering = {{0, Ordering::kFields}, false};
  of.source.wanted[1].memory = raw(MemoryKind::ZcMem);
  const ArgumentPlan& plan = of.plan();
  EXPECT_EQ(plan.demanded_memory, raw(MemoryKind::ZcMem));
  EXPECT_THAT(plan.choices[0].request.layout.ordering.axes, ElementsAre(0, Ordering::kFields));
  ASSERT_TRUE(plan.choices[0].request.conflict);
  EXPECT_EQ(plan.choices[0].request.conflict->demanded, "SOA F_order");
}

TEST(Plan, FieldsThatADemandNamesHaveAPlanOfTheirOwn) {
  PlanOf of("Region t * * FBMEM; Layout t * * AOS;");
  of.use({1, 2});
  of.source.wanted = {{}};
  of.source.wanted[0].layout.fields = {{2}, true, true};
  of.source.wanted[0].memory = raw(MemoryKind::ZcMem);
  const auto plans = of.plans();
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_THAT(part_of(of.argument, plans[0]).fields, ElementsAre(2));
  EXPECT_EQ(plans[0].choices[0].request.layout.fields, (FieldList{{2}, true, true}));
  EXPECT_EQ(plans[0].demanded_memory, raw(MemoryKind::ZcMem));
  EXPECT_THAT(part_of(of.argument, plans[1]).fields, ElementsAre(1));
  EXPECT_EQ(plans[1].choices[0].request.layout.fields, (FieldList{{1, 3}, false, false}));
  EXPECT_FALSE(plans[1].demanded_memory);
}

TEST(Plan, PlansForNamedFieldsAreThoseOfTheFieldsThatTheTaskUses) {
  PlanOf of("Region t * * FBMEM;");
  of.source.wanted = {{}};
  of.source.wanted[0].layout.fields.ids = {2};
  EXPECT_EQ(of.plans().size(), 1U);
  const ArgumentPlan* other = &of.plan();
  of.use({2});
  EXPECT_EQ(of.plans().size(), 1U);
  EXPECT_NE(&of.plan(), other);
  of.use({1, 2});
  EXPECT_EQ(of.plans().size(), 2U);
  of.use({1});
  EXPECT_EQ(&of.plan(), other);
}

TEST(Plan, PublishedSystemPutsRulesAboveDemands) {
  PlanOf of("Region t * * FBMEM,ZCMEM; Layout t * FBMEM AOS;");
  of.setting.as_published = true;
  of.source.wanted = {{}};
  of.source.wanted[0].layout.ordering = {{0, Ordering::kFields}, true};
  of.source.wanted[0].memory = raw(MemoryKind::ZcMem);
  const ArgumentPlan& plan = of.plan();
  EXPECT_FALSE(plan.demanded_memory);
  EXPECT_THAT(plan.choices[0].request.layout.ordering.axes, ElementsAre(Ordering::kFields, 0));
  EXPECT_FALSE(plan.choices[0].request.conflict);
  // No rule gives a layout for zero-copy memory, so what is demanded holds there.
  EXPECT_TRUE(plan.choices[1].request.layout.ordering.contiguous);
}

TEST(Plan, PublishedSystemKeepsADemandedMemoryWhereNoRuleListsAny) {
  PlanOf of("Region u * * FBMEM;");
  of.setting.as_published = true;
  of.source.wanted = {{{}, raw(MemoryKind::ZcMem)}};
  EXPECT_EQ(of.plan().demanded_memory, raw(MemoryKind::ZcMem));
}

TEST(Plan, PlanIsMadeOnce) {
  PlanOf of("Region t * * FBMEM;");
  const ArgumentPlan* plan = &of.plan();
  of.use({1, 3});
  EXPECT_EQ(&of.plan(), plan);
  EXPECT_EQ(of.source.asked, 1);
}

TEST(Plan, KeysHavePlansOfTheirOwn) {
  PlanOf of("Region t 0 * FBMEM; Region t 1 * ZCMEM;");
  const ArgumentPlan& first = of.plan();
  of.key.index = of.argument.index = 1;
  EXPECT_THAT(kinds(of.plan()), ElementsAre(MemoryKind::ZcMem));
  EXPECT_THAT(kinds(first), ElementsAre(MemoryKind::FbMem));
  EXPECT_NE(of.plan().choices[0].number, first.choices[0].number);
}

TEST(Plan, NewFieldsGetANewPlanAndTheOldOneStaysValid) {
  PlanOf of("Region t * * FBMEM;");
  const ArgumentPlan& old = of.plan();
  of.source.fields = {1, 2, 3, 4};
  of.use({4});
  const ArgumentPlan& fresh = of.plan();
  EXPECT_THAT(fresh.part.fields, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(old.part.fields, ElementsAre(1, 2, 3));
  EXPECT_NE(fresh.choices[0].number, old.choices[0].number);
  of.use({1});
  EXPECT_EQ(&of.plan(), &fresh);
}

TEST(Plan, ReductionsOfDifferentFieldsInTurnAreEachPlannedOnce) {
  PlanOf of("Region t * * FBMEM;");
  of.fold(12, {1});
  const ArgumentPlan* first = &of.plan();
  of.use({2});
  const ArgumentPlan* second = &of.plan();
  EXPECT_NE(first, second);
  for (int launch = 0; launch < 3; ++launch) {
    of.use({1});
    EXPECT_EQ(&of.plan(), first);
    EXPECT_EQ(&of.fallback(MemoryKind::SysMem), &of.fallback(MemoryKind::SysMem));
    of.use({2});
    EXPECT_EQ(&of.plan(), second);
  }
}

TEST(Plan, FallbackUsesTheLayoutRuleOfItsMemory) {
  PlanOf of("Region u * * FBMEM; Layout t * SYSMEM AOS;");
  const MemoryChoice& fallback = of.fallback(MemoryKind::SysMem);
  EXPECT_EQ(fallback.kind, MemoryKind::SysMem);
  EXPECT_FALSE(fallback.has_rule());
  EXPECT_THAT(fallback.request.layout.ordering.axes, ElementsAre(Ordering::kFields, 0));
  EXPECT_THAT(fallback.request.layout.fields.ids, ElementsAre(1, 2, 3));
  EXPECT_EQ(of.sample.rules->position(fallback.layout_rule), "test.mapping:1:21");
}

TEST(Plan, FallbackIsMadeOncePerMemoryAndSetOfFields) {
  PlanOf of("Region t * * FBMEM;");
  const MemoryChoice& system = of.fallback(MemoryKind::SysMem);
  EXPECT_EQ(&of.fallback(MemoryKind::SysMem), &system);
  EXPECT_NE(&of.fallback(MemoryKind::ZcMem), &system);
  EXPECT_NE(of.fallback(MemoryKind::ZcMem).number, system.number);
  of.source.fields = {1, 2, 3, 4};
  of.use({4});
  const MemoryChoice& fresh = of.fallback(MemoryKind::SysMem);
  EXPECT_THAT(fresh.request.layout.fields.ids, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(system.request.layout.fields.ids, ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace placewright::decide
