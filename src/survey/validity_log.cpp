#include "survey/validity_log.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

namespace placewright::survey {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFormat = "placewright-random-validity";
constexpr int kVersion = 1;

json header(const ValidityFacts& facts) {
  return {{"format", kFormat}, {"version", kVersion}, {"facts", facts}};
}

std::string line_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

json to_json(const Trial& trial) {
  return {{"application", trial.application},
          {"seed", trial.seed},
          {"front", to_string(trial.front)},
          {"outcome", trial.outcome},
          {"message", trial.message}};
}

std::optional<Trial> trial_of(const std::string& line) {
  try {
    const json object = json::parse(line);
    Trial trial;
    trial.application = object.at("application");
    trial.seed = object.at("seed");
    const std::string front = object.at("front");
    trial.front = front == to_string(Front::Checked) ? Front::Checked : Front::AsPublished;
    if (front != to_string(trial.front)) return std::nullopt;
    trial.outcome = object.at("outcome");
    trial.message = object.at("message");
    return trial;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

Result<void> check_header(const std::string& path, const std::string& line,
                          const ValidityFacts& facts) {
  const json found = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!found.is_object() || found.value("format", "") != kFormat)
    return fail(fmt::format("`{}` is no file of a random-validity study", path),
                "give another one with --out");
  const json wanted = header(facts);
  if (found == wanted) return {};
  for (const auto& [key, value] : facts) {
    const json other = found.value("facts", json::object());
    if (other.value(key, "") != value)
      return fail(fmt::format("the study `{}` was begun with another {}: `{}`, now `{}`", path, key,
                              other.value(key, ""), value),
                  "go on with it by the same settings, or begin a new one with --out");
  }
  return fail(fmt::format("`{}` was written by another version", path),
              "begin a new study with --out");
}

}  // namespace

std::string_view to_string(Front front) {
  return front == Front::AsPublished ? "as-published" : "checked";
}

Result<ValidityLog> ValidityLog::open(const std::string& path, const ValidityFacts& facts) {
  ValidityLog log;
  log.path_ = path;
  std::string text;
  if (fs::exists(path)) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    if (!in) return fail(fmt::format("cannot read `{}`: {}", path, std::strerror(errno)));
    text = all.str();
    const size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0
    if (whole != text.size()) {
      text.resize(whole);
      std::error_code error;
      fs::resize_file(path, whole, error);
      if (error) return fail(fmt::format("cannot write `{}`: {}", path, error.message()));
    }
  }
  std::istringstream lines(text);
  std::string line;
  if (std::getline(lines, line)) {
    if (auto good = check_header(path, line, facts); !good) return tl::unexpected(good.error());
  }
  for (int number = 2; std::getline(lines, line); ++number) {
    auto trial = trial_of(line);
    if (!trial) return fail(fmt::format("line {} of `{}` is no trial", number, path));
    log.keep(std::move(*trial));
  }
  log.out_.open(path, std::ios::binary | std::ios::app);
  if (text.empty()) log.out_ << line_of(header(facts)) << std::flush;
  if (!log.out_) return fail(fmt::format("cannot write `{}`: {}", path, std::strerror(errno)));
  return log;
}

void ValidityLog::keep(Trial trial) {
  known_[{trial.application, trial.seed, trial.front}] = trials_.size();
  trials_.push_back(std::move(trial));
}

bool ValidityLog::has(const std::string& application, int seed, Front front) const {
  return known_.contains({application, seed, front});
}

Result<void> ValidityLog::add(const Trial& trial) {
  out_ << line_of(to_json(trial)) << std::flush;
  if (!out_) return fail(fmt::format("cannot write `{}`: {}", path_, std::strerror(errno)));
  keep(trial);
  return {};
}

}  // namespace placewright::survey
