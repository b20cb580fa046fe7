// SPDX-License-Identifier: Apache-2.0
#include "network.h"

#include <placewright/machine_table.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace placewright::network {
namespace {

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "virtual GPU: no modelled network: %s\n", why.c_str());
  _exit(1);
}

/// This process's number, as set by the launcher.
int process_number() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"}) {
    const char* value = std::getenv(name);
    if (value == nullptr) continue;
    const int number = std::atoi(value);
    if (number < 0 || number >= SharedLinks::kMaxProcesses) {
      stop(std::string(name) + " is " + value + "; expected 0 to " +
           std::to_string(SharedLinks::kMaxProcesses - 1));
    }
    return number;
  }
  stop("no launcher says which process this is (OMPI_COMM_WORLD_RANK)");
}

Network* make() {
  const char* path = std::getenv("PLACEWRIGHT_NETWORK");
  if (path == nullptr || *path == '\0') return nullptr;
  const MachineTableResult read = machine_table_from_environment();
  if (!read.error.empty()) stop(read.error);
  if (!read.table) stop(std::string(kMachineTableVariable) + " names no machine table");
  if (!read.table->network) {
    stop("the machine table has no `network.bandwidth` and `network.latency_s`");
  }
  std::string error;
  SharedLinks* const links = map_links(path, error);
  if (links == nullptr) stop("cannot share `" + std::string(path) + "`: " + error);
  return new Network(*links, process_number(), read.table->network->bandwidth,
                     read.table->network->latency_s, read.table->time_scale);
}

}  // namespace

Network::Network(SharedLinks& links, int process, double bandwidth, double latency_s,
                 double time_scale)
    : links_(links),
      process_(process),
      bandwidth_(bandwidth),
      latency_s_(latency_s),
      time_scale_(time_scale) {}

Network* Network::get() {
  static Network* const network = make();
  return network;
}

void Network::enter_own_address(const void* address, std::size_t length) {
  enter_address(links_, process_, address, length);
}

void Network::note_endpoint(const void* endpoint, int process) {
  {
    std::shared_lock lock(mutex_);
    const auto found = endpoints_.find(endpoint);
    if (found != endpoints_.end() && found->second == process) return;
  }
  std::unique_lock lock(mutex_);
  endpoints_[endpoint] = process;
}

void Network::note_endpoint_address(const void* endpoint, const void* address) {
  const int process = process_at(links_, address);
  if (process >= 0) note_endpoint(endpoint, process);
}

Time Network::send(const void* endpoint, std::uint64_t bytes) {
  int to = -1;
  {
    std::shared_lock lock(mutex_);
    const auto found = endpoints_.find(endpoint);
    if (found != endpoints_.end()) to = found->second;
  }
  if (to < 0 || to == process_) return 0;
  {
    std::lock_guard lock(traffic_mutex_);
    Traffic& traffic = traffic_[to];
    ++traffic.messages;
    traffic.bytes += bytes;
    traffic.modelled_s += latency_s_ + static_cast<double>(bytes) / bandwidth_;
  }
  return network::send(links_, process_, to, bytes, bandwidth_ / time_scale_,
                       latency_s_ * time_scale_, now());
}

Arrivals& Network::arrivals(const void* worker) {
  {
    std::shared_lock lock(mutex_);
    const auto found = arrivals_.find(worker);
    if (found != arrivals_.end()) return *found->second;
  }
  std::unique_lock lock(mutex_);
  std::unique_ptr<Arrivals>& arrivals = arrivals_[worker];
  if (!arrivals) arrivals = std::make_unique<Arrivals>();
  return *arrivals;
}

std::string Network::statistics() {
  std::ostringstream out;
  out.precision(9);
  out << "{\"process\": " << process_ << ", \"sent\": [";
  {
    std::lock_guard lock(traffic_mutex_);
    const char* separator = "";
    for (const auto& [to, traffic] : traffic_) {
      out << separator << "{\"to\": " << to << ", \"messages\": " << traffic.messages
          << ", \"bytes\": " << traffic.bytes << ", \"modelled_s\": " << traffic.modelled_s << "}";
      separator = ", ";
    }
  }
  Lateness lateness;
  std::shared_lock lock(mutex_);
  for (const auto& [worker, arrivals] : arrivals_) lateness.add(arrivals->lateness());
  out << "], \"lateness\": {\"count\": " << lateness.count << ", \"mean_s\": "
      << (lateness.count == 0 ? 0 : lateness.sum_s / static_cast<double>(lateness.count))
      << ", \"worst_s\": " << lateness.worst_s << "}}";
  return out.str();
}

}  // namespace placewright::network
