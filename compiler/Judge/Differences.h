//===- Differences.h - Derivatives by central differences, in binary128 -----------===//
#pragma once
#include "compiler/Interpret/Evaluate.h"
#include "compiler/Judge/Instance.h"
#include "llvm/ADT/DenseMap.h"

namespace burin::judge {
using interpret::Ref;

/// Where an instance is judged. All floats are kept in binary128.
struct Point {
  llvm::SmallVector<Ref> x; ///< of `Instance::value`
  Ref w;
  llvm::SmallVector<Ref> v; ///< one for each input that is differentiated by
  /// Whether values are drawn from few numbers, so that they are at kinks, jumps and ties; then decisions are kept.
  bool atKinks;
};
Point makePoint(Instance &instance, uint64_t seed, bool atKinks);

/// Values of a block by SSA value.
using Frame = llvm::DenseMap<mlir::Value, Ref>;

/// Runs a function of pure burin ops without regions in binary128; its values, or none after a report at the op.
std::optional<Frame> run(mlir::func::FuncOp function, llvm::ArrayRef<Ref> arguments);
/// What the function returns.
std::optional<llvm::SmallVector<Ref>> results(mlir::func::FuncOp function, llvm::ArrayRef<Ref> arguments);

/// What derivatives are held against. Numbers are NaN where the function has no value on either side.
struct Derivatives {
  using Numbers = std::vector<Quad>;
  llvm::SmallVector<Numbers> first, second; ///< of each input in `varied`
};
/// By differences of `Instance::value` alone. None where it has no finite value.
std::optional<Derivatives> differences(Instance &instance, const Point &point);

/// Branches.cpp: the op's result near a point, by the branch that it takes at the point. `at`: its operands there,
/// `value`: its result there. Null if it takes no decision. This is where the rule of every kink stands a second time
/// (Burin.md, Kinks).
Ref onBranch(mlir::Operation *op, llvm::ArrayRef<Ref> x, llvm::ArrayRef<Ref> at, const Ref &value);

} // namespace burin::judge
