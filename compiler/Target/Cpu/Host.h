//===- Host.h - Tasks as functions of the ABI -----------------------------------===//
#pragma once
#include "compiler/Plan/Plan.h"
#include "compiler/Target/Cpu/Descriptor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace burin {

/// A task's function `task.NAME`: loops, launches and runtime calls on the places of the plan. What it names by number
/// to the runtime is added to the descriptor's tables.
mlir::func::FuncOp lowerTask(task::TaskOp task, const TaskPlan &plan, Descriptor &descriptor, unsigned watch);

} // namespace burin
