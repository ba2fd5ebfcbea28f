//===- KernelKinds.h - The kinds of kernel -------------------------------------===//
#pragma once
#include "compiler/Codegen/Emitter.h"
#include "compiler/FormKernels/FormKernels.h"

namespace burin {
class KernelKind {
public:
  virtual ~KernelKind() = default;
  /// The loop that may be cut into pieces.
  virtual SharedLoop sharedLoop() const { return {}; }
  virtual void emit() = 0;
};
/// The ops of a kernel in order, and the values it gives.
std::unique_ptr<KernelKind> makeLoopKernel(Emitter &e, mlir::ArrayRef<mlir::Operation *> ops, mlir::ValueRange outputs);
std::unique_ptr<KernelKind> makeContraction(Emitter &e, ContractOp op, mlir::ValueRange outputs);
std::unique_ptr<KernelKind> makeScatter(Emitter &e, mlir::Operation *op);
/// What an iteration space costs, in nanoseconds of one core: roughly, and by shape alone.
int64_t workOf(mlir::func::FuncOp kernel);
/// Elements of the loop in a piece: whole units, so many that it is not too short to be handed over. No less than
/// `loop.extent`: the kernel stays whole.
int64_t pieceOf(SharedLoop loop, int64_t work);
mlir::Value maskOf(Emitter &e, int64_t lanes); ///< the first lanes of a vector
} // namespace burin
