// Rules of reverse mode that are longer than a line. The others stand in the records.
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/NarrowFloats.h"
#include "mlir/IR/Matchers.h"
using namespace mlir;
using namespace burin;

// dx_i = sum over the axes x_i lacks of dy * partial_i. A partial that is a bool selects (0 * NaN would be NaN).
// A number that the program's text says, such as 1 / sqrt(64): the same everywhere.
static bool isOfConstants(Value x, unsigned depth = 0) {
  Operation *op = x.getDefiningOp();
  return op && depth < 8 && typeOf(x).getAxes().empty() &&
         (isa<ConstantOp>(op) ||
          (isa<PointwiseOpInterface>(op) &&
           llvm::all_of(op->getOperands(), [&](Value operand) { return isOfConstants(operand, depth + 1); })));
}

void burin::pointwiseCotangents(Operation *op, Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  auto pointwise = cast<PointwiseOpInterface>(op);
  for (auto [i, x] : llvm::enumerate(op->getOperands())) {
    Value partial = wanted[i] ? pointwise.partial(b, i) : Value();
    if (!partial)
      continue;
    APFloat number(0.0);
    DenseFPElementsAttr constant;
    Value product;
    if (typeOf(partial).getElement().isInteger(1))
      product = b.select(partial, dy, b.constant(0, dy));
    else if (matchPattern(partial, m_Constant(&constant)) && constant.isSplat() &&
             constant.getSplatValue<APFloat>().convertToDouble() == 1)
      product = dy;
    else if (constant && constant.isSplat() && constant.getSplatValue<APFloat>().convertToDouble() == -1)
      product = b.neg(dy);
    else {
      product = b.mul(dy, partial);
      for (Value taken : b.taken)
        if (!isOfConstants(partial))
          product = b.select(taken, product, b.constant(0, product));
    }
    dx[i] = b.sumTo(product, x.getType());
  }
}

void BroadcastOp::cotangents(Rules &b, Value dy, ArrayRef<bool>, MutableArrayRef<Value> dx) {
  dx[0] = b.sumTo(dy, getX().getType());
}

void RenameOp::cotangents(Rules &b, Value dy, ArrayRef<bool>, MutableArrayRef<Value> dx) {
  dx[0] = RenameOp::create(b.builder, b.location, getX().getType(), b.broadcastTo(dy, getY().getType()));
}

// y = sum_over a b  =>  da = sum over b's own free axes of dy b, and the same for b.
void ContractOp::cotangents(Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  auto cotangent = [&](Value x, Value other) -> Value {
    auto type = typeOf(x);
    SmallVector<StringAttr> over;
    for (StringAttr axis : typeOf(dy).getAxes())
      if (!type.hasAxis(axis))
        over.push_back(axis);
    Value a = x == getLhs() ? dy : other, c = x == getLhs() ? other : dy;
    if (over.empty()) // nothing is summed: an outer product
      return b.sumTo(b.mul(a, c), type);
    return ContractOp::create(b.builder, b.location, type, a, c, over);
  };
  if (wanted[0])
    dx[0] = cotangent(getLhs(), getRhs());
  if (wanted[1]) {
    auto type = typeOf(getRhs());
    SmallVector<StringAttr> over;
    for (StringAttr axis : typeOf(dy).getAxes())
      if (!type.hasAxis(axis))
        over.push_back(axis);
    dx[1] = over.empty() ? b.sumTo(b.mul(getLhs(), dy), type)
                         : ContractOp::create(b.builder, b.location, type, getLhs(), dy, over).getResult();
  }
  if (getAcc() && wanted[2])
    dx[2] = dy;
}

// The product of the others, as y / x where x is not 0; where it is, what remains without it. Linear, and right at a
// point only: where there are zeros it does not depend on what it depends on near them.
static Value productOfOthers(Rules &b, ReduceOp op) {
  Value x = op.getX();
  SmallVector<StringAttr> over = axisNames(op.getOver());
  Value isZero = b.eq(x, b.constant(0, x));
  Value safe = b.select(isZero, b.one(x), x);
  Value rest = ReduceOp::create(b.builder, b.location, "prod", safe, over);
  Value zeros = b.reduceSum(b.select(isZero, b.one(x), b.constant(0, x)), over);
  Value alone = b.select(b.eq(zeros, b.one(zeros)), rest, b.constant(0, rest));
  return b.select(isZero, alone, b.select(b.eq(zeros, b.constant(0, zeros)), b.div(rest, safe), b.constant(0, rest)));
}

// The same as a product over copies of the axes, with 1 in each element's own place: quadratic, and right in any order.
static Value productOfOthersNearby(Rules &b, ReduceOp op) {
  Value x = op.getX(), same;
  auto type = typeOf(x);
  SmallVector<StringAttr> names(type.getAxes()), copies;
  for (StringAttr axis : axisNames(op.getOver())) {
    StringAttr copy = axis;
    do
      copy = b.builder.getStringAttr(copy.getValue() + "'");
    while (llvm::is_contained(names, copy));
    names[size_t(type.axisPosition(axis))] = copy;
    copies.push_back(copy);
    auto index = AxisIndexType::get(op.getContext(), axis, type.extentOf(axis));
    auto line = [&](StringAttr name) {
      return NamedTensorType::get(op.getContext(), index, {type.extentOf(axis)}, {name});
    };
    Value own = IotaOp::create(b.builder, b.location, line(axis));
    Value here = b.eq(own, RenameOp::create(b.builder, b.location, line(copy), own));
    same = same ? b.logicalAnd(same, here) : here;
  }
  auto copied = NamedTensorType::get(op.getContext(), type.getElement(), type.getSizes(), names);
  Value others = b.select(same, b.one(x), RenameOp::create(b.builder, b.location, copied, x));
  return ReduceOp::create(b.builder, b.location, "prod", others, copies);
}

void ReduceOp::cotangents(Rules &b, Value dy, ArrayRef<bool>, MutableArrayRef<Value> dx) {
  Value x = getX();
  auto type = typeOf(x);
  if (!type.isFloat())
    return;
  if (getKind() == "sum") {
    dx[0] = b.broadcastTo(dy, type);
    return;
  }
  if (getKind() == "prod") {
    Value others = b.again ? productOfOthersNearby(b, *this) : productOfOthers(b, *this);
    dx[0] = b.sumTo(b.mul(dy, others), type);
    return;
  }
  // max, min: to the first that attains it, in the order of `over`, the last innermost.
  SmallVector<StringAttr> over = axisNames(getOver());
  int64_t count = 1;
  for (StringAttr axis : over)
    count *= type.extentOf(axis);
  Type whole = count < int64_t(1) << 31 ? b.builder.getI32Type() : b.builder.getI64Type();
  Value number;
  for (int64_t stride = 1; StringAttr axis : llvm::reverse(over)) {
    Value along = b.numbersAlong(axis, type.extentOf(axis), whole);
    if (stride != 1)
      along = b.mul(along, b.constant(double(stride), along));
    number = number ? b.add(along, number) : along;
    stride *= type.extentOf(axis);
  }
  Value attains = b.eq(x, getY());
  Value first = ReduceOp::create(b.builder, b.location, "min",
                                 b.select(attains, number, b.constant(double(count), number)), over);
  dx[0] = b.sumTo(b.select(b.eq(number, first), dy, b.constant(0, dy)), type);
}

// Whether two elements can have equal indices: they have an axis that is none of the table's others.
static bool mayCollide(ValueRange indices, NamedTensorType others) {
  return !llvm::all_of(indices, [&](Value i) {
    return llvm::all_of(typeOf(i).getAxes(), [&](StringAttr axis) { return others.hasAxis(axis); });
  });
}

// Without collisions (every axis of the indices is one of the table's others) a selection, which fuses; else a scatter.
void GatherOp::cotangents(Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  auto table = typeOf(getTable());
  if (!wanted[0])
    return;
  auto others = table.without(axisNames(getAt()));
  if (mayCollide(getIndices(), others)) {
    Type sums = sumElement(table.getElement());
    Value sum = ScatterAddOp::create(b.builder, b.location, table.withElement(sums), b.cast(dy, sums), getIndices(),
                                     Value(), getAt());
    dx[0] = b.cast(sum, table.getElement());
    return;
  }
  Value hit;
  for (auto [index, axis] : llvm::zip(getIndices(), axisNames(getAt()))) {
    auto line = NamedTensorType::get(getContext(), typeOf(index).getElement(), {table.extentOf(axis)}, {axis});
    Value here = b.eq(IotaOp::create(b.builder, b.location, line), index);
    hit = hit ? AndOp::create(b.builder, b.location, ValueRange{hit, here}).getResult() : here;
  }
  dx[0] = b.broadcastTo(b.select(hit, dy, b.constant(0, dy)), table);
}

void ScatterAddOp::cotangents(Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  if (wanted[0])
    dx[0] = GatherOp::create(b.builder, b.location, getX().getType(), dy, getIndices(), getAt());
  if (getAcc() && wanted.back())
    dx.back() = dy;
}

// The number of each element of a tensor, in row-major order.
static Value numbered(Rules &b, NamedTensorType type) {
  Type i64 = b.builder.getI64Type();
  Value sum;
  int64_t stride = 1;
  for (auto [axis, extent] : llvm::reverse(llvm::zip(type.getAxes(), type.getSizes()))) {
    Value at = b.numbersAlong(axis, extent, i64);
    if (stride != 1)
      at = b.mul(at, b.constant(double(stride), at));
    sum = sum ? b.add(sum, at) : at;
    stride *= extent;
  }
  return b.broadcastTo(sum, type.withElement(i64));
}

void ScatterOp::cotangents(Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  auto x = typeOf(getX()), y = typeOf(getY());
  if (wanted.back())
    dx.back() = ScatterOp::create(b.builder, b.location, y, b.zeros(x), getIndices(), dy, getAt());
  if (!wanted[0])
    return;
  dx[0] = GatherOp::create(b.builder, b.location, x, dy, getIndices(), getAt());
  if (!mayCollide(getIndices(), y.without(axisNames(getAt()))))
    return;
  Value number = numbered(b, x);
  auto numbers = y.withElement(b.builder.getI64Type());
  Value last = ScatterOp::create(b.builder, b.location, numbers, number, getIndices(), b.zeros(numbers), getAt());
  Value kept = GatherOp::create(b.builder, b.location, number.getType(), last, getIndices(), getAt());
  dx[0] = b.select(b.eq(kept, number), dx[0], b.constant(0, dy));
}
