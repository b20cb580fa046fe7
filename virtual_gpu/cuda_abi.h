// SPDX-License-Identifier: Apache-2.0
// The part of the CUDA driver's binary interface that the virtual GPUs implement: numbers and
// struct layouts as seen by a caller compiled against CUDA 11 to 13. Declarations only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace placewright::vgpu {

/// CUresult values used here.
enum Status : int {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNotInitialized = 3,
  kNoDevice = 100,
  kInvalidDevice = 101,
  kInvalidContext = 201,
  kInvalidHandle = 400,
  kNotFound = 500,
  kNotReady = 600,
  kPeerAccessAlreadyEnabled = 704,
  kHostMemoryAlreadyRegistered = 712,
  kHostMemoryNotRegistered = 713,
  kNotSupported = 801,
  kUnknown = 999,
};

using DevicePointer = std::uint64_t;

/// CUdevice_attribute values with an answer other than zero.
enum Attribute : int {
  kMaxThreadsPerBlock = 1,
  kMaxBlockDimX = 2,
  kMaxBlockDimY = 3,
  kMaxBlockDimZ = 4,
  kMaxGridDimX = 5,
  kMaxGridDimY = 6,
  kMaxGridDimZ = 7,
  kMaxSharedMemoryPerBlock = 8,
  kWarpSize = 10,
  kMultiprocessorCount = 16,
  kCanMapHostMemory = 19,
  kConcurrentKernels = 31,
  kPciBusId = 33,
  kMemoryClockRate = 36,
  kMemoryBusWidth = 37,
  kMaxThreadsPerMultiprocessor = 39,
  kAsyncEngineCount = 40,
  kUnifiedAddressing = 41,
  kStreamPrioritiesSupported = 78,
  kComputeCapabilityMajor = 75,
  kComputeCapabilityMinor = 76,
  kManagedMemory = 83,
  kConcurrentManagedAccess = 89,
  kCanUseHostPointerForRegisteredMemory = 91,
  kHostRegisterSupported = 99,
  kHostNumaId = 134,
};

enum MemoryType : unsigned { kHostMemory = 1, kDeviceMemory = 2, kArrayMemory = 3, kUnified = 4 };

/// CUDA_MEMCPY3D: one side of it, twice, then the extents.
struct Copy3dSide {
  std::size_t x_bytes, y, z, lod;
  MemoryType type;
  void* host;
  DevicePointer device;
  void* array;
  void* reserved;
  std::size_t pitch, height;
};

struct Copy3d {
  Copy3dSide source, destination;
  std::size_t width_bytes, height, depth;
};

/// CUDA_MEMCPY2D.
struct Copy2dSide {
  std::size_t x_bytes, y;
  MemoryType type;
  void* host;
  DevicePointer device;
  void* array;
  std::size_t pitch;
};

struct Copy2d {
  Copy2dSide source, destination;
  std::size_t width_bytes, height;
};

static_assert(sizeof(Copy3d) == 200 && sizeof(Copy2d) == 128);

struct Uuid {
  char bytes[16];
};

struct IpcMemoryHandle {
  char bytes[64];
};

}  // namespace placewright::vgpu
