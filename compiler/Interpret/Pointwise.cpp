// Pointwise ops, one line each, over doubles and 64-bit integers.
#include "compiler/Interpret/Evaluate.h"
#include "compiler/Interpret/Draws.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {
namespace {

using Real = double (*)(const double *);
using Integer = int64_t (*)(const int64_t *);
using Comparison = bool (*)(const double *);
struct Definition {
  Real real = nullptr;
  Integer integer = nullptr;       ///< also on bools and indices; cut to the result's width afterwards
  Comparison comparison = nullptr; ///< floats to a bool
};

int64_t minus(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }

int64_t floorDivide(int64_t a, int64_t b) {
  if (b == 0 || b == -1)
    return b ? minus(0, a) : 0;
  int64_t quotient = a / b;
  return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient;
}
int64_t floorRemainder(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a - floorDivide(a, b) * b; }

double floorRemainder(double a, double b) {
  double remainder = std::fmod(a, b);
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

#define REAL(expression) [](const double *x) -> double { return expression; }
#define INTEGER(expression) [](const int64_t *x) -> int64_t { return expression; }
#define COMPARE(operation)                                                                                             \
  Definition { nullptr, INTEGER(x[0] operation x[1]), [](const double *x) -> bool { return x[0] operation x[1]; } }

const llvm::StringMap<Definition> &definitions() {
  static const llvm::StringMap<Definition> table = {
      {"neg", {REAL(-x[0]), INTEGER(minus(0, x[0]))}},
      {"abs", {REAL(std::fabs(x[0])), INTEGER(x[0] < 0 ? minus(0, x[0]) : x[0])}},
      {"sign", {REAL(std::isnan(x[0]) ? x[0] : (x[0] > 0) - (x[0] < 0)), INTEGER((x[0] > 0) - (x[0] < 0))}},
      {"floor", {REAL(std::floor(x[0]))}},
      {"exp", {REAL(std::exp(x[0]))}},
      {"log", {REAL(std::log(x[0]))}},
      {"sqrt", {REAL(std::sqrt(x[0]))}},
      {"tanh", {REAL(std::tanh(x[0]))}},
      {"sin", {REAL(std::sin(x[0]))}},
      {"cos", {REAL(std::cos(x[0]))}},
      {"erf", {REAL(std::erf(x[0]))}},
      {"add", {REAL(x[0] + x[1]), INTEGER(int64_t(uint64_t(x[0]) + uint64_t(x[1])))}},
      {"sub", {REAL(x[0] - x[1]), INTEGER(minus(x[0], x[1]))}},
      {"mul", {REAL(x[0] * x[1]), INTEGER(int64_t(uint64_t(x[0]) * uint64_t(x[1])))}},
      {"div", {REAL(x[0] / x[1]), INTEGER(floorDivide(x[0], x[1]))}},
      {"rem", {REAL(floorRemainder(x[0], x[1])), INTEGER(floorRemainder(x[0], x[1]))}},
      {"pow", {REAL(std::pow(x[0], x[1]))}},
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

int64_t saturate(double x, double low, double high, int64_t lowest, int64_t highest) {
  if (std::isnan(x))
    return 0;
  return x >= high ? highest : x < low ? lowest : int64_t(x);
}

// A float becomes an integer by truncation; what is too large becomes the largest, NaN 0. A bool is whether it is not 0.
int64_t toInteger(Type to, double x) {
  if (to.isInteger(1))
    return x != 0;
  if (to.isUnsignedInteger(8))
    return saturate(x, 0, 256, 0, 255);
  if (to.isInteger(64))
    return saturate(x, -0x1p63, 0x1p63, INT64_MIN, INT64_MAX);
  return saturate(x, -0x1p31, 0x1p31, INT32_MIN, INT32_MAX);
}

void cast(const Array &x, ArrayRef<int64_t> steps, Array &y, Rounding round) {
  Type from = x.type.getElement(), to = y.type.getElement();
  walk(y.sizes, SmallVector<int64_t>(steps), [&](int64_t n, ArrayRef<int64_t> at) {
    if (y.isReal() && x.isReal())
      y.reals[size_t(n)] = round(to, x.reals[size_t(at[0])]);
    else if (y.isReal()) // one rounding: an i64 does not always fit a double
      y.reals[size_t(n)] = to.isF32() && round.declared ? double(float(x.integers[size_t(at[0])])) : double(x.integers[size_t(at[0])]);
    else if (x.isReal())
      y.integers[size_t(n)] = toInteger(to, x.reals[size_t(at[0])]);
    else
      y.integers[size_t(n)] = to.isInteger(1) && !from.isInteger(1) ? x.integers[size_t(at[0])] != 0 : wrap(to, x.integers[size_t(at[0])]);
  });
}
} // namespace

LogicalResult evaluatePointwise(Operation *op, ArrayRef<Ref> x, Array &y, Rounding round) {
  SmallVector<SmallVector<int64_t>> steps = llvm::map_to_vector(x, [&](const Ref &a) { return stepsAlong(*a, y.type.getAxes()); });
  if (isa<CastOp>(op))
    return cast(*x[0], steps[0], y, round), success();
  auto found = definitions().find(op->getName().stripDialect());
  if (found == definitions().end())
    return op->emitError("the interpreter has no definition of this operation");
  const Definition &definition = found->second;
  Type element = y.type.getElement();
  bool real = x.back()->isReal(); // of select: a bool and two equal ones
  if (real ? !(y.isReal() ? bool(definition.real) : bool(definition.comparison)) : !definition.integer)
    return op->emitError("the interpreter has no definition of this operation for ") << element;
  walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
    double reals[3];
    int64_t integers[3];
    for (size_t i = 0; i < x.size(); ++i)
      if (real)
        reals[i] = x[i]->number(at[i]);
      else
        integers[i] = x[i]->integers[size_t(at[i])];
    if (!real)
      y.integers[size_t(n)] = wrap(element, definition.integer(integers));
    else if (y.isReal())
      y.reals[size_t(n)] = round(element, definition.real(reals));
    else
      y.integers[size_t(n)] = definition.comparison(reals);
  });
  return success();
}

} // namespace burin::interpret
