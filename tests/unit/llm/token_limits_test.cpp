// SPDX-License-Identifier: Apache-2.0
#include "llm/token_limits.h"

#include <gtest/gtest.h>

namespace placewright::llm {
namespace {

struct Case {
  const char* name;
  const char* refusal;
  int64_t sent;
  int64_t tokens;  ///< 0: no limit is named.
  bool lasting = false;
};

class RefusedLimit : public testing::TestWithParam<Case> {};

TEST_P(RefusedLimit, IsTheNumberThatTheServerNames) {
  const auto limit = limit_named(GetParam().refusal, GetParam().sent);
  ASSERT_EQ(limit.has_value(), GetParam().tokens > 0) << (limit ? limit->tokens : 0);
  if (!limit) return;
  EXPECT_EQ(limit->tokens, GetParam().tokens);
  EXPECT_EQ(limit->lasting, GetParam().lasting);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, RefusedLimit,
    testing::Values(
        Case{"OutputLimit",
             "max_tokens is too large: 8192. This model supports at most 2000 completion tokens, "
             "whereas you provided 8192.",
             8192, 2000, true},
        Case{"OutputLimitAsComparison",
             "max_tokens: 20000 > 4096, which is the maximum allowed number of output tokens for "
             "model-3-20240307",
             20000, 4096, true},
        Case{"OutputLimitWithThousands", "max_tokens must be at most 128,000 (got 200000)", 200000,
             128000, true},
        Case{"OutputRange", "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
             10000, 8192, true},
        Case{"OutputLimitBesideAWindowWithoutNumber",
             "`max_tokens` must be less than or equal to `8192`, the maximum value for "
             "`max_tokens` is less than the `context_window` for this model",
             9000, 8192, true},
        Case{"OutputLimitInOtherWords",
             "The maximum tokens you requested exceeds the model limit of 4096. Try again with a "
             "maximum tokens value that is lower than 4096.",
             8192, 4096, true},
        Case{"StatusCodesAreNotLimits",
             "Error code: 400 - max_tokens is too large: at most 300 output tokens", 8192, 300,
             true},
        // 8192 - 5000.
        Case{"WhatThePromptLeaves",
             "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum "
             "context length is 8192 tokens and your request has 5000 input tokens (8192 > 8192 - "
             "5000).",
             8192, 3192},
        // 4097 - 1000.
        Case{"WhatTheMessagesLeave",
             "This model's maximum context length is 4097 tokens. However, you requested 5000 "
             "tokens (1000 in the messages, 4000 in the completion). Please reduce the length of "
             "the messages or completion.",
             4000, 3097},
        // 200000 - 178959.
        Case{"WhatTheInputLeaves",
             "input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000, "
             "decrease input length or `max_tokens` and try again",
             64000, 21041},
        // 8193 - 6000.
        Case{"WhatTheInputsLeave",
             "`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 6000 `inputs` tokens and "
             "4096 `max_new_tokens`",
             4096, 2193},
        // 4096 - (8210 - 6000).
        Case{"WhatAMinuteLeaves",
             "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested "
             "8210, please reduce your message size and try again.",
             4096, 1886},
        Case{"HalfWithoutANumber", "max_tokens is too large for this model", 8192, 4096, true},
        // The number named was sent, and refused for the same reason.
        Case{"HalfWhereTheNumberWasRefusedToo",
             "'max_tokens' is too large: 3192. This model's maximum context length is 8192 tokens "
             "and your request has 5000 input tokens (3192 > 8192 - 5000).",
             3192, 1596},
        Case{"NothingForAPromptThatIsTooLong",
             "This model's maximum context length is 128000 tokens. However, your messages "
             "resulted in 204308 tokens. Please reduce the length of the messages.",
             8192, 0},
        Case{"NothingWhereThePromptLeavesNothing",
             "This model's maximum context length is 16384 tokens. However, you requested 122946 "
             "tokens (112946 in the messages, 10000 in the completion).",
             10000, 0},
        Case{"NothingWhereThePromptIsLongerThanTheContext",
             "'max_tokens' is too large: 8192. This model's maximum context length is 4096 tokens "
             "and your request has 5000 input tokens (8192 > 4096 - 5000).",
             8192, 0},
        Case{"NothingFromARateLimit",
             "Rate limit reached on tokens per min: Limit 6000, Used 5900, Requested 2500.", 2500,
             0},
        Case{"NothingFromOtherNumbers", "temperature must be at most 2", 8192, 0},
        Case{"NothingWithoutWords", "", 8192, 0}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace placewright::llm
