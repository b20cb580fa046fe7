// SPDX-License-Identifier: Apache-2.0
#include "cli/study_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/print_error.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {

std::string program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
}

std::optional<tune::Settings> read_study(const std::string& path) {
  const auto file = SourceFile::read(path);
  if (!file) {
    print_error(file.error());
    return std::nullopt;
  }
  Diagnostics diagnostics(*file);
  auto settings = tune::read_study_file(*file, program_folder(), diagnostics);
  print_text(stderr, "{}", diagnostics.to_text());
  return settings;
}

Result<tune::StudyStore> open_study(const std::string& path) {
  constexpr const char* kHelp = "give a file that `placewright tune` wrote, such as app.study.db";
  if (!std::filesystem::exists(path))
    return fail(fmt::format("study `{}` does not exist", path), kHelp);
  auto store = tune::StudyStore::open(path);
  if (!store && store.error().help.empty()) store.error().help = kHelp;
  return store;
}

Result<tune::Evaluation> find_evaluation(const tune::StudyStore& study, int64_t id) {
  std::optional<tune::Evaluation> found;
  int64_t last = 0;
  PLACEWRIGHT_TRY_VOID(study.each_evaluation([&](tune::Evaluation evaluation) {
    last = evaluation.id;
    if (evaluation.id == id) found = std::move(evaluation);
  }));
  if (found) return std::move(*found);
  if (last == 0) return fail("the study has no evaluation yet", "resume it first");
  return fail(fmt::format("the study has no evaluation {}", id),
              fmt::format("it has 1 to {}", last));
}

}  // namespace placewright::cli
