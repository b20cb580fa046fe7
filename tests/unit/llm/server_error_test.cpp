// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/server_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::llm {
namespace {

struct Case {
  const char* name;
  int status;
  const char* body;
  Failure failure;
};

class HttpError : public testing::TestWithParam<Case> {};

TEST_P(HttpError, IsClassifiedByStatusAndBody) {
  const ServerError error =
      read_http_error(GetParam().status, GetParam().body, "/chat/completions");
  EXPECT_EQ(to_string(error.error.failure), to_string(GetParam().failure))
      << error.error.error.message;
  EXPECT_FALSE(error.error.error.message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Servers, HttpError,
    testing::Values(
        Case{"OpenAiWrongKey", 401,
             R"({"error":{"message":"Incorrect API key","code":"invalid_api_key"}})",
             Failure::BadKey},
        Case{
            "AnthropicWrongKey", 401,
            R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})",
            Failure::BadKey},
        Case{"NoPermission", 403, R"({"error":{"message":"Country not supported"}})",
             Failure::Forbidden},
        Case{"OpenAiNoModel", 404,
             R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})",
             Failure::UnknownModel},
        Case{"AnthropicNoModel", 404,
             R"({"type":"error","error":{"type":"not_found_error","message":"model: x"}})",
             Failure::UnknownModel},
        Case{"OllamaNoModel", 404, R"({"error":"model \"x\" not found, try pulling it first"})",
             Failure::UnknownModel},
        Case{"WrongAddress", 404, "<html><h1>404 page</h1></html>", Failure::BadRequest},
        Case{"WrongAddressFastApi", 404, R"({"detail":"Not Found"})", Failure::BadRequest},
        Case{"NoMoney", 402, R"({"error":{"message":"Payment required"}})",
             Failure::QuotaExhausted},
        Case{"OpenAiQuota", 429,
             R"({"error":{"message":"You exceeded","type":"insufficient_quota"}})",
             Failure::QuotaExhausted},
        Case{"CreditBalance", 429, R"({"error":{"message":"x","code":"credit_balance_exhausted"}})",
             Failure::QuotaExhausted},
        Case{
            "AnthropicSpendLimit", 429,
            R"({"type":"error","error":{"type":"rate_limit_error","message":"enforced_spend_limit_reached"}})",
            Failure::QuotaExhausted},
        Case{
            "AnthropicCredit", 400,
            R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}})",
            Failure::QuotaExhausted},
        Case{"RateLimit", 429, R"({"error":{"message":"Rate limit reached","type":"requests"}})",
             Failure::RateLimited},
        Case{
            "OpenAiContext", 400,
            R"({"error":{"message":"maximum context length is 8192 tokens","code":"context_length_exceeded"}})",
            Failure::ContextTooLong},
        Case{"LargerThanAMinutesTokens", 429,
             R"({"error":{"message":"Request too large on TPM: Limit 6000, Requested 8210"}})",
             Failure::ContextTooLong},
        Case{
            "LlamaContext", 400,
            R"({"error":{"code":400,"message":"request (4476 tokens) exceeds the available context size","type":"exceed_context_size_error"}})",
            Failure::ContextTooLong},
        Case{
            "AnthropicContext", 400,
            R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens"}})",
            Failure::ContextTooLong},
        Case{
            "VllmContext", 400,
            R"({"object":"error","message":"This model's maximum context length is 2048","code":400})",
            Failure::ContextTooLong},
        Case{"TooLargeBody", 413, "", Failure::ContextTooLong},
        Case{"ContentPolicy", 400,
             R"({"error":{"message":"flagged","code":"content_policy_violation"}})",
             Failure::Refused},
        Case{"BadSchema", 422, R"({"detail":[{"loc":["body","x"],"msg":"bad"}]})",
             Failure::BadRequest},
        Case{
            "BadGrammar", 400,
            R"({"error":{"code":400,"message":"Failed to parse grammar","type":"invalid_request_error"}})",
            Failure::BadRequest},
        Case{"RequestTimeout", 408, "", Failure::Timeout},
        Case{"ServerFault", 500, R"({"error":{"message":"oops","type":"server_error"}})",
             Failure::ServerError},
        Case{"OverloadedWith500", 500,
             R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})",
             Failure::Overloaded},
        Case{"BadGateway", 502, "<html>Bad Gateway</html>", Failure::ServerError},
        Case{"LlamaLoading", 503,
             R"({"error":{"message":"Loading model","type":"unavailable_error","code":503}})",
             Failure::Overloaded},
        Case{"GatewayTimeout", 504, "", Failure::ServerError},
        Case{"AnthropicOverloaded", 529,
             R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
             Failure::Overloaded},
        Case{"Redirect", 302, "", Failure::BadRequest},
        Case{"StrangeJson", 400, R"({"error":["x"]})", Failure::BadRequest},
        Case{"Null", 500, "null", Failure::ServerError}),
    [](const auto& info) { return info.param.name; });

TEST(ReadHttpError, ShowsTheServersWordsInOneLine) {
  const ServerError error =
      read_http_error(400, "{\"error\":{\"message\":\"bad\\nthing\",\"param\":\"seed\"}}", "/x");
  EXPECT_EQ(error.error.error.message, "the server answered 400: bad thing");
  EXPECT_EQ(error.parameter, "seed");
}

TEST(ReadHttpError, CutsLongPagesAndDropsTags) {
  const ServerError error =
      read_http_error(500, "<html><body>" + std::string(10'000, 'x') + "</body></html>", "/x");
  EXPECT_LT(error.error.error.message.size(), 500U);
  EXPECT_THAT(error.error.error.message, testing::Not(testing::HasSubstr("<body>")));
}

TEST(ReadHttpError, TellsAWrongAddressFromAnUnknownModel) {
  const ServerError error = read_http_error(404, "nothing here", "/chat/completions");
  EXPECT_EQ(error.error.error.message, "the server has no `/chat/completions`: it answered 404");
  EXPECT_THAT(error.error.error.help, testing::HasSubstr("/v1"));
}

}  // namespace
}  // namespace placewright::llm
