// A set's expression at some of its rows: the expression's ops once more, on other types.
#include "compiler/Transforms/TileSets/RowsOf.h"
#include "dialects/Task/Task.h"
#include "mlir/Transforms/RegionUtils.h"
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
      .Case([&](RandomOp o) { return typeOf(o.getY()).axisPosition(axis) == 0; })
      .Case<PointwiseOpInterface>([](auto) { return true; })
      .Case<ContractOp, ReduceOp>([&](auto o) { return free(axisNames(o.getOver())); })
      .Case([&](ArgReduceOp o) { return free(o.getOverAttr()); })
      .Case([&](GatherOp o) {
        SmallVector<StringAttr> taken = axisNames(o.getAt());
        llvm::erase(taken, axis);
        return free(taken) && (!isTable(o->getOpOperand(0)) || o.getTable().getDefiningOp<task::ColumnOp>());
      })
      .Case<ScatterAddOp, ScatterOp>([&](auto o) { return hasAxis(o.getY(), axis) && free(axisNames(o.getAt())); })
      .Case<ForOp, IfOp>([&](auto o) { return bodyGoesByRows(o); })
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

// A body has only ops that go by rows, and keeps each row apart: what it computes of rows has rows.
bool RowsOf::bodyGoesByRows(Operation *op) const {
  return !op->walk([&](Operation *inner) -> WalkResult {
              if (inner == op || isa<YieldOp>(inner))
                return WalkResult::advance();
              auto has = [&](Value v) { return hasAxis(v, axis); };
              bool some = llvm::any_of(inner->getOperands(), has), all = llvm::all_of(inner->getResults(), has);
              if (!some && llvm::none_of(inner->getResults(), has))
                return WalkResult(isPure(inner) || inner->getNumRegions() ? WalkResult::advance()
                                                                          : WalkResult::interrupt());
              auto gather = dyn_cast<GatherOp>(inner);
              bool rowsByRows = inner->getNumRegions() || (all && goesByRows(inner));
              bool whole = gather && llvm::is_contained(axisNames(gather.getAt()), axis);
              return rowsByRows && !whole ? WalkResult::advance() : WalkResult::interrupt();
            }).wasInterrupted();
}

// What an op takes that has rows, what its body takes from outside among it.
SmallVector<Value> RowsOf::needed(Operation *op) const {
  SmallVector<Value> out;
  for (OpOperand &operand : op->getOpOperands())
    if (hasAxis(operand.get(), axis) && !isTable(operand))
      out.push_back(operand.get());
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::copy_if(captured, std::back_inserter(out), [&](Value v) { return hasAxis(v, axis); });
  return out;
}

void RowsOf::rebuildBody(Operation *op) {
  IRMapping mapping;
  for (Value v : needed(op))
    mapping.map(v, known.lookup(v));
  Operation *clone = builder.clone(*op, mapping);
  clone->walk([&](Operation *inner) {
    if (!startsRows(inner))
      return;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(inner);
    inner->getResult(0).replaceAllUsesWith(start(inner));
    inner->erase();
  });
  auto retype = [&](Value v) {
    if (hasAxis(v, axis))
      v.setType(atRows(typeOf(v)));
  };
  clone->walk([&](Operation *inner) {
    llvm::for_each(inner->getResults(), retype);
    for (Region &region : inner->getRegions())
      for (Block &block : region)
        llvm::for_each(block.getArguments(), retype);
  });
  for (auto [from, to] : llvm::zip(op->getResults(), clone->getResults()))
    known[from] = to;
}

// Whether an op gives rows, and takes none.
bool RowsOf::startsRows(Operation *op) const {
  return isa<IotaOp, task::ColumnOp, RandomOp>(op) && hasAxis(op->getResult(0), axis);
}

Value RowsOf::start(Operation *op) {
  auto type = typeOf(op->getResult(0));
  if (isa<IotaOp>(op))
    return rows;
  if (auto random = dyn_cast<RandomOp>(op))
    return draw(random);
  return GatherOp::create(builder, op->getLoc(), atRows(type), op->getResult(0), rows,
                          axisArray(op->getContext(), axis));
}

// A row draws what it draws wherever it is computed: each element has its number in the whole set.
Value RowsOf::draw(RandomOp op) {
  Rules b(builder, op.getLoc());
  Type i64 = builder.getI64Type();
  auto type = typeOf(op.getY());
  Value number;
  int64_t stride = 1;
  for (auto [name, size] : llvm::reverse(llvm::zip(type.getAxes(), type.getSizes()))) {
    Value place = name == axis ? b.cast(rows, i64) : b.numbersAlong(name, size, i64);
    Value term = b.mul(place, b.constant(double(stride), place));
    number = number ? b.add(number, term) : term;
    stride *= size; // the rows are the outermost axis, and reached last
  }
  number = b.broadcastTo(number, atRows(NamedTensorType::get(type.getContext(), i64, type.getSizes(), type.getAxes())));
  return RandomAtOp::create(builder, op.getLoc(), atRows(type), ValueRange{op.getKey(), number});
}

Value RowsOf::rebuild(Operation *op) {
  if (startsRows(op))
    return start(op);
  IRMapping mapping;
  Operation *clone = builder.clone(*op, mapping);
  for (auto [operand, original] : llvm::zip(clone->getOpOperands(), op->getOpOperands()))
    if (hasAxis(original.get(), axis) && !isTable(original))
      operand.set(known.lookup(original.get()));
  clone->getResult(0).setType(atRows(typeOf(op->getResult(0))));
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
    llvm::copy_if(needed(op), std::back_inserter(open), [&](Value v) { return !known.contains(v); });
    if (open.size() > before)
      continue;
    if (op->getNumRegions())
      rebuildBody(op);
    else
      known[next] = rebuild(op);
    open.pop_back();
  }
  return hasAxis(v, axis) ? known.lookup(v) : v;
}

} // namespace burin
