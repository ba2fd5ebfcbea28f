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
/// Marks a `burin.for` that stands in a task's text inside nothing but such loops: a run may go on at the head of any
/// of its iterations.
inline constexpr llvm::StringLiteral resumable = "task.resumable";
/// On a `task.set`: the first of a local slot, in the block in which it lives.
inline constexpr llvm::StringLiteral declares = "task.declares";
/// `reads` of a field or an option, by the number that the runtime knows it by (burin_reads).
/// What reads a data set's file; in the runtime `burin_read_` and its name.
inline constexpr llvm::StringLiteral readers[] = {"csv", "text", "npy", "idx"};
inline constexpr llvm::StringLiteral fieldReads[] = {"elements", "text", "series", "length", "words"};
inline bool isResumable(ForOp loop) { return loop->hasAttr(resumable); }
} // namespace burin::task

#include "dialects/Task/TaskDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.h.inc"
