#include "compiler/Differentiate/Gates.h"
using namespace mlir;

namespace burin {

// What both say.
static Gates inBoth(const Gates &a, const Gates &b) {
  Gates out;
  for (const Gate &x : a)
    for (const Gate &y : b)
      if (x.condition == y.condition && x.holds == y.holds) {
        Gate &both = out.emplace_back(x);
        llvm::erase_if(both.along, [&](StringAttr axis) { return !llvm::is_contained(y.along, axis); });
      }
  return out;
}

// What is left for a value of another type.
static Gates alongAxesOf(Gates gates, NamedTensorType type) {
  for (Gate &gate : gates)
    llvm::erase_if(gate.along, [&](StringAttr axis) { return !type.hasAxis(axis); });
  return gates;
}

bool GateAnalysis::reach(Value x, const Gates &way) {
  if (!varying.contains(x))
    return false;
  Gates visible; // where x is computed
  for (Gate gate : alongAxesOf(way, typeOf(x)))
    if (gate.condition.getParentRegion()->isAncestor(x.getParentRegion()))
      visible.push_back(gate);
  auto [known, first] = gates.try_emplace(x, visible);
  if (first)
    return true;
  Gates both = inBoth(known->second, visible);
  bool changed = both != known->second;
  known->second = std::move(both);
  return changed;
}

// What an op's operand has from its result. Elements correspond by the names of their axes; where an op moves them,
// only whether anything is taken is left.
Gates GateAnalysis::through(Operation &op, unsigned operand) const {
  Gates out = gates.lookup(op.getResult(0));
  if (isa<SelectOp>(op) && operand) {
    Value condition = op.getOperand(0);
    llvm::erase_if(out, [&](const Gate &g) { return g.condition == condition && g.holds == (operand == 1); });
    out.push_back({condition, operand == 1, llvm::SmallVector<StringAttr, 2>(typeOf(condition).getAxes())});
    if (out.size() > mostGates)
      out.erase(out.begin());
  }
  if (!isa<PointwiseOpInterface, BroadcastOp, ReduceOp, ContractOp>(op))
    for (Gate &gate : out)
      gate.along.clear();
  return alongAxesOf(std::move(out), typeOf(op.getResult(0)));
}

// A bool that a step computes is not that of the step before.
static Gates outsideOf(ForOp loop, Gates gates) {
  llvm::erase_if(gates, [&](Gate &gate) { return loop.getBody().isAncestor(gate.condition.getParentRegion()); });
  return gates;
}

// What a loop carries is of every step: its gates are those of all ways through the body, until no step has fewer.
void GateAnalysis::walkBack(ForOp loop) {
  for (auto [result, yielded] : llvm::zip(loop.getResults(), loop.getYield().getValues()))
    if (isReached(result))
      reach(yielded, gates.lookup(result));
  for (bool changed = true; changed;) {
    walkBack(loop.getBody().front());
    changed = false;
    for (auto [argument, next] : llvm::zip(loop.getCarried(), loop.getNext()))
      if (isReached(argument))
        changed |= reach(next, outsideOf(loop, gates.lookup(argument)));
  }
  for (auto [init, argument, result] : llvm::zip(loop.getInits(), loop.getCarried(), loop.getFinals())) {
    if (isReached(argument))
      reach(init, gates.lookup(argument));
    if (isReached(result) && loop.constantCount() == 0)
      reach(init, gates.lookup(result));
  }
  for (auto [sequence, slice] : llvm::zip(loop.getSequences(), loop.getSlices()))
    if (isReached(slice))
      reach(sequence, gates.lookup(slice));
}

void GateAnalysis::walkBack(IfOp branch) {
  for (OperandRange yields : {branch.getThen(), branch.getElse()})
    for (auto [result, yielded] : llvm::zip(branch.getResults(), yields))
      if (isReached(result))
        reach(yielded, gates.lookup(result));
  for (Region &region : branch->getRegions())
    walkBack(region.front());
}

void GateAnalysis::walkBack(Block &block) {
  for (Operation &op : llvm::reverse(block)) {
    if (llvm::none_of(op.getResults(), [&](Value result) { return isReached(result); }))
      continue;
    if (auto loop = dyn_cast<ForOp>(op))
      walkBack(loop);
    else if (auto branch = dyn_cast<IfOp>(op))
      walkBack(branch);
    else
      for (auto [i, x] : llvm::enumerate(op.getOperands()))
        reach(x, through(op, unsigned(i)));
  }
}

void GateAnalysis::run(Block &block, Value loss) {
  reach(loss, {});
  walkBack(block);
}

// Nothing for ops whose cotangents are what their result's is, its negative, or zero.
SmallVector<Value, 2> GateAnalysis::takenBy(Operation &op, Rules &b) const {
  SmallVector<Value, 2> out;
  if (!isa<PointwiseOpInterface>(op) || isa<AddOp, SubOp, NegOp, SelectOp, MaxOp, MinOp, CastOp, StopOp>(op))
    return out;
  for (const Gate &gate : gates.lookup(op.getResult(0))) {
    Value taken = gate.holds ? gate.condition : b.logicalNot(gate.condition);
    SmallVector<StringAttr> others(typeOf(taken).getAxes());
    llvm::erase_if(others, [&](StringAttr axis) { return llvm::is_contained(gate.along, axis); });
    if (!others.empty())
      taken = ReduceOp::create(b.builder, b.location, typeOf(taken).without(others), "any", taken,
                               axisArray(b.builder.getContext(), others));
    out.push_back(taken);
  }
  return out;
}

} // namespace burin
