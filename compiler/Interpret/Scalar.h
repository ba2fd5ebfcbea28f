//===- Scalar.h - What the interpreter computes with ---------------------------===//
// Floats are computed with in one of three ways; all that computes is a template over them. The integers are the same.
#pragma once
#include "mlir/IR/BuiltinTypes.h"
#include <cmath>
#include <string>

/// IEEE binary128: a significand of 113 bits. glibc has its functions and shows them to gcc's own frontends only.
using Quad = __float128;
extern "C" {
Quad expf128(Quad) noexcept, logf128(Quad) noexcept, sqrtf128(Quad) noexcept, tanhf128(Quad) noexcept;
Quad sinf128(Quad) noexcept, cosf128(Quad) noexcept, coshf128(Quad) noexcept, erff128(Quad) noexcept;
Quad floorf128(Quad) noexcept, fabsf128(Quad) noexcept;
Quad powf128(Quad, Quad) noexcept, fmodf128(Quad, Quad) noexcept, fmaf128(Quad, Quad, Quad) noexcept;
int strfromf128(char *to, size_t size, const char *format, Quad x) noexcept;
}

namespace burin::interpret {

#define BURIN_FUNCTION(name)                                                                                           \
  inline double name(double x) { return std::name(x); }                                                                \
  inline Quad name(Quad x) { return ::name##f128(x); }
BURIN_FUNCTION(exp)
BURIN_FUNCTION(log)
BURIN_FUNCTION(sqrt)
BURIN_FUNCTION(tanh)
BURIN_FUNCTION(sin)
BURIN_FUNCTION(cos)
BURIN_FUNCTION(cosh)
BURIN_FUNCTION(erf)
BURIN_FUNCTION(floor)
BURIN_FUNCTION(fabs)
#undef BURIN_FUNCTION
inline double pow(double x, double y) { return std::pow(x, y); }
inline Quad pow(Quad x, Quad y) { return ::powf128(x, y); }
inline double fmod(double x, double y) { return std::fmod(x, y); }
inline Quad fmod(Quad x, Quad y) { return ::fmodf128(x, y); }
inline bool isFinite(Quad x) { return fabs(x) < Quad(INFINITY); }

/// Which of the three.
enum class Arithmetic {
  Declared, ///< rounded to the element's type after every operation, as compiled programs are
  Double,   ///< doubles throughout, whatever the element
  Binary128 ///< binary128 throughout: for what is compared to more digits than a double has
};

/// Numbers too small to be normal become zero, as the runtime sets the processor.
struct Declared {
  using Real = double;
  static double round(mlir::Type element, double x);
  static double fma(mlir::Type element, double a, double b, double c);
  static double fromInteger(mlir::Type element, int64_t x);
};
struct Double {
  using Real = double;
  static double round(mlir::Type, double x) { return x; }
  static double fma(mlir::Type, double a, double b, double c) { return std::fma(a, b, c); }
  static double fromInteger(mlir::Type, int64_t x) { return double(x); }
};
struct Binary128 {
  using Real = Quad;
  static Quad round(mlir::Type, Quad x) { return x; }
  static Quad fma(mlir::Type, Quad a, Quad b, Quad c) { return ::fmaf128(a, b, c); }
  static Quad fromInteger(mlir::Type, int64_t x) { return Quad(x); }
};

/// Calls f with a value of the scalar's class.
template <typename Function> auto withScalar(Arithmetic arithmetic, Function f) {
  if (arithmetic == Arithmetic::Declared)
    return f(Declared());
  return arithmetic == Arithmetic::Double ? f(Double()) : f(Binary128());
}

} // namespace burin::interpret
