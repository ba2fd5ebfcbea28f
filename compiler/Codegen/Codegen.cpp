// A kernel's function: its ABI, and the choice of kind.
#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/KernelKinds.h"
using namespace mlir;
using namespace burin;

bool burin::mayUpdate(func::FuncOp kernel, unsigned operand, unsigned result) {
  Block &body = kernel.getBody().front();
  auto yielded = cast<func::ReturnOp>(body.getTerminator());
  Value x = body.getArgument(operand), y = yielded.getOperand(result);
  if (x.getType() != y.getType() || passedByValue(x.getType()))
    return false;
  // Lanes are read before a row's loop and written after it.
  if (auto accumulate = y.getDefiningOp<AccumulateOp>(); accumulate && accumulate.getAcc() == x && x.hasOneUse())
    return true;
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator())
    ops.push_back(&op);
  if (llvm::any_of(ops, [](Operation *op) { return isReductionLike(op) || isa<ScatterAddOp, RenameOp>(op); }))
    return false;
  for (Value out : yielded.getOperands()) // one loop nest writes everything
    if (!typeOf(out).sameAxesAs(typeOf(y)))
      return false;
  // Broadcasts may reorder axes: a place that was read may have been written already.
  return llvm::all_of(x.getUsers(), [&](Operation *user) {
    return isa<PointwiseOpInterface>(user) && typeOf(user->getResult(0)).sameAxesAs(typeOf(x));
  });
}

LogicalResult burin::generateKernel(func::FuncOp kernel, const Machine &machine) {
  Emitter e(kernel, machine);
  MLIRContext *context = kernel.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  Block *source = &kernel.getBody().front();
  auto yielded = cast<func::ReturnOp>(source->getTerminator());
  SmallVector<Value> outputs(yielded.getOperands());
  SmallVector<Type> arguments;
  for (Value x : source->getArguments())
    arguments.push_back(passedByValue(x.getType()) ? Type(IntegerType::get(context, 64)) : Type(pointer));
  arguments.append(outputs.size(), pointer);

  Region &region = kernel.getBody();
  Block *target = new Block();
  region.push_back(target);
  for (Type t : arguments)
    target->addArgument(t, kernel.getLoc());
  unsigned next = 0;
  for (Value x : source->getArguments())
    e.pointers[x] = target->getArgument(next++);
  SmallVector<Operation *> ops;
  ContractOp contraction;
  ScatterAddOp scatter;
  for (Operation &op : source->without_terminator()) {
    ops.push_back(&op);
    contraction = contraction ? contraction : dyn_cast<ContractOp>(op);
    scatter = scatter ? scatter : dyn_cast<ScatterAddOp>(op);
  }
  for (Value y : outputs)
    e.results[y] = target->getArgument(next++);
  Emitter::Level outermost;
  outermost.block = target;
  e.levels.push_back(outermost);
  e.builder.setInsertionPointToEnd(target);
  if (contraction)
    emitContraction(e, contraction, outputs);
  else if (scatter)
    emitScatter(e, scatter);
  else
    emitLoopKernel(e, ops, outputs);
  if (e.failed)
    return failure();
  e.builder.setInsertionPointToEnd(target);
  func::ReturnOp::create(e.builder, kernel.getLoc());
  source->dropAllReferences();
  source->dropAllDefinedValueUses();
  source->erase();
  kernel.setFunctionType(FunctionType::get(context, arguments, {}));
  return success();
}
