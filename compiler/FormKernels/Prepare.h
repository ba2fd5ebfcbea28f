//===- Prepare.h - What needs memory before kernels are formed ------------------===//
#pragma once
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/FormKernels/Views.h"
#include "mlir/IR/Builders.h"
#include <map>
#include <tuple>

namespace burin {

/// What stays in a task: loops, task ops, and what `isHostScalar`.
bool isHost(mlir::Operation *op);
bool isPointwiseLike(mlir::Operation *op);

/// Decides which values have memory. What a product reads lies so that it can be read in vectors; what a loop, a slot,
/// a file or a table takes has memory of its own; views and index expressions that only kernels need have none.
class Preparation {
public:
  explicit Preparation(mlir::OpBuilder &builder) : builder(builder) {}
  /// Of a task's block and all blocks inside, before any kernel is made of them.
  void prepare(mlir::Block &body);
  /// Whether an op has no memory: each kernel that needs it has its own.
  bool standsInKernels(mlir::Operation *op) const;
  /// The memory that a kernel reads for a value: through views; null if it needs none.
  mlir::Value memoryOf(mlir::Value v) const;

private:
  void prepareContraction(ContractOp op);
  void prepareWindow(mlir::OpOperand &operand);
  void materialiseConstants(mlir::Block &body);
  void storeViews(mlir::Block &body);
  mlir::OpBuilder &builder;
  llvm::DenseSet<mlir::Operation *> stored;                         ///< views and index expressions that have memory
  std::map<std::tuple<void *, void *, void *>, mlir::Value> padded; ///< copies with zeros around, for products
  llvm::DenseMap<std::pair<mlir::Value, mlir::Type>, mlir::Value> laid; ///< out anew, for products in loops
};

} // namespace burin
