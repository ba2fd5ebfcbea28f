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
/// One buffer of the step arena, for reports.
struct Buffer {
  uint64_t offset, bytes;
  int64_t first, last; ///< live range, in the order of ops
  mlir::Location location;
  NamedTensorType type;
};
struct TaskPlan {
  mlir::DenseMap<mlir::Value, Place> places; ///< of every tensor value that lies in memory
  std::vector<Buffer> buffers;
  uint64_t stepBytes = 0, argumentBytes = 0;
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
/// Plans a task, inserting copies where they are needed: of what a loop carries, of what goes into a slot, and of what
/// stands in a slot that is wanted for something else.
TaskPlan planTask(task::TaskOp task, const Layout &layout, PlanOptions options = {});
/// Bytes of a value in memory.
uint64_t bytesOf(NamedTensorType type);

} // namespace burin
