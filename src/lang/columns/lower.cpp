// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower.h"

#include <algorithm>

#include "lang/columns/lower_numbers.h"
#include "lang/evaluate/eval_call.h"
#include "lang/evaluate/evaluate_code.h"
#include "lang/evaluate/interpreter.h"

namespace placewright::lang {
namespace {

constexpr int kDeepestCall = 32;
constexpr int64_t kLargestTable = int64_t{1} << 20;

/// A Boolean for each point.
struct Truth {
  Column column;
};
/// A processor for each point, as node * width + ordinal.
struct PlaceColumn {
  Number number;
};
using Numbers = std::vector<Number>;
/// The value of an expression for all points: one value, or columns.
using Abstract = std::variant<Value, Column, Truth, Numbers, PlaceColumn>;
using Frame = std::vector<Abstract>;

class Lowering {
 public:
  Lowering(const CompiledProgram& program, const machine::LaunchDomain& domain,
           machine::ProcessorKind kind, int width)
      : program_(program), emitter_(domain), kind_(kind), width_(width) {
    task_.domain = &emitter_.program().domain;
    task_.point = domain.lo;
  }

  LoweredFunction run(const CompiledFunction& function) {
    Frame frame(static_cast<size_t>(function.slot_count));
    frame[0] = Value(&task_);
    const Number result = place(body(function, frame));
    emitter_.finish(result);
    return {emitter_.program(), warnings_};
  }

 private:
  Abstract body(const CompiledFunction& function, Frame& frame) {
    for (const CompiledStatement& statement : function.body) {
      if (statement.kind == CompiledStatement::Kind::Print) throw NoColumns();
      Abstract value = lower(statement.expressions[0], frame);
      if (statement.kind == CompiledStatement::Kind::Return) return value;
      if (statement.kind == CompiledStatement::Kind::Assign)
        frame[static_cast<size_t>(statement.slot)] = std::move(value);
    }
    throw NoColumns();
  }

  static bool is_task(const Code& code, const Frame& frame) {
    if (code.op != Op::Local) return false;
    const auto* value = std::get_if<Value>(&frame[static_cast<size_t>(code.slot)]);
    return value != nullptr && std::holds_alternative<const TaskView*>(*value);
  }

  /// Whether it can differ between points.
  static bool varies(const Code& code, const Frame& frame) {
    if (code.op == Op::Local)
      return !std::holds_alternative<Value>(frame[static_cast<size_t>(code.slot)]);
    if (code.op == Op::Property && code.member == Member::IPoint) return true;
    return std::ranges::any_of(code.children, [&](const Code& child) {
      return varies(child, frame) || (code.op == Op::Call && is_task(child, frame));
    });
  }

  Value same_for_all(const Code& code, const Frame& frame) {
    std::vector<Value> values;
    for (const Abstract& each : frame) {
      const auto* value = std::get_if<Value>(&each);
      values.push_back(value != nullptr ? *value : Value());
    }
    Interpreter interpreter(program_, false);
    Value result;
    if (!interpreter.evaluate(code, std::move(values), result)) throw NoColumns();
    for (const Diagnostic& warning : interpreter.warnings()) warnings_.push_back(warning);
    return result;
  }

  Abstract lower(const Code& code, Frame& frame) {
    if (!varies(code, frame)) return same_for_all(code, frame);
    switch (code.op) {
      case Op::Local:
        return frame[static_cast<size_t>(code.slot)];
      case Op::Memo:
        return lower(code.children[0], frame);
      case Op::Tuple:
        return elements(code, 0, frame);
      case Op::Negate:
        return arithmetic(BinaryOp::Subtract, Value(int64_t{0}), lower(code.children[0], frame));
      case Op::Not:
        return negated(lower(code.children[0], frame));
      case Op::Binary:
        return binary(code, frame);
      case Op::Conditional:
        return conditional(code, frame);
      case Op::Call:
        return call(code, frame);
      case Op::Builtin:
        return builtin(code, frame);
      case Op::Property:
        return property(code, frame);
      case Op::Index:
        return index(code, frame);
      case Op::Slice:
        return slice(code, frame);
      case Op::Comprehension:
        return comprehension(code, frame);
      default:
        throw NoColumns();
    }
  }

  // ---- reading abstract values

  Number number(const Abstract& value) const {
    if (const auto* column = std::get_if<Column>(&value)) return *column;
    const auto* same = std::get_if<Value>(&value);
    const auto* integer = same != nullptr ? std::get_if<int64_t>(same) : nullptr;
    if (integer == nullptr) throw NoColumns();
    return *integer;
  }

  /// The elements of a tuple; nullopt for anything else.
  std::optional<Numbers> tuple(const Abstract& value) {
    if (const auto* numbers = std::get_if<Numbers>(&value)) return *numbers;
    if (const auto* at = std::get_if<PlaceColumn>(&value)) {
      return Numbers{emitter_.arithmetic(BinaryOp::Divide, at->number, int64_t{width_}),
                     emitter_.arithmetic(BinaryOp::Remainder, at->number, int64_t{width_})};
    }
    const auto* same = std::get_if<Value>(&value);
    const auto* elements = same != nullptr ? std::get_if<TupleValue>(same) : nullptr;
    if (elements == nullptr) return std::nullopt;
    const auto span = elements->elements.span();
    return Numbers(span.begin(), span.end());
  }

  Numbers needed_tuple(const Abstract& value) {
    auto numbers = tuple(value);
    if (!numbers) throw NoColumns();
    return *std::move(numbers);
  }

  Column truth(const Abstract& value) {
    if (const auto* column = std::get_if<Truth>(&value)) return column->column;
    const auto* same = std::get_if<Value>(&value);
    const bool* known = same != nullptr ? std::get_if<bool>(same) : nullptr;
    if (known == nullptr) throw NoColumns();
    return emitter_.column(int64_t{*known});
  }

  Number place(const Abstract& value) const {
    if (const auto* at = std::get_if<PlaceColumn>(&value)) return at->number;
    const auto* same = std::get_if<Value>(&value);
    const auto* processor = same != nullptr ? std::get_if<TupleValue>(same) : nullptr;
    if (processor == nullptr || processor->processor != kind_) throw NoColumns();
    return processor->elements[0] * width_ + processor->elements[1];
  }

  // ---- expressions

  Numbers elements(const Code& code, size_t first, Frame& frame) {
    Numbers result;
    for (size_t i = first; i < code.children.size(); ++i) {
      const Code& child = code.children[i];
      if (child.op != Op::Unpack) {
        result.push_back(number(lower(child, frame)));
        continue;
      }
      const Numbers more = needed_tuple(lower(child.children[0], frame));
      result.insert(result.end(), more.begin(), more.end());
    }
    return result;
  }

  /// Calls `operation` with the two numbers, or with each pair of elements.
  template <class Operation>
  std::variant<Number, Numbers> element_wise(const Abstract& a, const Abstract& b,
                                             const Operation& operation) {
    const auto left = tuple(a);
    const auto right = tuple(b);
    if (!left && !right) return operation(number(a), number(b));
    if (left && right && left->size() != right->size()) throw NoColumns();
    Numbers result;
    for (size_t i = 0; i < (left ? left : right)->size(); ++i)
      result.push_back(operation(left ? (*left)[i] : number(a), right ? (*right)[i] : number(b)));
    return result;
  }

  static Abstract abstract(const Number& number) {
    if (const auto* column = std::get_if<Column>(&number)) return *column;
    return Value(std::get<int64_t>(number));
  }
  static Abstract abstract(const std::variant<Number, Numbers>& either) {
    if (const auto* numbers = std::get_if<Numbers>(&either)) return *numbers;
    return abstract(std::get<Number>(either));
  }

  Abstract arithmetic(BinaryOp op, const Abstract& a, const Abstract& b) {
    return abstract(element_wise(
        a, b, [&](const Number& x, const Number& y) { return emitter_.arithmetic(op, x, y); }));
  }

  Abstract compare(BinaryOp op, const Abstract& a, const Abstract& b) {
    const bool opposite = op == BinaryOp::NotEqual;
    const BinaryOp asked = opposite ? BinaryOp::Equal : op;
    const auto result = element_wise(a, b, [&](const Number& x, const Number& y) -> Number {
      return emitter_.compare(asked, x, y);
    });
    Numbers all;
    if (const auto* numbers = std::get_if<Numbers>(&result)) {
      all = *numbers;
    } else {
      all = {std::get<Number>(result)};
    }
    if (all.empty()) throw NoColumns();
    Column every = emitter_.column(all[0]);
    for (size_t i = 1; i < all.size(); ++i) every = emitter_.both(every, emitter_.column(all[i]));
    return Truth{opposite ? emitter_.negated(every) : every};
  }

  Abstract negated(const Abstract& value) { return Truth{emitter_.negated(truth(value))}; }

  Abstract binary(const Code& code, Frame& frame) {
    const Abstract left = lower(code.children[0], frame);
    if (code.binary == BinaryOp::And || code.binary == BinaryOp::Or) {
      // The right side counts only where the left side does not decide.
      const bool is_or = code.binary == BinaryOp::Or;
      const Column a = truth(left);
      const Column open = is_or ? emitter_.negated(a) : a;
      const Column b = emitter_.under(open, [&] { return truth(lower(code.children[1], frame)); });
      const Column both = emitter_.both(open, is_or ? emitter_.negated(b) : b);
      return Truth{is_or ? emitter_.negated(both) : both};
    }
    const Abstract right = lower(code.children[1], frame);
    const bool of_truths =
        std::holds_alternative<Truth>(left) || std::holds_alternative<Truth>(right);
    if (of_truths) {
      const Column same =
          emitter_.column(emitter_.compare(BinaryOp::Equal, truth(left), truth(right)));
      if (code.binary == BinaryOp::Equal) return Truth{same};
      if (code.binary == BinaryOp::NotEqual) return Truth{emitter_.negated(same)};
      throw NoColumns();
    }
    if (code.binary <= BinaryOp::Remainder) return arithmetic(code.binary, left, right);
    return compare(code.binary, left, right);
  }

  Abstract conditional(const Code& code, Frame& frame) {
    const Abstract condition = lower(code.children[0], frame);
    if (const auto* same = std::get_if<Value>(&condition)) {
      const bool* known = std::get_if<bool>(same);
      if (known == nullptr) throw NoColumns();
      return lower(code.children[*known ? 1 : 2], frame);
    }
    const Column c = truth(condition);
    const Abstract yes = emitter_.under(c, [&] { return lower(code.children[1], frame); });
    const Abstract no =
        emitter_.under(emitter_.negated(c), [&] { return lower(code.children[2], frame); });
    return select(c, yes, no);
  }

  Abstract select(Column condition, const Abstract& yes, const Abstract& no) {
    const auto is_place = [&](const Abstract& value) {
      const auto* same = std::get_if<Value>(&value);
      const auto* processor = same != nullptr ? std::get_if<TupleValue>(same) : nullptr;
      return std::holds_alternative<PlaceColumn>(value) ||
             (processor != nullptr && processor->processor);
    };
    if (is_place(yes) && is_place(no))
      return PlaceColumn{emitter_.select(condition, place(yes), place(no))};
    if (is_place(yes) || is_place(no)) throw NoColumns();
    const bool truths = std::holds_alternative<Truth>(yes) || std::holds_alternative<Truth>(no);
    if (truths || is_bool(yes))
      return Truth{emitter_.column(emitter_.select(condition, truth(yes), truth(no)))};
    return abstract(element_wise(yes, no, [&](const Number& x, const Number& y) {
      return emitter_.select(condition, x, y);
    }));
  }

  static bool is_bool(const Abstract& value) {
    const auto* same = std::get_if<Value>(&value);
    return same != nullptr && std::holds_alternative<bool>(*same);
  }

  Abstract call(const Code& code, Frame& frame) {
    const Value callee = same_for_all(code.children[0], frame);
    const auto* which = std::get_if<FunctionValue>(&callee);
    if (which == nullptr || ++call_depth_ > kDeepestCall) throw NoColumns();
    const CompiledFunction& function = program_.functions[static_cast<size_t>(which->function)];
    if (code.children.size() - 1 != function.parameters.size()) throw NoColumns();
    Frame inner;
    for (size_t i = 1; i < code.children.size(); ++i) {
      if (code.children[i].op == Op::Unpack) throw NoColumns();
      inner.push_back(lower(code.children[i], frame));
      if (!fits(function.parameters[i - 1], inner.back())) throw NoColumns();
    }
    inner.resize(static_cast<size_t>(function.slot_count));
    Abstract result = body(function, inner);
    --call_depth_;
    return result;
  }

  /// Values that a parameter's type does not accept are left to the interpreter, which reports
  /// them.
  static bool fits(ParameterType type, const Abstract& value) {
    if (std::holds_alternative<Column>(value)) return type == ParameterType::Int;
    if (std::holds_alternative<Truth>(value)) return type == ParameterType::Bool;
    if (const auto* same = std::get_if<Value>(&value)) return accepts(type, *same);
    return type == ParameterType::IPoint || type == ParameterType::ISpace;
  }

  Abstract builtin(const Code& code, Frame& frame) {
    std::vector<Abstract> arguments;
    for (const Code& child : code.children) {
      if (child.op == Op::Unpack) throw NoColumns();
      arguments.push_back(lower(child, frame));
    }
    const auto pair = [&](const Number& a, const Number& b) {
      return emitter_.builtin(code.builtin, a, b);
    };
    if (code.builtin == Builtin::Abs) {
      if (arguments.size() != 1) throw NoColumns();
      const Abstract opposite = arithmetic(BinaryOp::Subtract, Value(int64_t{0}), arguments[0]);
      return abstract(element_wise(arguments[0], opposite, [&](const Number& a, const Number& b) {
        return emitter_.builtin(Builtin::Max, a, b);
      }));
    }
    const bool folds = code.builtin == Builtin::Sum || code.builtin == Builtin::Prod;
    if (arguments.size() == 1 && code.builtin != Builtin::Range) {
      const Numbers numbers = needed_tuple(arguments[0]);
      if (numbers.empty()) throw NoColumns();
      Number result = numbers[0];
      for (size_t i = 1; i < numbers.size(); ++i) result = pair(result, numbers[i]);
      return abstract(result);
    }
    if (folds || code.builtin == Builtin::Range) throw NoColumns();
    Abstract result = arguments[0];
    for (size_t i = 1; i < arguments.size(); ++i)
      result = abstract(element_wise(result, arguments[i], pair));
    return result;
  }

  Abstract property(const Code& code, Frame& frame) {
    if (code.member == Member::IPoint) {
      const Abstract task = lower(code.children[0], frame);
      const auto* same = std::get_if<Value>(&task);
      if (same == nullptr || !std::holds_alternative<const TaskView*>(*same)) throw NoColumns();
      return emitter_.coordinates();
    }
    const Numbers numbers = needed_tuple(lower(code.children[0], frame));
    if (code.member == Member::Size) return numbers;
    if (code.member == Member::Len) return Value(static_cast<int64_t>(numbers.size()));
    if (code.member != Member::Volume) throw NoColumns();
    Number product = int64_t{1};
    for (const Number& each : numbers)
      product = emitter_.arithmetic(BinaryOp::Multiply, product, each);
    return abstract(product);
  }

  Abstract index(const Code& code, Frame& frame) {
    const Abstract object = lower(code.children[0], frame);
    const auto* same = std::get_if<Value>(&object);
    const auto* space = same != nullptr ? std::get_if<machine::ProcessorSpace>(same) : nullptr;
    for (const Code& child : code.children) {
      if (child.op == Op::Star) throw NoColumns();
    }
    const Numbers indices = elements(code, 1, frame);
    if (space != nullptr) return index_space(*space, indices);
    const Numbers numbers = needed_tuple(object);
    const auto* position = indices.size() == 1 ? std::get_if<int64_t>(&indices[0]) : nullptr;
    if (position == nullptr) throw NoColumns();
    const auto size = static_cast<int64_t>(numbers.size());
    const int64_t at = *position < 0 ? *position + size : *position;
    if (at < 0 || at >= size) throw NoColumns();
    return abstract(numbers[static_cast<size_t>(at)]);
  }

  Abstract index_space(const machine::ProcessorSpace& space, const Numbers& indices) {
    const auto sizes = space.sizes().span();
    const int64_t volume = space.volume();
    const int64_t points = emitter_.program().domain.volume();
    const int64_t most = points < kLargestTable / 4 ? 4 * points : kLargestTable;
    if (space.kind() != kind_ || indices.size() != sizes.size() || volume == 0 || volume > most)
      throw NoColumns();
    Number flat = int64_t{0};
    for (size_t d = 0; d < sizes.size(); ++d) {
      emitter_.check_range(indices[d], sizes[d]);
      flat = emitter_.unchecked_step(flat, sizes[d], indices[d]);
    }
    return PlaceColumn{emitter_.look(flat, table(space, volume), 0, largest_number())};
  }

  [[nodiscard]] int64_t largest_number() const {
    return int64_t{program_.machine.node_count()} * width_ - 1;
  }

  /// The numbers of a space's processors, the last index varying fastest.
  std::vector<int32_t> table(const machine::ProcessorSpace& space, int64_t volume) const {
    std::vector<int32_t> numbers;
    numbers.reserve(static_cast<size_t>(volume));
    machine::SpaceIndex index;
    index.rank = space.rank();
    for (int64_t i = 0; i < volume; ++i) {
      const auto processor = space.at(index.span());
      if (!processor) throw NoColumns();
      numbers.push_back(static_cast<int32_t>(processor->node * width_ + processor->ordinal));
      for (int d = index.rank - 1; d >= 0; --d) {
        if (++index.at[static_cast<size_t>(d)] < space.sizes().at[static_cast<size_t>(d)]) break;
        index.at[static_cast<size_t>(d)] = 0;
      }
    }
    return numbers;
  }

  Abstract slice(const Code& code, Frame& frame) {
    const Numbers numbers = needed_tuple(lower(code.children[0], frame));
    const auto size = static_cast<int64_t>(numbers.size());
    int64_t bounds[2] = {0, size};
    for (int i = 0; i < 2; ++i) {
      const Abstract bound = lower(code.children[static_cast<size_t>(i) + 1], frame);
      const auto* same = std::get_if<Value>(&bound);
      if (same == nullptr) throw NoColumns();
      if (std::holds_alternative<std::monostate>(*same)) continue;
      const auto* given = std::get_if<int64_t>(same);
      if (given == nullptr) throw NoColumns();
      // Negative bounds count from the end, and an end of 0 is the end.
      const bool from_end = *given < 0 || (i == 1 && *given == 0);
      bounds[i] = from_end ? *given + size : *given;
      if (bounds[i] < 0 || (i == 1 && bounds[i] > size)) throw NoColumns();
    }
    if (bounds[0] >= bounds[1]) return Numbers();
    return Numbers(numbers.begin() + bounds[0], numbers.begin() + bounds[1]);
  }

  Abstract comprehension(const Code& code, Frame& frame) {
    const Numbers over = needed_tuple(lower(code.children[1], frame));
    Numbers result;
    for (const Number& each : over) {
      frame[static_cast<size_t>(code.slot)] = abstract(each);
      result.push_back(number(lower(code.children[0], frame)));
    }
    return result;
  }

  const CompiledProgram& program_;
  ColumnEmitter emitter_;
  machine::ProcessorKind kind_;
  int width_;
  TaskView task_;
  int call_depth_ = 0;
  std::vector<Diagnostic> warnings_;
};

}  // namespace

std::optional<LoweredFunction> lower_function(const Evaluator& evaluator, int function,
                                              const machine::LaunchDomain& domain,
                                              machine::ProcessorKind kind, int width) {
  const CompiledProgram& program = evaluator.compiled();
  if (domain.volume() == 0 || width == 0) return std::nullopt;
  try {
    return Lowering(program, domain, kind, width)
        .run(program.functions[static_cast<size_t>(function)]);
  } catch (const NoColumns&) {
    return std::nullopt;
  }
}

}  // namespace placewright::lang
