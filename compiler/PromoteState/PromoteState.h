//===- PromoteState.h - Slots become values -----------------------------------===//
#pragma once
#include "mlir/Pass/Pass.h"
#include <memory>

namespace burin {

/// Replaces reads and writes of slots inside tasks by values, in program order. Afterwards a task gets each slot that
/// it touches once, at its head, and sets those that it writes at its end; loops carry the slots that they write;
/// `burin.grad` has what it differentiates as operands; `task.save` has operands and `task.load` results. Calls must
/// have been inlined. Error E0601: `initialise` reads a slot that has no value yet.
std::unique_ptr<mlir::Pass> createPromoteState();

} // namespace burin
