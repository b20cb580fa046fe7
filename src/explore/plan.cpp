// SPDX-License-Identifier: Apache-2.0
#include "explore/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/files.h"
#include "support/json.h"
#include "support/try.h"

namespace placewright::explore {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "placewright-exploration";
constexpr int kVersion = 1;
constexpr int kMostAhead = 1000;
constexpr int kMostSteps = 1'000'000;
/// Bytes that a plan may gain at once.
constexpr uint64_t kMostBytes = uint64_t{64} << 20;

Result<PlanHeader> header_of(const json& value) {
  if (value.value("format", "") != kFormat) return fail("it is not an exploration plan");
  if (const int version = value.value("version", 0); version != kVersion)
    return fail(fmt::format("it has version {}, expected {}", version, kVersion));
  PlanHeader header;
  header.step = value.value("step", "");
  header.ahead = value.value("ahead", header.ahead);
  header.waits = value.value("waits", header.waits);
  if (header.ahead < 1 || header.ahead > kMostAhead)
    return fail(fmt::format("`ahead` is from 1 to {}, found {}", kMostAhead, header.ahead));
  return header;
}

Result<Visit> visit_of(const json& value) {
  Visit visit{value.at("visit").get<int>(), value.at("mapping").get<std::string>(),
              value.at("steps").get<int>(), value.value("fastest", 0.0),
              value.value("whole", false)};
  if (visit.number < 1) return fail(fmt::format("visits count from 1, found {}", visit.number));
  if (visit.steps < 1 || visit.steps > kMostSteps)
    return fail(fmt::format("`steps` is from 1 to {}, found {}", kMostSteps, visit.steps));
  return visit;
}

}  // namespace

std::string to_line(const PlanHeader& header) {
  return dump_json(json{{"format", kFormat},
                        {"version", kVersion},
                        {"step", header.step},
                        {"ahead", header.ahead},
                        {"waits", header.waits}}) +
         "\n";
}

std::string to_line(const Visit& visit) {
  return dump_json(json{{"visit", visit.number},
                        {"mapping", visit.mapping},
                        {"steps", visit.steps},
                        {"fastest", visit.fastest_s},
                        {"whole", visit.whole}}) +
         "\n";
}

std::string use_line(const std::string& mapping) {
  return dump_json(json{{"use", mapping}}) + "\n";
}

std::string end_line(const std::string& mapping) {
  return dump_json(json{{"end", mapping}}) + "\n";
}

Result<PlanFile> PlanFile::open(const std::string& path) {
  PlanFile plan(path);
  PLACEWRIGHT_TRY_VOID(plan.update());
  if (plan.line_ == 0) return fail(fmt::format("`{}` has no line yet", path));
  return plan;
}

Result<void> PlanFile::update() {
  if (end_) return {};
  PLACEWRIGHT_TRY(const std::string text, read_from(path_, offset_, kMostBytes));
  std::string_view rest = text;
  for (size_t end = rest.find('\n'); end != std::string_view::npos && !end_;
       end = rest.find('\n')) {
    ++line_;
    if (const auto read = read_line(rest.substr(0, end)); !read)
      return fail(fmt::format("`{}`, line {}: {}", path_, line_, read.error().message));
    offset_ += end + 1;
    rest.remove_prefix(end + 1);
  }
  return {};
}

Result<void> PlanFile::read_line(std::string_view line) {
  return read_json_text(line, [&](const json& value) -> Result<void> {
    if (line_ == 1) {
      PLACEWRIGHT_TRY(header_, header_of(value));
    } else if (value.contains("visit")) {
      PLACEWRIGHT_TRY(Visit visit, visit_of(value));
      name(visit.mapping);
      visits_.push_back(std::move(visit));
    } else if (value.contains("use")) {
      used_ = value.at("use").get<std::string>();
      name(used_);
    } else if (value.contains("end")) {
      end_ = value.at("end").get<std::string>();
      name(*end_);
    } else {
      return fail("it is neither a visit nor a mapping to use nor the end");
    }
    return {};
  });
}

void PlanFile::name(const std::string& mapping) {
  if (!mapping.empty() && std::ranges::find(named_, mapping) == named_.end())
    named_.push_back(mapping);
}

std::optional<Visit> PlanFile::next() {
  if (visits_.empty()) return std::nullopt;
  Visit visit = std::move(visits_.front());
  visits_.pop_front();
  return visit;
}

}  // namespace placewright::explore
