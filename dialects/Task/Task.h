//===- Task.h - The task dialect --------------------------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace burin::task {
struct State : mlir::SideEffects::Resource::Base<State> {
  mlir::StringRef getName() final { return "State"; }
};
struct Output : mlir::SideEffects::Resource::Base<Output> {
  mlir::StringRef getName() final { return "Output"; }
};
} // namespace burin::task

#include "dialects/Task/TaskDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.h.inc"
