#include "compiler/Interpret/Evaluate.h"
#include "compiler/Interpret/Draws.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {

double combine(StringRef kind, double a, double b) {
  if (kind == "sum")
    return a + b;
  if (kind == "prod")
    return a * b;
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  bool first = a == b ? std::signbit(a) == (kind == "min") : (a > b) == (kind == "max"); // -0 is less than 0
  return first ? a : b;
}

int64_t combine(StringRef kind, int64_t a, int64_t b) {
  if (kind == "sum")
    return int64_t(uint64_t(a) + uint64_t(b));
  if (kind == "prod")
    return int64_t(uint64_t(a) * uint64_t(b));
  if (kind == "max" || kind == "any")
    return std::max(a, b);
  return std::min(a, b);
}

SmallVector<int64_t> sizesAlong(const Array &array, ArrayRef<StringAttr> axes) {
  return llvm::map_to_vector(axes, [&](StringAttr axis) { return array.sizes[size_t(array.type.axisPosition(axis))]; });
}

std::vector<int64_t> placesAlong(const Array &array, ArrayRef<StringAttr> axes, ArrayRef<int64_t> sizes) {
  std::vector<int64_t> places;
  walk(sizes, stepsAlong(array, axes), [&](int64_t, ArrayRef<int64_t> at) { places.push_back(at[0]); });
  return places;
}

bool walkGathered(const Array &table, ArrayRef<Ref> indices, ArrayRef<StringAttr> at, const Array &gathered,
                  llvm::function_ref<void(int64_t, int64_t)> f) {
  ArrayRef<StringAttr> axes = gathered.type.getAxes();
  SmallVector<SmallVector<int64_t>> steps{stepsAlong(table, axes)};
  for (auto [step, axis] : llvm::zip(steps[0], axes))
    if (llvm::is_contained(at, axis)) // the index's own axis of that name
      step = 0;
  for (const Ref &index : indices)
    steps.push_back(stepsAlong(*index, axes));
  SmallVector<int64_t> taken = stepsAlong(table, at), limits = sizesAlong(table, at);
  bool inside = true;
  walk(gathered.sizes, steps, [&](int64_t n, ArrayRef<int64_t> places) {
    int64_t place = places[0];
    for (size_t i = 0; i < indices.size(); ++i) {
      int64_t index = indices[i]->integers[size_t(places[i + 1])];
      if (index < 0 || index >= limits[i])
        return void(inside = false);
      place += index * taken[i];
    }
    f(n, place);
  });
  return inside;
}

namespace {
constexpr int64_t lanes = 16;

class Evaluation {
public:
  Evaluation(Operation *op, ArrayRef<Ref> in, const Context &context) : op(op), in(in), context(context) {}
  Ref run();

private:
  bool allocateResult();
  LogicalResult constant(ConstantOp op);
  LogicalResult broadcast();
  LogicalResult contract(ContractOp op);
  LogicalResult reduce(StringRef kind, ArrayAttr over);
  LogicalResult accumulate(AccumulateOp op);
  LogicalResult argReduce(ArgReduceOp op);
  LogicalResult gather(GatherOp op);
  LogicalResult scatterAdd(ScatterAddOp op);
  LogicalResult random();
  template <typename Number>
  void fillLanes(StringRef kind, const std::vector<Number> &x, int64_t base, const std::vector<int64_t> &places, int64_t innermost,
                 Number *lane);
  template <typename Number>
  Number step(StringRef kind, Number a, Number b);
  LogicalResult outside() { return op->emitError("an index is outside its axis"); }
  Operation *op;
  ArrayRef<Ref> in;
  const Context &context;
  MutableRef y;
};

bool Evaluation::allocateResult() {
  auto type = typeOf(op->getResult(0));
  SmallVector<int64_t> sizes(type.getSizes());
  for (auto [axis, size] : llvm::zip(type.getAxes(), sizes)) {
    if (!ShapedType::isDynamic(size))
      continue;
    auto known = context.extentOf(axis);
    for (const Ref &operand : in)
      if (int place = operand->type.axisPosition(axis); place >= 0 && !known)
        known = operand->sizes[size_t(place)];
    if (!known)
      return op->emitError("the extent of the axis ") << axis << " is not known", false;
    size = *known;
  }
  if (isa<RenameOp>(op))
    sizes = in[0]->sizes;
  y = allocate(type, sizes);
  if (!y)
    op->emitError("the interpreter holds no array of more than 2^31 elements: ") << type;
  return bool(y);
}

LogicalResult Evaluation::constant(ConstantOp op) {
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  Type element = y->type.getElement();
  if (value && y->isReal())
    for (auto [n, x] : llvm::enumerate(value.getValues<APFloat>()))
      y->reals[n] = context.round(element, x.convertToDouble());
  else if (value)
    for (auto [n, x] : llvm::enumerate(value.getValues<APInt>()))
      y->integers[n] = element.isInteger(1) || element.isUnsignedInteger(8) ? int64_t(x.getZExtValue()) : x.getSExtValue();
  return value ? success() : op.emitError("the interpreter reads dense constants only");
}

LogicalResult Evaluation::broadcast() {
  const Array &x = *in[0];
  walk(y->sizes, stepsAlong(x, y->type.getAxes()), [&](int64_t n, ArrayRef<int64_t> at) {
    if (y->isReal())
      y->reals[size_t(n)] = x.reals[size_t(at[0])];
    else
      y->integers[size_t(n)] = x.integers[size_t(at[0])];
  });
  return success();
}

// One chain of fused multiply-adds for each element, in the order of `over`.
LogicalResult Evaluation::contract(ContractOp op) {
  const Array &a = *in[0], &b = *in[1];
  SmallVector<StringAttr> over = axisNames(op.getOver());
  SmallVector<int64_t> sizes = sizesAlong(a, over);
  std::vector<int64_t> inA = placesAlong(a, over, sizes), inB = placesAlong(b, over, sizes);
  ArrayRef<StringAttr> axes = y->type.getAxes();
  bool narrow = y->type.getElement().isF32() && context.round.declared;
  SmallVector<SmallVector<int64_t>> steps{stepsAlong(a, axes), stepsAlong(b, axes)};
  walk(y->sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
    double sum = in.size() == 3 ? in[2]->reals[size_t(n)] : 0; // acc is of the result's type
    for (size_t k = 0; k < inA.size(); ++k) {
      double u = a.reals[size_t(at[0] + inA[k])], v = b.reals[size_t(at[1] + inB[k])];
      sum = narrow ? context.round(y->type.getElement(), double(std::fma(float(u), float(v), float(sum))))
                   : context.round(y->type.getElement(), std::fma(u, v, sum));
    }
    y->reals[size_t(n)] = sum;
  });
  return success();
}

template <typename Number>
Number Evaluation::step(StringRef kind, Number a, Number b) {
  if constexpr (std::is_same_v<Number, double>)
    return context.round(y->type.getElement(), combine(kind, a, b));
  else
    return wrap(y->type.getElement(), combine(kind, a, b));
}

// Element i of the innermost axis goes to lane i mod 16; every lane is one chain over the others in order.
template <typename Number>
void Evaluation::fillLanes(StringRef kind, const std::vector<Number> &x, int64_t base, const std::vector<int64_t> &places,
                           int64_t innermost, Number *lane) {
  for (size_t k = 0; k < places.size(); ++k) {
    Number &sum = lane[int64_t(k) % innermost % lanes];
    sum = step(kind, sum, x[size_t(base + places[k])]);
  }
}

LogicalResult Evaluation::reduce(StringRef kind, ArrayAttr overNames) {
  const Array &x = *in[0];
  SmallVector<StringAttr> over = axisNames(overNames);
  SmallVector<int64_t> sizes = sizesAlong(x, over);
  std::vector<int64_t> places = placesAlong(x, over, sizes);
  int64_t innermost = sizes.empty() ? 1 : sizes.back();
  auto each = [&](auto &from, auto &to, auto identity) {
    using Number = decltype(identity);
    walk(y->sizes, stepsAlong(x, y->type.getAxes()), [&](int64_t n, ArrayRef<int64_t> at) {
      std::vector<Number> lane(lanes, identity);
      fillLanes(kind, from, at[0], places, innermost, lane.data());
      for (int64_t half = lanes / 2; half; half /= 2)
        for (int64_t l = 0; l < half; ++l)
          lane[size_t(l)] = step(kind, lane[size_t(l)], lane[size_t(l + half)]);
      to[size_t(n)] = lane[0];
    });
  };
  Type element = y->type.getElement();
  if (y->isReal()) {
    each(x.reals, y->reals, kind == "sum" ? -0.0 : kind == "prod" ? 1.0 : kind == "max" ? -INFINITY : INFINITY);
    return success();
  }
  bool wide = element.isInteger(64), byte = element.isUnsignedInteger(8);
  int64_t largest = wide ? INT64_MAX : byte ? UINT8_MAX : INT32_MAX, smallest = wide ? INT64_MIN : byte ? 0 : INT32_MIN;
  each(x.integers, y->integers,
       kind == "prod" || kind == "all" ? int64_t(1) : kind == "max" ? smallest : kind == "min" ? largest : int64_t(0));
  return success();
}

LogicalResult Evaluation::accumulate(AccumulateOp op) {
  const Array &x = *in[0], &acc = *in[1];
  SmallVector<StringAttr> over = axisNames(op.getOver());
  SmallVector<int64_t> sizes = sizesAlong(x, over);
  std::vector<int64_t> places = placesAlong(x, over, sizes);
  y->reals = acc.reals, y->integers = acc.integers;
  ArrayRef<StringAttr> axes = y->type.getAxes().drop_back(); // the lanes are last
  walk(ArrayRef(y->sizes).drop_back(), stepsAlong(x, axes), [&](int64_t n, ArrayRef<int64_t> at) {
    if (y->isReal())
      fillLanes(op.getKind(), x.reals, at[0], places, sizes.back(), &y->reals[size_t(n * lanes)]);
    else
      fillLanes(op.getKind(), x.integers, at[0], places, sizes.back(), &y->integers[size_t(n * lanes)]);
  });
  return success();
}

LogicalResult Evaluation::argReduce(ArgReduceOp op) {
  const Array &x = *in[0];
  StringAttr over = op.getOverAttr();
  std::vector<int64_t> places = placesAlong(x, over, sizesAlong(x, over));
  if (places.empty())
    return op.emitError("there is no largest or smallest of nothing");
  bool largest = op.getKind() == "max";
  auto wins = [&](auto a, auto b) { return b == b && (a != a || (largest ? a > b : a < b)); }; // NaN wins, once
  auto best = [&](auto &values, int64_t base) {
    int64_t winner = 0;
    for (size_t k = 1; k < places.size(); ++k)
      if (wins(values[size_t(base + places[k])], values[size_t(base + places[size_t(winner)])]))
        winner = int64_t(k);
    return winner;
  };
  walk(y->sizes, stepsAlong(x, y->type.getAxes()), [&](int64_t n, ArrayRef<int64_t> at) {
    y->integers[size_t(n)] = x.isReal() ? best(x.reals, at[0]) : best(x.integers, at[0]);
  });
  return success();
}

LogicalResult Evaluation::gather(GatherOp op) {
  const Array &table = *in[0];
  bool inside = walkGathered(table, in.drop_front(), axisNames(op.getAt()), *y, [&](int64_t n, int64_t place) {
    if (y->isReal())
      y->reals[size_t(n)] = table.reals[size_t(place)];
    else
      y->integers[size_t(n)] = table.integers[size_t(place)];
  });
  return inside ? success() : outside();
}

LogicalResult Evaluation::scatterAdd(ScatterAddOp op) {
  const Array &x = *in[0];
  bool inside = walkGathered(*y, in.drop_front(), axisNames(op.getAt()), x, [&](int64_t n, int64_t place) {
    if (y->isReal())
      y->reals[size_t(place)] = step("sum", y->reals[size_t(place)], x.reals[size_t(n)]);
    else
      y->integers[size_t(place)] = step("sum", y->integers[size_t(place)], x.integers[size_t(n)]);
  });
  return inside ? success() : outside();
}

LogicalResult Evaluation::random() {
  for (int64_t n = 0; n < y->count(); ++n)
    y->reals[size_t(n)] = double(uniform(in[0]->integers[0], n));
  return success();
}

Ref Evaluation::run() {
  if (!allocateResult())
    return nullptr;
  LogicalResult result =
      llvm::TypeSwitch<Operation *, LogicalResult>(op)
          .Case<ConstantOp>([&](auto op) { return constant(op); })
          .Case<BroadcastOp>([&](auto) { return broadcast(); })
          .Case<RenameOp>([&](auto) { return y->reals = in[0]->reals, y->integers = in[0]->integers, success(); })
          .Case<IotaOp>([&](auto) { return std::iota(y->integers.begin(), y->integers.end(), 0), success(); })
          .Case<ContractOp>([&](auto op) { return contract(op); })
          .Case<ReduceOp>([&](auto op) { return reduce(op.getKind(), op.getOver()); })
          .Case<AccumulateOp>([&](auto op) { return accumulate(op); })
          .Case<ArgReduceOp>([&](auto op) { return argReduce(op); })
          .Case<GatherOp>([&](auto op) { return gather(op); })
          .Case<ScatterAddOp>([&](auto op) { return scatterAdd(op); })
          .Case<RandomOp>([&](auto) { return random(); })
          .Case<FoldInOp>([&](auto) { return y->integers[0] = foldIn(in[0]->integers[0], in[1]->integers[0]), success(); })
          .Case<PointwiseOpInterface>([&](auto) { return evaluatePointwise(op, in, *y, context.round); })
          .Default([](Operation *op) { return op->emitError("the interpreter has no definition of this operation"); });
  return succeeded(result) ? y : nullptr;
}
} // namespace

Ref evaluate(Operation *op, ArrayRef<Ref> operands, const Context &context) { return Evaluation(op, operands, context).run(); }

} // namespace burin::interpret
