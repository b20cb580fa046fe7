// SPDX-License-Identifier: Apache-2.0
#include "llm/cassette_line.h"

#include <fmt/core.h>
#include <xxhash.h>

#include "llm/cassette.h"
#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

std::string hash_of(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

json to_json(const std::optional<int64_t>& number) {
  return number ? json(*number) : json(nullptr);
}

json to_json(const Request& request) {
  json messages = json::array();
  for (const Message& message : request.messages)
    messages.push_back({{"role", to_string(message.role)}, {"text", message.text}});
  json value = {{"messages", std::move(messages)},
                {"max_output_tokens", request.max_output_tokens}};
  if (request.temperature) value["temperature"] = *request.temperature;
  if (request.seed) value["seed"] = *request.seed;
  return value;
}

json to_json(const Usage& usage) {
  return {{"input", to_json(usage.input)},
          {"output", to_json(usage.output)},
          {"cached", to_json(usage.cached)},
          {"reasoning", to_json(usage.reasoning)}};
}

json to_json(const Reply& reply) {
  json value = {{"text", reply.text},
                {"truncated", reply.truncated},
                {"finish", reply.finish},
                {"usage", to_json(reply.usage)},
                {"latency_s", reply.latency_s},
                {"attempts", reply.attempts},
                {"model", reply.model},
                {"request_id", reply.request_id},
                {"constraint", to_string(reply.constraint)}};
  if (reply.dollars) value["dollars"] = *reply.dollars;
  return value;
}

json to_json(const ModelError& error) {
  json value = {{"word", to_string(error.failure)},
                {"message", error.error.message},
                {"help", error.error.help},
                {"attempts", error.attempts},
                {"latency_s", error.latency_s}};
  if (error.usage != Usage{}) value["usage"] = to_json(error.usage);
  if (error.dollars) value["dollars"] = *error.dollars;
  return value;
}

void redact_texts(json& value, const Redactor& redactor) {
  if (value.is_string()) {
    value = redactor.only_own(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (json& element : value) redact_texts(element, redactor);
  }
}

Usage usage_from(const json& value) {
  return {.input = number_at(value, "input"),
          .output = number_at(value, "output"),
          .cached = number_at(value, "cached"),
          .reasoning = number_at(value, "reasoning")};
}

/// These throw on a damaged line; from_line() catches it with read_json().
Reply reply_from(const json& value) {
  Reply reply;
  reply.text = value.at("text").get<std::string>();
  reply.truncated = value.at("truncated").get<bool>();
  reply.finish = value.at("finish").get<std::string>();
  reply.usage = usage_from(value.at("usage"));
  if (value.contains("dollars")) reply.dollars = value.at("dollars").get<double>();
  reply.latency_s = value.at("latency_s").get<double>();
  reply.attempts = value.at("attempts").get<int>();
  reply.model = value.at("model").get<std::string>();
  reply.request_id = value.at("request_id").get<std::string>();
  reply.constraint =
      parse_constraint(value.at("constraint").get<std::string>()).value_or(Constraint::None);
  reply.replayed = true;
  return reply;
}

Request request_from(const json& value) {
  Request request;
  for (const json& message : value.at("messages")) {
    const auto role = parse_role(message.at("role").get<std::string>());
    request.messages.push_back({role.value_or(Role::User), message.at("text").get<std::string>()});
  }
  request.max_output_tokens = value.at("max_output_tokens").get<int>();
  if (value.contains("temperature")) request.temperature = value.at("temperature").get<double>();
  if (value.contains("seed")) request.seed = value.at("seed").get<uint64_t>();
  return request;
}

std::optional<ModelError> error_from(const json& value) {
  const auto failure = parse_failure(value.at("word").get<std::string>());
  if (!failure) return std::nullopt;
  ModelError error{*failure,
                   {value.at("message").get<std::string>(), value.at("help").get<std::string>()},
                   value.at("attempts").get<int>(),
                   value.at("latency_s").get<double>()};
  if (value.contains("usage")) error.usage = usage_from(value.at("usage"));
  if (value.contains("dollars")) error.dollars = value.at("dollars").get<double>();
  return error;
}

}  // namespace

std::string form_key(const OutputForm& form) {
  if (form == OutputForm{}) return "";
  if (form.json_system.empty()) return hash_of(dump_json({form.gbnf, form.lark, form.json_schema}));
  return hash_of(dump_json({form.gbnf, form.lark, form.json_schema, form.json_system}));
}

std::string request_key(const std::string& model, const Request& request) {
  json value = to_json(request);
  value["model"] = model;
  value["form"] = form_key(request.form);
  return hash_of(dump_json(value));
}

std::string header_line() {
  return dump_json({{"placewright", "cassette"}, {"version", kCassetteVersion}}) + "\n";
}

Result<void> check_header(std::string_view line) {
  const json header = parse_json(line);
  if (text_at(header, "placewright") != "cassette")
    return fail("it is not a cassette: the first line is not a cassette header");
  const int64_t version = number_at(header, "version").value_or(0);
  if (version != kCassetteVersion) {
    return fail(
        fmt::format("it is a cassette of version {}, expected {}", version, kCassetteVersion),
        "record it again with this `placewright`");
  }
  return {};
}

std::string to_line(const Exchange& exchange, const Redactor& redactor) {
  json line = {{"key", exchange.key},     {"occurrence", exchange.occurrence},
               {"model", exchange.model}, {"prompt", exchange.request.prompt},
               {"form", exchange.form},   {"request", to_json(exchange.request)}};
  if (exchange.completion) {
    line["reply"] = to_json(*exchange.completion);
  } else {
    line["failure"] = to_json(exchange.completion.error());
  }
  redact_texts(line, redactor);
  return dump_json(line) + "\n";
}

namespace {

std::optional<Exchange> exchange_from(const json& line) {
  Exchange exchange{.key = line.at("key").get<std::string>(),
                    .occurrence = line.at("occurrence").get<int>(),
                    .model = line.at("model").get<std::string>(),
                    .request = request_from(line.at("request")),
                    .form = line.at("form").get<std::string>(),
                    .completion = Reply{}};
  exchange.request.prompt = line.at("prompt").get<std::string>();
  if (line.contains("reply")) {
    exchange.completion = reply_from(line.at("reply"));
    return exchange;
  }
  const std::optional<ModelError> error = error_from(line.at("failure"));
  if (!error) return std::nullopt;
  exchange.completion = tl::unexpected(*error);
  return exchange;
}

}  // namespace

std::optional<Exchange> from_line(std::string_view text) {
  return read_json_text(text, exchange_from).value_or(std::nullopt);
}

}  // namespace placewright::llm
