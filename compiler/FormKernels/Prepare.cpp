// Which values have memory, before ops are grouped.
#include "compiler/FormKernels/Prepare.h"
using namespace mlir;
using namespace burin;

bool burin::isHost(Operation *op) {
  if (isa<ForOp, IfOp, YieldOp>(op) || isa<task::TaskDialect>(op->getDialect()))
    return true;
  return op->getNumResults() == 1 && isHostScalar(op->getResult(0));
}
bool burin::isPointwiseLike(Operation *op) { return isa<PointwiseOpInterface, BroadcastOp, IotaOp>(op); }

// What a product reads through a window lies at sums of multiples of indices: where the window is 0 for want of an
// element, it reads a copy with these zeros.
void Preparation::prepareWindow(OpOperand &operand) {
  auto window = operand.get().getDefiningOp<WindowOp>();
  if (!window || window.isInside())
    return;
  builder.setInsertionPoint(window);
  operand.set(affineWindow(builder, window, [&](NamedTensorType type, ArrayAttr places) {
    Value &copy = padded[{window.getX().getAsOpaquePointer(), const_cast<void *>(type.getAsOpaquePointer()),
                          const_cast<void *>(places.getAsOpaquePointer())}];
    if (!copy) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointAfterValue(window.getX());
      copy = WindowOp::create(builder, window.getLoc(), type, window.getX(), places);
      stored.insert(copy.getDefiningOp());
    }
    return copy;
  }));
}

// The vector axis of a product, the last of its result, must be the last of the memory of every operand that has it;
// else that is laid out so.
void Preparation::prepareContraction(ContractOp op) {
  for (unsigned i : {0u, 1u})
    prepareWindow(op->getOpOperand(i));
  auto result = typeOf(op.getY());
  if (result.getAxes().empty())
    return;
  StringAttr vectorAxis = result.getAxes().back();
  for (unsigned i : {0u, 1u}) {
    Value x = op->getOperand(i);
    Access access = accessOf(x);
    auto type = typeOf(access.memory);
    if (!typeOf(x).hasAxis(vectorAxis) || typeOf(x).extentOf(vectorAxis) == 1 || access.stride(vectorAxis) == 1)
      continue;
    StringAttr axis = memoryAxis(x, vectorAxis);
    if (!axis || type.getAxes().back() == axis)
      continue; // its elements are taken one by one
    auto laidOut = type.without(axis).withAxis(axis, type.extentOf(axis));
    Value memory = access.memory;
    bool outside = memory.getParentBlock() != op->getBlock(); // then once, not at every step of the loops around
    Value known = outside ? laid.lookup({memory, laidOut}) : Value();
    if (!known) {
      if (!outside)
        builder.setInsertionPoint(op);
      else
        builder.setInsertionPointAfterValue(memory);
      known = BroadcastOp::create(builder, op.getLoc(), laidOut, memory);
      if (outside)
        laid[{memory, laidOut}] = known;
    }
    builder.setInsertionPoint(op);
    op->setOperand(i, onOtherMemory(builder, x, memory, known));
  }
}

// Whether an op of a kernel reads an operand where it needs it, rather than from memory of its own.
static bool readsThrough(OpOperand &use) {
  Operation *op = use.getOwner();
  if (!isView(use.get().getDefiningOp()) && isa<GatherOp, ContractOp, RenameOp, WindowOp>(op))
    return isa<GatherOp>(op) && use.getOperandNumber() > 0;
  if (isView(op))
    return isAffineView(use.get().getDefiningOp());
  if (isHost(op))
    return false;
  if (isa<ContractOp>(op))
    return use.getOperandNumber() < 2 && isAffineView(use.get().getDefiningOp());
  if (isa<AccumulateOp, GatherOp>(op))
    return use.getOperandNumber() == (isa<GatherOp>(op) ? 1u : 0u);
  return isPointwiseLike(op) || isReductionLike(op);
}

bool Preparation::standsInKernels(Operation *op) const {
  return (isView(op) || isIndexExpression(op)) && !stored.contains(op);
}

// What needs a view, or an index expression, in memory gets it from a kernel of its own.
void Preparation::storeViews(Block &body) {
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (!standsInKernels(&op))
      continue;
    Operation *copy = nullptr;
    for (OpOperand &use : llvm::make_early_inc_range(op.getUses())) {
      if (readsThrough(use))
        continue;
      if (!copy) {
        builder.setInsertionPointAfter(&op);
        copy = builder.clone(op);
        stored.insert(copy);
      }
      use.set(copy->getResult(0));
    }
  }
}

Value Preparation::memoryOf(Value v) const {
  while (v && standsInKernels(v.getDefiningOp()))
    v = isView(v.getDefiningOp()) ? v.getDefiningOp()->getOperand(0) : Value();
  return v;
}

// A constant that a loop, a slot, a file or an op which reads by address takes needs memory of its own.
void Preparation::materialiseConstants(Block &body) {
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (!isa<ForOp, IfOp, YieldOp, task::SetOp, task::SaveOp, task::WriteOp, task::RecordOp, task::AssertOp,
             task::CheckOp, task::ReturnOp, ContractOp, GatherOp, ScatterAddOp, ScatterOp, AccumulateOp, RenameOp,
             WindowOp>(op))
      continue;
    for (OpOperand &operand : op.getOpOperands()) {
      auto constant = operand.get().getDefiningOp<ConstantOp>();
      bool isCount = isa<ForOp>(op) && operand.getOperandNumber() == 0;
      if (!constant || isCount || !isSplatConstant(constant))
        continue;
      builder.setInsertionPoint(&op);
      auto scalar = typeOf(constant).withoutAxes();
      auto value =
          DenseElementsAttr::getFromRawBuffer(scalar, cast<DenseElementsAttr>(constant.getValue()).getRawData());
      Value element = ConstantOp::create(builder, op.getLoc(), value);
      operand.set(BroadcastOp::create(builder, op.getLoc(), constant.getType(), element));
    }
  }
}

// What needs memory of its own has it before any kernel is made, within loops and around them.
void Preparation::prepare(Block &body) {
  for (Operation &op : body)
    for (Region &region : op.getRegions())
      prepare(region.front());
  for (auto op : llvm::make_early_inc_range(body.getOps<ContractOp>()))
    prepareContraction(op);
  materialiseConstants(body);
  storeViews(body);
}
