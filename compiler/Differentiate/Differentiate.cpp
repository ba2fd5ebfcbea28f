// Reverse mode over one block: which values vary with the inputs, then one walk back from the loss that asks each op
// for its rule.
#include "compiler/Differentiate/Differentiate.h"
#include "dialects/Burin/Burin.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {
namespace {

LogicalResult report(Location place, const llvm::Twine &message, const llvm::Twine &help) {
  InFlightDiagnostic error = emitError(place, message);
  error.attachNote() << help;
  return error;
}

class Adjoint {
public:
  Adjoint(GradOp grad, const CotangentRule &rule) : grad(grad), rule(rule), builder(grad.getYield()) {}
  LogicalResult run();

private:
  void findVarying();
  bool varies(Operation &op) const;
  LogicalResult walkBack();
  LogicalResult differentiate(Operation &op, Value cotangent);
  Value seed(Value loss);
  Value zeros(NamedTensorType type, Location location);
  void finish();

  GradOp grad;
  const CotangentRule &rule;
  OpBuilder builder;
  /// Floats that depend on an input. Others are constants to the derivative.
  llvm::DenseSet<Value> varying;
  /// A value's cotangent so far; absent is zero. Has the value's type.
  llvm::DenseMap<Value, Value> cotangents;
};

bool Adjoint::varies(Operation &op) const {
  auto varies = [&](Value v) { return varying.contains(v); };
  if (llvm::any_of(op.getOperands(), varies))
    return true;
  if (!op.getNumRegions())
    return false;
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op.getRegions(), captured);
  return llvm::any_of(captured, varies);
}

void Adjoint::findVarying() {
  for (Value input : grad.getBody().getArguments())
    if (typeOf(input).isFloat())
      varying.insert(input);
  for (Operation &op : grad.getBody().front())
    if (varies(op))
      for (Value result : op.getResults())
        if (typeOf(result).isFloat())
          varying.insert(result);
}

// 1, or under mapping a 1 in every lane: each lane's gradient is that of its own loss only if the inputs have the lanes
// too.
Value Adjoint::seed(Value loss) {
  Rules b(builder, loss.getLoc());
  return b.broadcastTo(b.one(loss), loss.getType());
}

Value Adjoint::zeros(NamedTensorType type, Location location) {
  Value zero = ConstantOp::create(builder, location, splat(type.withoutAxes(), 0));
  return Rules(builder, location).broadcastTo(zero, type);
}

LogicalResult Adjoint::differentiate(Operation &op, Value cotangent) {
  if (isa<ForOp>(op))
    return report(op.getLoc(), "E0603: cannot differentiate through a loop yet",
                  "compute it outside of what is minimised, or cut it off with `stop`");
  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable)
    return report(op.getLoc(),
                  llvm::Twine("E0604: `") + op.getName().getStringRef() +
                      "` has no derivative, and the loss depends on it",
                  "cut it off with `stop`");
  auto wanted = llvm::map_to_vector(op.getOperands(), [&](Value x) { return varying.contains(x); });
  SmallVector<Value> parts(op.getNumOperands());
  Rules b(builder, op.getLoc());
  b.again = bool(grad->getParentOfType<GradOp>());
  if (rule)
    rule(differentiable, b, cotangent, wanted, parts);
  else
    differentiable.cotangents(b, cotangent, wanted, parts);
  for (auto [x, part, want] : llvm::zip(op.getOperands(), parts, wanted)) {
    if (!want || !part)
      continue;
    if (part.getType() != x.getType())
      return op.emitOpError() << "has a rule that gives a cotangent of " << part.getType() << " for an operand of "
                              << x.getType();
    Value &sum = cotangents[x];
    sum = sum ? b.add(sum, part) : part;
    sum = b.broadcastTo(sum, x.getType());
  }
  return success();
}

// Against the order of the block, operands from first to last: the order of every sum of cotangents follows from the
// program alone.
LogicalResult Adjoint::walkBack() {
  Value loss = grad.getYield().getValues().front();
  Operation *lastForward = grad.getYield()->getPrevNode();
  if (!varying.contains(loss))
    return success();
  cotangents[loss] = seed(loss);
  for (Operation *op = lastForward; op; op = op->getPrevNode())
    for (Value result : op->getResults())
      if (Value cotangent = varying.contains(result) ? cotangents.lookup(result) : Value())
        if (failed(differentiate(*op, cotangent)))
          return failure();
  return success();
}

// The block takes the place of the op.
void Adjoint::finish() {
  YieldOp yield = grad.getYield();
  SmallVector<Value> results{yield.getValues().front()};
  for (Value input : grad.getBody().getArguments()) {
    Value gradient = cotangents.lookup(input);
    results.push_back(gradient ? gradient : zeros(typeOf(input), grad.getLoc()));
  }
  llvm::append_range(results, yield.getValues().drop_front());
  Block &body = grad.getBody().front();
  for (auto [i, input] : llvm::enumerate(grad.getInputs())) {
    body.getArgument(i).replaceAllUsesWith(input);
    for (Value &result : results)
      if (result == body.getArgument(i))
        result = input;
  }
  yield.erase();
  grad->getBlock()->getOperations().splice(grad->getIterator(), body.getOperations());
  grad->replaceAllUsesWith(results);
  grad.erase();
}

LogicalResult Adjoint::run() {
  if (grad.getOver())
    return grad.emitOpError("names slots: state is promoted before it is differentiated");
  auto loss = typeOf(grad.getYield().getValues().front());
  for (Value input : grad.getInputs())
    for (StringAttr axis : loss.getAxes())
      if (!typeOf(input).hasAxis(axis))
        return report(grad.getLoc(),
                      llvm::Twine("E0602: the loss has the axis `") + axis.getValue() +
                          "`, which what is differentiated lacks",
                      "take the loss's mean or sum over it");
  findVarying();
  if (failed(walkBack()))
    return failure();
  finish();
  return success();
}

struct Differentiate : PassWrapper<Differentiate, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Differentiate)
  StringRef getArgument() const final { return "differentiate"; }
  StringRef getDescription() const final { return "burin.grad becomes its forward ops and their adjoints"; }
  void runOnOperation() final {
    if (failed(differentiate(getOperation())))
      signalPassFailure();
  }
};

} // namespace

LogicalResult differentiate(Operation *within, const CotangentRule &rule) {
  SmallVector<GradOp> grads; // a walk in post-order: the innermost come first
  within->walk([&](GradOp grad) { grads.push_back(grad); });
  for (GradOp grad : grads)
    if (failed(Adjoint(grad, rule).run()))
      return failure();
  within->walk([](StopOp stop) {
    OpBuilder builder(stop);
    Value x = stop.getX().front();
    stop.getY().replaceAllUsesWith(Rules(builder, stop.getLoc()).broadcastTo(x, stop.getType()));
    stop.erase();
  });
  return success();
}

std::unique_ptr<Pass> createDifferentiate() { return std::make_unique<Differentiate>(); }

} // namespace burin
