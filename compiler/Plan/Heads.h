//===- Heads.h - What an iteration finds at its head -------------------------------===//
#pragma once
#include "compiler/Plan/Plan.h"

namespace burin {

/// The tensors in memory that an iteration of a resumable loop, or what comes after it, reads and did not write: one
/// for each place, in order of places. With the slots that live on, the counters and the options they are all that a
/// run needs to go on there: scalars of the host are computed anew from those, columns are read from their file again.
llvm::SmallVector<mlir::Value> heldAtHead(ForOp loop, const TaskPlan &plan);

} // namespace burin
