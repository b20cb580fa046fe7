// SPDX-License-Identifier: Apache-2.0
#include "llm/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <utility>

#include "support/text.h"

namespace placewright::llm {
namespace {

class RealPause : public Pause {
 public:
  [[nodiscard]] double now_s() const override { return clock_.now_s(); }

  [[nodiscard]] double unix_time_s() const override {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  void wait(double seconds, const std::function<bool()>& cancelled) override {
    constexpr double kStep = 0.05;
    const double end = now_s() + seconds;
    for (double left = seconds; left > 0; left = end - now_s()) {
      if (cancelled && cancelled()) return;
      std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left, kStep)));
    }
  }

 private:
  SteadyClock clock_;
};

}  // namespace

std::shared_ptr<Pause> real_pause() { return std::make_shared<RealPause>(); }

int allowed_attempts(const RetryPolicy& policy, Failure failure) {
  switch (failure) {
    case Failure::RateLimited:
    case Failure::ServerError:
    case Failure::Overloaded:
    case Failure::Unreachable:
      return policy.max_attempts;
    case Failure::Timeout:
    case Failure::Stalled:
    case Failure::CutStream:
    case Failure::Garbage:
      return policy.max_broken_attempts;
    case Failure::NoKey:
    case Failure::BadKey:
    case Failure::Forbidden:
    case Failure::UnknownModel:
    case Failure::QuotaExhausted:
    case Failure::ContextTooLong:
    case Failure::BadRequest:
    case Failure::Refused:
    case Failure::OnlyReasoning:
    case Failure::TooLarge:
    case Failure::CassetteMiss:
    case Failure::BudgetSpent:
    case Failure::Cancelled:
      return 1;
  }
  return 1;
}

std::optional<double> parse_retry_after(std::string_view value, double unix_time_s) {
  const size_t begin = value.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  value = value.substr(begin, value.find_last_not_of(" \t\r\n") + 1 - begin);
  double seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc() && end == value.data() + value.size() && std::isfinite(seconds))
    return std::max(seconds, 0.0);
  // curl_getdate() would also take a bare number, as a year.
  if (value.find(':') == std::string_view::npos) return std::nullopt;
  const time_t date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  return std::max(static_cast<double>(date) - unix_time_s, 0.0);
}

std::optional<double> wait_named(std::string_view message) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
  const std::string text = lower_case(message);
  size_t at = std::string::npos;
  for (const std::string_view words : {"again in ", "retry in ", "again after ", "retry after "}) {
    if (const size_t found = text.find(words); found != std::string::npos)
      at = std::min(at, found + words.size());
  }
  if (at == std::string::npos) return std::nullopt;
  std::optional<double> seconds;
  for (const char *next = text.c_str() + at, *end = text.c_str() + text.size();;) {
    double number = 0;
    const auto [after, error] = std::from_chars(next, end, number, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(number) || number < 0) break;
    std::string_view rest(after, static_cast<size_t>(end - after));
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    const auto* unit = std::ranges::find_if(
        kUnits, [&](const auto& each) { return rest.starts_with(each.first); });
    if (unit == std::end(kUnits)) break;
    seconds = seconds.value_or(0) + number * unit->second;
    next = rest.data() + unit->first.size();
  }
  return seconds;
}

double retry_delay(const RetryPolicy& policy, int attempt, std::optional<double> retry_after_s,
                   std::mt19937_64& random) {
  const double share = std::uniform_real_distribution<double>(0, 1)(random);
  if (retry_after_s) return *retry_after_s * (1 + 0.1 * share);
  const double delay =
      std::min(std::ldexp(policy.first_delay_s, std::min(attempt - 1, 30)), policy.max_delay_s);
  return delay * (0.5 + 0.5 * share);
}

}  // namespace placewright::llm
