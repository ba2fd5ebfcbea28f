// Pointwise ops, one line each, over floats of any kind and 64-bit integers.
#include "compiler/Interpret/Draws.h"
#include "compiler/Interpret/Evaluate.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {
namespace {

template <typename Real> struct Definition {
  Real (*real)(const Real *) = nullptr;
  int64_t (*integer)(const int64_t *) = nullptr; ///< also on bools and indices; cut to the result's width afterwards
  bool (*comparison)(const Real *) = nullptr;    ///< floats to a bool
};

int64_t minus(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }

int64_t floorDivide(int64_t a, int64_t b) {
  if (b == 0 || b == -1)
    return b ? minus(0, a) : 0;
  int64_t quotient = a / b;
  return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient;
}
int64_t floorRemainder(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a - floorDivide(a, b) * b; }

template <typename Real> Real floorRemainder(Real a, Real b) {
  Real remainder = fmod(a, b);
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

#define REAL(expression) [](const Real *x) -> Real { return expression; }
#define INTEGER(expression) [](const int64_t *x) -> int64_t { return expression; }
#define COMPARE(operation)                                                                                             \
  Definition<Real> {                                                                                                   \
    nullptr, INTEGER(x[0] operation x[1]), [](const Real *x) -> bool { return x[0] operation x[1]; }                   \
  }

template <typename Real> const llvm::StringMap<Definition<Real>> &definitions() {
  static const llvm::StringMap<Definition<Real>> table = {
      {"neg", {REAL(-x[0]), INTEGER(minus(0, x[0]))}},
      {"abs", {REAL(fabs(x[0])), INTEGER(x[0] < 0 ? minus(0, x[0]) : x[0])}},
      {"sign", {REAL(x[0] != x[0] ? x[0] : Real((x[0] > 0) - (x[0] < 0))), INTEGER((x[0] > 0) - (x[0] < 0))}},
      {"floor", {REAL(floor(x[0]))}},
      {"exp", {REAL(exp(x[0]))}},
      {"log", {REAL(log(x[0]))}},
      {"sqrt", {REAL(sqrt(x[0]))}},
      {"tanh", {REAL(tanh(x[0]))}},
      {"sin", {REAL(sin(x[0]))}},
      {"cos", {REAL(cos(x[0]))}},
      {"erf", {REAL(erf(x[0]))}},
      {"add", {REAL(x[0] + x[1]), INTEGER(int64_t(uint64_t(x[0]) + uint64_t(x[1])))}},
      {"sub", {REAL(x[0] - x[1]), INTEGER(minus(x[0], x[1]))}},
      {"mul", {REAL(x[0] * x[1]), INTEGER(int64_t(uint64_t(x[0]) * uint64_t(x[1])))}},
      {"div", {REAL(x[0] / x[1]), INTEGER(floorDivide(x[0], x[1]))}},
      {"rem", {REAL(floorRemainder(x[0], x[1])), INTEGER(floorRemainder(x[0], x[1]))}},
      {"pow", {REAL(pow(x[0], x[1]))}},
      {"max", {REAL(combine("max", x[0], x[1])), INTEGER(std::max(x[0], x[1]))}},
      {"min", {REAL(combine("min", x[0], x[1])), INTEGER(std::min(x[0], x[1]))}},
      {"eq", COMPARE(==)},
      {"ne", COMPARE(!=)},
      {"lt", COMPARE(<)},
      {"le", COMPARE(<=)},
      {"gt", COMPARE(>)},
      {"ge", COMPARE(>=)},
      {"and", {nullptr, INTEGER(x[0] & x[1])}},
      {"or", {nullptr, INTEGER(x[0] | x[1])}},
      {"not", {nullptr, INTEGER(!x[0])}},
      {"select", {REAL(x[0] != 0 ? x[1] : x[2]), INTEGER(x[0] ? x[1] : x[2])}},
      {"shuffle", {nullptr, INTEGER(shuffle(x[0], x[1], x[2]))}},
      {"stop", {REAL(x[0]), INTEGER(x[0])}},
  };
  return table;
}

template <typename Real> int64_t saturate(Real x, double low, double high, int64_t lowest, int64_t highest) {
  if (x != x)
    return 0;
  return x >= high ? highest : x < low ? lowest : int64_t(x);
}

// A float becomes an integer by truncation; what is too large becomes the largest, NaN 0. A bool is whether it is not
// 0.
template <typename Real> int64_t toInteger(Type to, Real x) {
  if (to.isInteger(1))
    return x != 0;
  if (to.isUnsignedInteger(8))
    return saturate(x, 0, 256, 0, 255);
  if (to.isInteger(64))
    return saturate(x, -0x1p63, 0x1p63, INT64_MIN, INT64_MAX);
  return saturate(x, -0x1p31, 0x1p31, INT32_MIN, INT32_MAX);
}

template <typename Scalar> void cast(const Array &x, SmallVector<int64_t> steps, Array &y) {
  using Real = typename Scalar::Real;
  Type from = x.type.getElement(), to = y.type.getElement();
  auto each = [&](auto &numbers, auto convert) {
    walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) { numbers[size_t(n)] = convert(size_t(at[0])); });
  };
  if (y.isReal() && x.isReal())
    each(y.as<Real>(), [&](size_t i) { return Scalar::round(to, x.as<Real>()[i]); });
  else if (y.isReal()) // one rounding: an i64 does not always fit a double
    each(y.as<Real>(), [&](size_t i) { return Scalar::fromInteger(to, x.integers()[i]); });
  else if (x.isReal())
    each(y.integers(), [&](size_t i) { return toInteger(to, x.as<Real>()[i]); });
  else if (to.isInteger(1) && !from.isInteger(1))
    each(y.integers(), [&](size_t i) { return int64_t(x.integers()[i] != 0); });
  else
    each(y.integers(), [&](size_t i) { return wrap(to, x.integers()[i]); });
}
} // namespace

template <typename Scalar>
LogicalResult evaluatePointwise(Operation *op, ArrayRef<Ref> x, Array &y, const Function &instead) {
  using Real = typename Scalar::Real;
  SmallVector<SmallVector<int64_t>> steps =
      llvm::map_to_vector(x, [&](const Ref &a) { return stepsAlong(*a, y.type.getAxes()); });
  if (isa<CastOp>(op))
    return cast<Scalar>(*x[0], steps[0], y), success();
  if (isa<RandomAtOp>(op)) {
    const std::vector<int64_t> &keys = x[0]->integers(), &numbers = x[1]->integers();
    walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
      y.as<Real>()[size_t(n)] = uniform(keys[size_t(at[0])], numbers[size_t(at[1])]);
    });
    return success();
  }
  auto found = definitions<Real>().find(op->getName().stripDialect());
  if (found == definitions<Real>().end())
    return op->emitError("the interpreter has no definition of this operation");
  const Definition<Real> &definition = found->second;
  Type element = y.type.getElement();
  bool real = x.back()->isReal(); // of select: a bool and two equal ones
  if (real ? !(y.isReal() ? bool(definition.real) : bool(definition.comparison)) : !definition.integer)
    return op->emitError("the interpreter has no definition of this operation for ") << element;
  walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
    Real reals[3];
    int64_t integers[3];
    for (size_t i = 0; i < x.size(); ++i)
      if (!real)
        integers[i] = x[i]->integers()[size_t(at[i])];
      else
        reals[i] = x[i]->isReal() ? x[i]->template as<Real>()[size_t(at[i])] : Real(x[i]->integers()[size_t(at[i])]);
    if constexpr (std::is_same_v<Scalar, Declared>)
      if (instead)
        return void(y.as<Real>()[size_t(n)] = Scalar::round(element, instead(reals)));
    if (!real)
      y.integers()[size_t(n)] = wrap(element, definition.integer(integers));
    else if (y.isReal())
      y.as<Real>()[size_t(n)] = Scalar::round(element, definition.real(reals));
    else
      y.integers()[size_t(n)] = definition.comparison(reals);
  });
  return success();
}
template LogicalResult evaluatePointwise<Declared>(Operation *, ArrayRef<Ref>, Array &, const Function &);
template LogicalResult evaluatePointwise<Double>(Operation *, ArrayRef<Ref>, Array &, const Function &);
template LogicalResult evaluatePointwise<Binary128>(Operation *, ArrayRef<Ref>, Array &, const Function &);

} // namespace burin::interpret
