// SPDX-License-Identifier: Apache-2.0
// Types of expressions, and the constant values they fold to. What needs more than a few lines has
// a header of its own.
#pragma once

#include <string_view>
#include <vector>

#include "lang/check/check_context.h"

namespace placewright::lang {

Type infer(CheckContext& context, const Expr& expr);

/// An element of a list with its unpacked tuples spliced in.
struct ListElement {
  const Expr* expr;
  Type type;
  bool star = false;
};

struct ListElements {
  std::vector<ListElement> known;
  bool complete = true;  ///< False when an unpacked tuple has an unknown length.
};

/// The elements of a tuple, arguments or, with `stars`, indices.
ListElements infer_elements(CheckContext& context, const std::vector<ExprPtr>& list, bool stars);

/// Reports an error unless the list may have the expected number of arguments. Unpacked tuples of
/// unknown length leave the count open, unless there are too many already.
bool check_count(CheckContext& context, const Expr& expr, std::string_view what,
                 const ListElements& arguments, size_t expected);

/// "1 argument", "2 arguments".
[[nodiscard]] std::string plural(size_t count, std::string_view word);

}  // namespace placewright::lang
