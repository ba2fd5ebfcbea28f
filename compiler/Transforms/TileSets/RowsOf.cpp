// A set's expression at some of its rows: the expression's ops once more, on other types.
#include "compiler/Transforms/TileSets/RowsOf.h"
#include "dialects/Task/Task.h"
using namespace mlir;

namespace burin {

StringAttr dataAxisOf(Type type) {
  if (auto tensor = dyn_cast<NamedTensorType>(type))
    for (auto [name, size] : llvm::zip(tensor.getAxes(), tensor.getSizes()))
      if (ShapedType::isDynamic(size))
        return name;
  return {};
}

NamedTensorType RowsOf::atRows(NamedTensorType type) const {
  SmallVector<StringAttr> names;
  SmallVector<int64_t> sizes;
  auto indices = typeOf(rows);
  for (auto [name, size] : llvm::zip(type.getAxes(), type.getSizes())) {
    if (name != axis) {
      names.push_back(name), sizes.push_back(size);
      continue;
    }
    for (auto [rowsName, rowsSize] : llvm::zip(indices.getAxes(), indices.getSizes()))
      if (rowsName == axis || !type.hasAxis(rowsName))
        names.push_back(rowsName), sizes.push_back(rowsSize);
  }
  return NamedTensorType::get(type.getContext(), type.getElement(), sizes, names);
}

// The table whose rows a gather takes is not one of the values that are taken at the rows.
bool RowsOf::isTable(OpOperand &operand) const {
  auto gather = dyn_cast<GatherOp>(operand.getOwner());
  return gather && operand.getOperandNumber() == 0 && llvm::is_contained(axisNames(gather.getAt()), axis);
}

// An axis of the index that the op itself sums over, or that another axis is named after, would be mistaken for the
// op's own.
bool RowsOf::goesByRows(Operation *op) const {
  auto free = [&](ArrayRef<StringAttr> over) {
    return llvm::none_of(over, [&](StringAttr name) { return name == axis || typeOf(rows).hasAxis(name); });
  };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<task::ColumnOp, BroadcastOp>([](auto) { return true; })
      .Case([&](IotaOp) { return true; })
      .Case<PointwiseOpInterface>([](auto) { return true; })
      .Case<ContractOp, ReduceOp>([&](auto o) { return free(axisNames(o.getOver())); })
      .Case([&](ArgReduceOp o) { return free(o.getOverAttr()); })
      .Case([&](GatherOp o) {
        SmallVector<StringAttr> taken = axisNames(o.getAt());
        llvm::erase(taken, axis);
        return free(taken) && (!isTable(o->getOpOperand(0)) || o.getTable().getDefiningOp<task::ColumnOp>());
      })
      .Case([&](ScatterAddOp o) { return free(axisNames(o.getAt())); })
      .Case([&](WindowOp o) {
        SmallVector<StringAttr> used = o.taken();
        for (PlaceAttr place : o.getPlaces().getAsRange<PlaceAttr>())
          llvm::append_range(used, place.getAxes());
        return free(used);
      })
      .Case([&](RenameOp o) {
        return typeOf(o.getX()).axisPosition(axis) == typeOf(o.getY()).axisPosition(axis) &&
               free(typeOf(o.getY()).without(axis).getAxes()) && free(typeOf(o.getX()).without(axis).getAxes());
      })
      .Default([](Operation *) { return false; });
}

Value RowsOf::rebuild(Operation *op) {
  auto type = typeOf(op->getResult(0));
  if (isa<IotaOp>(op))
    return rows;
  if (isa<task::ColumnOp>(op))
    return GatherOp::create(builder, op->getLoc(), atRows(type), op->getResult(0), rows,
                            axisArray(op->getContext(), axis));
  IRMapping mapping;
  Operation *clone = builder.clone(*op, mapping);
  for (auto [operand, original] : llvm::zip(clone->getOpOperands(), op->getOpOperands()))
    if (hasAxis(original.get(), axis) && !isTable(original))
      operand.set(known.lookup(original.get()));
  clone->getResult(0).setType(atRows(type));
  return clone->getResult(0);
}

// Operands first; on a stack of our own, since expressions can be deep.
Value RowsOf::at(Value v) {
  SmallVector<Value> open{v};
  while (!open.empty()) {
    Value next = open.back();
    if (!hasAxis(next, axis) || known.contains(next)) {
      open.pop_back();
      continue;
    }
    Operation *op = next.getDefiningOp();
    if (!op || !goesByRows(op)) {
      refused = next.getLoc();
      return {};
    }
    unsigned before = open.size();
    for (OpOperand &operand : op->getOpOperands())
      if (hasAxis(operand.get(), axis) && !isTable(operand) && !known.contains(operand.get()))
        open.push_back(operand.get());
    if (open.size() > before)
      continue;
    known[next] = rebuild(op);
    open.pop_back();
  }
  return hasAxis(v, axis) ? known.lookup(v) : v;
}

} // namespace burin
