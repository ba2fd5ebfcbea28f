// Dependence, forwards from what is differentiated and backwards from what has a cotangent. What a loop carries depends
// on what it carried before: until nothing new is found.
#include "compiler/Differentiate/Activity.h"
using namespace mlir;

namespace burin {

static bool addFloat(Value v, ValueSet &set) { return typeOf(v).isFloat() && set.insert(v).second; }

static void findVarying(ForOp loop, ValueSet &varying) {
  for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
    if (varying.contains(sequence))
      addFloat(slice, varying);
  for (bool changed = true; changed;) {
    changed = false;
    findVarying(loop.getBody().front(), varying);
    for (auto [carried, init, next] : llvm::zip(loop.getCarried(), loop.getInits(), loop.getNext()))
      if (varying.contains(init) || varying.contains(next))
        changed |= addFloat(carried, varying);
  }
  for (auto [result, carried] : llvm::zip(loop.getFinals(), loop.getCarried()))
    if (varying.contains(carried))
      addFloat(result, varying);
  for (auto [result, emitted] : llvm::zip(loop.getEmits(), loop.getEmitted()))
    if (varying.contains(emitted))
      addFloat(result, varying);
}

static void findVarying(IfOp branch, ValueSet &varying) {
  for (Region *region : branch.getRegions())
    findVarying(region->front(), varying);
  for (auto [result, yes, no] : llvm::zip(branch.getResults(), branch.getThen(), branch.getElse()))
    if (varying.contains(yes) || varying.contains(no))
      addFloat(result, varying);
}

void findVarying(Block &block, ValueSet &varying) {
  for (Operation &op : block) {
    if (auto loop = dyn_cast<ForOp>(op))
      findVarying(loop, varying);
    else if (auto branch = dyn_cast<IfOp>(op))
      findVarying(branch, varying);
    else if (llvm::any_of(op.getOperands(), [&](Value v) { return varying.contains(v); }))
      for (Value result : op.getResults())
        addFloat(result, varying);
  }
}

static void findUseful(ForOp loop, const ValueSet &varying, ValueSet &useful) {
  auto mark = [&](Value v) { return varying.contains(v) && useful.insert(v).second; };
  for (auto [result, emitted] : llvm::zip(loop.getEmits(), loop.getEmitted()))
    if (useful.contains(result))
      mark(emitted);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [result, carried, next] : llvm::zip(loop.getFinals(), loop.getCarried(), loop.getNext()))
      if (useful.contains(result) || useful.contains(carried))
        changed |= mark(next);
    findUseful(loop.getBody().front(), varying, useful);
    for (auto [carried, next] : llvm::zip(loop.getCarried(), loop.getNext()))
      changed |= useful.contains(carried) && mark(next);
  }
  for (auto [init, result, carried] : llvm::zip(loop.getInits(), loop.getFinals(), loop.getCarried()))
    if (useful.contains(result) || useful.contains(carried))
      mark(init);
  for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
    if (useful.contains(slice))
      mark(sequence);
}

static void findUseful(IfOp branch, const ValueSet &varying, ValueSet &useful) {
  for (auto [result, yes, no] : llvm::zip(branch.getResults(), branch.getThen(), branch.getElse()))
    if (useful.contains(result))
      for (Value yielded : {yes, no})
        if (varying.contains(yielded))
          useful.insert(yielded);
  for (Region *region : branch.getRegions())
    findUseful(region->front(), varying, useful);
}

void findUseful(Block &block, const ValueSet &varying, ValueSet &useful) {
  for (Operation &op : llvm::reverse(block)) {
    if (auto loop = dyn_cast<ForOp>(op)) {
      findUseful(loop, varying, useful);
    } else if (auto branch = dyn_cast<IfOp>(op)) {
      findUseful(branch, varying, useful);
    } else if (!isa<StopOp>(op) && llvm::any_of(op.getResults(), [&](Value v) { return useful.contains(v); })) {
      for (Value x : op.getOperands())
        if (varying.contains(x))
          useful.insert(x);
    }
  }
}

} // namespace burin
