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

// A contraction whose operands have the same axes is a reduction of a product; its kernel is one of rows, not of tiles. (Lanes in place
// of one chain: other bits.)
Value contractWithoutFreeAxis(ContractOp op, Rules &b) {
  if (op.getAcc() || op.getOver().empty() || !typeOf(op.getLhs()).sameAxesAs(typeOf(op.getRhs())))
    return {};
  return b.reduceSum(b.mul(op.getLhs(), op.getRhs()), axisNames(op.getOver()));
}

// An operand needs no axes that the others give the result: what a broadcast broadcasts will do, and one number for a constant's many.
struct NarrowOperands : OpInterfaceRewritePattern<PointwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(PointwiseOpInterface op, PatternRewriter &rewriter) const final {
    auto result = typeOf(op->getResult(0));
    bool changed = false;
    for (auto [i, x] : llvm::enumerate(op->getOperands())) {
      auto broadcast = x.getDefiningOp<BroadcastOp>();
      auto constant = x.getDefiningOp<ConstantOp>();
      bool splat = constant && !typeOf(x).getAxes().empty() && isa<DenseElementsAttr>(constant.getValue()) &&
                   cast<DenseElementsAttr>(constant.getValue()).isSplat();
      if (!broadcast && !splat)
        continue;
      auto narrow = broadcast ? typeOf(broadcast.getX()) : typeOf(x).withoutAxes();
      SmallVector<Type> types(op->getOperandTypes());
      types[i] = narrow;
      if (!unionOfAxes(result.getElement(), types).sameAxesAs(result))
        continue;
      Value operand = broadcast ? broadcast.getX() : Value();
      if (!operand) {
        auto elements = cast<DenseElementsAttr>(constant.getValue());
        operand = ConstantOp::create(rewriter, constant.getLoc(), DenseElementsAttr::getFromRawBuffer(narrow, elements.getRawData()));
      }
      rewriter.modifyOpInPlace(op, [&] { op->setOperand(i, operand); });
      changed = true;
    }
    return success(changed);
  }
};

// A mere change of the axes' order needs no op before one that goes by names.
template <typename Op>
struct DropReordering : OpRewritePattern<Op> {
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
  static bool isAccumulator(Operation *op, OpOperand &operand) { return isa<ContractOp>(op) && operand.getOperandNumber() == 2; }
};

} // namespace

void populateAxisLaws(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Law<BroadcastOp>>(context, simplifyBroadcast);
  patterns.add<Law<RenameOp>>(context, simplifyRename);
  patterns.add<Law<ReduceOp>>(context, simplifyReduce);
  patterns.add<Law<ContractOp>>(context, contractWithoutFreeAxis);
  patterns.add<NarrowOperands, DropReordering<ContractOp>, DropReordering<ReduceOp>>(context);
}

} // namespace burin
