// Kernels without a contraction: rows, and inside them phases separated by reductions.
//
// A reduction along the vector axis keeps 16 lanes in one vector; along another axis it keeps 16 accumulators,
// unrolled. Both put element i into lane i mod 16 and close with the same tree, so neither the choice nor the machine
// changes a bit.
#include "compiler/Codegen/KernelKinds.h"
#include "compiler/FormKernels/Views.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/SaveAndRestore.h"
using namespace mlir;
using namespace burin;

namespace {
/// What one reduction carries: a value, for arg_reduce also its index.
struct Lanes {
  Operation *op;
  unsigned lanes; ///< accumulators; 1 where the order does not matter or a vector holds them
  bool arg;
  unsigned first; ///< place among the carried values
};

class LoopKernel : public KernelKind {
public:
  LoopKernel(Emitter &e, ArrayRef<Operation *> ops, ValueRange outputs)
      : e(e), ops(ops), outputs(outputs.begin(), outputs.end()), plan(planLoops(ops)), b(e.builder, e.location) {
    arrange();
  }
  SharedLoop sharedLoop() const override;
  void emit() override { rows(0); }

private:
  void arrange();
  void chooseVectorAxis();
  void flatten();
  StringAttr transposedAxis() const;
  void rows(unsigned next);
  void phases();
  void nest(ArrayRef<StringAttr> axes, ArrayRef<Operation *> reductions, ArrayRef<Value> stores);
  void innerLoops(ArrayRef<StringAttr> axes, unsigned next, SmallVector<Value> &carried);
  void overVector(StringAttr axis, SmallVector<Value> &carried);
  void overScalars(StringAttr axis, SmallVector<Value> &carried);
  void step(SmallVector<Value> &carried, unsigned lane, bool tail);
  SmallVector<Value> initial(Lanes &l);
  Value combine(StringRef kind, Value a, Value x);
  void combineArg(StringRef kind, Value &best, Value &index, Value x, Value i);
  Value tree(Lanes &l, ArrayRef<Value> carried);
  Value identity(Operation *op, Type type);
  int64_t extent(StringAttr axis) const;
  StringRef kindOf(Operation *op) { return op->getAttrOfType<StringAttr>("kind").getValue(); }
  void finish(Operation *op, Value value);
  bool wideRow(Operation *op) { return e.isVector(typeOf(op->getResult(0))) && !isa<AccumulateOp>(op); }

  Emitter &e;
  SmallVector<Operation *> ops;
  SmallVector<Value> outputs;
  LoopPlan plan;
  ScalarBuilder b;
  SmallVector<Lanes> reductions; ///< of the nest at hand
  SmallVector<Value> stores;
  bool vectorInner = false;
  int64_t elements = 0; ///< of a flat kernel
};

int64_t LoopKernel::extent(StringAttr axis) const {
  if (axis == e.flat)
    return elements;
  for (Operation *op : ops)
    if (auto domain = domainOf(op); domain.hasAxis(axis))
      return domain.extentOf(axis);
  return 1;
}

void LoopKernel::chooseVectorAxis() {
  if (!e.machine.vectors)
    return;
  NamedTensorType widest;
  bool accumulates = llvm::any_of(ops, llvm::IsaPred<AccumulateOp>); // then a row's lanes are vectors already
  for (Operation *op : ops) {
    NamedTensorType domain = domainOf(op);
    if (isReductionLike(op)) {
      StringAttr last = domain.getAxes().back();
      if (reducedBy(op).back() == last || (llvm::is_contained(plan.rows, last) && !accumulates))
        e.vectorAxis = last;
      break;
    }
    if (!domain.getAxes().empty() && (!widest || domain.getAxes().size() > widest.getAxes().size()))
      widest = domain;
  }
  if (!e.vectorAxis && widest && llvm::none_of(ops, isReductionLike))
    e.vectorAxis = widest.getAxes().back();
  if (e.vectorAxis && extent(e.vectorAxis) < 4)
    e.vectorAxis = {};
  vectorInner = e.vectorAxis && !llvm::is_contained(plan.rows, e.vectorAxis);
}

// Elementwise over equal axes in equal order: the axes don't matter.
void LoopKernel::flatten() {
  NamedTensorType type;
  for (Operation *op : ops) {
    if (isa<ConstantOp>(op))
      continue;
    if (!isa<PointwiseOpInterface, BroadcastOp>(op))
      return;
    for (Value v : llvm::concat<Value>(SmallVector<Value>(op->getOperands()), SmallVector<Value>(op->getResults()))) {
      if (typeOf(v).getAxes().empty() || v.getDefiningOp<ConstantOp>())
        continue;
      if (isIndexExpression(v.getDefiningOp()))
        return;
      if (isView(v.getDefiningOp()) && !(isAffineView(v.getDefiningOp()) && isRowMajor(v)))
        return;
      if (!type)
        type = typeOf(v);
      if (typeOf(v).getAxes() != type.getAxes())
        return;
    }
  }
  if (!type || type.getAxes().size() < 2)
    return;
  e.flat = StringAttr::get(e.builder.getContext(), "");
  elements = type.getNumElements();
  plan.rows = {e.flat};
  e.vectorAxis = e.machine.vectors && elements >= 4 ? e.flat : StringAttr();
}

void LoopKernel::arrange() {
  if (!plan.possible) {
    ops.front()->emitError("is in a kernel with an op that has another extent of one axis");
    e.failed = true;
  }
  chooseVectorAxis();
  flatten();
  if (e.vectorAxis && !vectorInner) { // innermost of the rows
    llvm::erase(plan.rows, e.vectorAxis);
    plan.rows.push_back(e.vectorAxis);
    if (StringAttr inside = transposedAxis()) {
      llvm::erase(plan.rows, inside);
      plan.rows.push_back(inside);
    }
  }
}

// The last axis of what is laid out anew, if that is all the kernel does. It goes inside: the 16 rows that a vector
// gathers from are then read along their memory, before others take their places in the caches.
StringAttr LoopKernel::transposedAxis() const {
  if (!e.vectorAxis || plan.rows.size() != 2 || ops.size() != 1 || !isa<BroadcastOp>(ops[0]))
    return {};
  auto from = typeOf(ops[0]->getOperand(0));
  bool both = from.getAxes().size() == 2 && from.getAxes().back() != e.vectorAxis;
  return both ? from.getAxes().back() : StringAttr();
}

SharedLoop LoopKernel::sharedLoop() const {
  SharedLoop loop;
  for (StringAttr a : plan.rows)
    loop = loop.orInner({a, extent(a), a == e.vectorAxis || a == transposedAxis() ? vectorWidth : 1});
  return loop;
}

void LoopKernel::rows(unsigned next) {
  if (next == plan.rows.size())
    return phases();
  StringAttr axis = plan.rows[next];
  int64_t n = extent(axis);
  bool vector = axis == e.vectorAxis;
  int64_t main = vector ? n / vectorWidth * vectorWidth : n;
  auto body = [&](int64_t low, int64_t high, bool masked) {
    e.builder.setInsertionPointToEnd(e.levels.back().block);
    auto loop = e.beginAxis(axis, low, high, vector ? vectorWidth : 1);
    e.axes[axis] = {loop.getInductionVar(), e.depth()};
    if (vector) {
      e.vectorLevel = e.depth();
      e.mask = masked ? maskOf(e, high - low) : Value();
    }
    rows(next + 1);
    e.endLoop();
    if (vector)
      e.mask = {};
    e.axes.erase(axis);
  };
  if (main > 0)
    body(0, main, false);
  if (main < n)
    body(main, n, true);
}

void LoopKernel::phases() {
  for (Value v : outputs)
    e.pointers.erase(v);
  for (unsigned p = 0; p < plan.phases; ++p) {
    using Key = SmallVector<StringAttr>;
    std::vector<std::pair<Key, std::pair<SmallVector<Operation *>, SmallVector<Value>>>> nests;
    auto at = [&](const Key &key) -> std::pair<SmallVector<Operation *>, SmallVector<Value>> & {
      for (auto &[k, sinks] : nests)
        if (k == key)
          return sinks;
      return nests.emplace_back(key, std::pair<SmallVector<Operation *>, SmallVector<Value>>()).second;
    };
    for (Operation *op : ops) {
      if (!plan.phase.count(op) || plan.phase[op] != p)
        continue;
      Value result = op->getResult(0);
      if (isReductionLike(op)) {
        Key key;
        for (StringAttr a : domainOf(op).getAxes()) // what it neither reduces nor shares as rows comes first
          if (!llvm::is_contained(plan.rows, a) && !llvm::is_contained(reducedBy(op), a))
            key.push_back(a);
        for (StringAttr a : reducedBy(op))
          key.push_back(a);
        at(key).first.push_back(op);
      } else if (llvm::is_contained(outputs, result)) {
        Key key;
        for (StringAttr a : typeOf(result).getAxes())
          if (!e.flat && !llvm::is_contained(plan.rows, a) && a != e.vectorAxis)
            key.push_back(a);
        if (vectorInner && typeOf(result).hasAxis(e.vectorAxis))
          key.push_back(e.vectorAxis);
        at(key).second.push_back(result);
      }
    }
    for (auto &[key, sinks] : nests)
      nest(key, sinks.first, sinks.second);
    // What has inner axes lies in memory for later phases.
    for (Value v : outputs)
      if (Operation *op = v.getDefiningOp();
          plan.phase[op] == p && !e.flat &&
          llvm::any_of(typeOf(v).getAxes(), [&](StringAttr a) { return !llvm::is_contained(plan.rows, a); }))
        e.pointers[v] = e.results.lookup(v);
  }
}

Value LoopKernel::identity(Operation *op, Type type) {
  StringRef kind = kindOf(op);
  Type element = computeType(domainOf(op).getElement());
  if (!isa<FloatType>(element) && (kind == "max" || kind == "min")) {
    unsigned width = element.getIntOrFloatBitWidth();
    APInt limit = kind == "max" ? APInt::getSignedMinValue(width) : APInt::getSignedMaxValue(width);
    return b.integer(limit.getZExtValue(), type);
  }
  return b.constant(reduceIdentity(kind, element), type);
}

SmallVector<Value> LoopKernel::initial(Lanes &l) {
  b.location = l.op->getLoc();
  Type element = computeType(domainOf(l.op).getElement());
  bool vector = wideRow(l.op) || (vectorInner && reducedBy(l.op).back() == e.vectorAxis);
  Type type = vector ? Type(VectorType::get(vectorWidth, element)) : element;
  SmallVector<Value> out;
  if (auto accumulate = dyn_cast<AccumulateOp>(l.op)) {
    auto rest = typeOf(accumulate.getAcc()).without(StringAttr::get(e.builder.getContext(), "lane"));
    Value base = b.mul(e.elementIndex(rest), e.integer(vectorWidth));
    auto pointerType = LLVM::LLVMPointerType::get(e.builder.getContext());
    Type declared = domainOf(l.op).getElement(), stored = storageType(declared);
    Type lanes = vector ? Type(VectorType::get(vectorWidth, stored)) : stored;
    for (unsigned k = 0; k < l.lanes; ++k) {
      Value place = LLVM::GEPOp::create(e.builder, e.location, pointerType, stored,
                                        e.pointers.lookup(accumulate.getAcc()), ArrayRef<LLVM::GEPArg>{e.add(base, k)});
      Value raw = LLVM::LoadOp::create(e.builder, e.location, lanes, place, unsigned(byteSize(declared)));
      out.push_back(e.fromStorage(raw, declared));
    }
    return out;
  }
  for (unsigned k = 0; k < l.lanes; ++k)
    out.push_back(identity(l.op, type));
  if (l.arg) {
    Type index = vector ? Type(VectorType::get(vectorWidth, e.builder.getI32Type())) : e.builder.getI32Type();
    out.push_back(b.integer(0x7FFFFFFF, index));
  }
  return out;
}

Value LoopKernel::combine(StringRef kind, Value a, Value x) {
  if (kind == "sum")
    return b.add(a, x);
  if (kind == "prod")
    return b.mul(a, x);
  if (kind == "any")
    return b.logicalOr(a, x);
  if (kind == "all")
    return b.logicalAnd(a, x);
  return kind == "max" ? b.max(a, x) : b.min(a, x);
}

// The better of two: larger (smaller), then NaN, then the lower index.
void LoopKernel::combineArg(StringRef kind, Value &best, Value &index, Value x, Value i) {
  Value better = kind == "max" ? b.gt(x, best) : b.lt(x, best), tie = b.eq(x, best);
  if (isa<FloatType>(getElementTypeOrSelf(x.getType()))) {
    Value xNan = b.ne(x, x), bestNan = b.ne(best, best);
    better = b.logicalOr(better, b.logicalAnd(xNan, b.logicalNot(bestNan)));
    tie = b.logicalOr(tie, b.logicalAnd(xNan, bestNan));
  }
  Value take = b.logicalOr(better, b.logicalAnd(tie, b.lt(i, index)));
  best = b.select(take, x, best);
  index = b.select(take, i, index);
}

void LoopKernel::nest(ArrayRef<StringAttr> axes, ArrayRef<Operation *> reduced, ArrayRef<Value> outs) {
  // Another reduction of this kernel may run over the same axes in another order; then the vector axis is no innermost
  // loop here.
  bool scalar = vectorInner && llvm::is_contained(axes, e.vectorAxis) && axes.back() != e.vectorAxis;
  llvm::SaveAndRestore<StringAttr> axis(e.vectorAxis, scalar ? StringAttr() : e.vectorAxis);
  llvm::SaveAndRestore<bool> inner(vectorInner, vectorInner && !scalar);
  reductions.clear();
  stores.assign(outs.begin(), outs.end());
  SmallVector<Value> carried;
  for (Operation *op : reduced) {
    bool alongVector = vectorInner && reducedBy(op).back() == e.vectorAxis;
    bool ordered = isa<AccumulateOp>(op) ||
                   (isa<FloatType>(domainOf(op).getElement()) && (kindOf(op) == "sum" || kindOf(op) == "prod"));
    Lanes l{op, alongVector || !ordered ? 1u : 16u, isa<ArgReduceOp>(op), unsigned(carried.size())};
    e.builder.setInsertionPointToEnd(e.levels.back().block);
    llvm::append_range(carried, initial(l));
    reductions.push_back(l);
  }
  innerLoops(axes, 0, carried);
  e.builder.setInsertionPointToEnd(e.levels.back().block);
  SmallVector<Lanes> done(reductions);
  reductions.clear();
  for (Lanes &l : done) {
    b.location = l.op->getLoc();
    if (auto accumulate = dyn_cast<AccumulateOp>(l.op)) {
      auto rest = typeOf(accumulate.getAcc()).without(StringAttr::get(e.builder.getContext(), "lane"));
      Value base = b.mul(e.elementIndex(rest), e.integer(vectorWidth));
      auto pointerType = LLVM::LLVMPointerType::get(e.builder.getContext());
      Type element = domainOf(l.op).getElement();
      for (unsigned k = 0; k < l.lanes; ++k) {
        Value place = LLVM::GEPOp::create(e.builder, e.location, pointerType, storageType(element),
                                          e.results.lookup(accumulate.getY()), ArrayRef<LLVM::GEPArg>{e.add(base, k)});
        LLVM::StoreOp::create(e.builder, e.location, e.toStorage(carried[l.first + k], element), place,
                              unsigned(byteSize(element)));
      }
      continue;
    }
    finish(l.op, tree(l, ArrayRef(carried).slice(l.first)));
  }
}

void LoopKernel::finish(Operation *op, Value value) {
  Value result = op->getResult(0);
  value = wrapElement(b, value, typeOf(result).getElement());
  e.levels.back().cache[result] = value;
  if (llvm::is_contained(outputs, result))
    e.store(result, value);
}

void LoopKernel::innerLoops(ArrayRef<StringAttr> axes, unsigned next, SmallVector<Value> &carried) {
  if (next == axes.size())
    return step(carried, 0, false);
  StringAttr axis = axes[next];
  if (next + 1 == axes.size()) {
    if (vectorInner && axis == e.vectorAxis)
      return overVector(axis, carried);
    return overScalars(axis, carried);
  }
  auto loop = e.beginLoop(e.integer(0), e.integer(extent(axis)), 1, carried);
  e.axes[axis] = {loop.getInductionVar(), e.depth()};
  SmallVector<Value> inside(loop.getRegionIterArgs());
  innerLoops(axes, next + 1, inside);
  e.endLoop(inside);
  e.axes.erase(axis);
  carried.assign(loop.getResults().begin(), loop.getResults().end());
}

void LoopKernel::overVector(StringAttr axis, SmallVector<Value> &carried) {
  int64_t n = extent(axis), main = n / vectorWidth * vectorWidth;
  for (bool tail : {false, true}) {
    if (tail ? main == n : main == 0)
      continue;
    auto loop = e.beginLoop(e.integer(tail ? main : 0), e.integer(tail ? n : main), vectorWidth, carried);
    e.axes[axis] = {loop.getInductionVar(), e.depth()};
    e.vectorLevel = e.depth();
    e.mask = tail ? maskOf(e, n - main) : Value();
    SmallVector<Value> inside(loop.getRegionIterArgs());
    step(inside, 0, tail);
    e.endLoop(inside);
    e.mask = {};
    e.axes.erase(axis);
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }
}

// Unrolled by 16 where a reduction needs its lanes apart.
void LoopKernel::overScalars(StringAttr axis, SmallVector<Value> &carried) {
  int64_t n = extent(axis);
  int64_t by = llvm::any_of(reductions, [](Lanes &l) { return l.lanes > 1; }) ? 16 : 1;
  int64_t main = n / by * by;
  if (main > 0) {
    auto loop = e.beginLoop(e.integer(0), e.integer(main), by, carried);
    SmallVector<Value> inside(loop.getRegionIterArgs());
    for (int64_t lane = 0; lane < by; ++lane) {
      e.levels.back().cache.clear();
      e.builder.setInsertionPointToEnd(e.levels.back().block);
      e.axes[axis] = {e.add(loop.getInductionVar(), lane), e.depth()};
      step(inside, unsigned(lane), false);
    }
    e.endLoop(inside);
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }
  if (main < n) {
    auto loop = e.beginLoop(e.integer(main), e.integer(main + 1), 1, carried); // once
    SmallVector<Value> inside(loop.getRegionIterArgs());
    for (int64_t lane = 0; lane < n - main; ++lane) {
      e.levels.back().cache.clear();
      e.builder.setInsertionPointToEnd(e.levels.back().block);
      e.axes[axis] = {e.add(loop.getInductionVar(), lane), e.depth()};
      step(inside, unsigned(lane), false);
    }
    e.endLoop(inside);
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }
  e.axes.erase(axis);
}

// One place of the innermost loop: all values first, then the stores, so that an update in place reads before it
// writes.
void LoopKernel::step(SmallVector<Value> &carried, unsigned lane, bool tail) {
  for (Lanes &l : reductions) {
    bool vector = wideRow(l.op) || (vectorInner && reducedBy(l.op).back() == e.vectorAxis);
    Value x = e.emitAs(l.op->getOperand(0), vector);
    if (!x)
      return;
    e.builder.setInsertionPointToEnd(e.levels.back().block);
    b.location = e.location = l.op->getLoc();
    if (vector && !isa<VectorType>(x.getType()))
      x = e.spread(x);
    if (tail && vectorInner) // lanes that are not there
      x = b.select(e.mask, x, identity(l.op, x.getType()));
    if (l.arg) {
      Value i = b.cast(e.axes.lookup(reducedBy(l.op)[0]).index, e.builder.getI32Type());
      if (vector) {
        i = e.spread(i);
        if (vectorInner) {
          SmallVector<int32_t> lanes;
          for (int32_t k = 0; k < vectorWidth; ++k)
            lanes.push_back(k);
          i = b.add(i,
                    arith::ConstantOp::create(
                        e.builder, e.location,
                        DenseElementsAttr::get(VectorType::get(vectorWidth, e.builder.getI32Type()), ArrayRef(lanes))));
          if (tail)
            i = b.select(e.mask, i, b.integer(0x7FFFFFFF, i.getType()));
        }
      }
      combineArg(kindOf(l.op), carried[l.first], carried[l.first + 1], x, i);
    } else {
      Value &acc = carried[l.first + (l.lanes > 1 ? lane : 0)];
      acc = combine(kindOf(l.op), acc, x);
    }
  }
  SmallVector<Value> elements;
  for (Value v : stores) {
    elements.push_back(e.emitAs(v, e.isVector(typeOf(v))));
    if (!elements.back())
      return;
  }
  for (auto [v, element] : llvm::zip(stores, elements)) {
    e.builder.setInsertionPointToEnd(e.levels.back().block);
    e.store(v, element);
  }
}

// Lane l takes lane l + 8, + 4, + 2, + 1.
Value LoopKernel::tree(Lanes &l, ArrayRef<Value> carried) {
  StringRef kind = kindOf(l.op);
  bool alongVector = vectorInner && reducedBy(l.op).back() == e.vectorAxis;
  if (!alongVector) {
    if (l.arg)
      return b.cast(carried[1], computeType(typeOf(l.op->getResult(0)).getElement()));
    SmallVector<Value> lanes(carried.take_front(l.lanes));
    for (unsigned half = l.lanes / 2; half > 0; half /= 2)
      for (unsigned k = 0; k < half; ++k)
        lanes[k] = combine(kind, lanes[k], lanes[k + half]);
    return lanes[0];
  }
  auto part = [&](Value v, int64_t start, int64_t n) -> Value {
    SmallVector<int64_t> which;
    for (int64_t k = 0; k < n; ++k)
      which.push_back(start + k);
    return vector::ShuffleOp::create(e.builder, e.location, v, v, which);
  };
  Value v = carried[0], i = l.arg ? carried[1] : Value();
  for (int64_t half = vectorWidth / 2; half > 0; half /= 2) {
    Value low = part(v, 0, half), high = part(v, half, half);
    if (l.arg) {
      Value lowIndex = part(i, 0, half), highIndex = part(i, half, half);
      combineArg(kind, low, lowIndex, high, highIndex);
      v = low, i = lowIndex;
    } else {
      v = combine(kind, low, high);
    }
  }
  Value last = l.arg ? i : v;
  Value element = vector::ExtractOp::create(e.builder, e.location, last, ArrayRef<int64_t>{0});
  return l.arg ? b.cast(element, computeType(typeOf(l.op->getResult(0)).getElement())) : element;
}
} // namespace

Value burin::maskOf(Emitter &e, int64_t lanes) {
  SmallVector<bool> on;
  for (int64_t i = 0; i < vectorWidth; ++i)
    on.push_back(i < lanes);
  return arith::ConstantOp::create(
      e.builder, e.location, DenseElementsAttr::get(VectorType::get(vectorWidth, e.builder.getI1Type()), ArrayRef(on)));
}

std::unique_ptr<KernelKind> burin::makeLoopKernel(Emitter &e, ArrayRef<Operation *> ops, ValueRange outputs) {
  return std::make_unique<LoopKernel>(e, ops, outputs);
}
