//===- Gates.h - Where values are taken at all -----------------------------------===//
#pragma once
#include "compiler/Differentiate/Activity.h"
#include "dialects/Burin/Burin.h"
#include "llvm/ADT/DenseMap.h"

namespace burin {

/// What decides whether a value is taken by the loss: where the bool holds (or does not), element by element along the
/// axes `along`, anywhere along its others. Elsewhere the value's cotangent is zero, and what that is multiplied by is
/// not looked at: of `if x > 0 then log(x) else 0` the derivative at 0 is 0, not 0 times infinity.
struct Gate {
  mlir::Value condition;
  bool holds;
  llvm::SmallVector<mlir::StringAttr, 2> along;
  bool operator==(const Gate &other) const = default;
};
/// At most one of a bool and of whether it holds.
using Gates = llvm::SmallVector<Gate, 1>;
/// Of more selections around each other the outermost are not followed.
constexpr size_t mostGates = 4;

/// From the selections by which a loss depends on values, back to what these are computed from.
class GateAnalysis {
public:
  explicit GateAnalysis(const ValueSet &varying) : varying(varying) {}
  /// The values of `block`, of which the loss is one, and of the blocks inside.
  void run(mlir::Block &block, mlir::Value loss);
  /// The bools that mask an op's products with its partial derivatives, built where `b` stands.
  llvm::SmallVector<mlir::Value, 2> takenBy(mlir::Operation &op, Rules &b) const;

private:
  /// Adds a way by which the loss depends on `x`; whether what is known of it changed.
  bool reach(mlir::Value x, const Gates &gates);
  bool isReached(mlir::Value x) const { return gates.contains(x); }
  Gates through(mlir::Operation &op, unsigned operand) const;
  void walkBack(mlir::Block &block);
  void walkBack(ForOp loop);
  void walkBack(IfOp branch);

  const ValueSet &varying;
  llvm::DenseMap<mlir::Value, Gates> gates;
};

} // namespace burin
