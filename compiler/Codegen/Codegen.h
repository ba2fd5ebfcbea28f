//===- Codegen.h - Kernels as loops and vectors ------------------------------===//
#pragma once
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace burin {

/// How kernels are laid out for a processor. No choice here changes a bit of a result.
struct Machine {
  bool vectors = true;      ///< else everything is scalar (-O0)
  unsigned tileRows = 12;   ///< rows of a product's tile in registers, in f32
  unsigned tileVectors = 2; ///< vectors of 16 columns in a tile
  bool allPieces = false;   ///< every kernel that can be cut is, as finely as can be
};

/// The ABI of a kernel: operands, then results. An i64 without axes comes by value, everything else by pointer to its
/// elements, row-major in the order of its type's axes, 64-byte aligned.
bool passedByValue(mlir::Type type);

/// On a kernel: it is worth the effort of sharing it among threads (shareKernels). After `generateKernel` that has cut
/// it by its shape, how many pieces it has; its function is then `(arguments: pointer, piece: i64)`, where `arguments`
/// are the operands and results in memory, 8 bytes each.
constexpr llvm::StringLiteral sharedAttr = "burin.shared", piecesAttr = "burin.pieces";

/// Marks the kernels that threads may share: those of steps that are long enough, by the kernels' shapes alone.
void shareKernels(mlir::ModuleOp module, const Machine &machine);

/// Leaves one of the kernels that are equal but for the names of axes, and has it launched in place of the others:
/// types of launches and kernels then differ in names.
void mergeKernels(mlir::ModuleOp module);

/// Replaces the body of a kernel (burin ops) by scf, vector and arith ops on pointers. Fails with an error at an op it
/// can't emit.
mlir::LogicalResult generateKernel(mlir::func::FuncOp kernel, const Machine &machine);

/// Whether a kernel may write result `result` into the buffer of operand `operand`: it reads that operand only at the
/// element it writes.
bool mayUpdate(mlir::func::FuncOp kernel, unsigned operand, unsigned result);

} // namespace burin
