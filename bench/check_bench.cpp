// SPDX-License-Identifier: Apache-2.0
// Measures the time to read and check a mapping. The text is a typical expert mapping repeated with
// other names to about 60 lines; the goal is 1 ms.
#include <benchmark/benchmark.h>

#include <string>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/token.h"
#include "support/check.h"

namespace placewright::lang {
namespace {

std::string mapping(int repetitions) {
  std::string text = "Task * GPU, OMP, CPU;\nRegion * * GPU FBMEM, ZCMEM;\nmgpu = Machine(GPU);\n";
  for (int i = 0; i < repetitions; ++i) {
    const std::string n = std::to_string(i);
    text += "Task task_" + n + " GPU, CPU;  # step " + n + "\n";
    text += "Region task_" + n + " rp_shared GPU ZCMEM, FBMEM;\n";
    text += "Region task_" + n + " rp_private GPU FBMEM;\n";
    text += "Layout task_" + n + " * * SOA C_order Align == 128;\n";
    text += "def map_" + n + "(Task task) {\n";
    text += "  ip = task.ipoint;\n";
    text += "  m3 = mgpu.auto_split(0, task.ispace);\n";
    text += "  m4 = m3.auto_split(2, task.ispace / m3[:-1]);\n";
    text += "  upper = tuple(ip[i] * m4.size[i] / task.ispace[i] for i in (0, 1));\n";
    text += "  lower = tuple(ip[i] % m4.size[i + 2] for i in (0, 1));\n";
    text += "  return m4[*upper, *lower];\n}\n";
    text += "IndexTaskMap task_" + n + " map_" + n + ";\n";
    text += "InstanceLimit task_" + n + " 4;\n";
  }
  return text;
}

// 4 repetitions give 59 lines, 71 about 1,000.
void lex_mapping(benchmark::State& state) {
  const SourceFile file("bench", mapping(static_cast<int>(state.range(0))));
  for (auto _ : state) {
    Diagnostics diagnostics(file);
    benchmark::DoNotOptimize(lex(file, diagnostics).tokens.size());
  }
  state.counters["lines"] = file.line_count();
}
BENCHMARK(lex_mapping)->Arg(4)->Arg(71);

void check_mapping(benchmark::State& state) {
  const SourceFile file("bench", mapping(static_cast<int>(state.range(0))));
  for (auto _ : state) {
    Diagnostics diagnostics(file);
    const Program program = parse(file, diagnostics);
    check(program, diagnostics);
    PLACEWRIGHT_CHECK(diagnostics.sorted().empty());
  }
  state.counters["lines"] = file.line_count();
}
BENCHMARK(check_mapping)->Arg(4)->Arg(71);

}  // namespace
}  // namespace placewright::lang
