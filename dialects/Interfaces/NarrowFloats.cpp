#include "dialects/Interfaces/NarrowFloats.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"
using namespace mlir;

namespace burin {

bool isNarrow(Type element) { return element.isBF16() || element.isF16(); }
Type sumElement(Type element) { return isNarrow(element) ? Type(Float32Type::get(element.getContext())) : element; }

namespace {
constexpr uint32_t infinity = 0x7F800000, aNan = 0x7FC00000, half = 0x3F000000;
constexpr uint32_t leastNormal = 0x38800000;   // 2^-14: of f16
constexpr uint32_t beyondF16 = 0x47800000;     // 2^16
constexpr uint32_t biases = (127 - 15) << 23;  // of the exponents of f32 and f16
constexpr uint32_t smallestOfF32 = 0x00800000; // 2^-126

/// An f32, by its bits.
struct Bits {
  Bits(ScalarBuilder &b, Value x) : b(b), x(x), all(b.bitcast(x, b.builder.getI32Type())) {
    size = b.bitAnd(all, constant(0x7FFFFFFF)), sign = b.bitXor(all, size);
  }
  Value constant(uint32_t n) { return b.integer(n, all.getType()); }
  Value real(Value bits) { return b.bitcast(bits, b.builder.getF32Type()); }
  Value isBelow(uint32_t n) { return b.lt(size, constant(n)); } // sizes are not negative
  /// |x| + 1/2, in which a unit of the last place is 2^-24, as in f16's subnormal numbers.
  Value besideHalf() { return b.add(real(size), real(constant(half))); }
  /// To nearest, ties to even, without the last `places` bits.
  Value rounded(Value n, unsigned places) {
    Value odd = b.bitAnd(b.shiftRight(n, places), constant(1));
    Value up = b.add(b.add(n, constant((1u << (places - 1)) - 1)), odd);
    return b.bitAnd(up, constant(~((1u << places) - 1)));
  }
  ScalarBuilder &b;
  Value x, all, size, sign;
};
} // namespace

Value roundTo(ScalarBuilder &b, Value x, Type narrow) {
  Bits bits(b, x);
  if (narrow.isBF16())
    return b.select(b.ne(x, x), bits.real(bits.constant(aNan)), bits.real(bits.rounded(bits.all, 16)));
  Value normal = bits.rounded(bits.size, 13);
  normal = b.select(b.ge(normal, bits.constant(beyondF16)), bits.constant(infinity), normal);
  Value small = b.bitcast(b.sub(bits.besideHalf(), bits.real(bits.constant(half))), b.builder.getI32Type());
  Value size = b.select(bits.isBelow(leastNormal), small, normal);
  return b.select(b.ne(x, x), bits.real(bits.constant(aNan)), bits.real(b.bitXor(size, bits.sign)));
}

Value narrowBits(ScalarBuilder &b, Value x, Type narrow) {
  Bits bits(b, x);
  Type i16 = b.builder.getIntegerType(16);
  if (narrow.isBF16())
    return b.cast(b.shiftRight(bits.all, 16), i16);
  Value normal = b.shiftRight(b.sub(bits.size, bits.constant(biases)), 13);
  Value small = b.sub(b.bitcast(bits.besideHalf(), b.builder.getI32Type()), bits.constant(half));
  Value size = b.select(bits.isBelow(leastNormal), small, normal);
  size = b.select(b.eq(bits.size, bits.constant(infinity)), bits.constant(0x7C00), size);
  size = b.select(b.ne(x, x), bits.constant(0x7E00), size);
  return b.cast(b.bitXor(size, b.shiftRight(bits.sign, 16)), i16);
}

Value widened(ScalarBuilder &b, Value raw, Type narrow) {
  Type i32 = b.builder.getI32Type();
  Value n = arith::ExtUIOp::create(b.builder, b.location, ScalarBuilder::typeLike(i32, raw), raw);
  auto constant = [&](uint32_t k) { return b.integer(k, n.getType()); };
  auto real = [&](Value bits) { return b.bitcast(bits, b.builder.getF32Type()); };
  if (narrow.isBF16())
    return real(b.shiftLeft(n, 16));
  Value size = b.bitAnd(n, constant(0x7FFF)), sign = b.shiftLeft(b.bitXor(n, size), 16);
  Value normal = b.add(b.shiftLeft(size, 13), constant(biases));
  Value endless = b.add(normal, constant(biases)); // infinities and NaNs: the largest exponent again
  Value small =
      arith::SIToFPOp::create(b.builder, b.location, ScalarBuilder::typeLike(b.builder.getF32Type(), size), size);
  small = b.bitcast(b.mul(small, b.constant(0x1p-24, small)), i32);
  Value wide = b.select(b.lt(size, constant(0x0400)), small, normal);
  wide = b.select(b.lt(size, constant(0x7C00)), wide, endless);
  return real(b.bitXor(wide, sign));
}

// An i64 as an f64 that lies on the same side of each number of a narrow type: below 2^53 it is one; beyond, what
// stands in the last 11 bits only says whether something does.
static Value f64Of(ScalarBuilder &b, Value n) {
  Type element = getElementTypeOrSelf(n.getType()), f64 = b.builder.getF64Type();
  if (element.getIntOrFloatBitWidth() < 64)
    return b.cast(n, f64);
  Value last = b.bitAnd(n, b.integer(0x7FF, n.getType()));
  Value middle = b.select(b.ne(last, b.constant(0, last)), b.integer(0x400, n.getType()), b.constant(0, n));
  Value sticky = b.add(b.sub(n, last), middle), limit = b.constant(0x1p53, n);
  Value exact = b.logicalAnd(b.lt(n, limit), b.gt(n, b.neg(limit)));
  return b.cast(b.select(exact, n, sticky), f64);
}

Value beforeRounding(ScalarBuilder &b, Value x) {
  Type from = getElementTypeOrSelf(x.getType()), f32 = b.builder.getF32Type();
  if (from.isInteger(1))
    return b.cast(x, f32);
  Value near = x;
  if (!isa<FloatType>(from))
    x = f64Of(b, x);
  if (!from.isF32())
    near = b.cast(x, f32);
  Bits bits(b, near);
  Value odd = bits.all;
  if (!from.isF32()) { // one step to the number, if it is another and the last bit is even
    Value back = b.cast(near, b.builder.getF64Type());
    Value even = b.eq(b.bitAnd(bits.all, bits.constant(1)), bits.constant(0));
    Value step = b.select(b.lt(b.abs(back), b.abs(x)), bits.constant(1), bits.constant(~0u));
    odd = b.select(b.logicalAnd(even, b.ne(back, x)), b.add(bits.all, step), bits.all);
  }
  return bits.real(b.select(bits.isBelow(smallestOfF32), bits.sign, odd));
}

} // namespace burin
