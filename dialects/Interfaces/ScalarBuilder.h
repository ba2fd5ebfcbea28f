//===- ScalarBuilder.h - What scalar bodies are written in -----------------===//
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/APSInt.h"

namespace burin {

/// A number as an integer of an element's width: truncated, and the nearest one where it does not fit.
llvm::APSInt saturated(double value, mlir::Type element);

/// Builds arith and math ops on element values: scalars, or vectors of them. Integers are signed. No fast-math flag is
/// ever set, so every operation rounds once.
class ScalarBuilder {
public:
  ScalarBuilder(mlir::OpBuilder &builder, mlir::Location location) : builder(builder), location(location) {}
  mlir::OpBuilder &builder;
  mlir::Location location;
  using Value = mlir::Value;

  /// A constant of the type of `like` (splat over a vector).
  Value constant(double value, Value like);
  Value constant(double value, mlir::Type type);
  Value integer(uint64_t value, mlir::Type type);

  Value add(Value a, Value b), sub(Value a, Value b), mul(Value a, Value b), div(Value a, Value b),
      rem(Value a, Value b);
  Value neg(Value a), abs(Value a), sign(Value a), floor(Value a);
  Value max(Value a, Value b), min(Value a, Value b);
  Value exp(Value a), log(Value a), sqrt(Value a), tanh(Value a), sin(Value a), cos(Value a), erf(Value a);
  Value pow(Value a, Value b);          ///< f32: computed in f64 and rounded
  Value fma(Value a, Value b, Value c); ///< one rounding; floats
  Value eq(Value a, Value b), ne(Value a, Value b), lt(Value a, Value b), le(Value a, Value b), gt(Value a, Value b),
      ge(Value a, Value b);
  Value logicalAnd(Value a, Value b), logicalOr(Value a, Value b), logicalNot(Value a);
  Value select(Value c, Value a, Value b);
  Value bitXor(Value a, Value b), bitAnd(Value a, Value b);
  Value shiftLeft(Value a, unsigned bits), shiftRight(Value a, unsigned bits); ///< logical
  /// Conversion of an element to `element` (a scalar type; the vector's shape is kept). Floats to integers truncate and
  /// saturate.
  Value cast(Value a, mlir::Type element);
  Value bitcast(Value a, mlir::Type element);
  Value shuffle(Value key, Value n, Value x);                 ///< i64; Burin.md
  std::pair<Value, Value> threefry(Value key, Value counter); ///< i64 each; two i32
  Value foldIn(Value key, Value data);                        ///< i64
  Value uniform(Value key, Value counter);                    ///< f32 in [0, 1)
  /// `element`, or a vector of it as long as `like`.
  static mlir::Type typeLike(mlir::Type element, Value like);
};

} // namespace burin
