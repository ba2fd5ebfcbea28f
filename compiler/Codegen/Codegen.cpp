// A kernel's function: its ABI, and the choice of kind.
#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/KernelKinds.h"
#include "compiler/FormKernels/Views.h"
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
  // A scatter leaves the other elements as they are.
  if (Operation *op = y.getDefiningOp(); op && isScatter(op))
    return scatteredInto(op) == x && x.hasOneUse();
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator())
    ops.push_back(&op);
  if (llvm::any_of(ops, [](Operation *op) { return isReductionLike(op) || isView(op); }))
    return false;
  for (Value out : yielded.getOperands()) // one loop nest writes everything
    if (!typeOf(out).sameAxesAs(typeOf(y)))
      return false;
  // Broadcasts may reorder axes: a place that was read may have been written already.
  return llvm::all_of(x.getUsers(), [&](Operation *user) {
    return isa<PointwiseOpInterface>(user) && typeOf(user->getResult(0)).sameAxesAs(typeOf(x));
  });
}

// The kernel's parameters, as values in its new body: in registers, or behind `arguments` if it comes in pieces.
static SmallVector<Value> receive(Emitter &e, Block *target, ArrayRef<Type> types, int64_t piece) {
  MLIRContext *context = e.kernel.getContext();
  Location location = e.kernel.getLoc();
  if (!e.shared.axis)
    return llvm::map_to_vector(types, [&](Type t) -> Value { return target->addArgument(t, location); });
  Value arguments = target->addArgument(LLVM::LLVMPointerType::get(context), location);
  Value number = target->addArgument(IntegerType::get(context, 64), location);
  SmallVector<Value> received;
  for (auto [i, type] : llvm::enumerate(types)) {
    Value place = LLVM::GEPOp::create(e.builder, location, arguments.getType(), e.builder.getI64Type(), arguments,
                                      ArrayRef<LLVM::GEPArg>{int32_t(i)});
    received.push_back(LLVM::LoadOp::create(e.builder, location, type, place));
  }
  ScalarBuilder b(e.builder, location);
  e.low = b.mul(number, e.integer(piece));
  e.high = arith::MinSIOp::create(e.builder, location, e.add(e.low, piece), e.integer(e.shared.extent));
  return received;
}

LogicalResult burin::generateKernel(func::FuncOp kernel, const Machine &machine) {
  Emitter e(kernel, machine);
  MLIRContext *context = kernel.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  Block *source = &kernel.getBody().front();
  auto yielded = cast<func::ReturnOp>(source->getTerminator());
  SmallVector<Value> outputs(yielded.getOperands());
  SmallVector<Operation *> ops;
  ContractOp contraction;
  Operation *scatter = nullptr;
  for (Operation &op : source->without_terminator()) {
    bool given = llvm::is_contained(outputs, op.getResult(0));
    if (given || (!isView(&op) && !isIndexExpression(&op))) // others are made where they are needed
      ops.push_back(&op);
    contraction = contraction ? contraction : dyn_cast<ContractOp>(op);
    scatter = isScatter(&op) ? &op : scatter;
  }
  std::unique_ptr<KernelKind> kind = contraction ? makeContraction(e, contraction, outputs)
                                     : scatter   ? makeScatter(e, scatter)
                                                 : makeLoopKernel(e, ops, outputs);
  int64_t piece = 0;
  if (kernel->removeAttr(sharedAttr)) {
    SharedLoop loop = kind->sharedLoop();
    piece = machine.allPieces ? loop.unit : pieceOf(loop, workOf(kernel));
    if (piece < loop.extent) {
      e.shared = loop;
      kernel->setAttr(piecesAttr, e.builder.getI64IntegerAttr(int64_t(llvm::divideCeil(loop.extent, piece))));
    }
  }

  SmallVector<Type> types;
  for (Value x : source->getArguments())
    types.push_back(passedByValue(x.getType()) ? Type(IntegerType::get(context, 64)) : Type(pointer));
  types.append(outputs.size(), pointer);
  Block *target = new Block();
  kernel.getBody().push_back(target);
  e.builder.setInsertionPointToEnd(target);
  SmallVector<Value> received = receive(e, target, types, piece);
  for (auto [x, place] : llvm::zip_first(source->getArguments(), received))
    e.pointers[x] = place;
  for (auto [y, place] : llvm::zip(outputs, ArrayRef(received).take_back(outputs.size())))
    e.results[y] = place;
  Emitter::Level outermost;
  outermost.block = target;
  e.levels.push_back(outermost);
  kind->emit();
  if (e.failed)
    return failure();
  e.builder.setInsertionPointToEnd(target);
  func::ReturnOp::create(e.builder, kernel.getLoc());
  source->dropAllReferences();
  source->dropAllDefinedValueUses();
  source->erase();
  kernel.setFunctionType(FunctionType::get(context, target->getArgumentTypes(), {}));
  return success();
}
