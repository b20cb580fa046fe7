// SPDX-License-Identifier: Apache-2.0
// What the features share: registration, tasks on a line of integers, results to print.
//
// A feature is a small Legion program that uses one part of Legion and prints `RESULT name value`
// lines, which must not depend on where anything was mapped. Programs know nothing of mappings.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "legion.h"

namespace features {

using Legion::Context;
using Legion::FieldID;
using Legion::PhysicalRegion;
using Legion::Runtime;
using Legion::Task;
using Legion::TaskID;
using Regions = std::vector<PhysicalRegion>;

struct Feature {
  void (*prepare)();  ///< Before the runtime starts; may be null.
  void (*run)(Context, Runtime*);
};
std::map<std::string, Feature>& all_features();
/// The word after `-feature`, or none.
std::string chosen_feature(int argc, char** argv);
/// Registers what the feature needs and starts the runtime.
int start(const std::string& feature, int argc, char** argv);

/// A static object of it adds a feature.
struct Add {
  Add(const char* name, void (*run)(Context, Runtime*), void (*prepare)() = nullptr);
};

void result(const char* name, int64_t value);

// Tasks that every program has; a feature numbers its own from kOwn.
enum : TaskID { kTop, kFillIndex, kAddOne, kTotal, kOwn };
enum : FieldID { kX = 1, kY = 2 };

using Change = std::function<void(Legion::TaskVariantRegistrar&)>;

/// Adds a leaf variant for CPUs and one for GPUs (virtual ones have host memory, so the same body
/// serves).
template <auto body>
void add_task(TaskID id, const char* name, const Change& change = {}) {
  using Value = decltype(body(nullptr, std::declval<const Regions&>(), nullptr, nullptr));
  for (const auto kind : {Legion::Processor::LOC_PROC, Legion::Processor::TOC_PROC}) {
    Legion::TaskVariantRegistrar registrar(id, name);
    registrar.add_constraint(Legion::ProcessorConstraint(kind));
    registrar.set_leaf();
    if (change) change(registrar);
    if constexpr (std::is_void_v<Value>) {
      Runtime::preregister_task_variant<body>(registrar, name);
    } else {
      Runtime::preregister_task_variant<Value, body>(registrar, name);
    }
  }
}

template <Legion::PrivilegeMode mode, int dim = 1>
using Access = Legion::FieldAccessor<mode, int64_t, dim, Legion::coord_t,
                                     Realm::AffineAccessor<int64_t, dim, Legion::coord_t>>;

/// The index space of a requirement.
Legion::Domain domain_of(const Task* task, unsigned index, Runtime* runtime);

/// A line of 64 elements in 8 pieces with the fields kX and kY, all 0.
struct Line {
  Legion::LogicalRegion region;
  Legion::LogicalPartition pieces;
  Legion::IndexSpace colors;
};
constexpr int kElements = 64;
constexpr int kPieces = 8;
Line make_line(Context ctx, Runtime* runtime);

Legion::RegionRequirement whole(const Line& line, Legion::PrivilegeMode privilege, FieldID field);
Legion::RegionRequirement piecewise(const Line& line, Legion::PrivilegeMode privilege,
                                    FieldID field);

/// Launches over the pieces: every element becomes its index; or one more.
void fill_index(const Line& line, FieldID field, Context ctx, Runtime* runtime);
void add_one(const Line& line, FieldID field, Context ctx, Runtime* runtime);
/// The sum over all elements, added up by Legion.
int64_t total(const Line& line, FieldID field, Context ctx, Runtime* runtime);

}  // namespace features
