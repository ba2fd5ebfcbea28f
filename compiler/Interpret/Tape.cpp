#include "compiler/Interpret/Tape.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {
namespace {

// To more digits than a double has: the second is what the first lacks.
template <typename Real> const Real twoBySqrtPi = Real(1.1283791670955126) + Real(1.533545961316588e-17);

// The derivative of the result y by operand i, at the operands x.
template <typename Real> using Partial = Real (*)(unsigned i, const Real *x, Real y);
#define PARTIAL(expression)                                                                                            \
  []([[maybe_unused]] unsigned i, [[maybe_unused]] const Real *x, [[maybe_unused]] Real y) -> Real {                   \
    return expression;                                                                                                 \
  }

template <typename Real> const llvm::StringMap<Partial<Real>> &partials() {
  static const llvm::StringMap<Partial<Real>> table = {
      {"neg", PARTIAL(-1)},
      {"abs", PARTIAL((x[0] > 0) - (x[0] < 0))},
      {"sign", PARTIAL(0)},
      {"floor", PARTIAL(0)},
      {"exp", PARTIAL(exp(x[0]))},
      {"log", PARTIAL(1 / x[0])},
      {"sqrt", PARTIAL(0.5 / sqrt(x[0]))},
      {"tanh", PARTIAL(1 / (cosh(x[0]) * cosh(x[0])))},
      {"sin", PARTIAL(cos(x[0]))},
      {"cos", PARTIAL(-sin(x[0]))},
      {"erf", PARTIAL(twoBySqrtPi<Real> * exp(-x[0] * x[0]))},
      {"add", PARTIAL(1)},
      {"sub", PARTIAL(i ? -1 : 1)},
      {"mul", PARTIAL(x[1 - i])},
      {"div", PARTIAL(i ? -x[0] / (x[1] * x[1]) : 1 / x[1])},
      {"rem", PARTIAL(i ? -floor(x[0] / x[1]) : 1)},
      {"pow", PARTIAL(i           ? y * (x[0] == 0 ? 0 : log(x[0]))
                      : x[1] == 0 ? 0
                                  : x[1] * pow(x[0], x[1] - 1))},
      {"max", PARTIAL((x[0] > x[1]) == (i == 0))}, // a tie is the second's
      {"min", PARTIAL((x[0] < x[1]) == (i == 0))},
      {"select", PARTIAL(i == 0 ? 0 : (x[0] != 0) == (i == 1))},
      {"cast", PARTIAL(1)},
      {"stop", PARTIAL(0)},
  };
  return table;
}
} // namespace

void Tape::record(Operation *op, ArrayRef<Ref> operands, const Ref &result) {
  if (!isa<StopOp>(op))
    remember({op, SmallVector<Ref>(operands), result, 0, {}, {}, nullptr});
}
void Tape::recordSlice(const Ref &sequence, int64_t i, const Ref &slice) {
  remember({nullptr, {sequence}, slice, i * slice->count(), {}, {}, nullptr});
}
void Tape::recordStack(ArrayRef<Ref> slices, const Ref &whole) {
  remember({nullptr, SmallVector<Ref>(slices), whole, 0, {}, {}, nullptr});
}
void Tape::remember(Entry entry) {
  bool dependent = llvm::any_of(entry.operands, [&](const Ref &x) { return depends.contains(x.get()); });
  if (!dependent || !entry.result->isReal())
    return;
  depends.insert(entry.result.get());
  entries.push_back(std::move(entry));
}

void Tape::record(Operation *op, ArrayRef<Ref> operands, const Ref &result, Rule rule,
                  std::function<Ref(ArrayRef<Ref>)> again) {
  remember({op, SmallVector<Ref>(operands), result, 0, std::move(rule), std::move(again), nullptr});
}

namespace {
template <typename Scalar> class TapeOf : public Tape {
public:
  LogicalResult gradients(const Ref &loss, ArrayRef<Ref> leaves, SmallVectorImpl<Ref> &out) override;

private:
  using Real = typename Scalar::Real;
  using Cotangent = std::vector<Real>;
  static const Cotangent &of(const Array &array) { return array.as<Real>(); }
  static Ref arrayOf(const Ref &like, const Cotangent &dy) {
    auto array = std::make_shared<Array>(*like);
    array->template as<Real>() = dy;
    return array;
  }
  Cotangent &cotangentOf(const Ref &array);
  LogicalResult step(const Entry &entry, const Cotangent &dy);
  /// What decides whether an array is taken: where the bool holds (or does not), element by element along these axes.
  struct Gate {
    Ref condition;
    bool holds;
    SmallVector<StringAttr, 2> along;
  };
  using Gates = SmallVector<Gate, 1>;
  Gates through(const Entry &entry, unsigned operand);
  void gate(const Array *x, const Gates &way);
  std::vector<char> takenOf(const Entry &entry);
  void pointwise(const Entry &entry, const Cotangent &dy, Partial<Real> partial);
  void contract(ContractOp op, const Entry &entry, const Cotangent &dy);
  void reduce(ReduceOp op, const Entry &entry, const Cotangent &dy);
  void copy(const Entry &entry, const Cotangent &dy);
  void lay(const Entry &entry, const Cotangent &dy);
  void scatter(const Entry &entry, const Cotangent &dy);
  LogicalResult byRule(const Entry &entry, const Cotangent &dy);
  llvm::DenseMap<const Array *, Cotangent> cotangents;
  llvm::DenseMap<const Array *, Gates> gates;
};

template <typename Scalar> typename TapeOf<Scalar>::Cotangent &TapeOf<Scalar>::cotangentOf(const Ref &array) {
  Cotangent &cotangent = cotangents[array.get()];
  cotangent.resize(size_t(array->count()));
  return cotangent;
}

template <typename Scalar>
LogicalResult TapeOf<Scalar>::gradients(const Ref &loss, ArrayRef<Ref> leaves, SmallVectorImpl<Ref> &out) {
  cotangents[loss.get()] = Cotangent(size_t(loss->count()), Real(1));
  gates[loss.get()] = {};
  for (Entry &entry : llvm::reverse(entries)) {
    auto found = cotangents.find(entry.result.get());
    if (found == cotangents.end())
      continue;
    Cotangent dy = std::move(found->second);
    if (failed(step(entry, dy)))
      return failure();
    for (auto [i, x] : llvm::enumerate(entry.operands))
      if (depends.contains(x.get()))
        gate(x.get(), through(entry, unsigned(i)));
    if (keeps)
      entry.cotangent = arrayOf(entry.result, dy);
  }
  for (const Ref &leaf : leaves) {
    auto gradient = std::make_shared<Array>(*leaf);
    Cotangent &cotangent = cotangentOf(leaf);
    for (size_t n = 0; n < cotangent.size(); ++n)
      gradient->template as<Real>()[n] = Scalar::round(leaf->type.getElement(), cotangent[n]);
    out.push_back(gradient);
  }
  return success();
}

// What an entry's operand has from its result: elements correspond by the names of their axes, unless the op moves
// them.
template <typename Scalar>
typename TapeOf<Scalar>::Gates TapeOf<Scalar>::through(const Entry &entry, unsigned operand) {
  Gates out = gates.lookup(entry.result.get());
  if (isa_and_nonnull<SelectOp>(entry.op) && operand) {
    const Ref &condition = entry.operands[0];
    llvm::erase_if(out, [&](const Gate &g) { return g.condition == condition && g.holds == (operand == 1); });
    out.push_back({condition, operand == 1, SmallVector<StringAttr, 2>(condition->type.getAxes())});
    if (out.size() > 4) // of more around each other the outermost are not followed
      out.erase(out.begin());
  }
  bool aligned = !entry.op || isa<PointwiseOpInterface, BroadcastOp, ReduceOp, ContractOp>(entry.op);
  for (Gate &gate : out)
    llvm::erase_if(gate.along, [&](StringAttr axis) {
      return !aligned || !entry.result->type.hasAxis(axis) || !entry.operands[operand]->type.hasAxis(axis);
    });
  return out;
}

template <typename Scalar> void TapeOf<Scalar>::gate(const Array *x, const Gates &way) {
  auto [known, first] = gates.try_emplace(x, way);
  if (first)
    return;
  Gates both;
  for (const Gate &a : known->second)
    for (const Gate &b : way)
      if (a.condition == b.condition && a.holds == b.holds) {
        both.push_back(a);
        llvm::erase_if(both.back().along, [&](StringAttr axis) { return !llvm::is_contained(b.along, axis); });
      }
  known->second = std::move(both);
}

// Which elements of a result the loss takes.
template <typename Scalar> std::vector<char> TapeOf<Scalar>::takenOf(const Entry &entry) {
  const Array &y = *entry.result;
  std::vector<char> taken(size_t(y.count()), 1);
  if (isa<AddOp, SubOp, NegOp, SelectOp, MaxOp, MinOp, CastOp>(entry.op)) // their partial derivatives are 1, -1 or 0
    return taken;
  for (const Gate &gate : gates.lookup(entry.result.get())) {
    const Array &condition = *gate.condition;
    SmallVector<int64_t> steps = stepsAlong(condition, y.type.getAxes());
    for (auto [axis, step] : llvm::zip(y.type.getAxes(), steps))
      if (!llvm::is_contained(gate.along, axis))
        step = 0;
    SmallVector<StringAttr> others(condition.type.getAxes());
    llvm::erase_if(others, [&](StringAttr axis) { return llvm::is_contained(gate.along, axis); });
    std::vector<int64_t> places = placesAlong(condition, others, sizesAlong(condition, others));
    walk(y.sizes, {steps}, [&](int64_t n, ArrayRef<int64_t> at) {
      taken[size_t(n)] &= llvm::any_of(
          places, [&](int64_t place) { return bool(condition.integers()[size_t(at[0] + place)]) == gate.holds; });
    });
  }
  return taken;
}

template <typename Scalar>
void TapeOf<Scalar>::pointwise(const Entry &entry, const Cotangent &dy, Partial<Real> partial) {
  const Array &y = *entry.result;
  SmallVector<SmallVector<int64_t>> steps =
      llvm::map_to_vector(entry.operands, [&](const Ref &x) { return stepsAlong(*x, y.type.getAxes()); });
  bool selects = isa<MaxOp, MinOp, SelectOp>(entry.op);
  std::vector<char> taken = takenOf(entry);
  for (unsigned i = 0; i < entry.operands.size(); ++i) {
    if (!depends.contains(entry.operands[i].get()))
      continue;
    Cotangent &dx = cotangentOf(entry.operands[i]);
    walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
      if (!taken[size_t(n)])
        return;
      Real x[3];
      for (size_t k = 0; k < entry.operands.size(); ++k) {
        const Array &operand = *entry.operands[k];
        x[k] = operand.isReal() ? of(operand)[size_t(at[k])] : Real(operand.integers()[size_t(at[k])]);
      }
      Real d = partial(i, x, of(y)[size_t(n)]);
      if (!selects || d != 0) // what is not chosen takes nothing, not 0 times it
        dx[size_t(at[i])] += dy[size_t(n)] * d;
    });
  }
}

// y = sum over k of a b: every product gives to both.
template <typename Scalar> void TapeOf<Scalar>::contract(ContractOp op, const Entry &entry, const Cotangent &dy) {
  const Array &a = *entry.operands[0], &b = *entry.operands[1], &y = *entry.result;
  SmallVector<StringAttr> over = axisNames(op.getOver());
  SmallVector<int64_t> sizes = sizesAlong(a, over);
  std::vector<int64_t> inA = placesAlong(a, over, sizes), inB = placesAlong(b, over, sizes);
  Cotangent da(of(a).size()), db(of(b).size());
  SmallVector<SmallVector<int64_t>> steps{stepsAlong(a, y.type.getAxes()), stepsAlong(b, y.type.getAxes())};
  walk(y.sizes, steps, [&](int64_t n, ArrayRef<int64_t> at) {
    for (size_t k = 0; k < inA.size(); ++k) {
      size_t i = size_t(at[0] + inA[k]), j = size_t(at[1] + inB[k]);
      da[i] += dy[size_t(n)] * of(b)[j];
      db[j] += dy[size_t(n)] * of(a)[i];
    }
  });
  auto give = [&](unsigned operand, const Cotangent &d) {
    if (!depends.contains(entry.operands[operand].get()))
      return;
    Cotangent &dx = cotangentOf(entry.operands[operand]);
    for (size_t n = 0; n < d.size(); ++n)
      dx[n] += d[n];
  };
  give(0, da);
  give(1, db);
  if (entry.operands.size() == 3)
    give(2, dy);
}

template <typename Scalar> void TapeOf<Scalar>::reduce(ReduceOp op, const Entry &entry, const Cotangent &dy) {
  const Array &x = *entry.operands[0], &y = *entry.result;
  SmallVector<StringAttr> over = axisNames(op.getOver());
  std::vector<int64_t> places = placesAlong(x, over, sizesAlong(x, over));
  Cotangent &dx = cotangentOf(entry.operands[0]);
  walk(y.sizes, stepsAlong(x, y.type.getAxes()), [&](int64_t n, ArrayRef<int64_t> at) {
    auto place = [&](size_t k) { return size_t(at[0] + places[k]); };
    Real d = dy[size_t(n)];
    if (op.getKind() == "sum") {
      for (size_t k = 0; k < places.size(); ++k)
        dx[place(k)] += d;
    } else if (op.getKind() == "prod") { // by each: the product of the others
      for (size_t k = 0; k < places.size(); ++k) {
        Real others = 1;
        for (size_t j = 0; j < places.size(); ++j)
          others *= j == k ? Real(1) : of(x)[place(j)];
        dx[place(k)] += d * others;
      }
    } else { // max, min: the first that attains it
      for (size_t k = 0; k < places.size(); ++k)
        if (of(x)[place(k)] == of(y)[size_t(n)])
          return void(dx[place(k)] += d);
    }
  });
}

// Broadcast and rename: each element of the result is one of the operand's.
template <typename Scalar> void TapeOf<Scalar>::copy(const Entry &entry, const Cotangent &dy) {
  const Array &y = *entry.result;
  Cotangent &dx = cotangentOf(entry.operands[0]);
  if (isa<RenameOp>(entry.op)) {
    for (size_t n = 0; n < dy.size(); ++n)
      dx[n] += dy[n];
    return;
  }
  walk(y.sizes, stepsAlong(*entry.operands[0], y.type.getAxes()),
       [&](int64_t n, ArrayRef<int64_t> at) { dx[size_t(at[0])] += dy[size_t(n)]; });
}

// A slice, or slices one after the other.
template <typename Scalar> void TapeOf<Scalar>::lay(const Entry &entry, const Cotangent &dy) {
  size_t n = 0;
  for (const Ref &x : entry.operands) {
    Cotangent &dx = cotangentOf(x);
    for (size_t at = size_t(entry.begin); at < dx.size() && n < dy.size(); ++at, ++n)
      dx[at] += dy[n];
  }
}

// What was written last at a place has its cotangent; what was there before has the rest.
template <typename Scalar> void TapeOf<Scalar>::scatter(const Entry &entry, const Cotangent &dy) {
  bool adds = isa<ScatterAddOp>(entry.op);
  auto at = entry.op->getAttrOfType<ArrayAttr>("at");
  std::vector<int64_t> last(dy.size(), -1);
  auto eachWrite = [&](auto &&visit) {
    walkGathered(*entry.result, ArrayRef(entry.operands).slice(1, at.size()), axisNames(at), *entry.operands[0], visit);
  };
  eachWrite([&](int64_t n, int64_t place) { last[size_t(place)] = n; });
  Cotangent &dx = cotangentOf(entry.operands[0]);
  eachWrite([&](int64_t n, int64_t place) {
    if (adds || last[size_t(place)] == n)
      dx[size_t(n)] += dy[size_t(place)];
  });
  if (!scatteredInto(entry.op))
    return;
  Cotangent &before = cotangentOf(entry.operands.back());
  for (size_t place = 0; place < dy.size(); ++place)
    if (adds || last[place] < 0)
      before[place] += dy[place];
}

// What the rule yields for an operand is summed over the axes that the operand lacks.
template <typename Scalar> LogicalResult TapeOf<Scalar>::byRule(const Entry &entry, const Cotangent &dy) {
  SmallVector<Ref> parts;
  if (failed(entry.rule(arrayOf(entry.result, dy), parts)))
    return failure();
  for (auto [x, part] : llvm::zip_equal(entry.operands, parts)) {
    if (!depends.contains(x.get()))
      continue;
    Cotangent &dx = cotangentOf(x);
    walk(part->sizes, stepsAlong(*x, part->type.getAxes()),
         [&, &given = of(*part)](int64_t n, ArrayRef<int64_t> at) { dx[size_t(at[0])] += given[size_t(n)]; });
  }
  return success();
}

template <typename Scalar> LogicalResult TapeOf<Scalar>::step(const Entry &entry, const Cotangent &dy) {
  if (entry.rule)
    return byRule(entry, dy);
  Operation *op = entry.op;
  if (!op)
    return lay(entry, dy), success();
  if (auto found = partials<Real>().find(op->getName().stripDialect()); found != partials<Real>().end())
    return pointwise(entry, dy, found->second), success();
  if (auto contraction = dyn_cast<ContractOp>(op))
    return contract(contraction, entry, dy), success();
  if (auto reduction = dyn_cast<ReduceOp>(op))
    return reduce(reduction, entry, dy), success();
  if (isa<BroadcastOp, RenameOp>(op))
    return copy(entry, dy), success();
  ArrayRef<Ref> indices = ArrayRef(entry.operands).drop_front();
  if (auto gather = dyn_cast<GatherOp>(op)) {
    Cotangent &dx = cotangentOf(entry.operands[0]);
    walkGathered(*entry.operands[0], indices, axisNames(gather.getAt()), *entry.result,
                 [&](int64_t n, int64_t place) { dx[size_t(place)] += dy[size_t(n)]; });
    return success();
  }
  if (auto window = dyn_cast<WindowOp>(op)) {
    Cotangent &dx = cotangentOf(entry.operands[0]);
    walkWindow(window, *entry.operands[0], *entry.result,
               [&](int64_t n, int64_t place) { dx[size_t(place)] += dy[size_t(n)]; });
    return success();
  }
  if (isScatter(op))
    return scatter(entry, dy), success();
  return op->emitError("no derivative passes through this operation");
}

} // namespace

std::unique_ptr<Tape> makeTape(Arithmetic arithmetic) {
  return withScalar(arithmetic,
                    [](auto scalar) -> std::unique_ptr<Tape> { return std::make_unique<TapeOf<decltype(scalar)>>(); });
}

} // namespace burin::interpret
