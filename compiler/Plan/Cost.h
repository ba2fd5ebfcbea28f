//===- Cost.h - What kernels compute and move ----------------------------------===//
//
// Costs follow from what ops are: of pointwise ops from their scalar body, of others from CostOpInterface. Plan.md says
// what counts.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace burin {

/// Of one execution.
struct Cost {
  OperationCount arithmetic;
  uint64_t read = 0, written = 0; ///< bytes of operands and of results, each once
  void add(const Cost &other, uint64_t times = 1);
  uint64_t bytes() const { return llvm::SaturatingAdd(read, written); }
};

/// Costs of a module's kernels (functions of burin ops, as FormKernels leaves them), each computed once.
class CostModel {
public:
  explicit CostModel(mlir::ModuleOp module) : module(module) {}
  /// Of one launch of the kernel; an error was reported if none is returned: an op says nothing about its arithmetic.
  std::optional<Cost> of(mlir::StringRef kernel);

private:
  mlir::LogicalResult addArithmetic(mlir::Operation *op, Cost &cost);
  const OperationCount &perElement(PointwiseOpInterface op);

  mlir::ModuleOp module;
  llvm::StringMap<Cost> kernels;
  llvm::StringMap<OperationCount> bodies; ///< by op, attributes and types of elements
};

/// How fast a core can be; 0: not known.
struct Limits {
  double f32 = 0, f64 = 0; ///< operations a second
  double bandwidth = 0;    ///< bytes a second
  uint64_t workingSet = 0; ///< bytes over which the bandwidth was measured; 0: it was given
};
/// The least seconds that a cost can take: the longer one of its arithmetic and its bytes. None where a limit that it
/// needs is not known.
std::optional<double> secondsAtLimit(const Cost &cost, const Limits &limits);

} // namespace burin
