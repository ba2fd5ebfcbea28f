#include "compiler/Target/Cpu/Watch.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/Program.h"
using namespace mlir;
using namespace burin;

// The one operation of a kernel that does more than to lay values out; else the last.
static Operation *mainOf(task::LaunchOp op) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getKernelAttr());
  Operation *main = nullptr;
  for (Operation &o : kernel.getBody().front().without_terminator())
    if (!main || !isa<ConstantOp, BroadcastOp, RenameOp>(o))
      main = &o;
  return main;
}

// Whether nothing but the branches of `if`s reads a value, or what is computed from it.
static bool isOfBranch(Value v) {
  for (OpOperand &use : v.getUses()) {
    auto launch = dyn_cast<task::LaunchOp>(use.getOwner());
    Operation *main = launch ? mainOf(launch) : nullptr;
    if (!main)
      return false;
    bool branch = false, condition = false;
    if (isa<SelectOp>(main))
      for (OpOperand &operand : main->getOpOperands()) {
        auto argument = dyn_cast<BlockArgument>(operand.get());
        if (argument && argument.getArgNumber() == use.getOperandNumber())
          (operand.getOperandNumber() == 0 ? condition : branch) = true;
      }
    if (condition || (!branch && !llvm::all_of(launch.getResults(), isOfBranch)))
      return false;
  }
  return !v.use_empty();
}

void burin::prepareWatch(ModuleOp module) {
  Builder builder(module.getContext());
  module.walk([&](task::LaunchOp op) {
    Operation *main = mainOf(op);
    SmallVector<int64_t> how;
    for (Value v : op.getResults())
      how.push_back((isOfBranch(v) ? BURIN_BRANCH : 0) | (isa_and_nonnull<SelectOp>(main) ? BURIN_CHOICE : 0));
    op->setAttr(operationAttr, builder.getStringAttr(main ? main->getName().stripDialect() : op.getKernel()));
    op->setAttr(watchedAttr, builder.getDenseI64ArrayAttr(how));
  });
}
