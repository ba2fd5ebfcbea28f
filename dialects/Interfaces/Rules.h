//===- Rules.h - The vocabulary that derivative rules are written in --------===//
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

namespace burin {

/// Builds burin ops at one location. Operands align by name; no rule handles broadcasting, `sumTo` does.
class Rules {
public:
  Rules(mlir::OpBuilder &builder, mlir::Location location) : builder(builder), location(location) {}
  mlir::OpBuilder &builder;
  mlir::Location location;
  using Value = mlir::Value;
  /// Whether what is built is differentiated in turn: then it may not decide at a point what it is near it.
  bool again = false;
  /// Bools that say where the op's result is taken at all: elsewhere a product with a partial derivative is nothing,
  /// whatever that is.
  llvm::SmallVector<Value, 2> taken = {};

  Value add(Value a, Value b), sub(Value a, Value b), mul(Value a, Value b), div(Value a, Value b),
      pow(Value a, Value b);
  Value neg(Value a), sign(Value a), floor(Value a), exp(Value a), log(Value a), sqrt(Value a), tanh(Value a),
      sin(Value a), cos(Value a);
  Value eq(Value a, Value b), gt(Value a, Value b), ge(Value a, Value b), lt(Value a, Value b), le(Value a, Value b);
  Value logicalAnd(Value a, Value b), logicalNot(Value a), select(Value c, Value a, Value b);
  Value cast(Value a, mlir::Type element);
  Value constant(double value, Value like); ///< without axes, of the element of `like`
  Value one(Value like) { return constant(1, like); }
  Value times(double number, Value x); ///< a number that a narrow type would round is f32's
  Value zeros(mlir::Type type);
  Value numbersAlong(mlir::StringAttr axis, int64_t extent, mlir::Type element); ///< 0, 1, … along an axis
  /// A partial derivative that is 1 where c holds and 0 elsewhere: kept as the bool c, which a cotangent is selected by
  /// (0 · NaN is NaN).
  Value where(Value c) { return c; }
  Value castPartial(Value x, Value y); ///< 1 between floats, else null
  /// Partial derivatives of pow; Burin.md says what they are where the base is 0.
  Value powByBase(Value x, Value n), powByExponent(Value x, Value y);
  Value broadcastTo(Value v, mlir::Type type);
  /// Sums over the axes that `type` lacks, and converts to its element and order of axes.
  Value sumTo(Value v, mlir::Type type);
  /// Of a narrow float the sum is f32.
  Value reduceSum(Value v, mlir::ArrayRef<mlir::StringAttr> over);
};

} // namespace burin
