// SPDX-License-Identifier: Apache-2.0
#include "llm/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>

#include "model_testing.h"

namespace placewright::llm {
namespace {

using Variables = std::map<std::string, std::string>;

Endpoint endpoint(const std::string& spec, const Variables& variables = {}) {
  const auto result = parse_endpoint(spec, environment(variables));
  if (!result) {
    ADD_FAILURE() << result.error().error.message;
    return {};
  }
  return *result;
}

ModelError failure(const std::string& spec, const Variables& variables = {}) {
  const auto result = parse_endpoint(spec, environment(variables));
  if (!result) return result.error();
  ADD_FAILURE() << spec << " was accepted";
  return {};
}

std::string printed_by(const char* command) {
  std::FILE* pipe = popen(command, "r");
  std::string text;
  for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

TEST(Endpoint, KeysCanBeErasedFromTheEnvironment) {
  for (const char* name : {"PLACEWRIGHT_LLM_KEY", "PLACEWRIGHT_LLM_KEY_FILE", "OPENAI_API_KEY",
                           "ANTHROPIC_API_KEY", "SOME_OTHER_API_KEY"})
    setenv(name, "hidden-value", 1);
  setenv("SOME_KEY", "kept", 1);
  char* const memory = getenv("OPENAI_API_KEY");
  erase_keys();
  EXPECT_EQ(std::string(memory), "") << "the value is still in the memory of this process";
  EXPECT_FALSE(process_environment()("PLACEWRIGHT_LLM_KEY"));
  EXPECT_THAT(printed_by("env"), testing::Not(testing::HasSubstr("hidden-value")));
  EXPECT_THAT(printed_by("env"), testing::HasSubstr("SOME_KEY=kept"));
}

TEST(Endpoint, OpenAiIsAskedByResponses) {
  const Endpoint found = endpoint("openai:x-1", {{"OPENAI_API_KEY", "k1234567"}});
  EXPECT_EQ(found.protocol, Protocol::OpenAiResponses);
  EXPECT_EQ(found.base_url, "https://api.openai.com/v1");
  EXPECT_EQ(found.model, "x-1");
  EXPECT_EQ(found.provider, "openai");
  EXPECT_EQ(found.key.reveal(), "k1234567");
}

TEST(Endpoint, AnotherOpenAiServerIsAskedByChat) {
  const Variables variables = {{"OPENAI_BASE_URL", "https://gateway.example/v1/"}};
  EXPECT_EQ(endpoint("openai:x", variables).protocol, Protocol::OpenAiChat);
  EXPECT_EQ(endpoint("openai:x", variables).base_url, "https://gateway.example/v1");
  EXPECT_EQ(endpoint("openai-responses:x", variables).protocol, Protocol::OpenAiResponses);
}

TEST(Endpoint, AnthropicHasItsVersionInTheAddress) {
  const Variables variables = {{"ANTHROPIC_API_KEY", "k1234567"},
                               {"ANTHROPIC_BASE_URL", "http://127.0.0.1:9"}};
  EXPECT_EQ(endpoint("anthropic:c", variables).base_url, "http://127.0.0.1:9/v1");
  EXPECT_EQ(endpoint("anthropic:c", {{"ANTHROPIC_API_KEY", "k1234567"}}).base_url,
            "https://api.anthropic.com/v1");
}

TEST(Endpoint, OllamaUnderstandsWhatItsServerListensOn) {
  EXPECT_EQ(endpoint("ollama:q:4b").base_url, "http://127.0.0.1:11434");
  EXPECT_EQ(endpoint("ollama:q:4b").model, "q:4b");
  EXPECT_EQ(endpoint("ollama:q", {{"OLLAMA_HOST", "0.0.0.0"}}).base_url, "http://127.0.0.1:11434");
  EXPECT_EQ(endpoint("ollama:q", {{"OLLAMA_HOST", "127.0.0.1:5000"}}).base_url,
            "http://127.0.0.1:5000");
  EXPECT_EQ(endpoint("ollama:q", {{"OLLAMA_HOST", "https://h.example"}}).base_url,
            "https://h.example");
}

TEST(Endpoint, AnAddressHasItsModelAfterTheHash) {
  const Endpoint found = endpoint("http://127.0.0.1:8080/v1#gemma/3:270m");
  EXPECT_EQ(found.protocol, Protocol::OpenAiChat);
  EXPECT_EQ(found.base_url, "http://127.0.0.1:8080/v1");
  EXPECT_EQ(found.model, "gemma/3:270m");
  EXPECT_EQ(found.provider, "127.0.0.1:8080");
  EXPECT_TRUE(found.key.empty());
  EXPECT_EQ(endpoint("anthropic+http://localhost:1/v1#c").protocol, Protocol::Anthropic);
  EXPECT_EQ(endpoint("responses+https://h.example/v1#c").protocol, Protocol::OpenAiResponses);
  EXPECT_EQ(endpoint("ollama+http://[::1]:11434#c").protocol, Protocol::Ollama);
}

TEST(Endpoint, AKeyOfAProviderDoesNotGoToOtherAddresses) {
  const Variables variables = {{"OPENAI_API_KEY", "k1234567"}, {"ANTHROPIC_API_KEY", "k7654321"}};
  EXPECT_TRUE(endpoint("https://h.example/v1#m", variables).key.empty());
  EXPECT_TRUE(endpoint("ollama:q", variables).key.empty());
}

TEST(Endpoint, PlacewrightsOwnKeyGoesFirst) {
  const Variables variables = {{"OPENAI_API_KEY", "k1234567"},
                               {"PLACEWRIGHT_LLM_KEY", "own-12345"}};
  EXPECT_EQ(endpoint("openai:x", variables).key.reveal(), "own-12345");
  EXPECT_EQ(endpoint("https://h.example/v1#m", variables).key.reveal(), "own-12345");
}

TEST(Endpoint, AMissingKeyIsSaidBeforeAnythingIsSent) {
  const ModelError error = failure("openai:x");
  EXPECT_EQ(error.failure, Failure::NoKey);
  EXPECT_EQ(error.error.message, "`openai:x` needs a key");
  EXPECT_THAT(error.error.help, testing::HasSubstr("OPENAI_API_KEY"));
  EXPECT_EQ(failure("anthropic:x").failure, Failure::NoKey);
}

TEST(Endpoint, AnUnusableKeyFileIsSaid) {
  const ModelError error = failure("openai:x", {{"PLACEWRIGHT_LLM_KEY_FILE", "/no/such/file"}});
  EXPECT_EQ(error.failure, Failure::NoKey);
  EXPECT_THAT(error.error.message, testing::HasSubstr("cannot read the key file `/no/such/file`"));
}

TEST(Endpoint, UnencryptedLinesToOtherMachinesNeedPermission) {
  const ModelError error = failure("http://10.0.0.7:8000/v1#m");
  EXPECT_EQ(error.failure, Failure::BadRequest);
  EXPECT_THAT(error.error.message, testing::HasSubstr("another machine"));
  EXPECT_EQ(endpoint("http://10.0.0.7:8000/v1#m", {{"PLACEWRIGHT_LLM_ALLOW_HTTP", "1"}}).provider,
            "10.0.0.7:8000");
  // Names that only look like this machine.
  for (const char* spec : {"http://127.0.0.1.evil.example/v1#m",
                           "http://localhost.evil.example/v1#m", "http://127.evil.example/v1#m"})
    (void)failure(spec);
}

TEST(Endpoint, AddressesHoldNoPasswords) {
  const ModelError error = failure("https://user:geheim@h.example/v1#m");
  EXPECT_THAT(error.error.message, testing::HasSubstr("user name or password"));
  EXPECT_THAT(error.error.message, testing::Not(testing::HasSubstr("geheim")));
}

TEST(Endpoint, OtherFormsGetExamples) {
  for (const char* spec : {"", "gpt", "openai", "foo:bar", "ftp://h/v1#m", "openai/x"}) {
    const ModelError error = failure(spec, {{"OPENAI_API_KEY", "k1234567"}});
    EXPECT_EQ(error.failure, Failure::BadRequest) << spec;
    EXPECT_THAT(error.error.help, testing::HasSubstr("openai:MODEL")) << spec;
  }
  EXPECT_THAT(failure("openai:").error.message, testing::HasSubstr("names no model"));
  EXPECT_THAT(failure("http://127.0.0.1:8080/v1").error.help, testing::HasSubstr("#MODEL"));
  EXPECT_THAT(failure("http://#m").error.message, testing::HasSubstr("is not an address"));
}

TEST(Endpoint, TheOnlyQueryOfAnAddressIsAnApiVersion) {
  const char* azure = "https://h.example/openai/deployments/d?api-version=2024-10-21";
  const Endpoint found = endpoint(std::string(azure) + "#m", {});
  EXPECT_EQ(found.base_url, "https://h.example/openai/deployments/d");
  EXPECT_EQ(found.query, "api-version=2024-10-21");
  EXPECT_EQ(endpoint("openai:m", {{"OPENAI_BASE_URL", azure}}).query, "api-version=2024-10-21");
  for (const char* query : {"key=1", "api-version=", "api-version=1&key=2", "api-version"}) {
    const ModelError error = failure(std::string("https://h.example/v1?") + query + "#m");
    EXPECT_THAT(error.error.message, testing::HasSubstr("has a query")) << query;
  }
}

}  // namespace
}  // namespace placewright::llm
