//===- Instance.h - A random instance of an op, and its gradients as IR ----------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace burin::judge {

/// One op, judged at one point, as functions of a module:
///   value(x…)          -> z: the op and what it needs, z its result as a float
///   loss(x…, w)        -> the sum of w z over z's axes, or over some of them only where all of `varied` have the
///   others gradients(x…, w, v…) -> by `burin.grad`, the loss's gradients by the x of `varied`, and then those of the
///   sum of
///                         (v · gradient): products of second derivatives with v
/// `w` has z's type and each v that of its x.
struct Instance {
  mlir::OperationName op;
  uint64_t seed; ///< of the op's choices and of the point
  mlir::func::FuncOp value, loss, gradients;
  llvm::SmallVector<unsigned> varied; ///< the x that are differentiated by: floats; others are constants

  NamedTensorType typeOfInput(unsigned i) { return mlir::cast<NamedTensorType>(value.getArgumentTypes()[i]); }
  NamedTensorType typeOfValue() { return mlir::cast<NamedTensorType>(value.getResultTypes()[0]); }
  /// What is special about its shapes: tests ask that there are some of each.
  struct Shapes {
    bool sizeOne, lacking, reordered, mapped, twice;
  };
  Shapes shapes() const;
  /// The op's name, with its `kind` if it has one.
  std::string name() const;
  void erase(); ///< its functions, from their module
};

/// The attribute that the op judged has in each of the functions.
inline constexpr llvm::StringLiteral judged = "judged";

/// Makes an instance at the end of a module: the same for the same seed. None if the op has no random instances
/// (`GeneratableOpInterface`), or none found that a float goes into.
std::optional<Instance> makeInstance(mlir::ModuleOp module, mlir::RegisteredOperationName op, uint64_t seed);

} // namespace burin::judge
