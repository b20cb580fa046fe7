// SPDX-License-Identifier: Apache-2.0
// What may follow a dot: what each member belongs to, what it takes and what it gives. One table
// for the checker and the interpreter; the words themselves are in words.h.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "lang/syntax/ast.h"

namespace placewright::lang {

/// A place is a tuple that indexing a processor space gave.
enum class MemberOwner { TupleOrSpace, Space, Place, Task };

enum class MemberType { Int, Bool, Tuple, Space, Task, Memory };

struct MemberInfo {
  Member member;
  MemberOwner owner;
  MemberType result;
  size_t fewest_arguments;
  size_t most_arguments;  ///< 0 means a property, which is written without `()`.
  std::array<MemberType, 3> parameters;
  std::string_view example;  ///< A call; empty for what a message needs no example of.

  [[nodiscard]] bool is_called() const { return most_arguments > 0; }
};

[[nodiscard]] const MemberInfo& info(Member member);

}  // namespace placewright::lang
