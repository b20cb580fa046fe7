// SPDX-License-Identifier: Apache-2.0
#include "infer/infer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infer/accepted.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"

namespace placewright::infer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::shared_ptr<const policy::Policy> load(const std::string& text,
                                           const machine::MachineShape& machine) {
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("m", text), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << text << diagnostics.to_text();
  auto policy = policy::Policy::build(mapping, machine, diagnostics);
  EXPECT_NE(policy, nullptr) << diagnostics.to_text();
  return policy;
}

lang::LaunchFacts facts(const machine::LaunchDomain& domain) {
  lang::LaunchFacts result;
  result.domain = domain;
  return result;
}

/// An application whose mapper is itself a mapping: what it decides for launches of `calc`.
class Application {
 public:
  Application(const char* machine, const std::vector<std::string>& domains)
      : workload_{*machine::MachineShape::parse(machine), {}} {
    workload::WorkloadTask task{"calc", {machine::ProcessorKind::Gpu}, false, {}, {}};
    for (const std::string& domain : domains) {
      domains_.push_back(*machine::parse_launch_domain(domain));
      task.launches.push_back({true, domains_.back(), 1});
    }
    workload_.tasks.push_back(task);
  }

  std::vector<ObservedTask> run(const std::string& mapping) const {
    const auto policy = load(mapping, workload_.machine);
    std::vector<ObservedTask> tasks;
    for (const machine::LaunchDomain& domain : domains_) {
      const policy::TaskId id = *policy->task("calc", facts(domain));
      const auto function = policy->index_map(id, machine::ProcessorKind::Gpu);
      if (!function) {
        ADD_FAILURE() << "no map for " << domain.to_string() << " in\n" << mapping;
        continue;
      }
      const auto placement = policy->placement(*function, {domain}, machine::ProcessorKind::Gpu);
      EXPECT_TRUE(placement.has_value()) << mapping;
      for (int64_t k = 0; k < domain.volume(); ++k) {
        ObservedTask task;
        task.name = "calc";
        task.depth = 1;
        task.point = domain.point(k);
        task.domain = domain;
        task.kind = machine::ProcessorKind::Gpu;
        const policy::Target target = (*placement)->at(*task.point);
        task.place = {target.node, target.processors.front()};
        task.choices = static_cast<int>(target.processors.size());
        tasks.push_back(task);
      }
    }
    return tasks;
  }

  /// The mapping that is inferred from what `mapping` does; it must do the same.
  InferredMapping inferred(const std::string& mapping) const {
    const std::vector<ObservedTask> wanted = run(mapping);
    InferredMapping result = infer_mapping(wanted, workload_, "test");
    const std::vector<ObservedTask> found = run(result.text);
    EXPECT_EQ(wanted.size(), found.size());
    for (size_t k = 0; k < std::min(wanted.size(), found.size()); ++k) {
      EXPECT_EQ(wanted[k].place, found[k].place) << to_string(*wanted[k].point) << " in\n"
                                                 << result.text;
      EXPECT_EQ(wanted[k].choices, found[k].choices);
    }
    return result;
  }

  const workload::Workload& workload() const { return workload_; }

 private:
  workload::Workload workload_;
  std::vector<machine::LaunchDomain> domains_;
};

std::string map(const std::string& body) {
  return "m = Machine(GPU);\ndef f(Task task) {\n  p = task.ipoint - task.lo; s = task.ispace;\n" +
         body + "\n}\nIndexTaskMap calc f;\n";
}

const char* const kMachine = "nodes=4,GPU=2,CPU=1";

TEST(Infer, RecognizesBlocks) {
  const Application application(kMachine, {"0..15", "0..63"});
  const auto found = application.inferred(
      map("q = p[0] * m.volume / s[0]; return m[q / m.size[1], q % m.size[1]];"));
  EXPECT_THAT(found.text, HasSubstr("def block_gpu(Task task)"));
  EXPECT_THAT(found.text, HasSubstr("IndexTaskMap GPU block_gpu;"));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(Infer, RecognizesCyclicAndLinearised) {
  const Application application(kMachine, {"0..15", "0..31"});
  EXPECT_THAT(
      application.inferred(map("return m[p[0] % m.size[0], p[0] / m.size[0] % m.size[1]];")).text,
      HasSubstr("def cyclic_gpu"));
  EXPECT_THAT(
      application.inferred(map("return m[p[0] / m.size[1] % m.size[0], p[0] % m.size[1]];")).text,
      HasSubstr("def linear_gpu"));
}

TEST(Infer, RecognizesBlockCyclic) {
  const Application application(kMachine, {"0..47"});
  const auto found = application.inferred(
      map("q = p[0] / 3; return m[q % m.size[0], q / m.size[0] % m.size[1]];"));
  EXPECT_THAT(found.text, HasSubstr("i / 3 % mgpu.size[0]"));
  EXPECT_THAT(found.text, HasSubstr("def block_cyclic_gpu"));
}

TEST(Infer, CountsFromTheLowerBoundOrFromZero) {
  const Application application(kMachine, {"-3..12", "5..36"});
  EXPECT_THAT(application.inferred(map("return m[p[0] % 4, p[0] / 4 % 2];")).text,
              HasSubstr("task.ipoint[0] - task.lo[0]"));
  const Application positive(kMachine, {"5..36", "7..9"});
  EXPECT_THAT(positive
                  .inferred("m = Machine(GPU);\ndef f(Task task) { x = task.ipoint[0]; "
                            "return m[x % 4, x / 4 % 2]; }\nIndexTaskMap calc f;\n")
                  .text,
              HasSubstr("x = task.ipoint[0];"));
}

TEST(Infer, RecognizesLinearisedGrids) {
  const Application application(kMachine, {"0,0..3,7"});
  EXPECT_THAT(application
                  .inferred(map("q = p[0] * s[1] + p[1]; "
                                "return m[q % m.size[0], q / m.size[0] % m.size[1]];"))
                  .text,
              HasSubstr("def cyclic_gpu"));
  application.inferred(map("q = p[0] + p[1] * s[0]; return m[q % m.size[0], q / 8 % 2];"));
}

TEST(Infer, RecognizesHierarchicalDecomposition) {
  const Application application(kMachine, {"0,0..7,7", "0,0..15,7"});
  const std::string steps =
      "u = m.decompose(0, s); h = u.decompose(2, s / u.size[0:2]);"
      "a = p * h.size[0:2] / s; ";
  EXPECT_THAT(application.inferred(map(steps + "return h[*a, *(p % h.size[2:])];")).text,
              HasSubstr("def hierarchical_gpu"));
  EXPECT_THAT(
      application.inferred(map("g = m.merge(0, 1).decompose(0, s); return g[*(p * g.size / s)];"))
          .text,
      HasSubstr(".decompose(0, s)"));
}

TEST(Infer, RecognizesGridsWithFixedFactors) {
  const Application application(kMachine, {"0,0..7,7"});
  const auto found = application.inferred(map("return m[p[1] * 4 / s[1], p[0] * 2 / s[0]];"));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(Infer, WritesATableWhereNoFormulaFits) {
  const Application application(kMachine, {"0..5"});
  const auto found = application.inferred(
      map("t = (3, 0, 0, 2, 1, 3); return m[t[p[0]], (p[0] * p[0] / 3) % 2];"));
  EXPECT_THAT(found.text, HasSubstr("nodes = (3, 0, 0, 2, 1, 3);"));
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("no formula fits")));
}

TEST(Infer, KeepsSetsOfProcessors) {
  const Application application(kMachine, {"0..15"});
  EXPECT_THAT(application.inferred(map("return m[p[0] * 4 / s[0], *];")).text,
              HasSubstr("mgpu.size[0] / task.ispace[0], *]"));
}

TEST(Infer, ChoosesTheShortestRulesForKinds) {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=1,CPU=1"), {}};
  std::vector<ObservedTask> tasks;
  for (const char* name : {"a", "b", "c", "d"}) {
    workload.tasks.push_back(
        {name, {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu}, false, {}, {}});
    ObservedTask task;
    task.name = name;
    task.depth = 1;
    task.kind = name[0] == 'd' ? machine::ProcessorKind::Gpu : machine::ProcessorKind::Cpu;
    tasks.push_back(task);
  }
  EXPECT_THAT(infer_mapping(tasks, workload, "t").text, HasSubstr("\nTask a, b, c CPU;\n"));
  EXPECT_THAT(infer_mapping(tasks, workload, "t").text, Not(HasSubstr("Task *")));
}

TEST(Infer, WritesMemoriesLayoutsPrioritiesAndCollection) {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=1,CPU=1"), {}};
  workload.tasks.push_back({"calc",
                            {machine::ProcessorKind::Gpu},
                            false,
                            {{{"grid"}, machine::Privilege::ReadWrite, 2, 2, 64},
                             {{"ghost"}, machine::Privilege::ReadOnly, 2, 1, 64}},
                            {}});
  ObservedTask task;
  task.name = "calc";
  task.depth = 1;
  task.kind = machine::ProcessorKind::Gpu;
  task.priority = 4;
  const machine::DataOrder order{machine::FieldOrder::Aos, machine::DimensionOrder::C};
  task.arguments = {{machine::MemoryKind::FbMem, order},
                    {machine::MemoryKind::ZcMem, order, false, true}};
  const auto found = infer_mapping(std::vector{task}, workload, "t");
  EXPECT_THAT(found.text, HasSubstr("Region calc ghost GPU ZCMEM;\n"));
  EXPECT_THAT(found.text, HasSubstr("Layout calc grid * AOS C_order;\n"));
  EXPECT_THAT(found.text, HasSubstr("Layout calc ghost * SOA C_order;\n"));
  EXPECT_THAT(found.text, HasSubstr("Priority calc 4;\n"));
  EXPECT_THAT(found.text, HasSubstr("CollectMemory calc ghost;\n"));
}

/// A task `name`, which ran once on CPU 0 of node 0 and is in the workload.
ObservedTask single(workload::Workload& workload, const char* name) {
  workload.tasks.push_back({name, {machine::ProcessorKind::Cpu}, false, {}, {}});
  ObservedTask task;
  task.name = name;
  task.depth = 1;
  return task;
}

TEST(Infer, PrioritiesBeyondThoseOfAMappingAreBroughtIntoRange) {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,CPU=1"), {}};
  ObservedTask high = single(workload, "high");
  high.priority = 1 << 24;
  ObservedTask low = single(workload, "low");
  low.priority = -(1 << 24);
  const auto found = infer_mapping(std::vector{high, low}, workload, "t");
  load(found.text, workload.machine);
  EXPECT_THAT(found.text, HasSubstr("Priority low -1000000;\nPriority high 1000000;\n"));
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("`high` has priority 16777216"),
                                          HasSubstr("`low` has priority -16777216")));
}

TEST(Infer, ReplicationNamesItsNodes) {
  workload::Workload workload{*machine::MachineShape::parse("nodes=4,CPU=1"), {}};
  const ObservedTask work = single(workload, "work");
  std::vector<ObservedTask> shards(2, work);
  for (int i = 0; i < 2; ++i) {
    shards[i].is_shard = true;
    shards[i].place.node = i + 1;
  }
  EXPECT_THAT(infer_mapping(shards, workload, "t").text,
              HasSubstr("ControlReplicate work 1..2;\n"));
}

TEST(Infer, WhatTheCheckerRefusesIsLeftOut) {
  const auto machine = *machine::MachineShape::parse("nodes=2,CPU=1");
  std::vector<std::string> warnings;
  EXPECT_EQ(only_accepted("Task a CPU;\nPriority a 2000000;\nControlReplicate a 0..5;\n"
                          "def f(Task t) {\n  return g(t);\n}\nIndexTaskMap a f;\nTask b CPU;\n",
                          machine, warnings),
            "Task a CPU;\nTask b CPU;\n");
  EXPECT_THAT(warnings, SizeIs(4));
  EXPECT_THAT(warnings.front(), HasSubstr("left out `Priority a 2000000;`: a priority must be"));
}

TEST(Infer, SaysWhatTheLanguageHasNoWordFor) {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,CPU=1"), {}};
  std::vector<ObservedTask> tasks(2);
  const machine::DataOrder mixed{machine::FieldOrder::Soa, machine::DimensionOrder::Mixed};
  tasks[0].name = "apart";
  tasks[0].arguments = {{machine::UnnamedMemory{}, machine::DataOrder{}}};
  tasks[1].name = "mixed";
  tasks[1].arguments = {{machine::MemoryKind::SysMem, mixed}};
  for (const ObservedTask& task : tasks)
    workload.tasks.push_back({task.name,
                              {machine::ProcessorKind::Cpu},
                              false,
                              {{{"grid"}, machine::Privilege::ReadWrite, 3, 1, 64}},
                              {}});
  EXPECT_THAT(infer_mapping(tasks, workload, "t").warnings,
              ElementsAre(HasSubstr("`apart` has instances in a kind of memory"),
                          HasSubstr("`mixed` has an order of dimensions")));
}

TEST(Infer, ReadsTheLinesOfARun) {
  const auto tasks = read_decisions(
      R"({"task":"a","kind":"GPU","node":1,"processor":2,"choices":1,"depth":1,"priority":0,)"
      R"("point":[3,4],"domain":"0,0..7,7","arguments":[{"memory":"FBMEM","layout":"SOA",)"
      R"("order":"F"}]})"
      "\n");
  ASSERT_TRUE(tasks.has_value()) << tasks.error().message;
  ASSERT_THAT(*tasks, SizeIs(1));
  EXPECT_EQ(tasks->front().place, (ObservedPlace{1, 2}));
  EXPECT_EQ(tasks->front().domain.to_string(), "0,0..7,7");
  EXPECT_EQ(tasks->front().arguments.front().memory,
            machine::InstanceMemory(machine::MemoryKind::FbMem));
  const auto broken = read_decisions("{\"task\":\"a\",\"kind\":\"CPU\"}\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("line 1"));
}

}  // namespace
}  // namespace placewright::infer
