// Gathers at a loop's counter become slices of sequences; products of slices are computed for all steps at once.
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Task/Task.h"
#include "mlir/IR/IRMapping.h"
#include <functional>
using namespace mlir;

namespace burin {
namespace {

class Raising {
public:
  explicit Raising(ForOp loop) : loop(loop), body(loop.getBody().front()), count(*loop.constantCount()), before(loop) {}
  void run();

private:
  bool isInside(Value v) { return loop.getBody().isAncestor(v.getParentRegion()); }
  bool countsAlone(Value v);
  bool isCounter(Value v);
  Value atAllSteps(Value v, StringAttr axis);
  bool raise(GatherOp gather);
  bool raise(ContractOp product);
  Value sliceOf(Value sequence, Location location);
  StringAttr freshAxis(ArrayRef<NamedTensorType> types, StringAttr wanted);

  ForOp loop;
  Block &body;
  int64_t count;
  OpBuilder before;
  DenseMap<Value, Value> slices; ///< by sequence
};

// Whether a number depends on the counter, and within the loop on nothing else.
bool Raising::countsAlone(Value v) {
  if (!typeOf(v).getAxes().empty())
    return false;
  if (!isInside(v) || v == loop.getCounter())
    return true;
  Operation *op = v.getDefiningOp();
  return op && isa<PointwiseOpInterface, ConstantOp>(op) &&
         llvm::all_of(op->getOperands(), [&](Value x) { return countsAlone(x); });
}
// The counter as it is, or as an index.
bool Raising::isCounter(Value v) {
  auto cast = v.getDefiningOp<CastOp>();
  return v == loop.getCounter() ||
         (cast && isa<AxisIndexType>(typeOf(v).getElement()) && isCounter(cast->getOperand(0)));
}

// A number that counts alone, along an axis for all steps.
Value Raising::atAllSteps(Value v, StringAttr axis) {
  IRMapping all;
  Rules b(before, loop.getLoc());
  Value steps = b.numbersAlong(axis, count, before.getI64Type());
  all.map(loop.getCounter(), steps);
  std::function<Value(Value)> along = [&](Value x) -> Value {
    if (!isInside(x) || all.contains(x))
      return all.lookupOrDefault(x);
    Operation *op = x.getDefiningOp();
    bool varies = false;
    for (Value operand : op->getOperands()) {
      Value y = along(operand);
      all.map(operand, y);
      varies |= !typeOf(y).getAxes().empty();
    }
    Operation *copy = before.clone(*op, all);
    if (varies)
      copy->getResult(0).setType(typeOf(x).withFirstAxis(axis, count));
    return copy->getResult(0);
  };
  return b.broadcastTo(along(v), typeOf(v).withFirstAxis(axis, count));
}

StringAttr Raising::freshAxis(ArrayRef<NamedTensorType> types, StringAttr wanted) {
  std::string name = wanted.str();
  while (llvm::any_of(types, [&](NamedTensorType t) { return t.hasAxis(before.getStringAttr(name)); }))
    name += '~';
  return before.getStringAttr(name);
}

Value Raising::sliceOf(Value sequence, Location location) {
  Value &slice = slices[sequence];
  if (!slice) {
    loop.getSequencesMutable().append(sequence);
    slice = body.addArgument(typeOf(sequence).withoutFirstAxis(), location);
  }
  return slice;
}

bool Raising::raise(GatherOp gather) {
  Value table = gather.getTable();
  auto type = typeOf(table);
  if (isInside(table) || ShapedType::isDynamicShape(type.getShape()))
    return false;
  SmallVector<Value> indices(gather.getIndices());
  SmallVector<StringAttr> at = axisNames(gather.getAt());
  auto found = llvm::find_if(indices, [&](Value i) { return isInside(i) && countsAlone(i); });
  if (found == indices.end())
    return false;
  size_t place = size_t(found - indices.begin());
  StringAttr taken = at[place];
  Location location = gather.getLoc();
  Rules b(before, location);
  Value sequence = table;
  StringAttr axis = taken;
  if (!isCounter(*found) || type.extentOf(taken) != count) {
    axis = freshAxis({type}, before.getStringAttr(taken.getValue() + "~"));
    Value index = atAllSteps(*found, axis);
    auto gathered = gatheredType(type, index.getType(), {taken});
    sequence = GatherOp::create(before, location, gathered, table, index, axisArray(loop.getContext(), {taken}));
  }
  sequence = b.broadcastTo(sequence, typeOf(sequence).without(axis).withFirstAxis(axis, count));
  Value slice = sliceOf(sequence, location);
  indices.erase(indices.begin() + place), at.erase(at.begin() + place);
  OpBuilder here(gather);
  Value result = slice;
  if (!indices.empty())
    result = GatherOp::create(here, location, gather.getType(), slice, indices, axisArray(loop.getContext(), at));
  gather.replaceAllUsesWith(Rules(here, location).broadcastTo(result, gather.getType()));
  gather.erase();
  return true;
}

// A product of a slice with what is the same at every step.
bool Raising::raise(ContractOp product) {
  if (product.getAcc())
    return false;
  for (unsigned i : {0u, 1u}) {
    auto slice = llvm::find(loop.getSlices(), product->getOperand(i));
    Value other = product->getOperand(1 - i);
    if (slice == loop.getSlices().end() || isInside(other))
      continue;
    Value sequence = loop.getSequences()[slice - loop.getSlices().begin()];
    auto type = typeOf(sequence);
    StringAttr axis = freshAxis({typeOf(other), typeOf(product.getY()), type.withoutFirstAxis()}, type.getAxes()[0]);
    Location location = product.getLoc();
    if (axis != type.getAxes()[0])
      sequence = RenameOp::create(before, location, type.withoutFirstAxis().withFirstAxis(axis, count), sequence);
    Value operands[2];
    operands[i] = sequence, operands[1 - i] = other;
    Value whole = ContractOp::create(before, location, typeOf(product.getY()).withFirstAxis(axis, count), operands[0],
                                     operands[1], axisNames(product.getOver()));
    product.replaceAllUsesWith(sliceOf(whole, location));
    product.erase();
    return true;
  }
  return false;
}

void Raising::run() {
  for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
    slices[sequence] = slice;
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (auto gather = dyn_cast<GatherOp>(op))
      raise(gather);
    else if (auto product = dyn_cast<ContractOp>(op))
      raise(product);
  }
}

struct RaiseSequences : PassWrapper<RaiseSequences, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RaiseSequences)
  StringRef getArgument() const final { return "raise-sequences"; }
  StringRef getDescription() const final { return "what a loop reads at its counter becomes a sequence it goes over"; }
  void runOnOperation() final {
    hoistInvariants(getOperation());
    SmallVector<ForOp> loops; // the innermost first
    getOperation().walk([&](ForOp loop) { loops.push_back(loop); });
    for (ForOp loop : loops)
      if (auto count = loop.constantCount(); count && *count > 0 && !task::isResumable(loop) && !loop.getStops())
        Raising(loop).run();
  }
};

} // namespace

std::unique_ptr<Pass> createRaiseSequences() { return std::make_unique<RaiseSequences>(); }

} // namespace burin
