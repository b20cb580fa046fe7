// SPDX-License-Identifier: Apache-2.0
// replay_decisions MAPPING RECORDS...: decides again, with nothing but src/decide, what real runs under
// the mapping recorded (PLACEWRIGHT_RECORDS). Prints what differs; then the status is 1.
#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "decide/load.h"
#include "decide/record_json.h"
#include "decide/replay.h"
#include "support/overload.h"

namespace placewright::decide {
namespace {

struct Counts {
  int64_t records = 0;
  int64_t decisions = 0;
  int64_t differences = 0;
};

/// One process's file.
class File {
 public:
  explicit File(const std::string& mapping) : mapping_(mapping) {}

  [[nodiscard]] Result<void> read(const std::string& line) {
    auto record = read_record(line);
    if (!record) return tl::unexpected(record.error());
    return std::visit(Overload{[&](Machine& machine) { return begin(std::move(machine)); },
                               [&](const TaskRecord& task) { return add(task); },
                               [&](const OptionsRecord& options) { return add(options); },
                               [&](const SliceRecord& slices) { return add(slices); }},
                      *record);
  }
  [[nodiscard]] Counts counts() const {
    Counts counts = counts_;
    if (replay_) counts.decisions = replay_->decisions();
    return counts;
  }

 private:
  Result<void> begin(Machine machine) {
    machine_.emplace(std::move(machine));
    loaded_ = load_rules(mapping_, machine_->shape());
    if (!loaded_.rules) return fail(loaded_.messages);
    replay_.emplace(Setting{*loaded_.rules, *machine_, false});
    return {};
  }
  template <class Record>
  Result<void> add(const Record& record) {
    if (!replay_) return fail("a record stands before the machine");
    ++counts_.records;
    const std::vector<std::string> differences = again(record);
    counts_.differences += static_cast<int64_t>(differences.size());
    for (const std::string& difference : differences) fmt::print("{}\n", difference);
    return {};
  }

  std::vector<std::string> again(const TaskRecord& record) { return replay_->task(record); }
  std::vector<std::string> again(const OptionsRecord& record) { return replay_->options(record); }
  std::vector<std::string> again(const SliceRecord& record) { return replay_->slices(record); }

  std::string mapping_;
  std::optional<Machine> machine_;
  LoadedRules loaded_;
  std::optional<Replay> replay_;
  Counts counts_;
};

int run(const std::string& mapping, int count, char** paths) {
  Counts total;
  for (int i = 0; i < count; ++i) {
    File file(mapping);
    std::ifstream stream(paths[i]);
    for (std::string line; std::getline(stream, line);) {
      const Result<void> read = file.read(line);
      if (read) continue;
      fmt::print("{}: {}\n", paths[i], read.error().message);
      return 1;
    }
    const Counts counts = file.counts();
    total.records += counts.records;
    total.decisions += counts.decisions;
    total.differences += counts.differences;
  }
  fmt::print("{} records, {} decisions, {} differ\n", total.records, total.decisions,
             total.differences);
  return total.differences == 0 && total.decisions > 0 ? 0 : 1;
}

}  // namespace
}  // namespace placewright::decide

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: replay_decisions MAPPING RECORDS...\n", stderr);
    return 2;
  }
  return placewright::decide::run(argv[1], argc - 2, argv + 2);
}
