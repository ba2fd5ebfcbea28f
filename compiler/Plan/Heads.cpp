#include "compiler/Plan/Heads.h"
#include "dialects/Task/Task.h"
using namespace mlir;
using namespace burin;

// Whether `v`, which is there when `around` begins (a loop of the value's block), is read in it or later. What the loop
// itself takes, a count or the first value of something carried, it has taken when an iteration begins.
static bool outlives(Value v, Operation *around) {
  return llvm::any_of(v.getUsers(), [&](Operation *user) {
    Operation *at = v.getParentBlock()->findAncestorOpInBlock(*user);
    if (at == around)
      return user != around || (isa<ForOp>(around) && llvm::is_contained(cast<ForOp>(around).getSequences(), v));
    return around->isBeforeInBlock(at);
  });
}

SmallVector<Value> burin::heldAtHead(ForOp loop, const TaskPlan &plan) {
  SmallVector<Value> held;
  auto note = [&](Value v) {
    auto place = plan.places.find(v);
    if (place == plan.places.end() || place->second.arena == Arena::Arguments)
      return;
    auto same = [&](Value other) {
      const Place &p = plan.places.find(other)->second;
      return p.arena == place->second.arena && p.offset == place->second.offset;
    };
    if (llvm::none_of(held, same))
      held.push_back(v);
  };
  for (Value carried : loop.getCarried())
    if (!carried.use_empty())
      note(carried);
  for (Operation *around = loop; !isa<task::TaskOp>(around); around = around->getParentOp()) {
    Block *block = around->getBlock();
    if (auto emitting = dyn_cast<ForOp>(around))
      for (Value emitted : emitting.getEmits()) // as far as it got
        note(emitted);
    for (Value argument : block->getArguments())
      if (outlives(argument, around))
        note(argument);
    for (Operation &before : llvm::make_range(block->begin(), around->getIterator()))
      for (Value result : before.getResults())
        if (outlives(result, around))
          note(result);
  }
  llvm::sort(held, [&](Value a, Value b) {
    const Place &x = plan.places.find(a)->second, &y = plan.places.find(b)->second;
    return std::tie(x.arena, x.offset) < std::tie(y.arena, y.offset);
  });
  return held;
}
