// SPDX-License-Identifier: Apache-2.0
// The links of the modelled network, and our copy of UCX's binary interface.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "virtual_gpu/network/arrivals.h"
#include "virtual_gpu/network/links.h"
#include "virtual_gpu/network/ucp_abi.h"

#if __has_include(<ucp/api/ucp.h>)
#include <ucp/api/ucp.h>

namespace ucp = placewright::network::ucp;
static_assert(sizeof(ucp::Status) == sizeof(ucs_status_t));
static_assert(sizeof(ucp::RequestParameters) == sizeof(ucp_request_param_t));
static_assert(offsetof(ucp::RequestParameters, received) == offsetof(ucp_request_param_t, cb));
static_assert(offsetof(ucp::RequestParameters, user_data) ==
              offsetof(ucp_request_param_t, user_data));
static_assert(offsetof(ucp::RequestParameters, memory_handle) ==
              offsetof(ucp_request_param_t, memh));
static_assert(sizeof(ucp::ReceiveParameters) == sizeof(ucp_am_recv_param_t));
static_assert(sizeof(ucp::HandlerParameters) == sizeof(ucp_am_handler_param_t));
static_assert(offsetof(ucp::HandlerParameters, receive) == offsetof(ucp_am_handler_param_t, cb));
static_assert(offsetof(ucp::EndpointParameters, address) == offsetof(ucp_ep_params_t, address));
static_assert(ucp::kInProgress == UCS_INPROGRESS);
static_assert(ucp::kFieldCallback == UCP_OP_ATTR_FIELD_CALLBACK);
static_assert(ucp::kFieldUserData == UCP_OP_ATTR_FIELD_USER_DATA);
static_assert(ucp::kFieldFlags == UCP_OP_ATTR_FIELD_FLAGS);
static_assert(ucp::kNoImmediateEnd == UCP_OP_ATTR_FLAG_NO_IMM_CMPL);
static_assert(ucp::kCopyHeader == UCP_AM_SEND_FLAG_COPY_HEADER);
static_assert(ucp::kHasReplyEndpoint == UCP_AM_RECV_ATTR_FIELD_REPLY_EP);
static_assert(ucp::kDataMayBeKept == UCP_AM_RECV_ATTR_FLAG_DATA);
static_assert(ucp::kDataIsADescriptor == UCP_AM_RECV_ATTR_FLAG_RNDV);
static_assert(ucp::kFieldRemoteAddress == UCP_EP_PARAM_FIELD_REMOTE_ADDRESS);
#endif

namespace placewright::network {
namespace {

/// 1 GB/s, so that a byte takes a nanosecond, and 100 ns of latency.
class Links : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "links_" + std::to_string(getpid());
    std::string error;
    links_ = map_links(path_, error);
    ASSERT_NE(links_, nullptr) << error;
  }
  void TearDown() override { std::remove(path_.c_str()); }

  Time arrival(int from, int to, std::uint64_t bytes, Time time) {
    return send(*links_, from, to, bytes, 1e9, 100e-9, time);
  }

  std::string path_;
  SharedLinks* links_ = nullptr;
};

TEST_F(Links, AMessageTakesLatencyPlusBytesOverBandwidth) {
  EXPECT_EQ(arrival(0, 1, 10000, 5000), 5000 + 100 + 10000);
}

TEST_F(Links, TwoMessagesOverOneWayOutTakeTheSum) {
  EXPECT_EQ(arrival(0, 1, 10000, 0), 10100);
  EXPECT_EQ(arrival(0, 2, 20000, 0), 30100);
}

TEST_F(Links, TwoMessagesOverOneWayInTakeTheSum) {
  EXPECT_EQ(arrival(0, 2, 10000, 0), 10100);
  EXPECT_EQ(arrival(1, 2, 20000, 0), 30100);
}

TEST_F(Links, OppositeDirectionsDoNotShare) {
  EXPECT_EQ(arrival(0, 1, 10000, 0), 10100);
  EXPECT_EQ(arrival(1, 0, 10000, 0), 10100);
}

TEST_F(Links, WaitingForAWayInDoesNotHoldUpOthers) {
  EXPECT_EQ(arrival(0, 2, 10000, 0), 10100);
  EXPECT_EQ(arrival(1, 2, 10000, 0), 20100);  // after the first
  EXPECT_EQ(arrival(1, 3, 10000, 0), 20100);  // after the second on the way out only
}

TEST_F(Links, OnePacketOvertakesAndDelays) {
  EXPECT_EQ(arrival(0, 1, 100000, 0), 100100);
  EXPECT_EQ(arrival(0, 1, 4096, 1000), 1000 + 100 + 4096);
  EXPECT_EQ(arrival(0, 1, 5000, 1000), 100100 + 4096 + 5000);
}

TEST_F(Links, PacketsShareALinkThatIsIdle) {
  EXPECT_EQ(arrival(0, 1, 4096, 0), 4196);
  EXPECT_EQ(arrival(0, 1, 4096, 0), 4196 + 4096);
  EXPECT_EQ(arrival(0, 2, 4096, 0), 4196 + 2 * 4096);
  EXPECT_EQ(arrival(3, 2, 4096, 2 * 4096), 4196 + 3 * 4096);  // after the third on the way in
  EXPECT_EQ(arrival(0, 1, 10000, 0), 100 + 3 * 4096 + 10000);
}

TEST_F(Links, AllProcessesOfARunShareThem) {
  std::string error;
  SharedLinks* const other = map_links(path_, error);
  ASSERT_NE(other, nullptr) << error;
  EXPECT_EQ(send(*other, 0, 2, 10000, 1e9, 100e-9, 0), 10100);
  EXPECT_EQ(arrival(1, 2, 10000, 0), 20100);
}

TEST_F(Links, AnAddressSaysWhoseItIs) {
  const std::string first = "address of the first", second = "address of the second";
  enter_address(*links_, 0, first.data(), first.size());
  enter_address(*links_, 1, second.data(), second.size());
  EXPECT_EQ(process_at(*links_, second.data()), 1);
  EXPECT_EQ(process_at(*links_, first.data()), 0);
  EXPECT_EQ(process_at(*links_, "somebody else, far away"), -1);
}

TEST(LinksFile, AFolderThatIsNotThereIsAnError) {
  std::string error;
  EXPECT_EQ(map_links("/no/such/folder/links", error), nullptr);
  EXPECT_EQ(error, "No such file or directory");
}

TEST(ArrivalsQueue, HandsOverWhatIsDueInOrderOfTime) {
  Arrivals arrivals;
  std::vector<int> order;
  const Time start = now();
  arrivals.hold(start - 10, [&] { order.push_back(2); });
  arrivals.hold(start - 20, [&] { order.push_back(1); });
  arrivals.hold(start - 10, [&] { order.push_back(3); });
  arrivals.hold(start + Time{3600} * 1000000000, [&] { order.push_back(4); });
  EXPECT_EQ(arrivals.deliver_due(), 3u);
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(arrivals.lateness().count, 3u);
  EXPECT_EQ(arrivals.deliver_due(), 0u);
}

TEST(ArrivalsQueue, WhatArrivesDuringADeliveryMayBeDeliveredByIt) {
  Arrivals arrivals;
  int delivered = 0;
  arrivals.hold(now() - 10, [&] {
    ++delivered;
    arrivals.hold(now() - 10, [&] { ++delivered; });
    EXPECT_EQ(arrivals.deliver_due(), 0u);  // never inside of another
  });
  EXPECT_EQ(arrivals.deliver_due(), 2u);
  EXPECT_EQ(delivered, 2);
}

}  // namespace
}  // namespace placewright::network
