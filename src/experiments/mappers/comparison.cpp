// SPDX-License-Identifier: Apache-2.0
#include "experiments/mappers/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "support/source.h"
#include "support/try.h"
#include "tune/rounds.h"

namespace placewright::experiments {
namespace {

using tune::kBaselines;
using tune::Origin;
using tune::RunResult;
using tune::Status;
using tune::Subject;

/// The runtime flags for this machine's CPUs: a processor per core, and more system memory than the
/// runtime's default of 512 MiB.
std::vector<std::string> cpu_flags() {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return {"-ll:cpu", std::to_string(cores), "-ll:csize", "2048"};
}

class AppComparison {
 public:
  AppComparison(const ComparisonSettings& settings, ComparisonTable& table,
                const Application& application)
      : settings_(settings), table_(table), application_(application) {
    row_.application = application.name;
    for (const Origin mapper : kBaselines)
      row_.mappers.push_back({std::string(to_string(mapper)), "", Status::Ok, "", {}});
    row_.checksums.resize(kBaselines.size());
  }

  /// The row, or nullopt if the user stopped it.
  Result<std::optional<ComparisonRow>> run(const EvaluatorMaker& make_evaluator) {
    PLACEWRIGHT_TRY(const auto expert, SourceFile::read(application_.expert));
    mapping_ = expert.text();
    PLACEWRIGHT_TRY_VOID(verify(make_evaluator));
    if (!settings_.quick && !stopped()) {
      PLACEWRIGHT_TRY_VOID(time(make_evaluator));
    }
    if (stopped()) return std::nullopt;
    return std::move(row_);
  }

 private:
  bool stopped() const { return settings_.stop && settings_.stop(); }

  tune::Settings settings() const {
    tune::Settings settings;
    settings.name = application_.name;
    settings.machine = table_.machine.file;
    settings.processes = table_.machine.processes;
    settings.budget_s = settings_.timeout_s;
    return settings;
  }

  Result<double> time_scale() const {
    if (settings_.time_scale > 0 || table_.machine.file.empty()) return settings_.time_scale;
    PLACEWRIGHT_TRY(const auto own, time_scale_of(application_, settings_.input));
    return own.value_or(0);
  }

  std::vector<std::string> command(Origin mapper, const std::string& input) const {
    std::vector<std::string> words = {application_.program, "-input", input};
    if (table_.machine.processes > 1) {
      words.insert(words.end(), {"-nodes", std::to_string(table_.machine.processes)});
    }
    if (mapper == Origin::HandWritten) words.insert(words.end(), {"-mapper", "handwritten"});
    if (table_.machine.file.empty()) {
      for (const std::string& flag : cpu_flags()) words.push_back(flag);
    }
    return words;
  }

  Subject subject(Origin mapper, const std::string& input) const {
    Subject subject;
    subject.command = command(mapper, input);
    if (mapper == Origin::Expert) subject.mapping = mapping_;
    return subject;
  }

  void say(Origin mapper, const std::string& what) const {
    if (settings_.note)
      settings_.note(fmt::format("{} {} {}: {}", table_.machine.name, application_.name,
                                 to_string(mapper), what));
  }

  /// Keeps notes of timed runs only, because a correctness run may be slow.
  void take_notes(const std::string& notes) {
    if (notes.empty() || std::ranges::find(table_.notes, notes) != table_.notes.end()) return;
    table_.notes.push_back(notes);
  }

  Result<void> verify(const EvaluatorMaker& make_evaluator) {
    PLACEWRIGHT_TRY(const auto evaluator, make_evaluator(settings()));
    for (size_t mapper = 0; mapper < kBaselines.size() && !stopped(); ++mapper) {
      say(kBaselines[mapper], "correctness run");
      PLACEWRIGHT_TRY(const auto result,
                      evaluator->verify(subject(kBaselines[mapper], kCorrectnessInput)));
      tune::ReportRow& row = row_.mappers[mapper];
      row.status = result.status;
      row.message = result.message;
      if (result.status == Status::Ok) row_.checksums[mapper] = result.checksum;
    }
    return {};
  }

  Result<void> time(const EvaluatorMaker& make_evaluator) {
    PLACEWRIGHT_TRY(const auto scale, time_scale());
    row_.time_scale = scale;
    tune::Settings settings = this->settings();
    settings.time_scale = scale;
    PLACEWRIGHT_TRY(const auto evaluator, make_evaluator(settings));
    const auto time_mapper = [&](size_t mapper, int round) {
      say(kBaselines[mapper], fmt::format("round {} of {}", round + 1, settings_.rounds));
      auto result =
          evaluator->time(subject(kBaselines[mapper], settings_.input), settings_.timeout_s);
      if (result) take_notes(result->notes);
      return result;
    };
    const tune::RoundRules rules{settings_.rounds, settings_.stop, {}};
    PLACEWRIGHT_TRY_VOID(tune::run_rounds(row_.mappers, rules, time_mapper));
    return {};
  }

  const ComparisonSettings& settings_;
  ComparisonTable& table_;
  const Application& application_;
  std::string mapping_;
  ComparisonRow row_;
};

}  // namespace

const tune::ReportRow& ComparisonRow::of(Origin mapper) const {
  const auto place = std::ranges::find(kBaselines, mapper) - kBaselines.begin();
  return mappers[static_cast<size_t>(place)];
}

bool ComparisonRow::failed() const {
  return std::ranges::any_of(
      mappers, [](const tune::ReportRow& mapper) { return mapper.status != Status::Ok; });
}

bool ComparisonRow::has_equal_checksums() const {
  return !checksums.front().empty() && std::ranges::all_of(checksums, [&](const auto& each) {
    return each == checksums.front();
  });
}

bool ComparisonResult::failed() const {
  if (stopped) return true;
  return std::ranges::any_of(tables, [](const ComparisonTable& table) {
    return std::ranges::any_of(table.rows, [](const ComparisonRow& row) {
      return row.failed() || !row.has_equal_checksums();
    });
  });
}

Result<ComparisonResult> compare_mappers(const ComparisonSettings& settings,
                                         const EvaluatorMaker& make_evaluator) {
  ComparisonResult result;
  for (const ComparisonMachine& machine : settings.machines) {
    const std::string input = settings.quick ? kCorrectnessInput : settings.input;
    ComparisonTable& table =
        result.tables.emplace_back(ComparisonTable{machine, input, !settings.quick, {}, {}});
    for (const Application& application : settings.applications) {
      PLACEWRIGHT_TRY(auto row, AppComparison(settings, table, application).run(make_evaluator));
      if (!row) {
        result.stopped = true;
        return result;
      }
      table.rows.push_back(std::move(*row));
    }
  }
  return result;
}

}  // namespace placewright::experiments
