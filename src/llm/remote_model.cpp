// SPDX-License-Identifier: Apache-2.0
#include "llm/remote_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "llm/lessons.h"
#include "llm/wire/body_reader.h"
#include "llm/wire/json_access.h"
#include "llm/wire/server_error.h"
#include "support/text.h"

namespace placewright::llm {
namespace {

// The most parameters that a server may reject, one after the other.
constexpr int kMaxLessons = 12;
// Probes are short requests.
constexpr double kProbeSeconds = 20;

/// A mistake in the request that is detected without asking the server.
std::optional<std::string> mistake_in(const Request& request) {
  const bool has_question = std::ranges::any_of(
      request.messages, [](const Message& message) { return message.role != Role::System; });
  if (!has_question) return "the request has no message";
  if (request.max_output_tokens < 1) return "the request allows no output";
  const std::string& schema = request.form.json_schema;
  if (!schema.empty() && !parse_json(schema).is_object())
    return "the request's JSON schema is not a JSON object";
  return std::nullopt;
}

/// The wait that the server's headers ask for.
std::optional<double> wait_wanted(const std::map<std::string, std::string>& headers,
                                  double unix_time_s) {
  if (const auto found = headers.find("retry-after-ms"); found != headers.end()) {
    if (const auto ms = parse_retry_after(found->second, unix_time_s)) return *ms / 1000;
  }
  const auto found = headers.find("retry-after");
  if (found == headers.end()) return std::nullopt;
  return parse_retry_after(found->second, unix_time_s);
}

std::string header_of(const std::map<std::string, std::string>& headers) {
  for (const char* name : {"x-request-id", "request-id"}) {
    if (const auto found = headers.find(name); found != headers.end()) return found->second;
  }
  return "";
}

}  // namespace

bool Gate::enter(const std::function<bool()>& cancelled) {
  std::unique_lock lock(mutex_);
  while (free_ == 0) {
    changed_.wait_for(lock, std::chrono::milliseconds(50));
    if (cancelled && cancelled()) return false;
  }
  --free_;
  return true;
}

void Gate::leave() {
  const std::lock_guard lock(mutex_);
  ++free_;
  changed_.notify_one();
}

RemoteModel::RemoteModel(Endpoint endpoint, std::optional<Price> price)
    : endpoint_(std::move(endpoint)),
      price_(price),
      redactor_(endpoint_.key),
      http_(endpoint_.limits, endpoint_.cancelled),
      gate_(std::max(1, endpoint_.max_concurrent)),
      random_(endpoint_.retries.seed) {
  if (endpoint_.pause == nullptr) endpoint_.pause = real_pause();
}

Completion RemoteModel::complete(const Request& request) {
  if (const std::optional<std::string> mistake = mistake_in(request))
    return fail(Failure::BadRequest, *mistake);
  if (!gate_.enter(endpoint_.cancelled)) return fail(Failure::Cancelled, "the call was cancelled");
  const double start = endpoint_.pause->now_s();
  Completion completion = complete_in_gate(request);
  gate_.leave();
  const double latency = endpoint_.pause->now_s() - start;
  if (completion) {
    completion->latency_s = latency;
    finish(*completion);
  } else {
    ModelError& error = completion.error();
    error.latency_s = latency;
    if (price_) error.dollars = dollars(*price_, error.usage);
  }
  return completion;
}

Completion RemoteModel::complete_in_gate(const Request& request) {
  Capabilities known = capabilities();
  int lessons = 0;
  for (int attempts = 1;; ++attempts) {
    Attempt result = attempt(request, known);
    if (result.completion) {
      result.completion->attempts = attempts;
      return std::move(result.completion);
    }
    ModelError& error = result.completion.error();
    error.attempts = attempts;
    if (result.error && lessons < kMaxLessons && take_lesson(*result.error, request, known)) {
      ++lessons;
      continue;
    }
    if (!wait_to_retry(result, attempts - lessons)) {
      explain(error, known);
      return std::move(result.completion);
    }
    // A server that was loading its model may now be able to report its capabilities.
    if (lessons == 0) known = capabilities();
  }
}

bool RemoteModel::take_lesson(const ServerError& error, const Request& request,
                              Capabilities& known) {
  if (!can_teach(error)) return false;
  const auto from = [&](const Capabilities& used) {
    return learn(endpoint_.protocol, used, request, error.parameter, error.text);
  };
  const std::optional<Lesson> lesson = from(known);
  if (!lesson) return false;
  known = lesson->capabilities;
  if (!lesson->lasting) return true;
  // What is kept for later calls: this lesson, without those of this request only, and with those
  // of other calls.
  const std::lock_guard lock(mutex_);
  if (!capabilities_) return true;
  if (const std::optional<Lesson> kept = from(*capabilities_)) capabilities_ = kept->capabilities;
  return true;
}

bool RemoteModel::wait_to_retry(const Attempt& failed, int attempts) {
  const RetryPolicy& policy = endpoint_.retries;
  attempts = std::max(1, attempts);
  if (attempts >= allowed_attempts(policy, failed.completion.error().failure)) return false;
  if (failed.retry_after_s.value_or(0) > policy.max_retry_after_s) return false;
  double delay = 0;
  {
    const std::lock_guard lock(mutex_);
    delay = retry_delay(policy, attempts, failed.retry_after_s, random_);
  }
  endpoint_.pause->wait(delay, endpoint_.cancelled);
  // A caller that gives up learns why it had to wait.
  return !(endpoint_.cancelled && endpoint_.cancelled());
}

RemoteModel::Attempt RemoteModel::attempt(const Request& general,
                                          const Capabilities& capabilities) {
  const Request request = worded_for(choose_constraint(general.form, capabilities), general);
  const Codec& protocol = codec(endpoint_.protocol);
  const WireRequest wire = protocol.encode(request, endpoint_.model, capabilities);
  HttpRequest http = address(endpoint_.base_url + wire.path);
  http.headers.emplace_back("Accept", capabilities.streaming ? "text/event-stream, application/json"
                                                             : "application/json");
  http.body = wire.body;
  http.answers_whole = !capabilities.streaming;
  Answer answer;
  BodyReader reader(protocol, answer);
  const auto response = http_.send(http, [&](std::string_view bytes) {
    reader.feed(bytes);
    if (!answer.ended) return Appetite::More;
    return answer.usage.output ? Appetite::Satisfied : Appetite::Soon;
  });
  reader.finish();
  return read_answer(response, answer, request, wire);
}

RemoteModel::Attempt RemoteModel::read_answer(
    const tl::expected<HttpResponse, ModelError>& response, const Answer& answer,
    const Request& request, const WireRequest& sent) {
  if (!response) {
    const bool has_reason = answer.error.has_value();
    return {.completion = has_reason ? conclude(answer, request, sent)
                                     : Completion(tl::unexpected(response.error())),
            .error = answer.error};
  }
  const std::string id = header_of(response->headers);
  const bool is_good = response->status == 200;
  const std::optional<ServerError> error =
      is_good ? answer.error : read_http_error(response->status, response->body, sent.path);
  Attempt result{.completion = is_good ? conclude(answer, request, sent)
                                       : Completion(tl::unexpected(error->error)),
                 .error = error};
  if (result.completion) {
    if (!id.empty()) result.completion->request_id = id;
    return result;
  }
  result.retry_after_s = wait_wanted(response->headers, endpoint_.pause->unix_time_s());
  if (!result.retry_after_s && error) result.retry_after_s = wait_named(error->text);
  std::string& message = result.completion.error().error.message;
  if (!id.empty()) message += fmt::format(" (request {})", id);
  if (result.retry_after_s.value_or(0) > endpoint_.retries.max_retry_after_s)
    message += fmt::format("; it asks to retry in {:.0f} s", *result.retry_after_s);
  return result;
}

HttpRequest RemoteModel::address(const std::string& url) const {
  HttpRequest request{.url = url, .key = endpoint_.key};
  if (!endpoint_.query.empty()) request.url += "?" + endpoint_.query;
  if (endpoint_.protocol == Protocol::Anthropic) {
    request.headers.emplace_back("anthropic-version", "2023-06-01");
    request.key_header = "x-api-key";
  } else if (!endpoint_.query.empty()) {
    request.key_header = "api-key";
  } else {
    request.key_header = "Authorization";
    request.key_prefix = "Bearer ";
  }
  return request;
}

Capabilities RemoteModel::capabilities() {
  const std::lock_guard lock(mutex_);
  if (capabilities_) return *capabilities_;
  HttpLimits limits = endpoint_.limits;
  limits.stall_s = std::min(limits.stall_s, kProbeSeconds);
  limits.total_s = std::min(limits.total_s, kProbeSeconds);
  HttpClient client(limits, endpoint_.cancelled);
  bool is_reachable = true, is_ready = true;
  const Ask ask = [&](const std::string& path,
                      const std::string& body) -> std::optional<std::string> {
    if (!is_reachable) return std::nullopt;
    HttpRequest request = address(path);
    if (!body.empty()) request.body = body;
    const auto response = client.send(request);
    is_reachable = response.has_value();
    is_ready = is_ready && response && response->status < 500 && response->status != 429;
    if (!response || response->status != 200) return std::nullopt;
    return response->body;
  };
  Capabilities found = probe(endpoint_.protocol, endpoint_.base_url, endpoint_.model, ask);
  if (is_ready) capabilities_ = found;
  return found;
}

void RemoteModel::explain(ModelError& error, const Capabilities& capabilities) const {
  const bool lacks_key = error.failure == Failure::BadKey && endpoint_.key.empty();
  if (lacks_key) {
    error.failure = Failure::NoKey;
    error.error.help = endpoint_.key_hint;
  }
  if (error.failure == Failure::UnknownModel && !capabilities.models.empty()) {
    const std::string_view nearest =
        nearest_word(endpoint_.model, std::span<const std::string>(capabilities.models));
    error.error.help = nearest.empty()
                           ? fmt::format("the server lists {} models, `{}` among them",
                                         capabilities.models.size(), capabilities.models.front())
                           : fmt::format("did you mean `{}`?", nearest);
  }
  error.error.message = redactor_(fmt::format("`{}`: {}", endpoint_.spec, error.error.message));
  error.error.help = redactor_(error.error.help);
}

void RemoteModel::finish(Reply& reply) const {
  for (std::string* text : {&reply.text, &reply.finish, &reply.model, &reply.request_id})
    *text = redactor_.only_own(*text);
  if (price_) reply.dollars = dollars(*price_, reply.usage);
}

}  // namespace placewright::llm
