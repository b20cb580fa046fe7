// SPDX-License-Identifier: Apache-2.0
// Index launches, built requirement by requirement in the order that mappings count them.
#pragma once

#include <legion.h>

#include <vector>

namespace apps {

using Fields = std::vector<Legion::FieldID>;

[[nodiscard]] Fields operator+(Fields a, const Fields& b);
/// `count` consecutive fields.
[[nodiscard]] Fields field_range(Legion::FieldID first, int count);

/// An index launch of `task` over `space`. Point p gets the subregion of color p of each partition
/// (or what projection functor `projection` makes of it).
class Launch {
 public:
  Launch(Legion::TaskID task, Legion::IndexSpace space,
         Legion::UntypedBuffer arguments = Legion::UntypedBuffer());

  /// The next requirements go through this projection functor (0: the point itself).
  Launch& project(Legion::ProjectionID projection);
  Launch& use(Legion::LogicalPartition partition, Legion::LogicalRegion parent,
              Legion::PrivilegeMode privilege, const Fields& fields);
  /// Every point uses all of `region`, which the launching task holds as well.
  Launch& use(Legion::LogicalRegion region, Legion::PrivilegeMode privilege, const Fields& fields);
  Launch& reduce(Legion::LogicalPartition partition, Legion::LogicalRegion parent,
                 Legion::ReductionOpID operation, const Fields& fields);
  /// Sets the tag that mappers see.
  Launch& tag(Legion::MappingTagID tag);
  /// A value that every point can read; values are numbered in call order.
  Launch& wait_for(const Legion::Future& future);

  Legion::FutureMap run(Legion::Context ctx, Legion::Runtime* runtime);
  /// Combines what the points return with a reduction operator.
  Legion::Future combine(Legion::Context ctx, Legion::Runtime* runtime,
                         Legion::ReductionOpID operation);

 private:
  Launch& add(Legion::RegionRequirement requirement, const Fields& fields);

  Legion::IndexTaskLauncher launcher_;
  Legion::ProjectionID projection_ = 0;
};

}  // namespace apps
