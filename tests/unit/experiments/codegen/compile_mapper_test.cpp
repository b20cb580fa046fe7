// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/compile_mapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/temporary_folder.h"

namespace placewright::experiments {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Compiles what needs no header of Legion.
class CompileMapper : public testing::Test {
 protected:
  void SetUp() override { setenv("PLACEWRIGHT_LEGION_HEADERS", "/no/such/headers", 1); }
  void TearDown() override { unsetenv("PLACEWRIGHT_LEGION_HEADERS"); }

  CompiledMapper compile(const std::string& source) {
    const auto compiled = compile_mapper(source, folder_.path(), 60, {});
    EXPECT_TRUE(compiled) << compiled.error().message;
    return compiled ? *compiled : CompiledMapper{};
  }

  TemporaryFolder folder_ = std::move(*TemporaryFolder::make());
};

TEST_F(CompileMapper, ValidSourceGivesALibrary) {
  const CompiledMapper compiled = compile("int placed = 1;\n");
  ASSERT_TRUE(compiled.library) << compiled.messages;
  EXPECT_TRUE(std::filesystem::is_regular_file(*compiled.library));
}

TEST_F(CompileMapper, MessagesNameTheFileWithoutItsFolder) {
  const CompiledMapper compiled = compile("int x = y;\n");
  EXPECT_FALSE(compiled.library);
  EXPECT_THAT(compiled.messages, HasSubstr("mapper.cpp:1:9: error: "));
  EXPECT_THAT(compiled.messages, Not(HasSubstr(folder_.path())));
}

TEST_F(CompileMapper, MessagesAreCutAtALine) {
  // Long lines, because Clang stops after twenty errors.
  const std::string padding(300, 'x');
  std::string source;
  for (int k = 0; k < 15; ++k) source += "int " + padding + std::to_string(k) + " = unknown;\n";
  const CompiledMapper compiled = compile(source);
  EXPECT_LT(compiled.messages.size(), 4100U);
  EXPECT_TRUE(compiled.messages.ends_with("\n...\n"));
}

TEST_F(CompileMapper, EndlessCompilationIsStopped) {
  // A pipe that nobody writes to.
  const std::string pipe = folder_.path() + "/pipe.h";
  ASSERT_EQ(std::system(("mkfifo " + pipe).c_str()), 0);
  const auto compiled = compile_mapper("#include \"pipe.h\"\n", folder_.path(), 0.2, {});
  ASSERT_TRUE(compiled);
  EXPECT_FALSE(compiled->library);
  EXPECT_THAT(compiled->messages, HasSubstr("the compiler was stopped after 0.2 s"));
}

TEST_F(CompileMapper, MissingFolderIsAnErrorAndNotARejection) {
  EXPECT_FALSE(compile_mapper("int x;", folder_.path() + "/no/such", 60, {}));
}

TEST(SecretVariables, AreFoundByTheirNames) {
  setenv("EXPERIMENT_TEST_API_KEY", "x", 1);
  setenv("EXPERIMENT_TEST_FOLDER", "x", 1);
  const std::vector<std::string> names = secret_variables();
  EXPECT_THAT(names, Contains("EXPERIMENT_TEST_API_KEY"));
  EXPECT_THAT(names, Not(Contains("EXPERIMENT_TEST_FOLDER")));
  unsetenv("EXPERIMENT_TEST_API_KEY");
  unsetenv("EXPERIMENT_TEST_FOLDER");
}

}  // namespace
}  // namespace placewright::experiments
