// Each function once, as arithmetic on scalars or vectors. Nothing is contracted: a product and a sum round separately,
// everywhere.
#include "compiler/Codegen/Math.h"
#include "dialects/Interfaces/ScalarBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>
using namespace mlir;
using namespace burin;

namespace {
class Functions {
public:
  Functions(OpBuilder &builder, Location location) : b(builder, location) {}
  Value exp(Value x, Value more = {}), log(Value x), tanh(Value x), sine(Value x, bool cosine), erf(Value x),
      pow(Value x, Value y, bool exact);
  std::pair<Value, Value> split(Value x), longLog(Value x), exactProduct(Value x, Value y);
  Value power(Value x, Value y, bool exact);

private:
  bool wide(Value x) { return getElementTypeOrSelf(x.getType()).isF64(); }
  Type integerType(Value x) { return b.builder.getIntegerType(wide(x) ? 64 : 32); }
  Value c(double v, Value like) { return b.constant(v, like); }
  /// a0 + x (a1 + x (a2 + …))
  Value polynomial(Value x, ArrayRef<double> a) {
    Value sum = c(a.back(), x);
    for (double k : llvm::reverse(a.drop_back()))
      sum = b.add(b.mul(sum, x), c(k, x));
    return sum;
  }
  Value powerOfTwo(Value n) { // n: an integer held as a float, within the exponents
    Type i = integerType(n);
    Value e = b.cast(n, i);
    bool w = wide(n);
    e = b.add(e, b.integer(w ? 1023 : 127, e.getType()));
    return b.bitcast(b.shiftLeft(e, w ? 52 : 23), getElementTypeOrSelf(n.getType()));
  }
  Value inDouble(Value x, llvm::function_ref<Value(Value)> f) {
    Type element = getElementTypeOrSelf(x.getType());
    return b.cast(f(b.cast(x, b.builder.getF64Type())), element);
  }
  ScalarBuilder b;
};

// x + more = n ln 2 + r, |r| <= 0.347; exp(r) by its series; 2^n in two factors so that neither leaves the range.
Value Functions::exp(Value x, Value more) {
  bool w = wide(x);
  double high = w ? 6.93147180369123816490e-01 : 0.693359375, low = w ? 1.90821492927058770002e-10 : -2.12194440e-4;
  double largest = w ? 709.782712893384 : 88.7228317, smallest = w ? -708.396418532264 : -87.3365402;
  Value limited = b.min(b.max(x, c(w ? -745 : -104, x)), c(w ? 710 : 89, x));
  Value n = b.floor(b.add(b.mul(limited, c(1.44269504088896340736, x)), c(0.5, x)));
  Value r = b.sub(b.sub(limited, b.mul(n, c(high, x))), b.mul(n, c(low, x)));
  if (more)
    r = b.add(r, more);
  SmallVector<double> series;
  double factorial = 1;
  for (int k = 0; k <= (w ? 13 : 7); ++k) {
    series.push_back(1 / factorial);
    factorial *= k + 1;
  }
  Value y = polynomial(r, series);
  Value half = b.floor(b.mul(n, c(0.5, x)));
  y = b.mul(b.mul(y, powerOfTwo(half)), powerOfTwo(b.sub(n, half)));
  y = b.select(b.gt(x, c(largest, x)), c(INFINITY, x), y);
  y = b.select(b.lt(x, c(smallest, x)), c(0, x), y);
  return b.select(b.ne(x, x), x, y);
}

// x = 2^e m, sqrt(1/2) <= m < sqrt(2).
std::pair<Value, Value> Functions::split(Value x) {
  bool w = wide(x);
  Type i = integerType(x), element = getElementTypeOrSelf(x.getType());
  uint64_t root = w ? 0x3FE6A09E667F3BCDull : 0x3F3504F3u;
  unsigned bits = w ? 52 : 23;
  Value raw = b.bitcast(x, i);
  Value shifted = b.sub(raw, b.integer(root, raw.getType()));
  Value e = b.cast(arith::ShRSIOp::create(b.builder, b.location, shifted, b.integer(bits, raw.getType())), element);
  Value fraction = arith::AndIOp::create(b.builder, b.location, shifted, b.integer((1ull << bits) - 1, raw.getType()));
  return {e, b.bitcast(b.add(fraction, b.integer(root, raw.getType())), element)};
}

// log(2^e m) = e log 2 + 2 artanh(s), s = f / (2 + f), f = m - 1 (the arrangement of fdlibm).
Value Functions::log(Value x) {
  bool w = wide(x);
  auto [e, m] = split(x);
  Value f = b.sub(m, c(1, x));
  Value s = b.div(f, b.add(f, c(2, x)));
  Value z = b.mul(s, s);
  SmallVector<double> series;
  for (int k = 1; k <= (w ? 11 : 5); ++k)
    series.push_back(2.0 / (2 * k + 1));
  Value rest = b.mul(z, polynomial(z, series));
  Value square = b.mul(c(0.5, x), b.mul(f, f));
  double high = w ? 6.93147180369123816490e-01 : 0.693359375, low = w ? 1.90821492927058770002e-10 : -2.12194440e-4;
  Value small = b.add(b.mul(s, b.add(square, rest)), b.mul(e, c(low, x)));
  Value y = b.sub(b.mul(e, c(high, x)), b.sub(b.sub(square, small), f));
  Value tiny = c(w ? 0x1p-1022 : 0x1p-126, x); // what is less counts as zero
  y = b.select(b.lt(x, tiny), c(-INFINITY, x), y);
  y = b.select(b.le(x, b.neg(tiny)), c(NAN, x), y);
  y = b.select(b.eq(x, c(INFINITY, x)), x, y);
  return b.select(b.ne(x, x), x, y);
}

// Near 0 a polynomial or a quotient of two (Cephes), else 1 - 2 / (exp(2|x|) + 1).
Value Functions::tanh(Value x) {
  Value a = b.abs(x), z = b.mul(x, x), near;
  if (wide(x)) {
    Value p = polynomial(z, {-1.61468768441708447952e3, -9.92877231001918586564e1, -9.64399179425052238628e-1});
    Value q = polynomial(z, {4.84406305325125486048e3, 2.23548839060100448583e3, 1.12811678491632931402e2, 1});
    near = b.add(x, b.mul(b.mul(x, z), b.div(p, q)));
  } else {
    Value p =
        polynomial(z, {-3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3});
    near = b.add(x, b.mul(b.mul(x, z), p));
  }
  Value far = b.sub(c(1, x), b.div(c(2, x), b.add(exp(b.add(a, a)), c(1, x))));
  far = b.select(b.lt(x, c(0, x)), b.neg(far), far);
  Value y = b.select(b.lt(a, c(0.625, x)), near, far);
  return b.select(b.eq(x, c(0, x)), x, y); // -0 stays
}

// x = n pi/2 + r, with pi/2 as a sum of three f64: fused, the first difference is exact, and the second is all that is
// rounded. f32 is computed in f64. From 2^48 on, where neighbouring numbers lie 1/16 and more apart, x counts as a
// whole number of turns. Polynomials of fdlibm.
Value Functions::sine(Value x, bool cosine) {
  return inDouble(x, [&](Value t) {
    Value near = b.select(b.lt(b.abs(t), c(0x1p48, t)), t, c(0, t));
    Value n = b.floor(b.add(b.mul(near, c(6.36619772367581382433e-01, t)), c(0.5, t))), back = b.neg(n);
    Value r = b.fma(back, c(0x1.921fb54442d18p+0, t), near);
    r = b.fma(back, c(0x1.1a62633145c07p-54, t), r);
    r = b.fma(back, c(-0x1.f1976b7ed8fbcp-110, t), r);
    Value z = b.mul(r, r);
    Value s = b.add(r, b.mul(b.mul(r, z), polynomial(z, {-1.66666666666666324348e-01, 8.33333333332248946124e-03,
                                                         -1.98412698298579493134e-04, 2.75573137070700676789e-06,
                                                         -2.50507602534068634195e-08, 1.58969099521155010221e-10})));
    Value k = b.add(b.sub(c(1, t), b.mul(c(0.5, t), z)),
                    b.mul(b.mul(z, z), polynomial(z, {4.16666666666666019037e-02, -1.38888888888741095749e-03,
                                                      2.48015872894767294178e-05, -2.75573143513906633035e-07,
                                                      2.08757232129817482790e-09, -1.13596475577881948265e-11})));
    Value quadrant = b.cast(n, b.builder.getI64Type());
    if (cosine)
      quadrant = b.add(quadrant, b.integer(1, quadrant.getType()));
    auto bit = [&](uint64_t mask) {
      return b.ne(arith::AndIOp::create(b.builder, b.location, quadrant, b.integer(mask, quadrant.getType())),
                  b.integer(0, quadrant.getType()));
    };
    Value y = b.select(bit(1), k, s);
    y = b.select(bit(2), b.neg(y), y);
    if (!cosine)
      y = b.select(b.eq(t, c(0, t)), t, y); // -0 stays
    return b.select(b.lt(b.abs(t), c(INFINITY, t)), y, c(NAN, t));
  });
}

// |x| < 2: 2/sqrt(pi) exp(-x^2) sum of 2^k x^(2k+1) / (2k+1)!!, all terms of one sign; else 1 minus the continued
// fraction of erfc.
Value Functions::erf(Value x) {
  return inDouble(x, [&](Value t) {
    Value a = b.min(b.abs(t), c(6.5, t)), z = b.mul(a, a), g = exp(b.neg(z));
    SmallVector<double> series;
    double term = 1;
    for (int k = 0; k <= 34; ++k) {
      series.push_back(term);
      term *= 2.0 / (2 * k + 3);
    }
    Value near = b.mul(b.mul(c(1.12837916709551257390, t), b.mul(a, g)), polynomial(b.min(z, c(4.1, t)), series));
    Value far = b.max(a, c(1.9, t)), a0 = c(0, t), a1 = c(1, t), b0 = c(1, t), b1 = far;
    for (int k = 1; k <= 48; ++k) {
      Value half = c(0.5 * k, t);
      Value a2 = b.add(b.mul(far, a1), b.mul(half, a0)), b2 = b.add(b.mul(far, b1), b.mul(half, b0));
      a0 = a1, a1 = a2, b0 = b1, b1 = b2;
    }
    Value complement = b.mul(b.mul(c(0.56418958354775628695, t), g), b.div(a1, b1));
    Value y = b.select(b.lt(a, c(2, t)), near, b.sub(c(1, t), complement));
    y = b.select(b.lt(t, c(0, t)), b.neg(y), y);
    return b.select(b.logicalOr(b.ne(t, t), b.eq(t, c(0, t))), t, y); // NaN and -0 stay
  });
}

// a b = product + rest, exactly, without a fused multiplication (Dekker).
std::pair<Value, Value> Functions::exactProduct(Value x, Value y) {
  auto halves = [&](Value v) {
    Value scaled = b.mul(c(0x1p27 + 1, v), v), high = b.sub(scaled, b.sub(scaled, v));
    return std::pair(high, b.sub(v, high));
  };
  Value product = b.mul(x, y);
  auto [xh, xl] = halves(x);
  auto [yh, yl] = halves(y);
  Value rest = b.add(b.add(b.add(b.sub(b.mul(xh, yh), product), b.mul(xh, yl)), b.mul(xl, yh)), b.mul(xl, yl));
  return {product, rest};
}

// log x as a sum of two f64 with about 60 bits: as in `log`, but what the quotient and the sums lose is kept.
std::pair<Value, Value> Functions::longLog(Value x) {
  auto [e, m] = split(x);
  Value f = b.sub(m, c(1, x)), d = b.add(m, c(1, x));
  Value lost = b.sub(m, b.sub(d, c(1, x))); // of the sum
  Value s = b.div(f, d);
  auto [product, rest] = exactProduct(s, d);
  Value low = b.div(b.sub(b.sub(b.sub(f, product), rest), b.mul(s, lost)), d); // of the quotient
  Value z = b.mul(s, s);
  SmallVector<double> series;
  for (int k = 1; k <= 11; ++k)
    series.push_back(2.0 / (2 * k + 1));
  Value tail = b.mul(s, b.mul(z, polynomial(z, series)));
  Value slope = b.add(low, low);
  low = b.add(slope, b.mul(slope, z));                                         // 2 low / (1 - z)
  Value big = b.mul(e, c(6.93147180369123816490e-01, x)), twice = b.add(s, s); // `big` is exact
  Value high = b.add(big, twice);
  low = b.add(b.sub(twice, b.sub(high, big)), b.add(b.mul(e, c(1.90821492927058770002e-10, x)), b.add(low, tail)));
  Value sum = b.add(high, low);
  return {sum, b.sub(low, b.sub(sum, high))};
}

// exp(y log x) for x >= 0. Where it is rounded to f32, no error is left; for f64 the product has more digits than an
// f64.
Value Functions::power(Value x, Value y, bool exact) {
  Value plain = log(x);
  if (!exact)
    return exp(b.mul(y, plain));
  Value normal = b.logicalAnd(b.ge(x, c(0x1p-1022, x)), b.lt(x, c(INFINITY, x)));
  auto [high, low] = longLog(b.select(normal, x, c(1, x)));
  auto [product, rest] = exactProduct(y, b.select(normal, high, plain));
  return exp(product, b.add(rest, b.mul(y, low)));
}

// A negative base has integer exponents only.
Value Functions::pow(Value x, Value y, bool exact) {
  return inDouble(x, [&](Value base) {
    Value e = b.cast(y, b.builder.getF64Type());
    Value size = power(b.abs(base), e, exact);
    Value half = b.mul(e, c(0.5, e));
    Value whole = b.eq(b.floor(e), e), odd = b.logicalAnd(whole, b.ne(b.floor(half), half));
    Value bits = b.bitcast(base, b.builder.getI64Type());
    Value signedBase = b.lt(bits, b.integer(0, bits.getType()));
    Value finiteNegative = b.logicalAnd(b.lt(base, c(0, base)), b.gt(base, c(-INFINITY, base)));
    Value r = b.select(b.logicalAnd(signedBase, odd), b.neg(size), size);
    r = b.select(b.logicalAnd(finiteNegative, b.logicalNot(whole)), c(NAN, base), r);
    Value one = b.logicalOr(b.eq(e, c(0, e)), b.eq(base, c(1, base)));
    Value endless = b.eq(b.abs(e), c(INFINITY, e));
    one = b.logicalOr(one, b.logicalAnd(endless, b.eq(base, c(-1, base))));
    return b.select(one, c(1, base), r);
  });
}

struct ExpandMath : PassWrapper<ExpandMath, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandMath)
  StringRef getArgument() const final { return "expand-math"; }
  StringRef getDescription() const final {
    return "elementary functions become arithmetic, the same bits on every machine";
  }
  void getDependentDialects(DialectRegistry &r) const override { r.insert<arith::ArithDialect, math::MathDialect>(); }
  void runOnOperation() override { expandMath(getOperation()); }
};
} // namespace

void burin::expandMath(Operation *root) {
  SmallVector<Operation *> found;
  root->walk([&](Operation *op) {
    if (isa<math::ExpOp, math::LogOp, math::TanhOp, math::SinOp, math::CosOp, math::ErfOp, math::PowFOp>(op))
      found.push_back(op);
  });
  for (Operation *op : found) {
    OpBuilder builder(op);
    Functions f(builder, op->getLoc());
    Value x = op->getOperand(0), y;
    if (isa<math::ExpOp>(op))
      y = f.exp(x);
    else if (isa<math::LogOp>(op))
      y = f.log(x);
    else if (isa<math::TanhOp>(op))
      y = f.tanh(x);
    else if (isa<math::ErfOp>(op))
      y = f.erf(x);
    else if (auto power = dyn_cast<math::PowFOp>(op))
      y = f.pow(x, power.getRhs(), power.getFastmath() != arith::FastMathFlags::afn);
    else
      y = f.sine(x, isa<math::CosOp>(op));
    op->getResult(0).replaceAllUsesWith(y);
    op->erase();
  }
}

std::unique_ptr<Pass> burin::createExpandMath() { return std::make_unique<ExpandMath>(); }
