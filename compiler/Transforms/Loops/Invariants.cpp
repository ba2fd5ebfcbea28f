// What does not depend on a loop stands before it.
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Task/Task.h"
using namespace mlir;

namespace burin {

// A repetition along axes is computed where it is used: before a loop it would take memory.
static bool isRepetition(Operation *op) {
  auto broadcast = dyn_cast<BroadcastOp>(op);
  return isa<IotaOp>(op) || (broadcast && !typeOf(broadcast.getX()).sameAxesAs(typeOf(broadcast.getY())));
}

static bool mayMove(Operation &op) {
  return !op.getNumRegions() && isPure(&op) && !op.hasTrait<OpTrait::IsTerminator>() && !isRepetition(&op) &&
         isa_and_nonnull<BurinDialect>(op.getDialect()) && llvm::all_of(op.getResultTypes(), [](Type type) {
           return !ShapedType::isDynamicShape(cast<NamedTensorType>(type).getShape());
         });
}

bool hoistInvariants(Operation *within) {
  bool moved = false;
  within->walk([&](ForOp loop) { // the innermost first
    if (task::isResumable(loop))
      return;
    for (Operation &op : llvm::make_early_inc_range(loop.getBody().front()))
      if (mayMove(op) &&
          llvm::none_of(op.getOperands(), [&](Value x) { return loop.getBody().isAncestor(x.getParentRegion()); })) {
        op.moveBefore(loop);
        moved = true;
      }
  });
  return moved;
}

} // namespace burin
