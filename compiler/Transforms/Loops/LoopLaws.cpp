// What loops and branches carry for nothing is left out.
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Burin/Burin.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
using namespace mlir;

namespace burin {
namespace {

/// What of a loop stays.
struct Kept {
  llvm::BitVector carried, sequences, emits;
  bool all() const { return carried.all() && sequences.all() && emits.all(); }
};

// The loop with what is kept. What was dropped is used by nothing that remains.
void rebuild(ForOp loop, const Kept &kept, PatternRewriter &rewriter) {
  auto pick = [](auto range, const llvm::BitVector &bits) {
    SmallVector<Value> out;
    for (auto [i, v] : llvm::enumerate(range))
      if (bits[unsigned(i)])
        out.push_back(v);
    return out;
  };
  SmallVector<Value> inits = pick(loop.getInits(), kept.carried), sequences = pick(loop.getSequences(), kept.sequences),
                     finals = pick(loop.getFinals(), kept.carried), emits = pick(loop.getEmits(), kept.emits),
                     yielded = pick(loop.getNext(), kept.carried);
  llvm::append_range(yielded, pick(loop.getEmitted(), kept.emits));
  SmallVector<Type> types(ValueRange(finals).getTypes());
  llvm::append_range(types, ValueRange(emits).getTypes());
  auto made = ForOp::create(rewriter, loop.getLoc(), types, loop.getCount(), inits, sequences, loop.getNameAttr(),
                            loop.getReverse(), loop.getStops());
  made->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  rewriter.modifyOpInPlace(loop.getYield(), [&] { loop.getYield().getValuesMutable().assign(yielded); });
  Block &body = loop.getBody().front();
  llvm::BitVector dropped(body.getNumArguments());
  for (auto [bits, first] : {std::pair(&kept.carried, 1u), {&kept.sequences, unsigned(1 + kept.carried.size())}})
    for (unsigned i = 0; i < bits->size(); ++i)
      dropped[first + i] = !(*bits)[i];
  // What still reads it is read by nothing.
  for (unsigned i : dropped.set_bits())
    if (Value argument = body.getArgument(i); !argument.use_empty()) {
      rewriter.setInsertionPointToStart(&body);
      rewriter.replaceAllUsesWith(argument, Rules(rewriter, loop.getLoc()).zeros(argument.getType()));
    }
  body.eraseArguments(dropped);
  rewriter.inlineRegionBefore(loop.getBody(), made.getBody(), made.getBody().end());
  llvm::append_range(finals, emits);
  for (auto [old, result] : llvm::zip(finals, made.getResults()))
    rewriter.replaceAllUsesWith(old, result);
  rewriter.eraseOp(loop);
}

// Values of a body that effects, what it emits or live carried values need.
llvm::DenseSet<Value> liveIn(ForOp loop, llvm::BitVector &carried) {
  llvm::DenseSet<Value> live;
  SmallVector<Value> work;
  auto need = [&](Value v) {
    if (live.insert(v).second)
      work.push_back(v);
  };
  auto needOperands = [&](Operation *op) {
    op->walk([&](Operation *inner) {
      for (Value v : inner->getOperands())
        need(v);
    });
  };
  for (Operation &op : loop.getBody().front().without_terminator())
    if (!isMemoryEffectFree(&op))
      needOperands(&op);
  for (auto [emitted, result] : llvm::zip(loop.getEmitted(), loop.getEmits()))
    if (!result.use_empty())
      need(emitted);
  auto carry = [&](unsigned i) {
    if (!carried[i])
      carried.set(i), need(loop.getNext()[i]);
  };
  for (auto [i, result] : llvm::enumerate(loop.getFinals()))
    if (!result.use_empty() || (loop.getStops() && i == 0))
      carry(unsigned(i));
  while (!work.empty()) {
    Value v = work.pop_back_val();
    if (Operation *op = v.getDefiningOp(); op && loop.getBody().isAncestor(op->getParentRegion()))
      needOperands(op);
    else if (auto argument = dyn_cast<BlockArgument>(v); argument && argument.getOwner() == &loop.getBody().front())
      if (unsigned n = argument.getArgNumber(); n >= 1 && n <= carried.size())
        carry(n - 1);
  }
  return live;
}

// What is never read of what a loop carries, goes over and emits.
struct DropUnread : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ForOp loop, PatternRewriter &rewriter) const final {
    Kept kept{llvm::BitVector(unsigned(loop.getInits().size())), llvm::BitVector(unsigned(loop.getSequences().size())),
              llvm::BitVector(unsigned(loop.getEmits().size()))};
    llvm::DenseSet<Value> live = liveIn(loop, kept.carried);
    for (auto [i, slice] : llvm::enumerate(loop.getSlices()))
      kept.sequences[unsigned(i)] = live.contains(slice);
    for (auto [i, result] : llvm::enumerate(loop.getEmits()))
      kept.emits[unsigned(i)] = !result.use_empty();
    if (kept.all())
      return failure();
    rebuild(loop, kept, rewriter);
    return success();
  }
};

// A carried value that no step changes; a sequence that stands there twice; what is emitted twice, or as it was read.
struct DropUnchanged : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ForOp loop, PatternRewriter &rewriter) const final {
    bool changed = false;
    auto replace = [&](Value old, Value by) {
      if (old.use_empty() || old == by)
        return;
      rewriter.replaceAllUsesWith(old, by);
      changed = true;
    };
    for (auto [init, argument, next, result] :
         llvm::zip(loop.getInits(), loop.getCarried(), loop.getNext(), loop.getFinals()))
      if (next == argument && !loop.getStops())
        replace(result, init), replace(argument, init);
    DenseMap<Value, Value> known;
    for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
      replace(slice, known.try_emplace(sequence, slice).first->second);
    known.clear();
    for (auto [emitted, result] : llvm::zip(loop.getEmitted(), loop.getEmits())) {
      auto [first, fresh] = known.try_emplace(emitted, result);
      if (!fresh && first->second.getType() == result.getType())
        replace(result, first->second);
      auto slice = llvm::find(loop.getSlices(), emitted);
      if (slice != loop.getSlices().end())
        if (Value sequence = loop.getSequences()[slice - loop.getSlices().begin()];
            sequence.getType() == result.getType())
          replace(result, sequence);
    }
    return success(changed);
  }
};

// A branch whose condition is known, or that gives more than is used.
struct ReduceBranch : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IfOp branch, PatternRewriter &rewriter) const final {
    DenseElementsAttr condition;
    if (matchPattern(branch.getCondition(), m_Constant(&condition))) {
      Block &side = branch->getRegion(condition.getSplatValue<bool>() ? 0 : 1).front();
      auto yield = cast<YieldOp>(side.getTerminator());
      SmallVector<Value> results(yield.getValues());
      rewriter.eraseOp(yield);
      rewriter.inlineBlockBefore(&side, branch);
      rewriter.replaceOp(branch, results);
      return success();
    }
    SmallVector<unsigned> used;
    for (auto [i, result] : llvm::enumerate(branch.getResults()))
      if (!result.use_empty())
        used.push_back(unsigned(i));
    if (used.size() == branch.getNumResults())
      return failure();
    SmallVector<Type> types = llvm::map_to_vector(used, [&](unsigned i) { return branch.getResult(i).getType(); });
    auto made = IfOp::create(rewriter, branch.getLoc(), types, branch.getCondition());
    made->setDiscardableAttrs(branch->getDiscardableAttrDictionary());
    for (auto [from, to] : llvm::zip(branch->getRegions(), made->getRegions())) {
      auto yield = cast<YieldOp>(from.front().getTerminator());
      SmallVector<Value> yielded = llvm::map_to_vector(used, [&](unsigned i) -> Value { return yield.getValues()[i]; });
      rewriter.modifyOpInPlace(yield, [&] { yield.getValuesMutable().assign(yielded); });
      rewriter.inlineRegionBefore(from, to, to.end());
    }
    for (auto [i, result] : llvm::zip(used, made.getResults()))
      rewriter.replaceAllUsesWith(branch.getResult(i), result);
    rewriter.eraseOp(branch);
    return success();
  }
};

} // namespace

void populateLoopLaws(RewritePatternSet &patterns) {
  patterns.add<DropUnread, DropUnchanged, ReduceBranch>(patterns.getContext());
}

} // namespace burin
