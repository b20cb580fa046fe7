// SPDX-License-Identifier: Apache-2.0
#include "calibrate/runs_file.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "support/source.h"
#include "support/toml.h"
#include "support/try.h"

namespace placewright::calibrate {
namespace {

constexpr size_t kMostRuns = 1000;
constexpr int kMostCpus = 65536;
constexpr double kMostSeconds = 1e6;

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Result<std::vector<MeasuredRun>> read(const toml::table& root) {
    for (const auto& [key, node] : root)
      if (key != "run") return refuse(node, fmt::format("unknown key `{}`", key.str()));
    const toml::array* runs = root["run"].as_array();
    if (runs == nullptr || runs->empty())
      return fail(fmt::format("{}: no [[run]]", path_),
                  "each has `recording`, `seconds` and perhaps `mapping`, `cpus` and `name`");
    if (runs->size() > kMostRuns)
      return fail(fmt::format("{}: {} runs; at most {}", path_, runs->size(), kMostRuns));
    std::vector<MeasuredRun> result;
    for (const toml::node& each : *runs) {
      PLACEWRIGHT_TRY(MeasuredRun run, read_run(each));
      result.push_back(std::move(run));
    }
    return result;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(const toml::node& node, std::string_view what) const {
    return fail(fmt::format("{}:{}: {}", path_, node.source().begin.line, what));
  }

  [[nodiscard]] std::string beside(const std::string& path) const {
    return (std::filesystem::path(path_).parent_path() / path).lexically_normal().string();
  }

  Result<MeasuredRun> read_run(const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return refuse(node, "a run should be a table");
    MeasuredRun run;
    for (const auto& [key, value] : *table) {
      const auto text = value.value_exact<std::string>();
      if (key == "recording" && text) {
        run.recording = beside(*text);
      } else if (key == "mapping" && text) {
        run.mapping = beside(*text);
      } else if (key == "name" && text) {
        run.name = *text;
      } else if (key == "seconds" && value.is_number()) {
        run.seconds = value.value_or(0.0);
      } else if (key == "cpus" && value.is_integer()) {
        const int64_t cpus = value.value_or(int64_t{0});
        if (cpus < 1 || cpus > kMostCpus)
          return refuse(value, fmt::format("`cpus` is {}; expected 1 to {}", cpus, kMostCpus));
        run.cpus = static_cast<int>(cpus);
      } else {
        return refuse(value, fmt::format("`{}` is unknown or has the wrong type", key.str()));
      }
    }
    if (run.recording.empty()) return refuse(node, "`recording` is missing");
    if (!(run.seconds > 0 && run.seconds < kMostSeconds))
      return refuse(node, fmt::format("`seconds` should be above 0 and below {:g}", kMostSeconds));
    if (run.name.empty()) run.name = std::filesystem::path(run.recording).filename().string();
    return run;
  }

  std::string path_;
};

}  // namespace

Result<std::vector<MeasuredRun>> read_runs(const std::string& path) {
  PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(path));
  try {
    const toml::table root = parse_toml(file.text(), path);
    return Reader(path).read(root);
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
}

}  // namespace placewright::calibrate
