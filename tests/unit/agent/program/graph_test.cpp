// SPDX-License-Identifier: Apache-2.0
#include "agent/program/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"

namespace placewright::agent {
namespace {

using testing::HasSubstr;

workload::Workload one_task() {
  workload::Workload workload{
      *machine::MachineShape::parse("nodes=1,GPU=2,CPU=1,FBMEM=16GiB,ZCMEM=0"), {}};
  workload.tasks = {{"step",
                     {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu},
                     false,
                     {tune::argument({"cells"}, machine::Privilege::ReadWrite, 800)},
                     {{true, {{1, {0}}, {1, {1}}}, 10}}}};
  return workload;
}

Program program() {
  Program result;
  result[Decision::Task] = "Task * GPU, CPU;";
  result[Decision::Layout] = "Layout * * * SOA;";
  return result;
}

Graph graph_of(const Program& program, const std::optional<Outcome>& outcome) {
  const workload::Workload workload = one_task();
  return trace(program, facts_of(workload, workload.machine),
               check_program(program, workload, workload.machine), outcome);
}

TEST(Graph, NodesComeAfterTheirParentsAndTheResultIsLast) {
  const Graph graph = graph_of(program(), Outcome{tune::Status::Ok, 0.25, "", {}, {}, ""});
  EXPECT_EQ(graph.output().name, "elapsed_s");
  EXPECT_EQ(graph.output().value, "0.25");
  std::set<std::string> made;
  for (const Node& node : graph.nodes) {
    for (const auto& [parameter, parent] : node.parents)
      EXPECT_TRUE(made.contains(parent)) << node.name << " before its parent " << parent;
    made.insert(node.name);
  }
}

TEST(Graph, AFailedCheckIsTheOutput) {
  Program wrong = program();
  wrong[Decision::Task] = "Task * GPUS;";
  const Graph graph = graph_of(wrong, std::nullopt);
  EXPECT_EQ(graph.output().name, "exception_check");
  EXPECT_EQ(graph.output().type, "exception");
  EXPECT_THAT(graph.output().value, HasSubstr("Task * GPUS;\n       ^~~~ # <-- error"));
}

TEST(Graph, AFailedRunIsTheOutput) {
  const Graph graph =
      graph_of(program(), Outcome{tune::Status::Timeout, {}, "after 3 s", {}, {}, ""});
  EXPECT_EQ(graph.output().name, "exception_run");
  EXPECT_EQ(graph.output().value, "timeout: after 3 s");
}

// The nine parts, to the letter.
TEST(Graph, RendersTheNinePartsOfAProblemInstance) {
  const Graph graph = graph_of(program(), Outcome{tune::Status::Ok, 0.25, "", {}, {}, ""});
  const std::string text = to_text(problem_instance(graph, "Be fast.", "It took long."));
  EXPECT_EQ(text.substr(0, text.find("#Others")),
            R"(#Instruction
Be fast.

#Code
task_statements = task_decision(tasks=tasks)
region_statements = region_decision(regions=regions)
layout_statements = layout_decision()
instance_limit_statements = instance_limit_decision(tasks=tasks)
index_task_map_statements = index_task_map_decision(index_tasks=index_tasks, index_task_specification=index_task_specification)
single_task_map_statements = single_task_map_decision(single_tasks=single_tasks)
mapping = generate_mapper(task_statements=task_statements, region_statements=region_statements, layout_statements=layout_statements, instance_limit_statements=instance_limit_statements, index_task_map_statements=index_task_map_statements, single_task_map_statements=single_task_map_statements)
decisions = check(mapping=mapping, machine=machine, tasks=tasks)
elapsed_s = run(mapping=mapping, decisions=decisions)

#Documentation
[task_decision] On which kind of processor each task runs: the first listed kind that the machine has and for which the task has a variant. Its body is mapping text.
[region_decision] In which kind of memory each region argument of a task lies, per kind of processor. Its body is mapping text.
[layout_decision] How the instances of region arguments are laid out in memory. Its body is mapping text.
[instance_limit_decision] How many instances of a task may be in flight on a processor at a time. Its body is mapping text.
[index_task_map_decision] Which processor each point of an index launch goes to, by functions from points to processors. Its body is mapping text.
[single_task_map_decision] Which processor a task that is launched alone goes to. Its body is mapping text.
[generate_mapper] Joins the statements into one mapping, in the order of its arguments.
[check] Checks the mapping for the application and the machine and gives the decisions that it amounts to, a line for each task, argument and launch.
[run] Runs the application under the mapping. Gives the elapsed time in seconds; less is better.

#Variables
(code) task_decision:
Task * GPU, CPU;
(code) region_decision:
# empty
(code) layout_decision:
Layout * * * SOA;
(code) instance_limit_decision:
# empty
(code) index_task_map_decision:
# empty
(code) single_task_map_decision:
# empty

#Constraints
(code) task_decision: mapping text. Rules: Task, Priority, ControlReplicate, TaskSteal. Functions and global values may come before the rules that use them. It may be empty. The signature task_decision(tasks) is fixed.
(code) region_decision: mapping text. Rules: Region, CollectMemory. Functions and global values may come before the rules that use them. It may be empty. The signature region_decision(regions) is fixed.
(code) layout_decision: mapping text. Rules: Layout. Functions and global values may come before the rules that use them. It may be empty. The signature layout_decision() is fixed.
(code) instance_limit_decision: mapping text. Rules: InstanceLimit. Functions and global values may come before the rules that use them. It may be empty. The signature instance_limit_decision(tasks) is fixed.
(code) index_task_map_decision: mapping text. Rules: IndexTaskMap. Functions and global values may come before the rules that use them. It may be empty. The signature index_task_map_decision(index_tasks, index_task_specification) is fixed.
(code) single_task_map_decision: mapping text. Rules: SingleTaskMap. Functions and global values may come before the rules that use them. It may be empty. The signature single_task_map_decision(single_tasks) is fixed.

#Inputs
(dict) index_task_specification={"step":[{"points":"0..1","launches":10}]}
(list) index_tasks=["step"]
(dict) machine={"nodes":1,"CPU":{"per_node":1,"memories":[{"kind":"SYSMEM"}]},"GPU":{"per_node":2,"memories":[{"kind":"FBMEM","bytes":17179869184}]}}
(dict) regions={"cells":[{"task":"step","argument":0,"privilege":"RW","bytes_per_point":800}]}
(list) single_tasks=[]
(list) tasks=[{"name":"step","variants":["CPU","GPU"],"arguments":[{"index":0,"regions":["cells"],"privilege":"RW","bytes_per_point":800,"dimensions":1,"fields":1}],"launches":[{"points":"0..1","launches":10}]}]

)");
  EXPECT_THAT(text, HasSubstr("#Others\n(str) decisions=\ntask step "));
  EXPECT_TRUE(text.ends_with("\n#Outputs\n(float) elapsed_s=0.25\n\n#Feedback\nIt took long.\n"));
}

TEST(Graph, MaskedPartsAreEmpty) {
  const Graph graph = graph_of(program(), Outcome{tune::Status::Ok, 0.25, "", {}, {}, ""});
  const ProblemInstance problem =
      problem_instance(graph, "Be fast.", "It took long.", {Part::Code, Part::Feedback});
  EXPECT_EQ(problem.code, "");
  EXPECT_EQ(problem.feedback, "");
  EXPECT_EQ(problem.instruction, "Be fast.");
}

}  // namespace
}  // namespace placewright::agent
