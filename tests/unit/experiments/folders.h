// SPDX-License-Identifier: Apache-2.0
// A build tree of empty programs, for tests that look for applications.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_folder.h"

namespace placewright::experiments {

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

class BuildTree {
 public:
  BuildTree() : folder_(std::move(*TemporaryFolder::make())) {
    write(apps() / "applications.txt", "# order\nfirst\nsecond\nthird\n");
    write(share() / "machines" / "box.toml", "");
  }

  void add(const std::string& name) {
    add_program(name);
    write(apps() / name / "mappings" / "expert.mapping", "Task * CPU;\n");
  }
  void add_program(const std::string& name) {
    write(root() / "bin" / name, "#!/bin/sh\n");
    std::filesystem::permissions(root() / "bin" / name, std::filesystem::perms::owner_all);
  }

  std::filesystem::path root() const { return folder_.path(); }
  std::filesystem::path share() const { return root() / "share" / "placewright"; }
  std::filesystem::path apps() const { return share() / "apps"; }
  std::string bin() const { return (root() / "bin").string(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace placewright::experiments
