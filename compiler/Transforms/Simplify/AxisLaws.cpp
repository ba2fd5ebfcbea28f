// Laws of axes: broadcasts that alignment by name makes needless, contractions that sum nothing across.
#include "compiler/Transforms/Simplify/Law.h"
#include "compiler/Transforms/Simplify/Simplify.h"
using namespace mlir;

namespace burin {
namespace {

// broadcast(broadcast(x)) = broadcast(x)
Value simplifyBroadcast(BroadcastOp op, Rules &b) { return operandOf<BroadcastOp>(op.getX()); }

// rename(rename(x)) = rename(x)
Value simplifyRename(RenameOp op, Rules &b) {
  Value x = operandOf<RenameOp>(op.getX());
  return x ? RenameOp::create(b.builder, b.location, op.getType(), x).getResult() : Value();
}

// Without axes to reduce: the value.
Value simplifyReduce(ReduceOp op, Rules &) { return op.getOver().empty() ? op.getX() : Value(); }

// A contraction whose operands have the same axes is a reduction of a product; its kernel is one of rows, not of tiles.
// (Lanes in place of one chain: other bits.)
Value contractWithoutFreeAxis(ContractOp op, Rules &b) {
  if (op.getAcc() || op.getOver().empty() || !typeOf(op.getLhs()).sameAxesAs(typeOf(op.getRhs())))
    return {};
  return b.reduceSum(b.mul(op.getLhs(), op.getRhs()), axisNames(op.getOver()));
}

// What an operand is without the axes that it only repeats along: null if it repeats along none.
struct Narrow {
  NamedTensorType type;
  BroadcastOp broadcast;
  ConstantOp constant;
};
std::optional<Narrow> narrowerThan(Value x) {
  if (auto broadcast = x.getDefiningOp<BroadcastOp>())
    return Narrow{typeOf(broadcast.getX()), broadcast, {}};
  auto constant = x.getDefiningOp<ConstantOp>();
  auto elements = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!elements || !elements.isSplat() || typeOf(x).getAxes().empty())
    return std::nullopt;
  return Narrow{typeOf(x).withoutAxes(), {}, constant};
}
Value build(Narrow narrow, OpBuilder &builder) {
  if (narrow.broadcast)
    return narrow.broadcast.getX();
  auto elements = cast<DenseElementsAttr>(narrow.constant.getValue());
  return ConstantOp::create(builder, narrow.constant.getLoc(),
                            DenseElementsAttr::getFromRawBuffer(narrow.type, elements.getRawData()));
}

// An operand needs no axes that the others give the result: what a broadcast broadcasts will do, and one number for a
// constant's many.
struct NarrowOperands : OpInterfaceRewritePattern<PointwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PointwiseOpInterface op, PatternRewriter &rewriter) const final {
    auto result = typeOf(op->getResult(0));
    bool changed = false;
    for (auto [i, x] : llvm::enumerate(op->getOperands())) {
      auto narrow = narrowerThan(x);
      if (!narrow)
        continue;
      SmallVector<Type> types(op->getOperandTypes());
      types[i] = narrow->type;
      if (!unionOfAxes(result.getElement(), types).sameAxesAs(result))
        continue;
      rewriter.modifyOpInPlace(op, [&, place = i] { op->setOperand(place, build(*narrow, rewriter)); });
      changed = true;
    }
    return success(changed);
  }
};

// f(broadcast(x), y) = broadcast(f(x, y)) along axes that nothing else has: computed once in place of once for each
// element.
struct BroadcastLater : OpInterfaceRewritePattern<PointwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PointwiseOpInterface op, PatternRewriter &rewriter) const final {
    auto result = typeOf(op->getResult(0));
    SmallVector<Type> types;
    for (Value x : op->getOperands()) {
      auto narrow = narrowerThan(x);
      types.push_back(narrow ? narrow->type : typeOf(x));
    }
    auto small = unionOfAxes(result.getElement(), types);
    if (small.sameAxesAs(result))
      return failure();
    SmallVector<Value> operands;
    for (Value x : op->getOperands()) {
      auto narrow = narrowerThan(x);
      operands.push_back(narrow ? build(*narrow, rewriter) : x);
    }
    Operation *once = rewriter.clone(*op);
    once->setOperands(operands);
    once->getResult(0).setType(small);
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, result, once->getResult(0));
    return success();
  }
};

// A mere change of the axes' order needs no op before one that goes by names.
template <typename Op> struct DropReordering : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const final {
    bool changed = false;
    for (OpOperand &operand : op->getOpOperands()) {
      auto broadcast = operand.get().template getDefiningOp<BroadcastOp>();
      if (!broadcast || !typeOf(broadcast.getX()).sameAxesAs(broadcast.getType()) || isAccumulator(op, operand))
        continue;
      rewriter.modifyOpInPlace(op, [&] { operand.set(broadcast.getX()); });
      changed = true;
    }
    return success(changed);
  }
  // A contraction's accumulator has the type of its result.
  static bool isAccumulator(Operation *op, OpOperand &operand) {
    return isa<ContractOp>(op) && operand.getOperandNumber() == 2;
  }
};

} // namespace

void populateAxisLaws(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Law<BroadcastOp>>(context, simplifyBroadcast);
  patterns.add<Law<RenameOp>>(context, simplifyRename);
  patterns.add<Law<ReduceOp>>(context, simplifyReduce);
  patterns.add<Law<ContractOp>>(context, contractWithoutFreeAxis);
  patterns.add<NarrowOperands, BroadcastLater, DropReordering<ContractOp>, DropReordering<ReduceOp>>(context);
}

} // namespace burin
