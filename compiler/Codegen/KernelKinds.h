//===- KernelKinds.h - The kinds of kernel -------------------------------------===//
#pragma once
#include "compiler/Codegen/Emitter.h"
#include "compiler/FormKernels/FormKernels.h"

namespace burin {
/// The ops of a kernel in order, and the values it gives.
void emitLoopKernel(Emitter &e, mlir::ArrayRef<mlir::Operation *> ops, mlir::ValueRange outputs);
void emitContraction(Emitter &e, ContractOp op, mlir::ValueRange outputs);
void emitScatter(Emitter &e, ScatterAddOp op);
mlir::Value maskOf(Emitter &e, int64_t lanes); ///< the first lanes of a vector
} // namespace burin
