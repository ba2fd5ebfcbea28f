#include "compiler/Interpret/Evaluate.h"
#include "compiler/Interpret/Draws.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {

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
      int64_t index = indices[i]->integers()[size_t(places[i + 1])];
      if (index < 0 || index >= limits[i])
        return void(inside = false);
      place += index * taken[i];
    }
    f(n, place);
  });
  return inside;
}

void walkWindow(WindowOp op, const Array &x, const Array &window, llvm::function_ref<void(int64_t, int64_t)> f) {
  ArrayRef<StringAttr> axes = window.type.getAxes();
  SmallVector<PlaceAttr> places(op.getPlaces().getAsRange<PlaceAttr>());
  SmallVector<StringAttr> taken = op.taken();
  SmallVector<int64_t> steps = stepsAlong(x, taken), limits = sizesAlong(x, taken);
  SmallVector<SmallVector<int64_t>> along{stepsAlong(x, axes)};
  for (auto [step, axis] : llvm::zip(along[0], axes))
    if (llvm::is_contained(taken, axis)) // a new axis of that name
      step = 0;
  for (PlaceAttr place : places)
    along.push_back(llvm::map_to_vector(axes, [&](StringAttr axis) { return place.factorOf(axis); }));
  walk(window.sizes, along, [&](int64_t n, ArrayRef<int64_t> sums) {
    int64_t at = sums[0];
    for (size_t k = 0; k < places.size(); ++k) {
      int64_t numerator = places[k].getOffset() + sums[k + 1], divisor = places[k].getDivisor();
      if (numerator < 0 || numerator % divisor || numerator / divisor >= limits[k])
        return;
      at += numerator / divisor * steps[k];
    }
    f(n, at);
  });
}

namespace {
constexpr int64_t lanes = 16;

template <typename Scalar> class Evaluation {
public:
  using Real = typename Scalar::Real;
  Evaluation(Operation *op, ArrayRef<Ref> in, const Context &context) : op(op), in(in), context(context) {}
  Ref run();

private:
  bool allocateResult();
  LogicalResult compute();
  LogicalResult constant(ConstantOp op);
  LogicalResult broadcast();
  LogicalResult contract(ContractOp op);
  LogicalResult reduce(StringRef kind, ArrayAttr over);
  LogicalResult accumulate(AccumulateOp op);
  LogicalResult argReduce(ArgReduceOp op);
  LogicalResult gather(GatherOp op);
  LogicalResult window(WindowOp op);
  LogicalResult scatter(ArrayAttr at, bool adds);
  LogicalResult random();
  template <typename Number> static Number identity(StringRef kind, Type element);
  template <typename Number>
  void fillLanes(StringRef kind, const std::vector<Number> &x, int64_t base, const std::vector<int64_t> &places,
                 int64_t innermost, Number *lane);
  template <typename Number> Number step(StringRef kind, Number a, Number b);
  LogicalResult outside() { return op->emitError("an index is outside its axis"); }
  Operation *op;
  ArrayRef<Ref> in;
  const Context &context;
  MutableRef y;
};

template <typename Scalar> bool Evaluation<Scalar>::allocateResult() {
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
  y = allocate(type, sizes, context.arithmetic);
  if (!y)
    op->emitError("the interpreter holds no array of more than 2^31 elements: ") << type;
  return bool(y);
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::constant(ConstantOp op) {
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  Type element = y->type.getElement();
  if (value && y->isReal())
    for (auto [n, x] : llvm::enumerate(value.getValues<APFloat>()))
      y->as<Real>()[n] = Scalar::round(element, x.convertToDouble());
  else if (value)
    for (auto [n, x] : llvm::enumerate(value.getValues<APInt>()))
      y->integers()[n] =
          element.isInteger(1) || element.isUnsignedInteger(8) ? int64_t(x.getZExtValue()) : x.getSExtValue();
  return value ? success() : op.emitError("the interpreter reads dense constants only");
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::broadcast() {
  const Array &x = *in[0];
  withElements<Real>(x, *y, [&](auto &from, auto &to) {
    walk(y->sizes, stepsAlong(x, y->type.getAxes()),
         [&](int64_t n, ArrayRef<int64_t> at) { to[size_t(n)] = from[size_t(at[0])]; });
  });
  return success();
}

// One chain of fused multiply-adds for each element, in the order of `over`.
template <typename Scalar> LogicalResult Evaluation<Scalar>::contract(ContractOp op) {
  const Array &a = *in[0], &b = *in[1];
  SmallVector<StringAttr> over = axisNames(op.getOver());
  SmallVector<int64_t> sizes = sizesAlong(a, over);
  std::vector<int64_t> inA = placesAlong(a, over, sizes), inB = placesAlong(b, over, sizes);
  ArrayRef<StringAttr> axes = y->type.getAxes();
  Type element = y->type.getElement();
  SmallVector<SmallVector<int64_t>> steps{stepsAlong(a, axes), stepsAlong(b, axes)};
  walk(y->sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
    Real sum = in.size() == 3 ? in[2]->as<Real>()[size_t(n)] : Real(0); // acc is of the result's type
    for (size_t k = 0; k < inA.size(); ++k) {
      Real u = a.as<Real>()[size_t(at[0] + inA[k])], v = b.as<Real>()[size_t(at[1] + inB[k])];
      sum = Scalar::round(element, Scalar::fma(element, u, v, sum));
    }
    y->as<Real>()[size_t(n)] = sum;
  });
  return success();
}

template <typename Scalar>
template <typename Number>
Number Evaluation<Scalar>::step(StringRef kind, Number a, Number b) {
  if constexpr (std::is_same_v<Number, Real>)
    return Scalar::round(y->type.getElement(), combine(kind, a, b));
  else
    return wrap(y->type.getElement(), combine(kind, a, b));
}

// What a reduction starts from.
template <typename Scalar>
template <typename Number>
Number Evaluation<Scalar>::identity(StringRef kind, Type element) {
  if constexpr (std::is_same_v<Number, Real>) {
    return kind == "sum" ? -0.0 : kind == "prod" ? 1.0 : kind == "max" ? -INFINITY : INFINITY;
  } else {
    bool wide = element.isInteger(64), byte = element.isUnsignedInteger(8);
    if (kind == "max")
      return wide ? INT64_MIN : byte ? 0 : INT32_MIN;
    if (kind == "min")
      return wide ? INT64_MAX : byte ? UINT8_MAX : INT32_MAX;
    return kind == "prod" || kind == "all";
  }
}

// Element i of the innermost axis goes to lane i mod 16; every lane is one chain over the others in order.
template <typename Scalar>
template <typename Number>
void Evaluation<Scalar>::fillLanes(StringRef kind, const std::vector<Number> &x, int64_t base,
                                   const std::vector<int64_t> &places, int64_t innermost, Number *lane) {
  for (size_t k = 0; k < places.size(); ++k) {
    Number &sum = lane[int64_t(k) % innermost % lanes];
    sum = step(kind, sum, x[size_t(base + places[k])]);
  }
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::reduce(StringRef kind, ArrayAttr overNames) {
  const Array &x = *in[0];
  SmallVector<StringAttr> over = axisNames(overNames);
  SmallVector<int64_t> sizes = sizesAlong(x, over);
  std::vector<int64_t> places = placesAlong(x, over, sizes);
  int64_t innermost = sizes.empty() ? 1 : sizes.back();
  withElements<Real>(x, *y, [&](auto &from, auto &to) {
    using Number = std::decay_t<decltype(to[0])>;
    walk(y->sizes, stepsAlong(x, y->type.getAxes()), [&](int64_t n, ArrayRef<int64_t> at) {
      std::vector<Number> lane(lanes, identity<Number>(kind, y->type.getElement()));
      fillLanes(kind, from, at[0], places, innermost, lane.data());
      for (int64_t half = lanes / 2; half; half /= 2)
        for (int64_t l = 0; l < half; ++l)
          lane[size_t(l)] = step(kind, lane[size_t(l)], lane[size_t(l + half)]);
      to[size_t(n)] = lane[0];
    });
  });
  return success();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::accumulate(AccumulateOp op) {
  const Array &x = *in[0], &acc = *in[1];
  SmallVector<StringAttr> over = axisNames(op.getOver());
  SmallVector<int64_t> sizes = sizesAlong(x, over);
  std::vector<int64_t> places = placesAlong(x, over, sizes);
  y->elements = acc.elements;
  ArrayRef<StringAttr> axes = y->type.getAxes().drop_back(); // the lanes are last
  withElements<Real>(x, *y, [&](auto &from, auto &to) {
    walk(ArrayRef(y->sizes).drop_back(), stepsAlong(x, axes), [&](int64_t n, ArrayRef<int64_t> at) {
      fillLanes(op.getKind(), from, at[0], places, sizes.back(), &to[size_t(n * lanes)]);
    });
  });
  return success();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::argReduce(ArgReduceOp op) {
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
    y->integers()[size_t(n)] = x.isReal() ? best(x.as<Real>(), at[0]) : best(x.integers(), at[0]);
  });
  return success();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::gather(GatherOp op) {
  const Array &table = *in[0];
  bool inside = true;
  withElements<Real>(table, *y, [&](auto &from, auto &to) {
    inside = walkGathered(table, in.drop_front(), axisNames(op.getAt()), *y,
                          [&](int64_t n, int64_t place) { to[size_t(n)] = from[size_t(place)]; });
  });
  return inside ? success() : outside();
}

// What is not there stays 0.
template <typename Scalar> LogicalResult Evaluation<Scalar>::window(WindowOp op) {
  withElements<Real>(*in[0], *y, [&](auto &from, auto &to) {
    walkWindow(op, *in[0], *y, [&](int64_t n, int64_t place) { to[size_t(n)] = from[size_t(place)]; });
  });
  return success();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::scatter(ArrayAttr at, bool adds) {
  const Array &x = *in[0];
  bool inside = true;
  if (scatteredInto(op))
    y->elements = in.back()->elements;
  withElements<Real>(x, *y, [&](auto &from, auto &to) {
    inside = walkGathered(*y, in.slice(1, at.size()), axisNames(at), x, [&](int64_t n, int64_t place) {
      auto &element = to[size_t(place)];
      element = adds ? step("sum", element, from[size_t(n)]) : from[size_t(n)];
    });
  });
  return inside ? success() : outside();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::random() {
  for (int64_t n = 0; n < y->count(); ++n)
    y->as<Real>()[size_t(n)] = uniform(in[0]->integers()[0], n);
  return success();
}

template <typename Scalar> LogicalResult Evaluation<Scalar>::compute() {
  if (auto constant = dyn_cast<ConstantOp>(op))
    return this->constant(constant);
  if (isa<BroadcastOp>(op))
    return broadcast();
  if (isa<RenameOp>(op))
    return y->elements = in[0]->elements, success();
  if (isa<IotaOp>(op))
    return std::iota(y->integers().begin(), y->integers().end(), 0), success();
  if (auto contraction = dyn_cast<ContractOp>(op))
    return contract(contraction);
  if (auto reduction = dyn_cast<ReduceOp>(op))
    return reduce(reduction.getKind(), reduction.getOver());
  if (auto accumulation = dyn_cast<AccumulateOp>(op))
    return accumulate(accumulation);
  if (auto search = dyn_cast<ArgReduceOp>(op))
    return argReduce(search);
  if (auto gather = dyn_cast<GatherOp>(op))
    return this->gather(gather);
  if (auto window = dyn_cast<WindowOp>(op))
    return this->window(window);
  if (isScatter(op))
    return scatter(op->getAttrOfType<ArrayAttr>("at"), isa<ScatterAddOp>(op));
  if (isa<RandomOp>(op))
    return random();
  if (isa<FoldInOp>(op))
    return y->integers()[0] = foldIn(in[0]->integers()[0], in[1]->integers()[0]), success();
  if (isa<PointwiseOpInterface>(op))
    return evaluatePointwise<Scalar>(op, in, *y, context.functionOf ? context.functionOf(op) : Function());
  return op->emitError("the interpreter has no definition of this operation");
}

template <typename Scalar> Ref Evaluation<Scalar>::run() {
  return allocateResult() && succeeded(compute()) ? y : nullptr;
}
} // namespace

Ref evaluate(Operation *op, ArrayRef<Ref> operands, const Context &context) {
  return withScalar(context.arithmetic,
                    [&](auto scalar) { return Evaluation<decltype(scalar)>(op, operands, context).run(); });
}

} // namespace burin::interpret
