#include "compiler/Plan/Plan.h"
#include "compiler/Codegen/Codegen.h"
#include "compiler/FormKernels/FormKernels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"
using namespace mlir;
using namespace burin;

uint64_t burin::bytesOf(NamedTensorType type) {
  return uint64_t(type.getNumElements()) * storageType(type.getElement()).getIntOrFloatBitWidth() / 8;
}

Layout burin::layOut(ModuleOp module) {
  Layout layout;
  for (auto slot : module.getOps<task::SlotOp>()) {
    auto type = cast<NamedTensorType>(slot.getType());
    if (!ShapedType::isStaticShape(type.getSizes())) // a local one, of a function that is mapped over a whole set
      continue;
    layout.offsets[slot.getSymName()] = layout.bytes;
    layout.bytes += llvm::alignTo(bytesOf(type), 64);
  }
  return layout;
}

namespace {
class Planner {
public:
  Planner(task::TaskOp task, const Layout &layout, PlanOptions options)
      : task(task), layout(layout), options(options), builder(task.getContext()) {}
  TaskPlan run();

private:
  /// Values that share a place, and the slot that this is, if one.
  struct Class {
    SmallVector<Value> members;
    StringRef slot;
    bool elsewhere = false; ///< holds what was moved out of a slot's way: never gets a slot
  };
  struct Range {
    int64_t first, last;
  };

  /// What the command line gives lies where the runtime put it.
  static bool isOption(Value v) {
    return isa<BlockArgument>(v) && isa<task::TaskOp>(v.getParentBlock()->getParentOp());
  }
  /// Whether a value has a place that is chosen here.
  bool inMemory(Value v) const {
    return isa<NamedTensorType>(v.getType()) && !isHostScalar(v) && !isOption(v) && !plan.views.contains(v) &&
           !v.getDefiningOp<task::ColumnOp>() && !v.getDefiningOp<ConstantOp>();
  }
  void sinkUpdates(Block &block);
  bool prepare();
  void number(Block &block);
  int64_t lastRead(Operation *at, Operation *user, Value v, bool whole) const;
  Range rangeOf(Value v, bool whole = false, Region *besides = nullptr) const;
  bool interfere(Value a, Value b);
  bool unite(Value a, Value b);
  bool pin(Value v, StringRef slot);
  Class &classOf(Value v);
  bool uniteLoop(ForOp loop);
  bool layEmits(ForOp loop);
  bool uniteBranch(IfOp branch);
  Value copy(Value v, Location location);
  bool evict(Operation *op, StringRef slot);
  void pack();
  void placeResults();

  task::TaskOp task;
  const Layout &layout;
  PlanOptions options;
  OpBuilder builder;
  TaskPlan plan;
  DenseMap<Operation *, int64_t> start, end;
  std::vector<std::unique_ptr<Class>> classes;
  DenseMap<Value, Class *> classes_of;
  llvm::DenseSet<Value> evicted; ///< copies of what stood in a slot that others want
};

// A launch that may overwrite what a loop carries goes after the last other reader of the old value.
void Planner::sinkUpdates(Block &block) {
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        sinkUpdates(inner);
  auto loop = dyn_cast_if_present<ForOp>(block.getParentOp());
  if (!loop)
    return;
  for (auto [carried, yielded] : llvm::zip(loop.getCarried(), loop.getNext())) {
    auto launch = yielded.getDefiningOp<task::LaunchOp>();
    if (!launch || launch->getBlock() != &block)
      continue;
    Operation *last = nullptr;
    for (Operation *user : carried.getUsers()) {
      Operation *at = block.findAncestorOpInBlock(*user);
      if (at && at != launch && launch->isBeforeInBlock(at) && (!last || last->isBeforeInBlock(at)))
        last = at;
    }
    if (!last || isa<YieldOp>(last))
      continue;
    bool free = llvm::all_of(launch->getUsers(), [&](Operation *user) {
      Operation *at = block.findAncestorOpInBlock(*user);
      return !at || last->isBeforeInBlock(at);
    });
    if (free)
      launch->moveAfter(last);
  }
}

void Planner::number(Block &block) {
  for (Operation &op : block) {
    start[&op] = int64_t(start.size() + end.size());
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        number(inner);
    end[&op] = int64_t(start.size() + end.size());
  }
}

// When an op that stands where a value is defined, and that reads it itself or within, has read it last. `whole`: to
// its end, since it may write elsewhere meanwhile. A loop that captures a value or goes over it wants it to its end;
// one that takes it as the first carried value, at its start. Of a branch, a side is gone through once.
int64_t Planner::lastRead(Operation *at, Operation *user, Value v, bool whole) const {
  auto loop = dyn_cast<ForOp>(at);
  if (at == user && !whole && !(loop && llvm::is_contained(loop.getSequences(), v)))
    return start.lookup(at);
  if (at != user && isa<IfOp>(at))
    for (Region &side : at->getRegions())
      if (Operation *inside = side.front().findAncestorOpInBlock(*user))
        return lastRead(inside, user, v, whole);
  return end.lookup(at);
}

// Uses in `besides` don't count.
Planner::Range Planner::rangeOf(Value v, bool whole, Region *besides) const {
  Block *block = v.getParentBlock();
  Range range;
  if (Operation *op = v.getDefiningOp()) // what a loop emits is written while it runs
    range.first =
        isa<ForOp>(op) && llvm::is_contained(cast<ForOp>(op).getEmits(), v) ? start.lookup(op) : end.lookup(op);
  else
    range.first = isa<task::TaskOp>(block->getParentOp()) ? -1 : start.lookup(block->getParentOp());
  range.last = range.first;
  for (Operation *user : v.getUsers())
    if (!besides || !besides->isAncestor(user->getParentRegion()))
      range.last = std::max(range.last, lastRead(block->findAncestorOpInBlock(*user), user, v, whole));
  return range;
}

// The side of a branch that does not run if `inner`, on the other side, is computed, where `outer` is there before: no
// loop may be between, or it could be wanted at the next step.
static Region *otherSide(Value inner, Value outer) {
  for (Region *region = inner.getParentRegion(); region && region != outer.getParentRegion();
       region = region->getParentRegion()) {
    auto branch = dyn_cast<IfOp>(region->getParentOp());
    if (!branch)
      return nullptr;
    if (branch->getParentRegion() == outer.getParentRegion())
      return region == &branch.getThenRegion() ? &branch.getElseRegion() : &branch.getThenRegion();
  }
  return nullptr;
}

// Whether two values are wanted at once. A launch may write over an operand that it reads only where it writes.
bool Planner::interfere(Value a, Value b) {
  if (a == b)
    return false;
  if ((a.getDefiningOp() && a.getDefiningOp() == b.getDefiningOp()) ||
      (isa<BlockArgument>(a) && isa<BlockArgument>(b) && a.getParentBlock() == b.getParentBlock()))
    return true;
  Range x = rangeOf(a, false, otherSide(b, a)), y = rangeOf(b, false, otherSide(a, b));
  if (x.first > y.first)
    std::swap(x, y), std::swap(a, b);
  if (y.first >= x.last) {
    auto launch = b.getDefiningOp<task::LaunchOp>();
    if (!launch || !llvm::is_contained(launch.getInputs(), a))
      return false;
    auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(launch, launch.getKernelAttr());
    unsigned result = cast<OpResult>(b).getResultNumber();
    for (auto [i, input] : llvm::enumerate(launch.getInputs()))
      if (input == a && (!options.update || !mayUpdate(kernel, unsigned(i), result)))
        return true;
    return false;
  }
  return true;
}

Planner::Class &Planner::classOf(Value v) {
  Class *&c = classes_of[v];
  if (!c) {
    classes.push_back(std::make_unique<Class>());
    c = classes.back().get();
    c->members.push_back(v);
    c->elsewhere = evicted.contains(v);
  }
  return *c;
}

bool Planner::unite(Value a, Value b) {
  Class &x = classOf(a), &y = classOf(b);
  if (&x == &y)
    return true;
  if (a.getType() != b.getType() || (!x.slot.empty() && !y.slot.empty() && x.slot != y.slot))
    return false;
  if ((x.elsewhere && !y.slot.empty()) || (y.elsewhere && !x.slot.empty()))
    return false;
  for (Value v : x.members)
    for (Value w : y.members)
      if (interfere(v, w))
        return false;
  if (x.slot.empty())
    x.slot = y.slot;
  x.elsewhere |= y.elsewhere;
  for (Value w : y.members)
    x.members.push_back(w), classes_of[w] = &x;
  y.members.clear();
  return true;
}

bool Planner::pin(Value v, StringRef slot) {
  Class &c = classOf(v);
  if (c.slot == slot)
    return true;
  if (!c.slot.empty() || c.elsewhere)
    return false;
  for (auto &other : classes)
    if (other->slot == slot && !other->members.empty())
      return unite(other->members.front(), v);
  c.slot = slot;
  return true;
}

// A kernel that copies: what the source asks for, or a value wanted in two places at once.
Value Planner::copy(Value v, Location location) {
  ModuleOp module = task->getParentOfType<ModuleOp>();
  auto type = typeOf(v);
  unsigned n = 0;
  func::FuncOp kernel;
  for (;; ++n) {
    std::string candidate = "copy_" + std::to_string(n);
    kernel = module.lookupSymbol<func::FuncOp>(candidate);
    if (kernel && kernel.getArgumentTypes()[0] == type)
      break;
    if (kernel)
      continue;
    OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
    kernel = func::FuncOp::create(b, location, candidate, b.getFunctionType(type, type));
    kernel.setPrivate();
    b.setInsertionPointToEnd(kernel.addEntryBlock());
    Value same = BroadcastOp::create(b, location, type, kernel.getArgument(0));
    func::ReturnOp::create(b, location, same);
    break;
  }
  ++plan.copies;
  return task::LaunchOp::create(builder, location, type, kernel.getName(), v).getResult(0);
}

// Values that lie in a slot and are wanted after `op` writes another there move out right where they begin. True: there
// were some, and numbers are stale.
bool Planner::evict(Operation *op, StringRef slot) {
  SmallVector<Value> inTheWay;
  for (auto &c : classes)
    if (c->slot == slot)
      for (Value v : c->members)
        if (Range r = rangeOf(v); r.first < start[op] && r.last > start[op])
          inTheWay.push_back(v);
  for (Value v : inTheWay) {
    if (Operation *definition = v.getDefiningOp())
      builder.setInsertionPointAfter(definition);
    else
      builder.setInsertionPointToStart(v.getParentBlock());
    Value moved = copy(v, v.getLoc());
    v.replaceAllUsesExcept(moved, moved.getDefiningOp());
    evicted.insert(moved);
  }
  return !inTheWay.empty();
}

// The places of what a loop carries. False: copies were inserted, numbers are stale. Every value in the way is copied
// before the next round asks again: values that change places are all read before one of them is written.
bool Planner::uniteLoop(ForOp loop) {
  bool fine = true;
  for (auto [i, init] : llvm::enumerate(loop.getInits())) {
    Value argument = loop.getCarried()[i], yielded = loop.getNext()[i], result = loop.getFinals()[i];
    if (!unite(argument, result))
      llvm_unreachable("a loop's argument ends before its result begins");
    if (!inMemory(init) || !unite(argument, init)) {
      builder.setInsertionPoint(loop);
      loop.getInitsMutable()[i].set(copy(init, loop.getLoc()));
      fine = false;
    }
    if (yielded == argument)
      continue;
    bool own =
        inMemory(yielded) && yielded.getParentBlock() == argument.getParentBlock() && !isa<BlockArgument>(yielded);
    if (!own || !unite(argument, yielded)) { // twice if carried values change places
      Operation *yield = loop.getYield();
      builder.setInsertionPoint(yield);
      Value moved = copy(yielded, loop.getLoc());
      yield->setOperand(unsigned(i), moved);
      fine = false;
    }
  }
  return layEmits(loop) && fine;
}

// A launch's result that is emitted is written to its slice of the whole. What is carried, emitted twice or no launch's
// result is copied there.
bool Planner::layEmits(ForOp loop) {
  bool fine = true;
  unsigned carried = unsigned(loop.getInits().size());
  for (auto [k, whole] : llvm::enumerate(loop.getEmits())) {
    Value emitted = loop.getEmitted()[k];
    auto launch = emitted.getDefiningOp<task::LaunchOp>();
    if (launch && launch->getBlock() == &loop.getBody().front() && inMemory(emitted) &&
        classOf(emitted).members.size() == 1 && classOf(emitted).slot.empty()) {
      classOf(emitted).members.clear();
      classes_of.erase(emitted);
      plan.views[emitted] = {whole, loop};
      continue;
    }
    Operation *yield = loop.getYield();
    builder.setInsertionPoint(yield);
    yield->setOperand(carried + unsigned(k), copy(emitted, emitted.getLoc()));
    fine = false;
  }
  return fine;
}

// Both sides write where the branch's results lie; what a side only passes on may lie there already. Else it is copied.
bool Planner::uniteBranch(IfOp branch) {
  bool fine = true;
  for (auto [i, result] : llvm::enumerate(branch.getResults()))
    for (Region &side : branch->getRegions()) {
      Operation *yield = side.front().getTerminator();
      Value yielded = yield->getOperand(unsigned(i));
      if (inMemory(yielded) && unite(result, yielded))
        continue;
      builder.setInsertionPoint(yield);
      yield->setOperand(unsigned(i), copy(yielded, branch.getLoc()));
      fine = false;
    }
  return fine;
}

// Whether nothing is saved from or loaded into the slot of `set` between `op` and it.
static bool staysUntil(Operation *op, task::SetOp set) {
  if (op->getBlock() != set->getBlock() || !op->isBeforeInBlock(set))
    return false;
  auto slot = set.getSlotAttr();
  for (Operation *between = op->getNextNode(); between != set; between = between->getNextNode()) {
    bool writes =
        between
            ->walk([&](Operation *inner) {
              ArrayAttr slots;
              if (auto save = dyn_cast<task::SaveOp>(inner))
                slots = save.getSlots();
              else if (auto load = dyn_cast<task::LoadOp>(inner))
                slots = load.getSlots();
              return slots && llvm::is_contained(slots, slot) ? WalkResult::interrupt() : WalkResult::advance();
            })
            .wasInterrupted();
    if (writes)
      return false;
  }
  return true;
}

bool Planner::prepare() {
  start.clear(), end.clear(), classes.clear(), classes_of.clear(), plan.views.clear();
  number(task.block());
  task.walk([&](ForOp loop) {
    for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
      plan.views[slice] = {sequence, loop};
  });
  bool fine = true;
  task.walk([&](Operation *op) {
    if (auto get = dyn_cast<task::GetOp>(op))
      pin(get.getValue(), get.getSlot());
    if (auto load = dyn_cast<task::LoadOp>(op))
      for (auto [v, slot] : llvm::zip(load.getValues(), load.getSlots())) {
        StringRef name = cast<FlatSymbolRefAttr>(slot).getValue();
        fine = fine && (pin(v, name) || !evict(load, name));
      }
  });
  if (!fine)
    return false;
  task.walk([&](Operation *op) {
    if (auto loop = dyn_cast<ForOp>(op))
      fine = fine && uniteLoop(loop);
    else if (auto branch = dyn_cast<IfOp>(op))
      fine = fine && uniteBranch(branch);
  });
  if (!fine)
    return false;
  task.walk([&](Operation *op) {
    auto want = [&](OpOperand &operand, StringRef slot) {
      if (!fine || (inMemory(operand.get()) && pin(operand.get(), slot)))
        return;
      fine = false;
      if (evict(op, slot))
        return;
      builder.setInsertionPoint(op);
      Value old = operand.get(), moved = copy(old, op->getLoc());
      operand.set(moved);
      for (Operation *user : llvm::make_early_inc_range(old.getUsers())) // what is saved mostly stays in the slot
        if (auto set = dyn_cast<task::SetOp>(user); set && set.getSlot() == slot && staysUntil(op, set))
          set.getValueMutable().set(moved);
    };
    if (auto set = dyn_cast<task::SetOp>(op))
      want(set.getValueMutable(), set.getSlot());
    if (auto save = dyn_cast<task::SaveOp>(op))
      for (auto [i, slot] : llvm::enumerate(save.getSlots()))
        want(save.getValuesMutable()[unsigned(i)], cast<FlatSymbolRefAttr>(slot).getValue());
    // The runtime looks for a result in the step arena.
    if (auto yielded = dyn_cast<task::ReturnOp>(op))
      for (OpOperand &operand : yielded->getOpOperands())
        if (fine && ((isOption(operand.get()) && !isHostScalar(operand.get())) ||
                     (inMemory(operand.get()) &&
                      (!classOf(operand.get()).slot.empty() || isa<BlockArgument>(operand.get()))))) {
          builder.setInsertionPoint(op);
          operand.set(copy(operand.get(), op->getLoc()));
          fine = false;
        }
  });
  return fine;
}

// Offsets in the step arena: largest first, each as low as those live at the same time allow.
void Planner::pack() {
  struct Item {
    Class *c;
    Range range;
    uint64_t bytes, offset;
  };
  std::vector<Item> items;
  auto note = [&](Value v) {
    if (inMemory(v))
      classOf(v);
  };
  for (BlockArgument a : task.block().getArguments())
    if (!isHostScalar(a)) {
      plan.places[a] = {Arena::Arguments, plan.argumentBytes};
      plan.argumentBytes += llvm::alignTo(bytesOf(typeOf(a)), 64);
    } else if (a.getArgNumber() > 0) {
      plan.places[a] = {Arena::Arguments, plan.argumentBytes};
      plan.argumentBytes += 64;
    }
  task.walk([&](Operation *op) {
    for (Value r : op->getResults())
      note(r);
    if (auto loop = dyn_cast<ForOp>(op))
      for (Value a : loop.getCarried())
        note(a);
  });
  for (auto &c : classes) {
    if (c->members.empty() || plan.places.count(c->members.front()))
      continue;
    if (!c->slot.empty()) {
      for (Value v : c->members)
        plan.places[v] = {Arena::Persistent, layout.offsets.lookup(c->slot)};
      continue;
    }
    Item item{c.get(),
              {INT64_MAX, INT64_MIN},
              std::max<uint64_t>(64, llvm::alignTo(bytesOf(typeOf(c->members.front())), 64)),
              0};
    for (Value v : c->members) {
      Range r = rangeOf(v, true);
      if (auto argument = dyn_cast<BlockArgument>(v)) // carried: the whole loop
        r.last = std::max(r.last, end[argument.getOwner()->getParentOp()]);
      item.range = {std::min(item.range.first, r.first), std::max(item.range.last, r.last)};
    }
    items.push_back(item);
  }
  std::stable_sort(items.begin(), items.end(), [](const Item &a, const Item &b) { return a.bytes > b.bytes; });
  for (size_t n = 0; n < items.size(); ++n) {
    Item &item = items[n];
    std::vector<const Item *> live;
    for (size_t k = 0; k < n; ++k)
      if (items[k].range.first <= item.range.last && item.range.first <= items[k].range.last)
        live.push_back(&items[k]);
    std::sort(live.begin(), live.end(), [](auto *a, auto *b) { return a->offset < b->offset; });
    for (const Item *other : live)
      if (item.offset + item.bytes > other->offset)
        item.offset = std::max(item.offset, other->offset + other->bytes);
    plan.stepBytes = std::max(plan.stepBytes, item.offset + item.bytes);
    for (Value v : item.c->members)
      plan.places[v] = {Arena::Step, item.offset};
    Buffer buffer{item.offset, item.bytes, item.range.first, item.range.last, typeOf(item.c->members.front()), {}};
    for (Value v : item.c->members) {
      Range r = rangeOf(v, true);
      buffer.holdings.push_back({v, r.first, r.last});
    }
    plan.buffers.push_back(std::move(buffer));
  }
}

// Results that are numbers of the host's, in no kernel's memory, are put behind the others; where there are none, to
// the front: nothing else is wanted when the task ends.
void Planner::placeResults() {
  auto values = cast<task::ReturnOp>(task.block().getTerminator()).getValues();
  uint64_t end = llvm::all_of(values, [](Value v) { return isHostScalar(v); }) ? 0 : plan.stepBytes;
  for (Value v : values) {
    auto place = plan.places.find(v);
    plan.results.push_back(isHostScalar(v) || place == plan.places.end() ? end : place->second.offset);
    end += isHostScalar(v) ? 64 : 0;
  }
  plan.stepBytes = std::max({plan.stepBytes, end, uint64_t(64)});
}

TaskPlan Planner::run() {
  if (options.sink)
    sinkUpdates(task.block());
  unsigned rounds = 0;
  while (!(plan.complete = prepare()) && ++rounds < 10000)
    ;
  if (!plan.complete) {
    task.emitError("E0599: no place was found for every value of a task");
    return std::move(plan);
  }
  pack();
  placeResults();
  return std::move(plan);
}
} // namespace

TaskPlan burin::planTask(task::TaskOp task, const Layout &layout, PlanOptions options) {
  return Planner(task, layout, options).run();
}
