// SPDX-License-Identifier: Apache-2.0
// Measures how fast a real GPU reads and updates its frame buffer and zero-copy memory,
// sequentially and at random, over footprints from 4 KiB to 1 GiB and hot sets from 1 to 1000 lines,
// and how fast it copies, launches and computes: numbers that machine files otherwise assume.
//
//   gpu_memory_access [REPETITIONS]
//
// Prints JSON: rates in units per second, as median, minimum and maximum. It says nothing about any
// particular application.
#include <chrono>
#include <cstdint>

#include "measure.cuh"

namespace gpu_bench {
namespace {

constexpr int kThreads = 256;
constexpr size_t kFrameBufferBytes = size_t{1} << 30;  // far beyond any second-level cache
constexpr size_t kHostBytes = size_t{1} << 28;
constexpr int64_t kAccesses = int64_t{1} << 26;
constexpr int64_t kBusAccesses = int64_t{1} << 22;
constexpr size_t kFootprints[] = {size_t{4} << 10,   size_t{64} << 10, size_t{512} << 10,
                                  size_t{4} << 20,   size_t{16} << 20, size_t{64} << 20,
                                  size_t{256} << 20, size_t{1} << 30};
constexpr int kHotSets[] = {1, 10, 100, 1000};
constexpr int kLineBytes = 128;
/// All of them meet on the hot set, so the slowest case is a line's round trip times this.
constexpr int64_t kHotOperations = int64_t{1} << 18;
constexpr int64_t kHotBusOperations = int64_t{1} << 13;
/// A stream over a small footprint is repeated until it has moved as much.
constexpr size_t kStreamBytes = size_t{1} << 30;
constexpr size_t kBusStreamBytes = size_t{1} << 28;

unsigned blocks_for(int64_t threads) {
  return static_cast<unsigned>((threads + kThreads - 1) / kThreads);
}

__global__ void nothing() {}

/// Visits `count` elements, which are those of `period` again and again; both are powers of two.
__global__ void read_all(const float4* data, int64_t count, int64_t period, float* sink) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  float sum = 0;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    const float4 value = data[i & (period - 1)];
    sum += value.x + value.y + value.z + value.w;
  }
  if (sum == 0.12345f) *sink = sum;  // never true: keeps the reads
}

__global__ void write_all(float4* data, int64_t count, int64_t period) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    data[i & (period - 1)] = {1, 2, 3, 4};
  }
}

/// Position i of a scattered sequence: multiplication by an odd number permutes 0..2^n-1, and the
/// upper bits of the product vary irregularly.
__device__ uint64_t scattered(uint64_t i, uint64_t mask) {
  uint64_t x = i * 0x9e3779b97f4a7c15ull;
  x ^= x >> 29;
  return (x * 0xbf58476d1ce4e5b9ull >> 20) & mask;
}

template <class T>
__global__ void read_scattered(const T* data, uint64_t mask, int64_t count, T* sink) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const T value = data[scattered(static_cast<uint64_t>(i), mask)];
  if (value == T(77)) *sink = value;  // never true: memory is zero
}

__global__ void add_scattered(unsigned long long* data, uint64_t mask, int64_t count) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < count) atomicAdd(&data[scattered(static_cast<uint64_t>(i), mask)], 1ull);
}

/// Every operation on one word of one of the first `lines` lines.
__global__ void add_hot(unsigned long long* data, int lines, int64_t count) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < count) atomicAdd(&data[i % lines * (kLineBytes / sizeof(unsigned long long))], 1ull);
}

/// `steps` dependent multiply-add pairs in eight chains per thread; fused or not, depending on the
/// compiler flags.
template <class T>
__global__ void compute(int steps, T factor, T* sink) {
  T chain[8];
  for (int k = 0; k < 8; ++k) chain[k] = T(k) + T(threadIdx.x);
  for (int s = 0; s < steps; ++s) {
    for (int k = 0; k < 8; ++k) chain[k] = chain[k] * factor + factor;
  }
  T sum = 0;
  for (int k = 0; k < 8; ++k) sum += chain[k];
  if (sum == T(0.12345)) *sink = sum;
}

template <class T>
Row compute_row(const char* name, int multiprocessors, T* sink) {
  constexpr int kSteps = 4096;
  const int blocks = multiprocessors * 16;
  const Times times = measure(10, [&](cudaStream_t stream) {
    compute<T><<<blocks, kThreads, 0, stream>>>(kSteps, T(0.999), sink);
  });
  return {name, "operations", 2.0 * 8 * kSteps * kThreads * blocks, times};
}

class Bench {
 public:
  explicit Bench(int repetitions) : repetitions_(repetitions) {
    check(cudaGetDeviceProperties(&properties_, 0), "find a device");
    check(cudaMalloc(&device_, kFrameBufferBytes), "allocate frame buffer");
    check(cudaMemset(device_, 0, kFrameBufferBytes), "clear frame buffer");
    check(cudaMalloc(&sink_, 64), "allocate frame buffer");
    check(cudaHostAlloc(&host_, kHostBytes, cudaHostAllocMapped), "allocate zero-copy memory");
    for (size_t i = 0; i < kHostBytes / sizeof(double); ++i) static_cast<double*>(host_)[i] = 0;
    check(cudaHostGetDevicePointer(&mapped_, host_, 0), "map zero-copy memory");
  }

  void run() {
    launches();
    for (const size_t footprint : kFootprints) {
      accesses("frame_buffer", device_, footprint, kStreamBytes, kAccesses);
      if (footprint <= kHostBytes)
        accesses("zero_copy", mapped_, footprint, kBusStreamBytes, kBusAccesses);
    }
    for (const int lines : kHotSets) {
      hot("frame_buffer", device_, lines, kHotOperations);
      hot("zero_copy", mapped_, lines, kHotBusOperations);
    }
    copies();
    rows_.push_back(
        compute_row<float>("fp32", properties_.multiProcessorCount, static_cast<float*>(sink_)));
    rows_.push_back(
        compute_row<double>("fp64", properties_.multiProcessorCount, static_cast<double*>(sink_)));
  }

  void print() const {
    std::printf("{\"device\": \"%s\", \"multiprocessors\": %d, \"memory_bytes\": %zu,\n",
                properties_.name, properties_.multiProcessorCount, properties_.totalGlobalMem);
    std::printf(" \"repetitions\": %d,\n \"rows\": [\n", repetitions_);
    for (size_t i = 0; i < rows_.size(); ++i) print_row(rows_[i], i + 1 == rows_.size());
    std::printf(" ]}\n");
  }

 private:
  static void print_row(const Row& row, bool last) {
    const bool rate = row.amount > 0;
    const auto value = [&](double seconds) { return rate ? row.amount / seconds : seconds; };
    const double ends[] = {value(row.times.least), value(row.times.most)};
    std::printf(
        "  {\"name\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, \"least\": %.6g, \"most\": "
        "%.6g, \"footprint\": %zu, \"lines\": %d}%s\n",
        row.name.c_str(), (row.unit + (rate ? "/s" : "")).c_str(), value(row.times.median),
        std::min(ends[0], ends[1]), std::max(ends[0], ends[1]), row.footprint, row.lines,
        last ? "" : ",");
  }

  void add(const std::string& name, const char* unit, double amount, Times times,
           size_t footprint = 0, int lines = 0) {
    rows_.push_back({name, unit, amount, times, footprint, lines});
  }

  void launches() {
    constexpr int kMany = 1000;
    Times many = measure(repetitions_, [&](cudaStream_t stream) {
      for (int i = 0; i < kMany; ++i) nothing<<<1, 32, 0, stream>>>();
    });
    for (double* time : {&many.median, &many.least, &many.most}) *time /= kMany;
    add("kernel_launch.back_to_back", "s", 0, many);
    std::vector<double> alone;
    for (int i = 0; i < 200; ++i) {
      const auto start = std::chrono::steady_clock::now();
      nothing<<<1, 32>>>();
      check(cudaDeviceSynchronize(), "run a kernel");
      alone.push_back(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    add("kernel_launch.and_wait", "s", 0, summarize(alone));
  }

  void accesses(const std::string& memory, void* data, size_t footprint, size_t stream_bytes,
                int64_t count) {
    streams(memory, data, footprint, std::max(footprint, stream_bytes));
    reads<float>(memory + ".irregular_read_4", data, footprint, count);
    reads<double>(memory + ".irregular_read_8", data, footprint, count);
    add(memory + ".atomic_add_8", "accesses", static_cast<double>(count),
        measure(repetitions_,
                [&](cudaStream_t stream) {
                  add_scattered<<<blocks_for(count), kThreads, 0, stream>>>(
                      static_cast<unsigned long long*>(data), footprint / 8 - 1, count);
                }),
        footprint);
    check(cudaMemset(data, 0, footprint), "clear memory");
  }

  void streams(const std::string& memory, void* data, size_t footprint, size_t bytes) {
    const auto count = static_cast<int64_t>(bytes / sizeof(float4));
    const auto period = static_cast<int64_t>(footprint / sizeof(float4));
    const unsigned blocks = static_cast<unsigned>(properties_.multiProcessorCount) * 32;
    add(memory + ".read", "B", static_cast<double>(bytes),
        measure(repetitions_,
                [&](cudaStream_t stream) {
                  read_all<<<blocks, kThreads, 0, stream>>>(static_cast<const float4*>(data), count,
                                                            period, static_cast<float*>(sink_));
                }),
        footprint);
    add(memory + ".write", "B", static_cast<double>(bytes),
        measure(repetitions_,
                [&](cudaStream_t stream) {
                  write_all<<<blocks, kThreads, 0, stream>>>(static_cast<float4*>(data), count,
                                                             period);
                }),
        footprint);
    // What follows reads zeros.
    check(cudaMemset(data, 0, footprint), "clear memory");
  }

  template <class T>
  void reads(const std::string& name, void* data, size_t footprint, int64_t count) {
    const uint64_t mask = footprint / sizeof(T) - 1;
    add(name, "accesses", static_cast<double>(count),
        measure(repetitions_,
                [&](cudaStream_t stream) {
                  read_scattered<T><<<blocks_for(count), kThreads, 0, stream>>>(
                      static_cast<const T*>(data), mask, count, static_cast<T*>(sink_));
                }),
        footprint);
  }

  void hot(const std::string& memory, void* data, int lines, int64_t count) {
    add(memory + ".atomic_on_lines", "accesses", static_cast<double>(count),
        measure(repetitions_,
                [&](cudaStream_t stream) {
                  add_hot<<<blocks_for(count), kThreads, 0, stream>>>(
                      static_cast<unsigned long long*>(data), lines, count);
                }),
        static_cast<size_t>(lines) * kLineBytes, lines);
    check(cudaMemset(data, 0, static_cast<size_t>(lines) * kLineBytes), "clear memory");
  }

  void copies() {
    const auto copy = [&](const char* name, void* to, const void* from, size_t bytes,
                          bool latency) {
      const Times times = measure(repetitions_, [&](cudaStream_t stream) {
        check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream), "copy");
      });
      add(name, latency ? "s" : "B", latency ? 0 : static_cast<double>(bytes), times);
    };
    copy("copy.to_device", device_, host_, kHostBytes, false);
    copy("copy.to_host", host_, device_, kHostBytes, false);
    copy("copy.within_device", static_cast<char*>(device_) + kFrameBufferBytes / 2, device_,
         kFrameBufferBytes / 2, false);
    copy("copy.latency_to_device", device_, host_, 16, true);
    copy("copy.latency_to_host", host_, device_, 16, true);
  }

  int repetitions_;
  cudaDeviceProp properties_{};
  void* device_ = nullptr;
  void* sink_ = nullptr;
  void* host_ = nullptr;
  void* mapped_ = nullptr;
  std::vector<Row> rows_;
};

}  // namespace
}  // namespace gpu_bench

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 20;
  if (repetitions < 1) {
    std::fprintf(stderr, "error: gpu_memory_access: `%s` is not a number of repetitions\n",
                 argv[1]);
    return 2;
  }
  gpu_bench::Bench bench(repetitions);
  bench.run();
  bench.print();
}
