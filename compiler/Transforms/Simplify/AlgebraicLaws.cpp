// Laws of elements. Constants stand right in commutative ops (the folder sorts them).
#include "compiler/Transforms/Simplify/Law.h"
#include "compiler/Transforms/Simplify/Simplify.h"
using namespace mlir;

namespace burin {
namespace {

bool isFloat(Value v) { return typeOf(v).isFloat(); }
// 2^n whose reciprocal the element holds, too.
bool isPowerOfTwo(double n, Type element) {
  int exponent;
  return std::isfinite(n) && std::fabs(std::frexp(n, &exponent)) == 0.5 &&
         std::abs(exponent) < (element.isF16() ? 14 : 100);
}
// The bool behind a float that is 1 where it holds and 0 elsewhere.
Value truthOf(Value v) {
  if (auto select = v.getDefiningOp<SelectOp>(); select && is(select.getX()[1], 1) && is(select.getX()[2], 0))
    return select.getX()[0];
  if (auto cast = v.getDefiningOp<CastOp>(); cast && typeOf(cast.getX()[0]).getElement().isInteger(1))
    return cast.getX()[0];
  return {};
}

Value simplifyMul(MulOp op, Rules &b) {
  Value x = op.getX()[0], y = op.getX()[1];
  // x * 1 = x
  if (is(y, 1))
    return x;
  // x * -1 = -x
  if (is(y, -1))
    return b.neg(x);
  // -x * y = -(x * y)
  if (Value z = operandOf<NegOp>(x))
    return b.neg(b.mul(z, y));
  if (Value z = operandOf<NegOp>(y))
    return b.neg(b.mul(x, z));
  if (!isFloat(x))
    return {};
  // x * (1 / y) = x / y: rounds once in place of twice (but one reciprocal for many x stays)
  for (auto [one, other] : {std::pair{x, y}, std::pair{y, x}})
    if (auto div = one.getDefiningOp<DivOp>(); div && is(div.getX()[0], 1) && typeOf(one).sameAxesAs(op.getType()))
      return b.div(other, div.getX()[1]);
  // x * [c] = c ? x : 0, where [c] is 1 or 0: differs for infinite and NaN x and in the sign of 0, and is what is meant
  if (Value c = truthOf(y))
    return b.select(c, x, b.constant(0, x));
  if (Value c = truthOf(x))
    return b.select(c, y, b.constant(0, y));
  return {};
}

Value simplifyAdd(AddOp op, Rules &b) {
  Value x = op.getX()[0], y = op.getX()[1];
  // x + -0 = x (not x + 0: that makes 0 of -0); integers: x + 0 = x
  if (is(y, isFloat(y) ? -0.0 : 0))
    return x;
  // x + -y = x - y
  if (Value z = operandOf<NegOp>(y))
    return b.sub(x, z);
  if (Value z = operandOf<NegOp>(x))
    return b.sub(y, z);
  return {};
}

Value simplifySub(SubOp op, Rules &b) {
  Value x = op.getX()[0], y = op.getX()[1];
  // x - 0 = x
  if (is(y, 0))
    return x;
  // -0 - x = -x
  if (is(x, isFloat(x) ? -0.0 : 0))
    return b.neg(y);
  // x - -y = x + y
  if (Value z = operandOf<NegOp>(y))
    return b.add(x, z);
  return {};
}

Value simplifyDiv(DivOp op, Rules &b) {
  Value x = op.getX()[0], y = op.getX()[1];
  // x / 1 = x
  if (is(y, 1))
    return x;
  if (!isFloat(x))
    return {};
  // x / 2^n = x * 2^-n
  if (auto n = numberOf(y); n && isPowerOfTwo(*n, typeOf(x).getElement()))
    return b.mul(x, b.constant(1 / *n, x));
  // -x / y = -(x / y) = x / -y
  if (Value z = operandOf<NegOp>(x))
    return b.neg(b.div(z, y));
  if (Value z = operandOf<NegOp>(y))
    return b.neg(b.div(x, z));
  return {};
}

Value simplifyNeg(NegOp op, Rules &b) {
  Value x = op.getX()[0];
  // -(-x) = x
  if (Value z = operandOf<NegOp>(x))
    return z;
  // -(x * n) = x * -n
  if (auto mul = x.getDefiningOp<MulOp>(); mul && isFloat(x) && x.hasOneUse())
    if (auto n = numberOf(mul.getX()[1]))
      return b.mul(mul.getX()[0], b.constant(-*n, x));
  return {};
}

Value simplifyPow(PowOp op, Rules &b) {
  Value x = op.getX()[0], n = op.getX()[1];
  // x ^ 0 = 1, x ^ 1 = x, x ^ 2 = x * x: exact in twice the precision, so rounded alike
  if (is(n, 0) || is(n, -0.0))
    return b.one(x);
  if (is(n, 1))
    return x;
  if (is(n, 2))
    return b.mul(x, x);
  return {};
}

Value simplifySelect(SelectOp op, Rules &b) {
  Value c = op.getX()[0], x = op.getX()[1], y = op.getX()[2];
  // true ? x : y = x
  if (auto known = numberOf(c))
    return *known ? x : y;
  // c ? x : x = x
  if (x == y)
    return x;
  // !c ? x : y = c ? y : x
  if (Value d = operandOf<NotOp>(c))
    return b.select(d, y, x);
  // c ? (c ? x : z) : y = c ? x : y
  if (operandOf<SelectOp>(x) == c)
    return b.select(c, operandOf<SelectOp>(x, 1), y);
  // c ? x : (c ? z : y) = c ? x : y
  if (operandOf<SelectOp>(y) == c)
    return b.select(c, x, operandOf<SelectOp>(y, 2));
  return {};
}

// max(z, c) > c = z > c
Value simplifyGt(GtOp op, Rules &b) {
  Value x = op.getX()[0], c = op.getX()[1];
  auto max = x.getDefiningOp<MaxOp>();
  return max && max.getX()[1] == c ? b.gt(max.getX()[0], c) : Value();
}
// min(z, c) < c = z < c
Value simplifyLt(LtOp op, Rules &b) {
  Value x = op.getX()[0], c = op.getX()[1];
  auto min = x.getDefiningOp<MinOp>();
  return min && min.getX()[1] == c ? b.lt(min.getX()[0], c) : Value();
}

// !!c = c
Value simplifyNot(NotOp op, Rules &) { return operandOf<NotOp>(op.getX()[0]); }
// c && true = c, c && false = false
Value simplifyAnd(AndOp op, Rules &) {
  Value c = op.getX()[0], d = op.getX()[1];
  return is(d, 1) ? c : is(d, 0) ? d : Value();
}
// c || false = c, c || true = true
Value simplifyOr(OrOp op, Rules &) {
  Value c = op.getX()[0], d = op.getX()[1];
  return is(d, 0) ? c : is(d, 1) ? d : Value();
}
// Whether each number of one type of floats is one of a wider.
bool widens(Type from, Type to) {
  auto narrow = dyn_cast<FloatType>(from), wide = dyn_cast<FloatType>(to);
  return narrow && wide && narrow.getWidth() < wide.getWidth();
}
// a conversion to the element that it has; one after another that loses nothing
Value simplifyCast(CastOp op, Rules &b) {
  Value x = op.getX()[0], wide = x;
  Type to = op.getType().getElement();
  if (typeOf(x).getElement() == to)
    return x;
  x = operandOf<CastOp>(wide);
  return x && isa<FloatType>(to) && widens(typeOf(x).getElement(), typeOf(wide).getElement()) ? b.cast(x, to) : Value();
}

// Whether v is a number of a narrower type that was widened, or a constant that the narrower type holds.
bool wasNarrow(Value v, Type narrow) {
  if (Value x = operandOf<CastOp>(v))
    return typeOf(x).getElement() == narrow;
  auto number = numberOf(v);
  if (!number)
    return false;
  llvm::APFloat value(*number);
  bool lost;
  value.convert(cast<FloatType>(narrow).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven, &lost);
  return !lost && !value.isDenormal();
}
Value beforeWidening(Value v, Type narrow, Rules &b) {
  if (Value x = operandOf<CastOp>(v))
    return x;
  auto number = numberOf(v);
  return number ? ConstantOp::create(b.builder, b.location, splat(NamedTensorType::scalar(narrow), *number)) : Value();
}
// What rounds nothing, and comparisons, of narrow numbers that were widened: before that, so that what is kept is
// small. max(f32(x), 0) = f32(max(x, 0)).
template <typename Op> Value onNarrow(Op op, Rules &b) {
  constexpr unsigned first = std::is_same_v<Op, SelectOp> ? 1 : 0;
  OperandRange numbers = op->getOperands().drop_front(first);
  Type narrow;
  for (Value v : numbers)
    if (Value x = operandOf<CastOp>(v); x && widens(typeOf(x).getElement(), typeOf(v).getElement()))
      narrow = typeOf(x).getElement();
  if (!narrow || !llvm::all_of(numbers, [&](Value v) { return wasNarrow(v, narrow); }))
    return {};
  SmallVector<Value> x(op->getOperands().take_front(first));
  for (Value v : numbers)
    x.push_back(beforeWidening(v, narrow, b));
  Value y = Op::create(b.builder, b.location, ValueRange(x));
  return b.cast(y, op.getType().getElement());
}

} // namespace

void populateAlgebraicLaws(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Law<MulOp>>(context, simplifyMul);
  patterns.add<Law<AddOp>>(context, simplifyAdd);
  patterns.add<Law<SubOp>>(context, simplifySub);
  patterns.add<Law<DivOp>>(context, simplifyDiv);
  patterns.add<Law<NegOp>>(context, simplifyNeg);
  patterns.add<Law<PowOp>>(context, simplifyPow);
  patterns.add<Law<SelectOp>>(context, simplifySelect);
  patterns.add<Law<GtOp>>(context, simplifyGt);
  patterns.add<Law<LtOp>>(context, simplifyLt);
  patterns.add<Law<NotOp>>(context, simplifyNot);
  patterns.add<Law<AndOp>>(context, simplifyAnd);
  patterns.add<Law<OrOp>>(context, simplifyOr);
  patterns.add<Law<CastOp>>(context, simplifyCast);
  patterns.add<Law<NegOp>>(context, onNarrow<NegOp>);
  patterns.add<Law<AbsOp>>(context, onNarrow<AbsOp>);
  patterns.add<Law<MaxOp>>(context, onNarrow<MaxOp>);
  patterns.add<Law<MinOp>>(context, onNarrow<MinOp>);
  patterns.add<Law<SelectOp>>(context, onNarrow<SelectOp>);
  patterns.add<Law<EqOp>>(context, onNarrow<EqOp>);
  patterns.add<Law<NeOp>>(context, onNarrow<NeOp>);
  patterns.add<Law<LtOp>>(context, onNarrow<LtOp>);
  patterns.add<Law<LeOp>>(context, onNarrow<LeOp>);
  patterns.add<Law<GtOp>>(context, onNarrow<GtOp>);
  patterns.add<Law<GeOp>>(context, onNarrow<GeOp>);
}

} // namespace burin
