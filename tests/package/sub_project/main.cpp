// SPDX-License-Identifier: Apache-2.0
// Prints what a task of 32 sectors costs on a modelled CPU of one byte per second.
#include <placewright/task_cost.h>

#include <cstdio>

int main() {
  placewright::TaskCost cost;
  cost.arguments.push_back({0, placewright::AccessPattern::Stream, 32, 1, 0});
  placewright::ModelTable table;
  table.cpu.memory_bandwidth = table.cpu.fp32_flops = table.cpu.fp64_flops = 1;
  std::printf("%g s\n", modelled_seconds(cost, placewright::ModelledProcessor::Cpu, {}, table));
}
