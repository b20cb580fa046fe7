// SPDX-License-Identifier: Apache-2.0
// What a reader of a generated mapper finds of the mapping. circuit_mapping.txt was read by a person;
// everything else in the file is sources that are tested where they stand.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "codegen/codegen.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"

namespace placewright::codegen {
namespace {

std::string generate(const std::string& name, const std::string& text) {
  policy::Mapping mapping{SourceFile(name, text), {}};
  Diagnostics diagnostics(mapping.file);
  mapping.program = lang::parse(mapping.file, diagnostics);
  lang::check(mapping.program, diagnostics);
  const auto generated = generate_mapper(mapping, "mapper", diagnostics);
  EXPECT_TRUE(generated) << diagnostics.to_text();
  return generated.value_or("");
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// From the mapping's functions to the decisions.
std::string mapping_part(const std::string& text) {
  const size_t begin = text.find("// ------------------------------------ the mapping: functions");
  const size_t end = text.find("// ------------------------------------------ decisions");
  EXPECT_NE(begin, std::string::npos);
  EXPECT_NE(end, std::string::npos);
  return text.substr(begin, end - begin);
}

TEST(GeneratedText, ShowsCircuitsMappingInOnePlace) {
  EXPECT_EQ(mapping_part(generate("expert.mapping", read(CIRCUIT_MAPPING))), read(CIRCUIT_TEXT));
}

TEST(GeneratedText, NumbersConditionsAndNamesWhatTheySelect) {
  const std::string part = mapping_part(
      generate("test.mapping", "Task a, b CPU if task.depth == 1;\nRegion a 0 CPU SYSMEM;\n"));
  EXPECT_NE(part.find("  list.conditions = {\n      {{1, 2}, {{\"a\", \"b\"}, {}}, {}},\n"),
            std::string::npos)
      << part;
  EXPECT_NE(part.find("{at(1, {\"a\", \"b\"}, 0), {ProcessorKind::Cpu}}"), std::string::npos);
  EXPECT_NE(part.find("{at(2, {\"a\"}), {int64_t{0}}, ProcessorKind::Cpu, {MemoryKind::SysMem}}"),
            std::string::npos);
  EXPECT_NE(part.find("condition(1, []"), std::string::npos);
}

TEST(GeneratedText, ContainsTheCoreAndTheAdapterOnce) {
  const std::string text = generate("test.mapping", "Task * CPU;\n");
  for (const std::string_view definition :
       {"class Obtaining {", "class WaitingTasks {", "class RuleTables {", "class Instances {",
        "class PlacewrightMapper final", "class CompiledRules final"}) {
    const size_t first = text.find(definition);
    ASSERT_NE(first, std::string::npos) << definition;
    EXPECT_EQ(text.find(definition, first + 1), std::string::npos) << definition;
  }
}

TEST(GeneratedText, HasNodesFactsAndTagsOfTheMapping) {
  const std::string text = mapping_part(generate(
      "m.mapping",
      "ControlReplicate work 0..3;\n"
      "m = Machine(CPU).all;\n"
      "def f(Task task) { return m[(task.tag + task.parent.processor(m)[0]) % m.volume]; }\n"
      "IndexTaskMap step f if task.tag == 14695981039346656037;\n"));
  EXPECT_NE(text.find("{at(1, {\"work\"}), {{0, 3}}}"), std::string::npos) << text;
  EXPECT_NE(text.find(", {.tag = true, .depth = false, .parent = true, .mapper = false}),"),
            std::string::npos);
  EXPECT_NE(text.find("task.tag() == Int(14695981039346656037u)"), std::string::npos);
  EXPECT_NE(text.find(".all()"), std::string::npos);
}

}  // namespace
}  // namespace placewright::codegen
