// What does not depend on a loop stands before it.
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Task/Task.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {

// A repetition along axes is computed where it is used: before a loop it would take memory.
static bool isRepetition(Operation *op) {
  auto broadcast = dyn_cast<BroadcastOp>(op);
  return isa<IotaOp>(op) || (broadcast && !typeOf(broadcast.getX()).sameAxesAs(typeOf(broadcast.getY())));
}

static bool isOfRows(Type type) {
  auto tensor = dyn_cast<NamedTensorType>(type);
  return tensor && ShapedType::isDynamicShape(tensor.getShape());
}

static bool isComputation(Operation *op) {
  return !op->getNumRegions() && isPure(op) && !op->hasTrait<OpTrait::IsTerminator>() &&
         (isa_and_nonnull<BurinDialect>(op->getDialect()) || isa<task::RowsOp, task::ColumnOp>(op));
}

static bool isInside(ForOp loop, Value x) { return loop.getBody().isAncestor(x.getParentRegion()); }

static bool mayMove(Operation &op) {
  return isComputation(&op) && isa<BurinDialect>(op.getDialect()) && !isRepetition(&op) &&
         llvm::none_of(op.getResultTypes(), isOfRows);
}

// What goes through a whole data set and gives something of a known size: done once, it is one pass through the rows
// in place of one a step. What it takes of the loop's body is computed again before the loop, and never stored: the
// rows are tiled.
static bool isOfWholeSet(Operation &op) { return mayMove(op) && llvm::any_of(op.getOperandTypes(), isOfRows); }

// The computations in a loop that an op takes, in order, and the op. False: one of them depends on the loop.
static bool takes(ForOp loop, Operation *op, llvm::SetVector<Operation *> &out) {
  constexpr size_t most = 256;
  if (out.contains(op))
    return true;
  if (!isComputation(op) || out.size() >= most)
    return false;
  for (Value x : op->getOperands())
    if (isInside(loop, x) && (!x.getDefiningOp() || !takes(loop, x.getDefiningOp(), out)))
      return false;
  return out.insert(op);
}

static bool hoistSetReductions(ForOp loop) {
  bool moved = false;
  for (Operation &op : llvm::make_early_inc_range(loop.getBody().front())) {
    llvm::SetVector<Operation *> parts;
    if (!isOfWholeSet(op) || !takes(loop, &op, parts))
      continue;
    OpBuilder builder(loop);
    IRMapping before;
    for (Operation *part : parts)
      builder.clone(*part, before);
    op.replaceAllUsesWith(llvm::map_to_vector(op.getResults(), [&](Value x) { return before.lookup(x); }));
    op.erase();
    moved = true;
  }
  return moved;
}

bool hoistInvariants(Operation *within) {
  bool moved = false;
  within->walk([&](ForOp loop) { // the innermost first
    moved |= hoistSetReductions(loop);
    if (task::isResumable(loop)) // a checkpoint would hold what was moved
      return;
    for (Operation &op : llvm::make_early_inc_range(loop.getBody().front()))
      if (mayMove(op) && llvm::none_of(op.getOperands(), [&](Value x) { return isInside(loop, x); })) {
        op.moveBefore(loop);
        moved = true;
      }
  });
  return moved;
}

} // namespace burin
