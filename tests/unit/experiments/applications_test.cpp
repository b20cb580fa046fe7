// SPDX-License-Identifier: Apache-2.0
#include "experiments/applications.h"

#include <gmock/gmock.h>

#include "folders.h"

namespace placewright::experiments {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

TEST(Applications, ThoseWithoutAFolderAreLeftOutAndTheListGivesTheOrder) {
  BuildTree tree;
  tree.add("third");
  tree.add("first");
  const auto all = Catalogue(tree.bin()).applications({});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_THAT(all->found,
              ElementsAre(Field(&Application::name, "first"), Field(&Application::name, "third")));
  EXPECT_THAT(all->missing, ElementsAre("second"));
  EXPECT_EQ(all->found[0].program, tree.bin() + "/first");
  EXPECT_EQ(all->found[0].expert, (tree.apps() / "first/mappings/expert.mapping").string());
}

TEST(Applications, WhatIsAskedForMustBeThere) {
  BuildTree tree;
  tree.add("first");
  const Catalogue catalogue(tree.bin());
  EXPECT_THAT(catalogue.applications({"fourth"}).error().help, HasSubstr("first, second, third"));
  EXPECT_THAT(catalogue.applications({"second"}).error().message,
              HasSubstr("the program of `second` is missing"));
  tree.add_program("second");
  EXPECT_THAT(catalogue.applications({"second"}).error().message,
              HasSubstr("`second` has no expert mapping"));
}

TEST(Applications, FolderWithoutItsProgramIsAnError) {
  BuildTree tree;
  tree.add("first");
  write(tree.apps() / "second/mappings/expert.mapping", "Task * CPU;\n");
  EXPECT_THAT(Catalogue(tree.bin()).applications({}).error().message,
              HasSubstr("the program of `second` is missing"));
}

TEST(Applications, NoneAtAllIsAnError) {
  const BuildTree tree;
  EXPECT_THAT(Catalogue(tree.bin()).applications({}).error().message,
              HasSubstr("no applications found in"));
}

TEST(Applications, MachineIsANameOrAPath) {
  const BuildTree tree;
  const Catalogue catalogue(tree.bin());
  const std::string file = (tree.share() / "machines/box.toml").string();
  std::filesystem::copy_file(PLACEWRIGHT_MACHINES "/p100x4.toml", file,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(*catalogue.machine_file("box", 1), file);
  EXPECT_EQ(*catalogue.machine_file(file, 2), file);
  EXPECT_THAT(catalogue.machine_file("bix", 1).error().message, HasSubstr("unknown machine `bix`"));
}

TEST(Applications, MachineThatNothingCanRunOnIsAnError) {
  const BuildTree tree;
  EXPECT_THAT(Catalogue(tree.bin()).machine_file("box", 1).error().message, HasSubstr("box.toml"));
  EXPECT_THAT(
      Catalogue(tree.bin()).machine_file(PLACEWRIGHT_MACHINES "/h200.toml", 2).error().message,
      HasSubstr("no section `[network]`, which 2 processes need"));
}

TEST(Applications, TimeScaleComesFromTheStudyFileOfTheInput) {
  BuildTree tree;
  tree.add("first");
  const Application first = Catalogue(tree.bin()).applications({"first"})->found.front();
  EXPECT_EQ(*time_scale_of(first, "small"), std::nullopt);
  const auto study = tree.apps() / "first/small.study.toml";
  write(study, "[study]\ncommand = [\"first\"]\ntime_scale = 250\n");
  EXPECT_EQ(time_scale_of(first, "small")->value(), 250);
  EXPECT_EQ(*time_scale_of(first, "medium"), std::nullopt);
  write(study, "[study]\ncommand = [\"first\"]\ntime_scale = \"fast\"\n");
  EXPECT_THAT(time_scale_of(first, "small").error().message, HasSubstr("small.study.toml:3"));
}

}  // namespace
}  // namespace placewright::experiments
