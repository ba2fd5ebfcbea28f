// Reductions over a set, carried from tile to tile in the order of its rows.
#include "compiler/Transforms/TileSets/SetReduction.h"
#include "compiler/Transforms/TileSets/RowsOf.h"
using namespace mlir;

namespace burin {

static StringAttr lane(MLIRContext *context) { return StringAttr::get(context, "lane"); }

StringAttr SetReduction::dataAxis(Operation *op) {
  auto firstOf = [](ArrayAttr over, NamedTensorType type) -> StringAttr {
    for (StringAttr name : axisNames(over))
      if (ShapedType::isDynamic(type.extentOf(name)))
        return name;
    return {};
  };
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return firstOf(reduce.getOver(), typeOf(reduce.getX()));
  if (auto contract = dyn_cast<ContractOp>(op))
    return firstOf(contract.getOver(), typeOf(contract.getLhs()));
  if (auto scatter = dyn_cast<ScatterAddOp>(op))
    if (StringAttr axis = dataAxisOf(scatter.getX().getType()); axis && !hasAxis(scatter.getY(), axis))
      return axis;
  return {};
}

ArrayAttr SetReduction::overTile(ArrayAttr over) const {
  SmallVector<StringAttr> names = axisNames(over);
  llvm::replace(names, axis, tile);
  return axisArray(op->getContext(), names);
}

Value SetReduction::start(OpBuilder &builder) const {
  auto type = typeOf(op->getResult(0));
  if (dataAxisOf(type))
    return {};
  if (auto contract = dyn_cast<ContractOp>(op); contract && contract.getAcc())
    return contract.getAcc();
  if (auto scatter = dyn_cast<ScatterAddOp>(op); scatter && scatter.getAcc())
    return scatter.getAcc();
  double identity = 0;
  if (auto reduce = dyn_cast<ReduceOp>(op)) {
    if (type.hasAxis(lane(op->getContext())))
      return {};
    identity = reduceIdentity(reduce.getKind(), type.getElement());
    type = type.withAxis(lane(op->getContext()), 16);
  }
  return ConstantOp::create(builder, op->getLoc(), splat(type, identity));
}

Value SetReduction::step(OpBuilder &builder, ValueRange operands, Value inside, Value carried) const {
  Rules b(builder, op->getLoc());
  auto masked = [&](Value x, double identity) {
    return hasAxis(x, tile) ? b.select(inside, x, b.constant(identity, x)) : x;
  };
  if (auto reduce = dyn_cast<ReduceOp>(op)) {
    Value x = masked(operands[0], reduceIdentity(reduce.getKind(), reduce.getType().getElement()));
    return AccumulateOp::create(builder, op->getLoc(), carried.getType(), reduce.getKindAttr(), x, carried,
                                overTile(reduce.getOver()));
  }
  if (auto contract = dyn_cast<ContractOp>(op))
    return ContractOp::create(builder, op->getLoc(), carried.getType(), masked(operands[0], 0), masked(operands[1], 0),
                              carried, overTile(contract.getOver()));
  auto scatter = cast<ScatterAddOp>(op);
  return ScatterAddOp::create(builder, op->getLoc(), carried.getType(), masked(operands[0], 0),
                              operands.slice(1, scatter.getIndices().size()), carried, scatter.getAt());
}

Value SetReduction::finish(OpBuilder &builder, Value carried) const {
  auto reduce = dyn_cast<ReduceOp>(op);
  if (!reduce)
    return carried;
  return ReduceOp::create(builder, op->getLoc(), reduce.getType(), reduce.getKindAttr(), carried,
                          axisArray(op->getContext(), lane(op->getContext())));
}

} // namespace burin
