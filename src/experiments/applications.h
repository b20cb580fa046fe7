// SPDX-License-Identifier: Apache-2.0
// Finds the benchmark applications and their files, in the build tree and installed: programs
// next to `placewright`, files in ../share/placewright. Runs nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/result.h"

namespace placewright::experiments {

struct Application {
  std::string name;
  std::string program;  ///< Takes `-input NAME` and `-mapper default|handwritten`.
  std::string expert;   ///< The experts' mapping.
  std::string folder;   ///< Its files: mappings, study files.
};

struct Applications {
  std::vector<Application> found;  ///< In the order used in tables.
  std::vector<std::string>
      missing;  ///< Listed applications without a folder; empty if names were given.
};

class Catalogue {
 public:
  /// `program_folder` is that of `placewright`.
  explicit Catalogue(std::string program_folder) : bin_(std::move(program_folder)) {}

  /// The applications with these names, or all if none are given. Errors: an unknown name, a name
  /// without files, an application without its program or mapping, no application at all.
  [[nodiscard]] Result<Applications> applications(const std::vector<std::string>& names) const;

  /// A machine file: a path is used as is, a bare name such as `p100x4` is looked up in ../share.
  /// Errors: not found, or a machine that cannot hold this many processes.
  [[nodiscard]] Result<std::string> machine_file(const std::string& name_or_path,
                                                 int processes) const;

 private:
  [[nodiscard]] std::string share() const;
  [[nodiscard]] Result<std::vector<std::string>> known() const;
  [[nodiscard]] Result<Application> application(const std::string& name) const;

  std::string bin_;
};

/// Wall seconds per modelled second that `folder/INPUT.study.toml` asks for; nullopt without such a
/// file or number. Errors: a study file that cannot be read.
[[nodiscard]] Result<std::optional<double>> time_scale_of(const Application& application,
                                                          const std::string& input);

}  // namespace placewright::experiments
