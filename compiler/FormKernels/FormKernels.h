//===- FormKernels.h - Groups of ops that run as one loop nest ---------------===//
#pragma once
#include "dialects/Task/Task.h"
#include "mlir/Pass/Pass.h"

namespace burin {

struct FormKernelsOptions {
  /// Of a hundred ops that could join a group, how many begin one of their own; a choice of which. Groups change no bit
  /// of a result: generated programs are compiled with other groups to show it.
  unsigned apart = 0, choice = 0;
};

/// `--form-kernels`: outlines groups of burin ops of task bodies as private functions, called by `task.launch`. What
/// stays in a task: loops, task ops, and i64 arithmetic without axes (keys, counters), which the host computes.
std::unique_ptr<mlir::Pass> createFormKernels(FormKernelsOptions options = {});

/// Where a value was written. A kernel's result, though equal kernels are one, has the place of what it is here.
mlir::Location placeOf(mlir::Value v);

/// Whether the host computes a value itself: an i64 without axes from counters, options, rows, constants and each
/// other.
bool isHostScalar(mlir::Value v);

/// How the loops of a kernel without a contraction stand. Rows: the axes that every op goes over and none reduces. An
/// op that uses the result of a reduction belongs to the next phase; phases run one after the other for each row.
struct LoopPlan {
  mlir::SmallVector<mlir::StringAttr> rows;
  mlir::DenseMap<mlir::Operation *, unsigned> phase;
  unsigned phases = 1;
  bool possible = true; ///< an axis has one extent in all ops: `pixel:15` of a window is no loop over `pixel`
};
/// The axes an op goes over (a reduction's operand's), and those it reduces.
NamedTensorType domainOf(mlir::Operation *op);
mlir::SmallVector<mlir::StringAttr> reducedBy(mlir::Operation *op);
/// Of ops in order; operands from outside have phase 0.
LoopPlan planLoops(mlir::ArrayRef<mlir::Operation *> ops);
bool isReductionLike(mlir::Operation *op);

} // namespace burin
