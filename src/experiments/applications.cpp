// SPDX-License-Identifier: Apache-2.0
#include "experiments/applications.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "launch/launch_plan.h"
#include "support/try.h"
#include "tune/settings.h"

namespace placewright::experiments {
namespace {

namespace fs = std::filesystem;

bool is_there(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string Catalogue::share() const {
  return (fs::path(bin_).parent_path() / "share" / "placewright").string();
}

Result<std::vector<std::string>> Catalogue::known() const {
  PLACEWRIGHT_TRY(const auto list, SourceFile::read(share() + "/apps/applications.txt"));
  std::vector<std::string> names;
  std::istringstream lines{std::string(list.text())};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != '#') names.push_back(line);
  }
  return names;
}

Result<Application> Catalogue::application(const std::string& name) const {
  Application result;
  result.name = name;
  result.program = bin_ + "/" + name;
  result.folder = share() + "/apps/" + name;
  result.expert = result.folder + "/mappings/expert.mapping";
  if (access(result.program.c_str(), X_OK) != 0)
    return fail(fmt::format("the program of `{}` is missing: `{}`", name, result.program),
                "build it, or exclude it with --apps");
  if (!is_there(result.expert))
    return fail(fmt::format("`{}` has no expert mapping: `{}`", name, result.expert),
                "exclude it with --apps");
  return result;
}

Result<Applications> Catalogue::applications(const std::vector<std::string>& names) const {
  PLACEWRIGHT_TRY(const auto list, known());
  for (const std::string& name : names) {
    if (std::ranges::find(list, name) == list.end())
      return fail(fmt::format("unknown application `{}`", name),
                  fmt::format("expected some of {}", fmt::join(list, ", ")));
  }
  Applications result;
  for (const std::string& name : list) {
    if (!names.empty() && std::ranges::find(names, name) == names.end()) continue;
    if (names.empty() && !is_there(share() + "/apps/" + name)) {
      result.missing.push_back(name);
      continue;
    }
    PLACEWRIGHT_TRY(auto found, application(name));
    result.found.push_back(std::move(found));
  }
  if (result.found.empty())
    return fail(fmt::format("no applications found in `{}`", share() + "/apps"));
  return result;
}

Result<std::string> Catalogue::machine_file(const std::string& name_or_path, int processes) const {
  const std::string in_share = share() + "/machines/" + name_or_path + ".toml";
  const bool is_name = name_or_path.find('/') == std::string::npos;
  const bool is_shared = is_name && is_there(in_share);
  if (!is_shared && !is_there(name_or_path))
    return fail(
        fmt::format("unknown machine `{}`", name_or_path),
        fmt::format("expected a machine file, or the name of one in `{}`", share() + "/machines"));
  launch::RunRequest request;
  request.machine = is_shared ? in_share : name_or_path;
  request.processes = processes;
  PLACEWRIGHT_TRY_VOID(launch::runtime_words(request));
  return *request.machine;
}

Result<std::optional<double>> time_scale_of(const Application& application,
                                            const std::string& input) {
  const std::string path = fmt::format("{}/{}.study.toml", application.folder, input);
  if (!is_there(path)) return std::nullopt;
  PLACEWRIGHT_TRY(const auto file, SourceFile::read(path));
  Diagnostics diagnostics(file);
  const std::string bin = fs::path(application.program).parent_path();
  const auto settings = tune::read_study_file(file, bin, diagnostics);
  if (!settings) return fail("a study file has errors:\n" + diagnostics.to_text());
  if (settings->time_scale <= 0) return std::nullopt;
  return settings->time_scale;
}

}  // namespace placewright::experiments
