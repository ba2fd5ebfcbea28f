//===- Adjoint.h - The walk back over a block -----------------------------------===//
#pragma once
#include "compiler/Differentiate/Activity.h"
#include "compiler/Differentiate/Differentiate.h"
#include "compiler/Differentiate/Gates.h"

namespace burin {

/// What every walk within one grad region shares.
struct Differentiation {
  const CotangentRule &rule;
  bool again; ///< what is built is differentiated in turn
  Keep keep;
  ValueSet varying;
  GateAnalysis gates{varying};
};

/// The cotangents of values, from the last op of a block to its first. Ops go where `builder` stands: behind the
/// block's own in a grad region, into a block of their own for a loop's body, which then asks for the values of the
/// body that they need (Residuals.h).
class Adjoint {
public:
  Adjoint(Differentiation &shared, mlir::OpBuilder &builder) : shared(shared), builder(builder) {}

  /// A value's cotangent so far, of its type; null is zero.
  mlir::Value cotangentOf(mlir::Value x) const { return cotangents.lookup(x); }
  /// Adds a part to the cotangent of a value, if that varies.
  void give(mlir::Value x, mlir::Value part, mlir::Location location);
  mlir::Value zeros(mlir::Value like, mlir::Location location);
  /// From `last` to the beginning of its block; in the order of the program's text backwards, operands from first to
  /// last, so the order of every sum follows from the program alone.
  mlir::LogicalResult walkBack(mlir::Operation *last);

private:
  mlir::LogicalResult differentiate(mlir::Operation &op, mlir::Value cotangent);
  void byItsRule(CustomGradientOp op, mlir::Value cotangent);
  mlir::LogicalResult differentiate(ForOp loop);
  mlir::LogicalResult differentiate(IfOp branch);
  friend class LoopAdjoint;

  Differentiation &shared;
  mlir::OpBuilder &builder;
  llvm::DenseMap<mlir::Value, mlir::Value> cotangents;
};

/// An error at the user's place, with a way out.
mlir::LogicalResult reportAt(mlir::Location place, const llvm::Twine &message, const llvm::Twine &help);

} // namespace burin
