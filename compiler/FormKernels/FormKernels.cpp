// Grouping, ordering and outlining.
//
// Ops are taken in program order; each joins the latest group it fits into whose index is not before any of its
// producers', so running the groups in order is valid. A contraction takes pointwise ops over its result's axes as an
// epilogue. Other ops share a loop nest over common rows: softmax, cross-entropy and its gradient are one kernel over
// the batch. Afterwards pointwise kernels over a contraction's axes that use its result, and that could not join it
// since they also need what was grouped later, become part of it: so an optimiser's update follows on the gradient's
// sums.
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/FormKernels/Prepare.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include <random>
using namespace mlir;
using namespace burin;

bool burin::isReductionLike(Operation *op) { return isa<ReduceOp, ArgReduceOp, AccumulateOp>(op); }

NamedTensorType burin::domainOf(Operation *op) {
  if (isReductionLike(op))
    return typeOf(op->getOperand(0));
  return typeOf(op->getResult(0));
}
SmallVector<StringAttr> burin::reducedBy(Operation *op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return axisNames(reduce.getOver());
  if (auto accumulate = dyn_cast<AccumulateOp>(op))
    return axisNames(accumulate.getOver());
  if (auto arg = dyn_cast<ArgReduceOp>(op))
    return {arg.getOverAttr()};
  return {};
}

LoopPlan burin::planLoops(ArrayRef<Operation *> ops) {
  LoopPlan plan;
  DenseMap<StringAttr, int64_t> extents;
  bool first = true;
  for (Operation *op : ops) {
    if (isa<ConstantOp>(op))
      continue;
    SmallVector<StringAttr> reduced = reducedBy(op);
    NamedTensorType domain = domainOf(op);
    for (auto [axis, extent] : llvm::zip(domain.getAxes(), domain.getSizes()))
      plan.possible &= extents.try_emplace(axis, extent).first->second == extent;
    if (first)
      plan.rows.assign(domain.getAxes().begin(), domain.getAxes().end());
    first = false;
    llvm::erase_if(plan.rows, [&](StringAttr a) { return !domain.hasAxis(a) || llvm::is_contained(reduced, a); });
    unsigned phase = 0;
    for (Value v : op->getOperands())
      if (Operation *producer = v.getDefiningOp(); producer && plan.phase.count(producer))
        phase = std::max(phase, plan.phase[producer] + (isReductionLike(producer) ? 1 : 0));
    plan.phase[op] = phase;
    plan.phases = std::max(plan.phases, phase + 1);
  }
  return plan;
}

Location burin::placeOf(Value v) {
  auto result = dyn_cast<OpResult>(v);
  if (result && isa<task::LaunchOp>(result.getOwner())) {
    auto fused = dyn_cast<FusedLoc>(Location(result.getLoc()));
    if (auto places = fused ? dyn_cast_if_present<ArrayAttr>(fused.getMetadata()) : ArrayAttr())
      return cast<LocationAttr>(places[result.getResultNumber()]);
  }
  return v.getLoc();
}

bool burin::isHostScalar(Value v) {
  if (!isI64Scalar(v.getType()))
    return false;
  if (auto argument = dyn_cast<BlockArgument>(v)) {
    Operation *parent = argument.getOwner()->getParentOp();
    return isa<task::TaskOp>(parent) || (isa<ForOp>(parent) && argument.getArgNumber() == 0);
  }
  Operation *op = v.getDefiningOp();
  if (isa<task::RowsOp, ConstantOp>(op))
    return true;
  return (isa<PointwiseOpInterface, FoldInOp>(op)) && llvm::all_of(op->getOperands(), isHostScalar);
}

namespace {
struct Group {
  SmallVector<Operation *> ops;
  ContractOp contract;
  SmallVector<StringAttr> rows;
  bool reduces = false;
  bool open = true; ///< takes no more: a scatter
};

class Former {
public:
  Former(ModuleOp module, FormKernelsOptions options)
      : module(module), builder(module.getContext()), memory(builder), options(options) {}
  void run();

private:
  void block(Block &body, StringRef task);
  bool fits(Group &group, Operation *op);
  void add(Group &group, Operation *op);
  void joinContractions(Block &body, std::vector<Group> &groups);
  bool joins(Group &contraction, Group &group);
  bool leadsElsewhere(Block &body, ArrayRef<Group> groups, unsigned from, unsigned to);
  void cloneViews(OpBuilder &inside, Value v, IRMapping &map) const;
  void outline(Group &group, unsigned number, ArrayRef<Group> groups);
  bool keepsApart();
  std::string nameOf(Group &group);

  ModuleOp module;
  OpBuilder builder;
  Preparation memory;
  FormKernelsOptions options;
  std::minstd_rand chance{options.choice + 1};
  StringRef taskName;
  DenseMap<Operation *, unsigned> groupOf;
  llvm::StringMap<func::FuncOp> kernels; ///< by body
  llvm::StringMap<unsigned> names;
};

bool Former::keepsApart() { return options.apart && chance() % 100 < options.apart; }

bool Former::fits(Group &group, Operation *op) {
  if (!group.open)
    return false;
  for (Value v : op->getOperands()) // a view is of what was there before the kernel
    if (Value source = memory.memoryOf(v); source && source != v && source.getDefiningOp())
      if (llvm::is_contained(group.ops, source.getDefiningOp()))
        return false;
  bool connected = llvm::any_of(op->getOperands(), [&](Value v) {
    return v.getDefiningOp() && llvm::is_contained(group.ops, v.getDefiningOp());
  });
  if (group.contract)
    return connected && isPointwiseLike(op) && typeOf(op->getResult(0)).sameAxesAs(typeOf(group.contract.getY()));
  if (!isPointwiseLike(op) && !isReductionLike(op) && !isa<GatherOp, RandomOp>(op))
    return false;
  bool shares = llvm::any_of(op->getOperands(), [&](Value v) {
    return !isSplatConstant(v.getDefiningOp()) &&
           llvm::any_of(group.ops, [&](Operation *other) { return llvm::is_contained(other->getOperands(), v); });
  });
  NamedTensorType domain = domainOf(op), first = domainOf(group.ops.front());
  // Numbers without axes go together: their chains of arithmetic overlap.
  bool numbers = domain.getAxes().empty() && first.getAxes().empty();
  if (!connected && !numbers && !(shares && domain.sameAxesAs(first)))
    return false;
  // A shuffle is long: it is computed for 16 elements at a time, so not inside rows of something wider.
  auto isShuffle = [](Operation *o) { return isa<ShuffleOp, RandomOp, RandomAtOp>(o); };
  if ((isShuffle(op) || llvm::any_of(group.ops, isShuffle)) && !domain.sameAxesAs(first))
    return false;
  // A gather reads its table, and a draw its key, as they were before the kernel.
  if (auto gather = dyn_cast<GatherOp>(op))
    if (Operation *table = gather.getTable().getDefiningOp(); table && llvm::is_contained(group.ops, table))
      return false;
  if (auto accumulate = dyn_cast<AccumulateOp>(op)) // lanes are read from memory, and written there
    if (Operation *lanes = accumulate.getAcc().getDefiningOp(); lanes && llvm::is_contained(group.ops, lanes))
      return false;
  SmallVector<Operation *> trial(group.ops);
  trial.push_back(op);
  LoopPlan plan = planLoops(trial);
  if (!plan.possible || (group.reduces && plan.rows != group.rows))
    return false;
  if (plan.rows.empty() && !group.rows.empty() && (group.ops.empty() || group.reduces || group.rows.size() != 1))
    return false;
  // The result of a reduction is one value a row; what accumulates has its lanes besides.
  for (Operation *member : trial)
    if (isReductionLike(member))
      for (StringAttr axis : typeOf(member->getResult(0)).getAxes().drop_back(isa<AccumulateOp>(member) ? 1 : 0))
        if (!llvm::is_contained(plan.rows, axis))
          return false;
  for (Operation *member : trial)
    if (isa<AccumulateOp>(member) && trial.size() > 1 && member != op)
      return false;
  return true;
}

void Former::add(Group &group, Operation *op) {
  group.ops.push_back(op);
  group.reduces |= isReductionLike(op);
  if (!group.contract)
    group.rows = planLoops(group.ops).rows;
}

// Launches stand where the last op of their group stood: what needs them earlier pulls them there. Effects keep their
// order.
static void sortLaunches(Block &body) {
  llvm::SetVector<Operation *> placed;
  Operation *effect = nullptr; // the last one
  DenseMap<Operation *, Operation *> effectBefore;
  for (Operation &op : body)
    if (!isMemoryEffectFree(&op)) {
      effectBefore[&op] = effect;
      effect = &op;
    }
  auto place = [&](auto &self, Operation *op) -> void {
    if (!op || placed.contains(op))
      return;
    self(self, effectBefore.lookup(op));
    op->walk([&](Operation *inner) { // also what a loop captures
      for (Value v : inner->getOperands())
        if (Operation *producer = v.getDefiningOp(); producer && producer->getBlock() == &body)
          self(self, producer);
    });
    placed.insert(op);
  };
  for (Operation &op : body)
    place(place, &op);
  for (Operation *op : placed)
    op->moveBefore(&body, body.end());
}

bool Former::joins(Group &contraction, Group &group) {
  auto type = typeOf(contraction.contract.getY());
  auto isMember = [&](Operation *op) { return llvm::is_contained(group.ops, op); };
  bool pointwise = llvm::all_of(group.ops, [&](Operation *op) {
    auto own = typeOf(op->getResult(0));
    bool inside = own.getAxes().empty() && llvm::all_of(op->getUsers(), isMember); // a number for the others
    return isPointwiseLike(op) && (own.sameAxesAs(type) || inside);
  });
  auto uses = [&](Operation *op) {
    return llvm::any_of(op->getOperands(),
                        [&](Value v) { return llvm::is_contained(contraction.ops, v.getDefiningOp()); });
  };
  return pointwise && llvm::any_of(group.ops, uses);
}

// Whether group `to` needs group `from` in another way than by its results: through other groups, or what the host
// does.
bool Former::leadsElsewhere(Block &body, ArrayRef<Group> groups, unsigned from, unsigned to) {
  DenseMap<Operation *, Operation *> effectBefore;
  Operation *effect = nullptr;
  for (Operation &op : body)
    if (!isMemoryEffectFree(&op))
      effectBefore[&op] = std::exchange(effect, &op);
  llvm::SetVector<Operation *> needed; // grows while it is gone through
  auto need = [&](Operation *op, bool direct) {
    if (!op || op->getBlock() != &body)
      return false;
    auto group = groupOf.find(op);
    if (group == groupOf.end())
      return needed.insert(op), false;
    if (group->second == from)
      return !direct;
    if (group->second != to)
      needed.insert_range(groups[group->second].ops);
    return false;
  };
  auto needOperands = [&](Operation *op, bool direct) {
    bool found = need(effectBefore.lookup(op), direct);
    op->walk([&](Operation *inner) { // also what a loop captures
      for (Value v : inner->getOperands())
        found |= need(v.getDefiningOp(), direct);
    });
    return found;
  };
  for (Operation *op : groups[to].ops)
    needOperands(op, true);
  for (unsigned i = 0; i < needed.size(); ++i)
    if (needOperands(needed[i], false))
      return true;
  return false;
}

void Former::joinContractions(Block &body, std::vector<Group> &groups) {
  for (auto [from, contraction] : llvm::enumerate(groups)) {
    if (!contraction.contract)
      continue;
    for (unsigned to = 0; to < groups.size(); ++to) {
      if (groups[to].ops.empty() || groups[to].contract || !joins(contraction, groups[to]) ||
          leadsElsewhere(body, groups, unsigned(from), to))
        continue;
      for (Operation *op : groups[to].ops)
        groupOf[op] = unsigned(from);
      contraction.ops.append(groups[to].ops);
      groups[to].ops.clear();
    }
  }
}

void Former::block(Block &body, StringRef task) {
  for (Operation &op : body)
    for (Region &region : op.getRegions())
      block(region.front(), task);
  std::vector<Group> groups;
  groupOf.clear();
  DenseMap<Operation *, unsigned> ready; ///< the first group index that may follow a host op
  for (Operation &op : body) {
    if (memory.standsInKernels(&op))
      continue;
    unsigned earliest = 0;
    for (Value v : op.getOperands()) {
      Value source = memory.memoryOf(v);
      if (Operation *producer = source ? source.getDefiningOp() : nullptr; producer && producer->getBlock() == &body) {
        if (auto found = groupOf.find(producer); found != groupOf.end())
          earliest = std::max(earliest, found->second);
        else if (auto host = ready.find(producer); host != ready.end())
          earliest = std::max(earliest, host->second);
      }
    }
    if (isHost(&op)) {
      // What a loop captures counts as its operands.
      op.walk([&](Operation *inner) {
        for (Value v : inner->getOperands())
          if (auto found = groupOf.find(v.getDefiningOp()); v.getDefiningOp() && found != groupOf.end())
            earliest = std::max(earliest, found->second);
      });
      bool barrier = isa<ForOp, IfOp, task::LoadOp, task::SaveOp>(op);
      bool after = llvm::any_of(op.getOperands(),
                                [&](Value v) { return v.getDefiningOp() && groupOf.count(v.getDefiningOp()); });
      ready[&op] = barrier ? unsigned(groups.size()) : earliest + after;
      if (barrier)
        for (Group &g : groups)
          g.open = false;
      continue;
    }
    if (isSplatConstant(&op))
      continue;
    unsigned chosen = unsigned(groups.size());
    for (unsigned g = keepsApart() ? 0 : unsigned(groups.size()); g-- > earliest;)
      if (fits(groups[g], &op)) {
        chosen = g;
        break;
      }
    if (chosen == groups.size()) {
      Group fresh;
      fresh.contract = dyn_cast<ContractOp>(op);
      fresh.open = !isScatter(&op) && !isa<ConstantOp>(op);
      groups.push_back(fresh);
    }
    if (isa<ConstantOp>(op)) { // not a splat: read-only data, no kernel
      groups.pop_back();
      continue;
    }
    add(groups[chosen], &op);
    groupOf[&op] = chosen;
  }
  joinContractions(body, groups);
  for (auto [number, group] : llvm::enumerate(groups))
    if (!group.ops.empty())
      outline(group, unsigned(number), groups);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if ((isView(&op) || isIndexExpression(&op)) && op.use_empty()) // kernels have their own
      op.erase();
  sortLaunches(body);
}

std::string Former::nameOf(Group &group) {
  Operation *main = group.contract ? group.contract.getOperation() : group.ops.back();
  for (Operation *op : group.ops)
    if (!group.contract && isReductionLike(op))
      main = op;
  std::string line;
  Location location = main->getLoc();
  location->walk([&](Location l) {
    if (auto file = dyn_cast<FileLineColLoc>(l)) {
      line = "_L" + std::to_string(file.getLine());
    }
    return WalkResult::advance();
  });
  std::string name = (taskName + line + "_" + main->getName().stripDialect()).str();
  unsigned n = names[name]++;
  return n ? name + "_" + std::to_string(n) : name;
}

void Former::cloneViews(OpBuilder &inside, Value v, IRMapping &map) const {
  if (map.contains(v) || memory.memoryOf(v) == v)
    return;
  for (Value x : v.getDefiningOp()->getOperands()) {
    if (isSplatConstant(x.getDefiningOp()) && !map.contains(x))
      inside.clone(*x.getDefiningOp(), map);
    cloneViews(inside, x, map);
  }
  inside.clone(*v.getDefiningOp(), map);
}

void Former::outline(Group &group, unsigned, ArrayRef<Group>) {
  llvm::SetVector<Operation *> members(group.ops.begin(), group.ops.end());
  llvm::SetVector<Value> inputs;
  SmallVector<Value> outputs;
  LoopPlan plan;
  if (!group.contract)
    plan = planLoops(group.ops);
  for (Operation *op : group.ops) {
    for (Value v : op->getOperands())
      if (!members.contains(v.getDefiningOp()) && !isSplatConstant(v.getDefiningOp()))
        if (Value source = memory.memoryOf(v))
          inputs.insert(source);
    Value result = op->getResult(0);
    bool needed = llvm::any_of(result.getUsers(), [&](Operation *user) { return !members.contains(user); });
    // A value with inner axes that a later phase reads is kept in memory.
    bool inner = !group.contract && llvm::any_of(typeOf(result).getAxes(),
                                                 [&](StringAttr a) { return !llvm::is_contained(plan.rows, a); });
    if (inner)
      needed |= llvm::any_of(result.getUsers(), [&](Operation *user) {
        return members.contains(user) && plan.phase[user] != plan.phase[op];
      });
    if (needed)
      outputs.push_back(result);
  }
  Operation *last = group.ops.back();
  for (Operation *op : group.ops)
    if (last->isBeforeInBlock(op))
      last = op;
  SmallVector<Type> resultTypes = llvm::map_to_vector(outputs, [](Value v) { return v.getType(); });
  SmallVector<Location> locations = llvm::map_to_vector(group.ops, [](Operation *op) { return op->getLoc(); });
  Location location = group.contract ? group.contract.getLoc() : group.ops.front()->getLoc();

  builder.setInsertionPointToEnd(module.getBody());
  SmallVector<Type> inputTypes = llvm::map_to_vector(inputs, [](Value v) { return v.getType(); });
  auto kernel = func::FuncOp::create(builder, location, "kernel", builder.getFunctionType(inputTypes, resultTypes));
  kernel.setPrivate();
  Block &body = *kernel.addEntryBlock();
  IRMapping map;
  for (auto [v, argument] : llvm::zip(inputs, body.getArguments()))
    map.map(v, argument);
  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  for (Operation *op : group.ops) {
    for (Value v : op->getOperands())
      if (isSplatConstant(v.getDefiningOp()) && !map.contains(v))
        inside.clone(*v.getDefiningOp(), map);
      else
        cloneViews(inside, v, map);
    inside.clone(*op, map);
  }
  func::ReturnOp::create(inside, location, llvm::map_to_vector(outputs, [&](Value v) { return map.lookup(v); }));

  std::string key;
  llvm::raw_string_ostream text(key);
  kernel.print(text, OpPrintingFlags().enableDebugInfo(false).useLocalScope().assumeVerified());
  auto [place, fresh] = kernels.try_emplace(key, kernel);
  if (fresh) {
    kernel.setName(nameOf(group));
  } else {
    place->second->setLoc(FusedLoc::get(builder.getContext(), {place->second.getLoc(), location}));
    kernel.erase();
  }
  builder.setInsertionPointAfter(last);
  SmallVector<Attribute> places = llvm::map_to_vector(outputs, [](Value v) { return Attribute(v.getLoc()); });
  Location launchPlace = FusedLoc::get({location}, builder.getArrayAttr(places), builder.getContext());
  auto launch =
      task::LaunchOp::create(builder, launchPlace, resultTypes, place->second.getName(), inputs.getArrayRef());
  for (auto [old, result] : llvm::zip(outputs, launch.getResults()))
    old.replaceUsesWithIf(result, [&](OpOperand &use) { return !members.contains(use.getOwner()); });
  for (Operation *op : llvm::reverse(group.ops))
    op->dropAllUses();
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
}

void Former::run() {
  for (auto task : llvm::to_vector(module.getOps<task::TaskOp>())) {
    taskName = task.getInitialise() ? "initialise" : task.getName();
    memory.prepare(task.block());
    block(task.block(), taskName);
    task.walk([](ConstantOp op) {
      if (op->use_empty())
        op->erase();
    });
  }
}

struct FormKernels : PassWrapper<FormKernels, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FormKernels)
  StringRef getArgument() const final { return "form-kernels"; }
  StringRef getDescription() const final { return "outline groups of burin ops as kernels"; }
  void getDependentDialects(DialectRegistry &r) const override { r.insert<func::FuncDialect>(); }
  explicit FormKernels(FormKernelsOptions options) : options(options) {}
  void runOnOperation() override { Former(getOperation(), options).run(); }
  FormKernelsOptions options;
};
} // namespace

std::unique_ptr<Pass> burin::createFormKernels(FormKernelsOptions options) {
  return std::make_unique<FormKernels>(options);
}
