// Which values of a step, or of a side of a branch, are stored is a cut of the graph of its values: between those that
// can't be computed again and those that the loop back needs, each costing its bytes.
#include "compiler/Differentiate/Residuals.h"
#include "compiler/Differentiate/MinimumCut.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {
namespace {

/// Of one block whose values `back` uses.
class Residuals {
public:
  Residuals(Block &forward, Block &back, Keep keep)
      : forward(forward), back(back), keep(keep), builder(&back.front()) {}
  virtual ~Residuals() = default;

protected:
  void run();
  /// Whether the way back has a value of the block anyway, and what it is there.
  virtual bool isThere(Value v) const = 0;
  virtual Value there(Value v) = 0;
  /// Makes the stored values known outside, and adds what they are in `back` to `inBack`.
  virtual void store() = 0;

  Block &forward, &back;
  Keep keep;
  llvm::SetVector<Value> stored;
  IRMapping inBack; ///< a value's equal there

private:
  void findNeeded();
  void choose();
  Value provide(Value v);
  bool isInside(Value v) const { return v.getParentBlock() == &forward; }
  OpBuilder builder;             ///< before all that was there
  llvm::SetVector<Value> needed; ///< by the ops of `back`
};

class LoopResiduals : public Residuals {
public:
  LoopResiduals(ForOp &loop, Block &back, Keep keep) : Residuals(loop.getBody().front(), back, keep), loop(loop) {}
  SmallVector<Value> take() { return run(), std::move(sequences); }

private:
  bool isThere(Value v) const override { return v == loop.getCounter() || llvm::is_contained(loop.getSlices(), v); }
  Value there(Value v) override;
  void store() override;

  ForOp &loop;
  SmallVector<Value> sequences; ///< of the slices that `back` gets
};

class BranchResiduals : public Residuals {
public:
  BranchResiduals(IfOp &branch, unsigned side, Block &back, Keep keep)
      : Residuals(branch->getRegion(side).front(), back, keep), branch(branch), side(side) {}
  void take() { run(); }

private:
  bool isThere(Value) const override { return false; }
  Value there(Value) override { return {}; }
  void store() override;

  IfOp &branch;
  unsigned side;
};

void Residuals::findNeeded() {
  back.walk([&](Operation *op) {
    for (Value v : op->getOperands())
      if (isInside(v))
        needed.insert(v);
  });
}

// Whether an op is done again rather than its results stored, if that takes less memory. It has no effects.
bool mayRepeat(Operation *op, Keep keep) {
  if (keep == Keep::State)
    return isPure(op);
  return isPure(op) && !isa<ContractOp, ReduceOp, ArgReduceOp, ScatterAddOp, ScatterOp, ForOp, IfOp>(op);
}

// What an op reads, also in its regions.
SmallVector<Value> readBy(Operation *op) {
  SmallVector<Value> values(op->getOperands());
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::append_range(values, captured);
  return values;
}

int64_t bytesOf(Value v) {
  auto type = typeOf(v);
  return std::max<int64_t>(1, type.getNumElements() * storageType(type.getElement()).getIntOrFloatBitWidth() / 8);
}

void Residuals::choose() {
  FlowGraph graph;
  constexpr unsigned source = 0, sink = 1;
  llvm::SetVector<Value> values(needed.begin(), needed.end()); // grows while it is gone through
  llvm::DenseMap<Value, unsigned> nodes;                       // the node before its edge of bytes; behind it the next
  auto node = [&](Value v) {
    auto [found, fresh] = nodes.try_emplace(v, 0);
    if (fresh) {
      found->second = graph.addNode();
      graph.addEdge(found->second, graph.addNode(), bytesOf(v));
    }
    return found->second;
  };
  for (Value v : needed)
    graph.addEdge(node(v) + 1, sink, FlowGraph::unlimited);
  for (unsigned i = 0; i < values.size(); ++i) {
    Value v = values[i];
    if (isThere(v))
      continue;
    Operation *op = v.getDefiningOp();
    if (!op || !mayRepeat(op, keep)) {
      graph.addEdge(source, node(v), FlowGraph::unlimited);
      continue;
    }
    for (Value x : readBy(op))
      if (isInside(x)) {
        unsigned from = node(x) + 1;
        graph.addEdge(from, node(v), FlowGraph::unlimited);
        values.insert(x);
      }
  }
  std::vector<bool> leads = graph.sideOfSink();
  for (Value v : values)
    if (auto found = nodes.find(v); found != nodes.end() && !leads[found->second] && leads[found->second + 1])
      stored.insert(v);
}

Value LoopResiduals::there(Value v) {
  if (v == loop.getCounter())
    return back.getArgument(0);
  auto slice = llvm::find(loop.getSlices(), v);
  sequences.push_back(loop.getSequences()[slice - loop.getSlices().begin()]);
  return back.addArgument(v.getType(), v.getLoc());
}

// The loop, emitting more.
void LoopResiduals::store() {
  OpBuilder before(loop);
  SmallVector<Type> types(loop.getResultTypes());
  int64_t count = *loop.constantCount();
  for (Value v : stored) {
    auto type = typeOf(v);
    std::string name = keptAxis.str();
    while (type.hasAxis(before.getStringAttr(name)))
      name += '~';
    types.push_back(type.withFirstAxis(before.getStringAttr(name), count));
  }
  auto more = ForOp::create(before, loop.getLoc(), types, loop.getCount(), loop.getInits(), loop.getSequences(),
                            loop.getNameAttr(), loop.getReverse(), /*stops=*/false); // else steps would be missing
  more->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  more.getBody().takeBody(loop.getBody());
  more.getYield().getValuesMutable().append(stored.getArrayRef());
  loop->replaceAllUsesWith(more.getResults().take_front(loop.getNumResults()));
  loop.erase();
  loop = more;
  for (auto [v, all] : llvm::zip(stored, loop.getResults().take_back(stored.size()))) {
    inBack.map(v, Value(back.addArgument(v.getType(), v.getLoc())));
    sequences.push_back(all);
  }
}

// The branch, giving more.
void BranchResiduals::store() {
  OpBuilder before(branch);
  SmallVector<Type> types(branch.getResultTypes());
  llvm::append_range(types, ValueRange(stored.getArrayRef()).getTypes());
  auto more = IfOp::create(before, branch.getLoc(), types, branch.getCondition());
  more->setDiscardableAttrs(branch->getDiscardableAttrDictionary());
  for (auto [i, from, to] : llvm::enumerate(branch->getRegions(), more->getRegions())) {
    to.takeBody(from);
    auto yield = cast<YieldOp>(to.front().getTerminator());
    OpBuilder inside(yield);
    for (Value v : stored)
      yield.getValuesMutable().append(i == side ? v : Rules(inside, v.getLoc()).zeros(v.getType()));
  }
  branch->replaceAllUsesWith(more.getResults().take_front(branch.getNumResults()));
  branch.erase();
  branch = more;
  for (auto [v, outside] : llvm::zip(stored, branch.getResults().take_back(stored.size())))
    inBack.map(v, Value(outside));
}

// A value of the block in `back`.
Value Residuals::provide(Value wanted) {
  SmallVector<Value> stack{wanted};
  while (!stack.empty()) {
    Value v = stack.back();
    if (!isInside(v) || inBack.contains(v)) {
      stack.pop_back();
      continue;
    }
    if (isThere(v)) {
      inBack.map(v, there(v));
      continue;
    }
    Operation *op = v.getDefiningOp();
    SmallVector<Value> read = readBy(op);
    auto missing = llvm::find_if(read, [&](Value x) { return isInside(x) && !inBack.contains(x); });
    if (missing != read.end())
      stack.push_back(*missing);
    else
      builder.clone(*op, inBack); // maps its results
  }
  return inBack.lookup(wanted);
}

void Residuals::run() {
  findNeeded();
  choose();
  if (!stored.empty())
    store();
  for (Value v : needed) {
    Value equal = provide(v);
    v.replaceUsesWithIf(equal, [&](OpOperand &use) { return back.findAncestorOpInBlock(*use.getOwner()); });
  }
}

} // namespace

SmallVector<Value> keepResiduals(ForOp &loop, Block &back, Keep keep) { return LoopResiduals(loop, back, keep).take(); }
void keepResiduals(IfOp &branch, unsigned side, Block &back, Keep keep) {
  BranchResiduals(branch, side, back, keep).take();
}

} // namespace burin
