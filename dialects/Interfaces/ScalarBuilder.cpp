#include "dialects/Interfaces/ScalarBuilder.h"
#include "dialects/Interfaces/Interfaces.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
using namespace mlir;

namespace burin {

namespace {
bool isFloat(Value v) { return isa<FloatType>(getElementTypeOrSelf(v.getType())); }
} // namespace

Type ScalarBuilder::typeLike(Type element, Value like) {
  if (auto vector = dyn_cast<VectorType>(like.getType()))
    return vector.clone(element);
  return element;
}

APSInt saturated(double value, Type element) {
  APSInt number(element.getIntOrFloatBitWidth(), element.isUnsignedInteger() || element.isInteger(1));
  bool exact;
  (void)APFloat(value).convertToInteger(number, APFloat::rmTowardZero, &exact);
  return number;
}

Value ScalarBuilder::constant(double value, Type type) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr attribute = isa<FloatType>(element) ? TypedAttr(builder.getFloatAttr(element, value))
                                                : TypedAttr(builder.getIntegerAttr(element, saturated(value, element)));
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(builder, location, attribute);
}
Value ScalarBuilder::constant(double value, Value like) { return constant(value, like.getType()); }
Value ScalarBuilder::integer(uint64_t value, Type type) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr attribute = IntegerAttr::get(element, APInt(element.getIntOrFloatBitWidth(), value, false, true));
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(builder, location, attribute);
}

#define BINARY(name, Float, Int)                                                                                       \
  Value ScalarBuilder::name(Value a, Value b) {                                                                        \
    return isFloat(a) ? Float::create(builder, location, a, b).getResult()                                             \
                      : Int::create(builder, location, a, b).getResult();                                              \
  }
BINARY(add, arith::AddFOp, arith::AddIOp)
BINARY(sub, arith::SubFOp, arith::SubIOp)
BINARY(mul, arith::MulFOp, arith::MulIOp)
BINARY(max, arith::MaximumFOp, arith::MaxSIOp)
BINARY(min, arith::MinimumFOp, arith::MinSIOp)
#undef BINARY

// Integer division floors; by zero it gives 0, and the smallest number by -1 wraps: nothing that a program says is
// undefined.
Value ScalarBuilder::div(Value a, Value b) {
  if (isFloat(a))
    return arith::DivFOp::create(builder, location, a, b);
  Value zero = constant(0, b), one = constant(1, b), minusOne = constant(-1, b);
  Value byZero = eq(b, zero), byMinusOne = eq(b, minusOne);
  Value safe = select(logicalOr(byZero, byMinusOne), one, b);
  Value quotient = arith::DivSIOp::create(builder, location, a, safe);
  Value remainder = sub(a, mul(quotient, safe));
  Value negative = ne(lt(remainder, zero), lt(safe, zero));
  Value floored = select(logicalAnd(ne(remainder, zero), negative), sub(quotient, one), quotient);
  return select(byZero, zero, select(byMinusOne, sub(zero, a), floored));
}
// The remainder has the divisor's sign.
Value ScalarBuilder::rem(Value a, Value b) {
  if (!isFloat(a))
    return select(eq(b, constant(0, b)), constant(0, a), sub(a, mul(div(a, b), b)));
  Value remainder = arith::RemFOp::create(builder, location, a, b), zero = constant(0, a);
  Value other = ne(lt(remainder, zero), lt(b, zero));
  return select(logicalAnd(ne(remainder, zero), other), add(remainder, b), remainder);
}
Value ScalarBuilder::neg(Value a) {
  return isFloat(a) ? arith::NegFOp::create(builder, location, a).getResult() : sub(constant(0, a), a);
}
Value ScalarBuilder::abs(Value a) {
  return isFloat(a) ? math::AbsFOp::create(builder, location, a).getResult() : max(a, neg(a));
}
Value ScalarBuilder::sign(Value a) {
  Value zero = constant(0, a);
  Value signedOne = select(gt(a, zero), constant(1, a), select(lt(a, zero), constant(-1, a), zero));
  return isFloat(a) ? select(ne(a, a), a, signedOne) : signedOne;
}
Value ScalarBuilder::floor(Value a) { return math::FloorOp::create(builder, location, a); }
Value ScalarBuilder::exp(Value a) { return math::ExpOp::create(builder, location, a); }
Value ScalarBuilder::log(Value a) { return math::LogOp::create(builder, location, a); }
Value ScalarBuilder::sqrt(Value a) { return math::SqrtOp::create(builder, location, a); }
Value ScalarBuilder::tanh(Value a) { return math::TanhOp::create(builder, location, a); }
Value ScalarBuilder::sin(Value a) { return math::SinOp::create(builder, location, a); }
Value ScalarBuilder::cos(Value a) { return math::CosOp::create(builder, location, a); }
Value ScalarBuilder::erf(Value a) { return math::ErfOp::create(builder, location, a); }
Value ScalarBuilder::fma(Value a, Value b, Value c) { return math::FmaOp::create(builder, location, a, b, c); }
Value ScalarBuilder::pow(Value a, Value b) {
  Type element = getElementTypeOrSelf(a.getType());
  Type wide = builder.getF64Type();
  // `afn`: rounded to less than an f64 afterwards, so the last bits don't matter.
  auto precision = element.isF64() ? arith::FastMathFlags::none : arith::FastMathFlags::afn;
  Value y = math::PowFOp::create(builder, location, cast(a, wide), cast(b, wide), precision);
  return cast(y, element);
}

#define COMPARE(name, float_, int_)                                                                                    \
  Value ScalarBuilder::name(Value a, Value b) {                                                                        \
    if (isFloat(a))                                                                                                    \
      return arith::CmpFOp::create(builder, location, arith::CmpFPredicate::float_, a, b);                             \
    return arith::CmpIOp::create(builder, location, arith::CmpIPredicate::int_, a, b);                                 \
  }
COMPARE(eq, OEQ, eq)
COMPARE(ne, UNE, ne)
COMPARE(lt, OLT, slt)
COMPARE(le, OLE, sle)
COMPARE(gt, OGT, sgt)
COMPARE(ge, OGE, sge)
#undef COMPARE

Value ScalarBuilder::logicalAnd(Value a, Value b) { return arith::AndIOp::create(builder, location, a, b); }
Value ScalarBuilder::logicalOr(Value a, Value b) { return arith::OrIOp::create(builder, location, a, b); }
Value ScalarBuilder::logicalNot(Value a) { return bitXor(a, integer(1, a.getType())); }
Value ScalarBuilder::bitAnd(Value a, Value b) { return arith::AndIOp::create(builder, location, a, b); }
Value ScalarBuilder::bitXor(Value a, Value b) { return arith::XOrIOp::create(builder, location, a, b); }
Value ScalarBuilder::shiftLeft(Value a, unsigned bits) {
  return arith::ShLIOp::create(builder, location, a, integer(bits, a.getType()));
}
Value ScalarBuilder::shiftRight(Value a, unsigned bits) {
  return arith::ShRUIOp::create(builder, location, a, integer(bits, a.getType()));
}
Value ScalarBuilder::select(Value c, Value a, Value b) { return arith::SelectOp::create(builder, location, c, a, b); }
Value ScalarBuilder::bitcast(Value a, Type element) {
  return arith::BitcastOp::create(builder, location, typeLike(element, a), a);
}

Value ScalarBuilder::cast(Value a, Type element) {
  Type from = getElementTypeOrSelf(a.getType()), to = typeLike(element, a);
  if (from == element)
    return a;
  auto fromFloat = dyn_cast<FloatType>(from), toFloat = dyn_cast<FloatType>(element);
  if (fromFloat && toFloat)
    return fromFloat.getWidth() < toFloat.getWidth() ? arith::ExtFOp::create(builder, location, to, a).getResult()
                                                     : arith::TruncFOp::create(builder, location, to, a).getResult();
  if (toFloat)
    return from.isInteger(1) ? arith::UIToFPOp::create(builder, location, to, a).getResult()
                             : arith::SIToFPOp::create(builder, location, to, a).getResult();
  if (fromFloat) { // saturates; NaN gives 0
    unsigned width = element.getIntOrFloatBitWidth();
    if (width == 1)
      return ne(a, constant(0, a));
    double limit = std::ldexp(1.0, int(width) - 1);
    Value low = constant(-limit, a), high = constant(limit, a);
    Value inside = logicalAnd(ge(a, low), lt(a, high));
    Value converted = arith::FPToSIOp::create(builder, location, to, select(inside, a, constant(0, a)));
    APInt largest = APInt::getSignedMaxValue(width), smallest = APInt::getSignedMinValue(width);
    converted = select(ge(a, high), integer(largest.getZExtValue(), to), converted);
    return select(lt(a, low), integer(smallest.getZExtValue(), to), converted);
  }
  unsigned fromWidth = from.getIntOrFloatBitWidth(), toWidth = element.getIntOrFloatBitWidth();
  if (toWidth == 1)
    return ne(a, constant(0, a));
  if (fromWidth == 1)
    return arith::ExtUIOp::create(builder, location, to, a);
  if (fromWidth < toWidth)
    return arith::ExtSIOp::create(builder, location, to, a);
  return arith::TruncIOp::create(builder, location, to, a);
}

//===----------------------------------------------------------------------===//
// Draws: Threefry-2x32 with 20 rounds (Salmon et al. 2011), the swap-or-not shuffle (Hoang, Morris, Rogaway 2012).
//===----------------------------------------------------------------------===//

std::pair<Value, Value> ScalarBuilder::threefry(Value key, Value counter) {
  Type i32 = builder.getI32Type();
  auto low = [&](Value v) { return cast(v, i32); };
  auto high = [&](Value v) { return cast(shiftRight(v, 32), i32); };
  auto rotate = [&](Value v, unsigned r) {
    return arith::OrIOp::create(builder, location, shiftLeft(v, r), shiftRight(v, 32 - r)).getResult();
  };
  Value ks[3] = {high(key), low(key), {}};
  ks[2] = bitXor(bitXor(ks[0], ks[1]), integer(0x1BD11BDA, ks[0].getType()));
  Value x0 = add(high(counter), ks[0]), x1 = add(low(counter), ks[1]);
  static const unsigned rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  for (unsigned group = 0; group < 5; ++group) {
    for (unsigned r : rotations[group % 2]) {
      x0 = add(x0, x1);
      x1 = bitXor(rotate(x1, r), x0);
    }
    x0 = add(x0, ks[(group + 1) % 3]);
    x1 = add(add(x1, ks[(group + 2) % 3]), integer(group + 1, x1.getType()));
  }
  return {x0, x1};
}

Value ScalarBuilder::foldIn(Value key, Value data) {
  auto [x0, x1] = threefry(key, data);
  Type i64 = builder.getI64Type();
  auto wide = [&](Value v) { return arith::ExtUIOp::create(builder, location, typeLike(i64, v), v).getResult(); };
  return arith::OrIOp::create(builder, location, shiftLeft(wide(x0), 32), wide(x1));
}

Value ScalarBuilder::uniform(Value key, Value counter) {
  auto [x0, x1] = threefry(key, counter);
  Value bits = shiftRight(bitXor(x0, x1), 9);
  bits = arith::OrIOp::create(builder, location, bits, integer(0x3F800000, bits.getType()));
  Value y = bitcast(bits, builder.getF32Type());
  return sub(y, constant(1, y));
}

Value ScalarBuilder::shuffle(Value key, Value n, Value x) {
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  auto low = [&](Value v) { return cast(v, i32); };
  auto wide = [&](Value v) { return arith::ExtUIOp::create(builder, location, typeLike(i64, v), v).getResult(); };
  auto c32 = [&](uint32_t c, Value like) { return integer(c, typeLike(i32, like)); };
  auto mix = [&](Value h) { // murmur3's finaliser
    h = bitXor(h, shiftRight(h, 16));
    h = mul(h, c32(0x85EBCA6B, h));
    h = bitXor(h, shiftRight(h, 13));
    h = mul(h, c32(0xC2B2AE35, h));
    return bitXor(h, shiftRight(h, 16));
  };
  Value k0 = cast(shiftRight(key, 32), i32), k1 = low(key);
  // A loop: 24 rounds in a row were a sixth of a small program.
  auto bound = [&](uint32_t n) { return integer(n, i32); };
  auto rounds = scf::ForOp::create(builder, location, bound(1), bound(25), bound(1), ValueRange(x));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(rounds.getBody());
  Value r = rounds.getInductionVar();
  if (Type all = typeLike(i32, k1); all != i32)
    r = vector::BroadcastOp::create(builder, location, all, r);
  x = rounds.getRegionIterArgs().front();
  Value a = mix(bitXor(k0, mix(add(k1, mul(r, c32(0x9E3779B9u, k1))))));
  Value k = shiftRight(mul(wide(a), n), 32);
  Value difference = sub(k, x);
  Value y = select(lt(difference, constant(0, x)), add(difference, n), difference);
  Value c = mix(add(bitXor(k1, mul(r, c32(0x85EBCA6Bu, k1))), k0));
  Value bit = mix(cast(bitXor(low(max(x, y)), c), i32));
  Value odd = ne(arith::AndIOp::create(builder, location, bit, c32(1, bit)), c32(0, bit));
  scf::YieldOp::create(builder, location, select(odd, y, x));
  return rounds.getResult(0);
}

} // namespace burin
