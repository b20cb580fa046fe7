// SPDX-License-Identifier: Apache-2.0
#include "agent/answers/output_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"
#include "support/json.h"

namespace placewright::agent {
namespace {

using testing::HasSubstr;

TEST(OutputForm, GrammarsKnowOnlyTheApplication) {
  const llm::OutputForm form = mapping_form(writable_vocabulary(tune::circuit_workload()), 3);
  EXPECT_THAT(form.gbnf,
              testing::AllOf(testing::StartsWith("root ::= "), HasSubstr("=== CANDIDATE"),
                             HasSubstr("{1,3}"), HasSubstr("\"rp_shared\""),
                             testing::Not(HasSubstr("SOCKMEM")), testing::Not(HasSubstr("{0,64}")),
                             testing::Not(HasSubstr("def block"))));
  EXPECT_THAT(form.lark, testing::AllOf(testing::StartsWith("start: answer"), HasSubstr("~1..3")));
}

TEST(OutputForm, ACandidateHasAtLeastOneRule) {
  const llm::OutputForm form = mapping_form(writable_vocabulary(tune::circuit_workload()), 1);
  EXPECT_THAT(form.gbnf, testing::ContainsRegex("\ncandidate ::= [^\n]*CANDIDATE[^\n]* "
                                                "statement [^\n]*program"));
  EXPECT_THAT(form.gbnf, testing::ContainsRegex("\nstatement ::= [^\n]*task[^\n]*region"));
}

TEST(OutputForm, SchemasAreJson) {
  const llm::OutputForm form = mapping_form(writable_vocabulary(tune::circuit_workload()), 3);
  const auto schema = nlohmann::json::parse(form.json_schema);
  EXPECT_EQ(schema["properties"]["candidates"]["maxItems"], 3);
  const auto suggestion = nlohmann::json::parse(suggestion_form(true).json_schema);
  EXPECT_EQ(suggestion["required"], nlohmann::json({"reasoning", "answer", "suggestion"}));
  EXPECT_TRUE(suggestion["properties"]["suggestion"]["properties"].contains("layout_decision"));
  EXPECT_EQ(nlohmann::json::parse(suggestion_form(false).json_schema)["required"].size(), 1u);
}

TEST(OutputForm, NamesThatCannotBeWrittenAreLeftOut) {
  workload::Workload workload = tune::circuit_workload();
  workload.tasks[0].name = "calc\" root ::= .*\n";
  workload.tasks[2].arguments[0].names = {"rp\nshared"};
  const llm::OutputForm form = mapping_form(writable_vocabulary(workload), 1);
  EXPECT_THAT(form.gbnf, testing::AllOf(testing::Not(HasSubstr("root ::= .*")),
                                        testing::Not(HasSubstr("rp\\nshared"))));
}

}  // namespace
}  // namespace placewright::agent
