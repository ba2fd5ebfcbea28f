// Slots become values: one walk over a task in program order, with the value that each slot has at that point.
#include "compiler/PromoteState/PromoteState.h"
#include "dialects/Task/Task.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {
namespace {

using Slots = llvm::SmallSetVector<StringAttr, 8>;

StringAttr slotOf(Attribute symbol) { return cast<FlatSymbolRefAttr>(symbol).getAttr(); }

// A slot's first value, in the block in which it lives: it holds nothing before, and nothing reads it after the block.
bool declares(task::SetOp set) { return set->hasAttr(task::declares); }

// The slots that a region's ops write and that live on, in program order.
Slots writtenIn(Region &region) {
  Slots written, declared;
  region.walk([&](Operation *op) {
    if (auto set = dyn_cast<task::SetOp>(op); set && declares(set))
      declared.insert(set.getSlotAttr().getAttr());
  });
  region.walk([&](Operation *op) {
    if (auto set = dyn_cast<task::SetOp>(op)) {
      if (!declared.contains(set.getSlotAttr().getAttr()))
        written.insert(set.getSlotAttr().getAttr());
    } else if (auto load = dyn_cast<task::LoadOp>(op))
      for (Attribute slot : load.getSlots())
        if (!declared.contains(slotOf(slot)))
          written.insert(slotOf(slot));
  });
  return written;
}

class Promotion {
public:
  Promotion(task::TaskOp task, const llvm::DenseMap<StringAttr, NamedTensorType> &slotTypes)
      : task(task), slotTypes(slotTypes) {}
  LogicalResult run();

private:
  /// What slots hold at a point of the program.
  using Values = llvm::DenseMap<StringAttr, Value>;
  LogicalResult promote(Block &block, Values &values);
  LogicalResult promote(Operation *op, Values &values);
  LogicalResult promote(task::SetOp set, Values &values);
  LogicalResult promote(task::SaveOp save, Values &values);
  LogicalResult promote(task::LoadOp load, Values &values);
  LogicalResult promote(ForOp loop, Values &values);
  LogicalResult promote(IfOp branch, Values &values);
  LogicalResult promote(GradOp grad, Values &values);
  /// The slot's value; at the task's head it is read if nothing was assigned. Null after an error.
  Value current(StringAttr slot, Values &values, Location reader);
  FailureOr<SmallVector<Value>> current(ArrayRef<StringAttr> slots, Values &values, Location reader);

  task::TaskOp task;
  const llvm::DenseMap<StringAttr, NamedTensorType> &slotTypes;
  /// What was read at the head: the same everywhere in the task.
  llvm::MapVector<StringAttr, task::GetOp> heads;
  /// What is gone when its block ends.
  Slots local;
  /// Where a slot was assigned last.
  llvm::MapVector<StringAttr, Location> assigned;
};

LogicalResult Promotion::run() {
  Values values;
  if (failed(promote(task.block(), values)))
    return failure();
  OpBuilder builder(task.block().getTerminator());
  for (auto [slot, location] : assigned)
    if (!local.contains(slot))
      task::SetOp::create(builder, location, FlatSymbolRefAttr::get(slot), values.lookup(slot));
  return success();
}

Value Promotion::current(StringAttr slot, Values &values, Location reader) {
  if (Value known = values.lookup(slot))
    return known;
  if (task.getInitialise()) {
    InFlightDiagnostic error = emitError(reader)
                               << "E0601: `" << slot.getValue() << "` is used before it has its first value";
    error.attachNote() << "declare it before what uses it";
    return {};
  }
  task::GetOp &head = heads[slot];
  if (!head) {
    OpBuilder builder(task.getContext());
    builder.setInsertionPointToStart(&task.block());
    if (heads.size() > 1)
      builder.setInsertionPointAfter(std::prev(heads.end(), 2)->second);
    head = task::GetOp::create(builder, reader, slotTypes.lookup(slot), FlatSymbolRefAttr::get(slot));
  }
  return head;
}

FailureOr<SmallVector<Value>> Promotion::current(ArrayRef<StringAttr> slots, Values &values, Location reader) {
  SmallVector<Value> found;
  for (StringAttr slot : slots)
    if (!found.emplace_back(current(slot, values, reader)))
      return failure();
  return found;
}

LogicalResult Promotion::promote(Block &block, Values &values) {
  for (Operation &op : llvm::make_early_inc_range(block))
    if (failed(promote(&op, values)))
      return failure();
  return success();
}

LogicalResult Promotion::promote(Operation *op, Values &values) {
  if (auto get = dyn_cast<task::GetOp>(op)) {
    Value value = current(get.getSlotAttr().getAttr(), values, get.getLoc());
    if (!value)
      return failure();
    if (value.getType() != get.getType())
      return get.emitOpError() << "reads " << get.getType() << " from a slot of " << value.getType();
    get.replaceAllUsesWith(value);
    get.erase();
    return success();
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<task::SetOp, task::SaveOp, task::LoadOp, ForOp, IfOp, GradOp>([&](auto o) { return promote(o, values); })
      .Case<CustomGradientOp>([&](auto own) { return promote(own.getGradient().front(), values); }) // it only reads
      .Default([](Operation *other) {
        if (isa<CallOpInterface>(other))
          return LogicalResult(other->emitOpError("is left: calls are inlined before slots become values"));
        if (other->getNumRegions())
          return LogicalResult(other->emitOpError("has a region through which slots cannot be followed"));
        return success();
      });
}

LogicalResult Promotion::promote(task::SetOp set, Values &values) {
  StringAttr slot = set.getSlotAttr().getAttr();
  if (set.getValue().getType() != slotTypes.lookup(slot))
    return set.emitOpError() << "writes " << set.getValue().getType() << " into a slot of " << slotTypes.lookup(slot);
  values[slot] = set.getValue();
  if (declares(set))
    local.insert(slot);
  assigned.insert({slot, set.getLoc()}).first->second = set.getLoc();
  set.erase();
  return success();
}

LogicalResult Promotion::promote(task::SaveOp save, Values &values) {
  auto slots = llvm::map_to_vector(save.getSlots(), slotOf);
  auto saved = current(slots, values, save.getLoc());
  if (failed(saved))
    return failure();
  save.getValuesMutable().assign(*saved);
  return success();
}

LogicalResult Promotion::promote(task::LoadOp load, Values &values) {
  OpBuilder builder(load);
  auto slots = llvm::map_to_vector(load.getSlots(), slotOf);
  SmallVector<Type> types = llvm::map_to_vector(slots, [&](StringAttr slot) -> Type { return slotTypes.lookup(slot); });
  auto loaded =
      task::LoadOp::create(builder, load.getLoc(), types, load.getPathAttr(), load.getSlotsAttr(), load.getNamesAttr());
  loaded->setDiscardableAttrs(load->getDiscardableAttrDictionary());
  for (auto [slot, value] : llvm::zip(slots, loaded.getValues())) {
    values[slot] = value;
    assigned.insert({slot, load.getLoc()}).first->second = load.getLoc();
  }
  load.erase();
  return success();
}

// A loop carries what it writes. What it only reads is captured.
LogicalResult Promotion::promote(ForOp loop, Values &values) {
  Slots written = writtenIn(loop.getBody());
  auto firsts = current(written.getArrayRef(), values, loop.getLoc());
  if (failed(firsts))
    return failure();
  if (written.empty())
    return promote(loop.getBody().front(), values);
  unsigned before = unsigned(loop.getInits().size()), added = unsigned(written.size());
  SmallVector<Value> inits(loop.getInits());
  llvm::append_range(inits, *firsts);
  SmallVector<Type> types(ValueRange(inits).getTypes());
  llvm::append_range(types, loop.getEmits().getTypes());
  OpBuilder builder(loop);
  auto carrying = ForOp::create(builder, loop.getLoc(), types, loop.getCount(), inits, loop.getSequences(),
                                loop.getNameAttr(), loop.getReverse(), loop.getStops());
  carrying->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  carrying.getBody().takeBody(loop.getBody());
  Block &body = carrying.getBody().front();
  Values inside = values;
  for (auto [i, slot] : llvm::enumerate(written))
    inside[slot] = body.insertArgument(1 + before + unsigned(i), (*firsts)[i].getType(), (*firsts)[i].getLoc());
  if (failed(promote(body, inside)))
    return failure();
  SmallVector<Value> yielded(carrying.getYield().getValues());
  auto lasts = llvm::map_to_vector(written, [&](StringAttr slot) { return inside.lookup(slot); });
  yielded.insert(yielded.begin() + before, lasts.begin(), lasts.end());
  carrying.getYield().getValuesMutable().assign(yielded);
  for (auto [slot, result] : llvm::zip(written, carrying.getFinals().drop_front(before)))
    values[slot] = result;
  SmallVector<Value> results(carrying.getResults());
  results.erase(results.begin() + before, results.begin() + before + added);
  loop->replaceAllUsesWith(results);
  loop.erase();
  return success();
}

// What either branch writes is a result of both.
LogicalResult Promotion::promote(IfOp branch, Values &values) {
  Slots written = writtenIn(branch.getThenRegion());
  written.insert_range(writtenIn(branch.getElseRegion()));
  auto before = current(written.getArrayRef(), values, branch.getLoc());
  if (failed(before))
    return failure();
  for (auto [slot, value] : llvm::zip(written, *before))
    values[slot] = value;
  SmallVector<Type> types(branch.getResultTypes());
  llvm::append_range(types, ValueRange(*before).getTypes());
  OpBuilder builder(branch);
  auto promoted = IfOp::create(builder, branch.getLoc(), types, branch.getCondition());
  promoted->setDiscardableAttrs(branch->getDiscardableAttrDictionary());
  for (auto [from, to] : llvm::zip(branch->getRegions(), promoted->getRegions())) {
    to.takeBody(from);
    Values inside = values;
    if (failed(promote(to.front(), inside)))
      return failure();
    auto yield = cast<YieldOp>(to.front().getTerminator());
    for (StringAttr slot : written)
      yield.getValuesMutable().append(inside.lookup(slot));
  }
  for (auto [slot, result] : llvm::zip(written, promoted.getResults().take_back(written.size())))
    values[slot] = result;
  branch->replaceAllUsesWith(promoted.getResults().take_front(branch.getNumResults()));
  branch.erase();
  return success();
}

// What is differentiated becomes operands; what is written inside, further results.
LogicalResult Promotion::promote(GradOp grad, Values &values) {
  SmallVector<StringAttr> over;
  if (grad.getOver())
    over = llvm::map_to_vector(*grad.getOver(), slotOf);
  auto inputs = current(over, values, grad.getLoc());
  if (failed(inputs))
    return failure();
  Slots written = writtenIn(grad.getBody());
  SmallVector<Type> types(grad.getResultTypes());
  for (StringAttr slot : written)
    types.push_back(slotTypes.lookup(slot));
  SmallVector<Value> operands(grad.getInputs());
  llvm::append_range(operands, *inputs);
  OpBuilder builder(grad);
  auto promoted = GradOp::create(builder, grad.getLoc(), types, operands, /*over=*/ArrayAttr());
  promoted->setDiscardableAttrs(grad->getDiscardableAttrDictionary());
  promoted.getBody().takeBody(grad.getBody());
  Block &body = promoted.getBody().front();
  Values inside = values;
  for (auto [slot, input] : llvm::zip(over, *inputs))
    inside[slot] = body.addArgument(input.getType(), input.getLoc());
  if (failed(promote(body, inside)))
    return failure();
  for (StringAttr slot : written)
    promoted.getYield().getValuesMutable().append(inside.lookup(slot));
  for (auto [slot, result] : llvm::zip(written, promoted.getResults().take_back(written.size())))
    values[slot] = result;
  grad->replaceAllUsesWith(promoted.getResults().take_front(grad.getNumResults()));
  grad.erase();
  return success();
}

struct PromoteState : PassWrapper<PromoteState, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PromoteState)
  StringRef getArgument() const final { return "promote-state"; }
  StringRef getDescription() const final {
    return "slots become values; tasks get them at the head and set them at the end";
  }
  void runOnOperation() final {
    llvm::DenseMap<StringAttr, NamedTensorType> types;
    for (auto slot : getOperation().getOps<task::SlotOp>())
      types[slot.getSymNameAttr()] = cast<NamedTensorType>(slot.getType());
    for (auto task : getOperation().getOps<task::TaskOp>()) {
      WalkResult known = task.walk([&](Operation *op) { return checkSlots(op, types); });
      if (known.wasInterrupted() || failed(Promotion(task, types).run()))
        return signalPassFailure();
    }
  }
  static WalkResult checkSlots(Operation *op, const llvm::DenseMap<StringAttr, NamedTensorType> &types) {
    SmallVector<Attribute> named;
    if (auto get = dyn_cast<task::GetOp>(op))
      named = {get.getSlotAttr()};
    else if (auto set = dyn_cast<task::SetOp>(op))
      named = {set.getSlotAttr()};
    else if (auto save = dyn_cast<task::SaveOp>(op))
      llvm::append_range(named, save.getSlots());
    else if (auto load = dyn_cast<task::LoadOp>(op))
      llvm::append_range(named, load.getSlots());
    else if (auto grad = dyn_cast<GradOp>(op); grad && grad.getOver())
      llvm::append_range(named, *grad.getOver());
    for (Attribute symbol : named) {
      auto slot = dyn_cast<FlatSymbolRefAttr>(symbol);
      if (!slot || !types.contains(slot.getAttr()))
        return op->emitOpError() << "names " << symbol << ", which is no slot", WalkResult::interrupt();
    }
    return WalkResult::advance();
  }
};

} // namespace

std::unique_ptr<Pass> createPromoteState() { return std::make_unique<PromoteState>(); }

} // namespace burin
