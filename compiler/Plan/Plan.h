//===- Plan.h - Every byte's place, before the program runs -------------------===//
//
// After FormKernels a task is loops and launches. Each tensor value gets a place: the slot it lives in, or an offset in
// the step arena by its exact live range. The values that a loop carries (before, in, between and after iterations)
// share one place if they are never wanted at once; else a copy is inserted, a kernel that the IR shows.
//
//===----------------------------------------------------------------------===//
#pragma once
#include "dialects/Task/Task.h"

namespace burin {

enum class Arena { Persistent, Step, Arguments };
struct Place {
  Arena arena;
  uint64_t offset;
};
/// One buffer of the step arena, and the values that lie in it one after the other.
struct Buffer {
  struct Holding {
    mlir::Value value;
    int64_t first, last;
  };
  uint64_t offset, bytes;
  int64_t first, last; ///< live range, in the order of ops
  NamedTensorType type;
  mlir::SmallVector<Holding> holdings;
};
/// A slice along the first axis of a value, at a loop's counter: of a sequence, or one that the loop emits.
struct View {
  mlir::Value whole;
  ForOp loop;
};
struct TaskPlan {
  mlir::DenseMap<mlir::Value, Place> places; ///< of every tensor value that lies in memory
  mlir::DenseMap<mlir::Value, View> views;   ///< of those whose place is in another value's
  std::vector<Buffer> buffers;
  uint64_t stepBytes = 0, argumentBytes = 0;
  mlir::SmallVector<uint64_t> results; ///< where the task's results are found in the step arena
  unsigned copies = 0;
  bool complete = false; ///< else an error was reported
};
/// Where slots lie in the persistent arena, 64-byte aligned, in order of declaration. Local ones have no place unless a
/// task keeps them.
struct Layout {
  llvm::StringMap<uint64_t> offsets;
  uint64_t bytes = 0;
};
Layout layOut(mlir::ModuleOp module);
/// What can be left out. No bit of a result changes; memory and copies do.
struct PlanOptions {
  bool sink = true;   ///< launches that update what a loop carries go behind the last reader of the old value
  bool update = true; ///< a launch's result may lie where its operand lay
};
/// What a task has in memory while it runs, in bytes: what the runtime allocates for it beside the columns of data
/// sets, which are known when the program runs.
struct TaskMemory {
  uint64_t persistent = 0; ///< parameters, states, optimiser states of the program
  uint64_t step = 0;       ///< the task's, or that of first values, where they want more
  uint64_t arguments = 0;  ///< the options' values
  uint64_t total() const { return persistent + step + arguments; }
};
struct ProgramPlan {
  Layout layout;
  std::vector<std::pair<task::TaskOp, TaskPlan>> tasks; ///< in order; with the one that sets first values
  TaskMemory memoryOf(const TaskPlan &plan) const;
  /// The plan that decides the step arena while a task runs: its own, or that of first values.
  const TaskPlan &largerOf(const TaskPlan &plan) const;
};
/// Plans all tasks, and holds them to what the program requires of their memory (E0606).
mlir::FailureOr<ProgramPlan> planProgram(mlir::ModuleOp module, PlanOptions options = {});

/// A tensor that is there when a task's memory is fullest.
struct PeakTensor {
  uint64_t bytes; ///< with what aligns it
  NamedTensorType type;
  mlir::Location place;
  mlir::StringRef slot;          ///< its name, where it lives on
  mlir::Operation *by = nullptr; ///< what computes it, in its kernel; null: no kernel's result
};
/// The tensors of the step arena at the moment when most bytes are wanted, largest first.
mlir::SmallVector<PeakTensor> peakOf(const TaskPlan &plan);
/// `f32[batch 32, pixel 64]`: a type in the user's names.
std::string show(NamedTensorType type);
/// Digits in groups of three: 1,234,567.
std::string grouped(uint64_t number);

/// Plans a task, inserting copies where they are needed: of what a loop carries, of what goes into a slot, and of what
/// stands in a slot that is wanted for something else.
TaskPlan planTask(task::TaskOp task, const Layout &layout, PlanOptions options = {});
/// Bytes of a value in memory.
uint64_t bytesOf(NamedTensorType type);

} // namespace burin
