// The gradient of a gradient at the graph stage. The inner one is numbers to the tape of the outer: how they change is
// found by moving what it is differentiated by. The gradient g of a loss L by x, along v: v · dg/dy is the derivative
// of dL/dy along v in x, so that two gradients near x give it for every y at once.
#include "compiler/Interpret/Interpreter.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {

// What the block of a gradient reads and the gradient around it depends on. The first are what it is differentiated by.
struct Interpreter::Read {
  Value value;    ///< an argument of the block, or a value outside
  StringRef slot; ///< else
  Ref before;     ///< outside
};

/// One inner gradient, as its rule knows it.
struct Interpreter::Within {
  GradOp op;
  Frame frame;
  llvm::StringMap<Ref> slots;
  std::vector<Read> reads;
  std::vector<Ref> stops; ///< what `stop` gave, in order
};

// An operation in the block, or in a function that it calls, that keeps this from being done: null if there is none.
static Operation *obstacle(Region &region, SymbolTable &symbols, llvm::DenseSet<Operation *> &seen) {
  Operation *found = nullptr;
  region.walk([&](Operation *op) {
    // One with a rule of its own is the gradient of no loss; what tells the host something would tell it twice.
    if (isa<CustomGradientOp, task::SaveOp, task::LoadOp, task::WriteOp, task::AssertOp, task::GradcheckOp>(op))
      found = op;
    if (auto call = dyn_cast<func::CallOp>(op))
      if (auto callee = symbols.lookup<func::FuncOp>(call.getCallee()); callee && seen.insert(callee).second)
        if (Operation *inside = obstacle(callee.getBody(), symbols, seen))
          found = inside;
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

LogicalResult Interpreter::readsOf(GradOp op, Frame &frame, std::vector<Read> &reads) {
  for (auto [argument, input] : llvm::zip_equal(op.getBody().getArguments(), op.getInputs()))
    reads.push_back({argument, {}, frame.at(input)});
  llvm::StringSet<> over;
  if (op.getOver())
    for (auto slot : op.getOver()->getAsRange<FlatSymbolRefAttr>()) {
      Ref value = slotValue(op, slot.getValue());
      if (!value)
        return failure();
      over.insert(slot.getValue());
      reads.push_back({nullptr, slot.getValue(), value});
    }
  auto depends = [&](const Ref &x) { return x && x->isReal() && tape->dependsOnLeaves(x); };
  llvm::DenseSet<Value> seen;
  op.getBody().walk([&](Operation *inside) {
    for (Value v : inside->getOperands())
      if (!op.getBody().isAncestor(v.getParentRegion()) && seen.insert(v).second && depends(frame.at(v)))
        reads.push_back({v, {}, frame.at(v)});
  });
  for (auto &slot : slots)
    if (!over.contains(slot.getKey()) && depends(slot.getValue()))
      reads.push_back({nullptr, slot.getKey(), slot.getValue()});
  return success();
}

// dL by all that is read, where the k-th is moved by a step along a direction.
LogicalResult Interpreter::gradientsAt(const Within &within, unsigned k, const Ref &direction, double step,
                                       Values &out) {
  Frame frame = within.frame;
  llvm::StringMap<Ref> outside = std::exchange(slots, within.slots);
  std::unique_ptr<Tape> outer = std::exchange(tape, makeTape(context.arithmetic));
  auto restore = llvm::make_scope_exit([&] { slots = std::move(outside), tape = std::move(outer); });
  Values watched, yielded;
  for (auto [j, read] : llvm::enumerate(within.reads)) {
    watched.push_back(j == k && direction ? moved(read.before, direction, step)
                                          : std::make_shared<Array>(*read.before));
    tape->watch(watched.back());
    (read.value ? frame[read.value] : slots[read.slot]) = watched.back();
  }
  return failure(failed(block(GradOp(within.op).getBody().front(), frame, yielded)) ||
                 failed(tape->gradients(yielded[0], watched, out)));
}

static double largest(const Array &x) {
  double out = 0;
  std::visit(
      [&](const auto &all) {
        for (auto element : all)
          out = std::max(out, std::fabs(double(element)));
      },
      x.elements);
  return out;
}

// Central differences at two steps, of which the error that falls with the square goes; with doubles at least.
LogicalResult Interpreter::alongGradient(const Within &within, unsigned k, const Ref &dy, Values &parts) {
  Context declared = context;
  if (context.arithmetic == Arithmetic::Declared)
    context.arithmetic = Arithmetic::Double, context.functionOf = {};
  std::vector<Ref> outerStops = std::exchange(stopped, within.stops);
  auto restore = llvm::make_scope_exit([&] { context = declared, stopped = std::move(outerStops), replayed.reset(); });
  double length = largest(*dy);
  bool exact = context.arithmetic == Arithmetic::Binary128;
  double step =
      length == 0 ? 1 : std::ldexp(std::max(1.0, largest(*within.reads[k].before)), exact ? -20 : -10) / length;
  Values at[4];
  const double times[4] = {1, -1, 0.5, -0.5};
  for (unsigned n = 0; n < 4; ++n) {
    replayed = 0;
    if (failed(gradientsAt(within, k, dy, times[n] * step, at[n])))
      return failure();
  }
  for (size_t j = 0; j < within.reads.size(); ++j) {
    auto part = std::make_shared<Array>(*within.reads[j].before);
    std::visit(
        [&]<typename Number>(std::vector<Number> &out) {
          for (size_t i = 0; i < out.size(); ++i) {
            auto slope = [&](unsigned n, Number width) {
              return (at[n][j]->as<Number>()[i] - at[n + 1][j]->as<Number>()[i]) / width;
            };
            out[i] = (4 * slope(2, Number(step)) - slope(0, Number(2 * step))) / 3;
          }
        },
        part->elements);
    parts.push_back(part);
  }
  return success();
}

// The block runs twice: for its gradients, and for its loss as the gradient around it knows it.
LogicalResult Interpreter::gradWithin(GradOp op, Frame &frame) {
  llvm::DenseSet<Operation *> seen;
  if (replayed)
    return op.emitError("the interpreter differentiates a gradient once at the graph stage; run it at the grad stage");
  if (Operation *inside = obstacle(op.getBody(), symbols, seen))
    return inside->emitError(
        "the interpreter does not differentiate a gradient through this at the graph stage; run it "
        "at the grad stage");
  auto within = std::make_shared<Within>();
  within->op = op, within->slots = slots;
  if (failed(readsOf(op, frame, within->reads)))
    return failure();
  within->frame = frame;
  std::vector<Ref> outerStops = std::exchange(stopped, {});
  Values gradients, yielded;
  bool wasSilent = std::exchange(silent, true);
  LogicalResult outcome = gradientsAt(*within, 0, nullptr, 0, gradients);
  silent = wasSilent;
  within->stops = std::exchange(stopped, std::move(outerStops));
  for (auto [argument, input] : llvm::zip_equal(op.getBody().getArguments(), op.getInputs()))
    frame[argument] = frame.at(input);
  if (failed(outcome) || failed(block(op.getBody().front(), frame, yielded)))
    return failure();
  Values operands = llvm::map_to_vector(within->reads, [](const Read &read) { return read.before; });
  for (unsigned k = 0; k < unsigned(op.getGradientCount()); ++k) {
    frame[op.getResult(k + 1)] = gradients[k];
    auto rule = [this, within, k](const Ref &dy, SmallVectorImpl<Ref> &parts) {
      Values all;
      LogicalResult found = alongGradient(*within, k, dy, all);
      parts.append(all);
      return found;
    };
    tape->record(op, operands, gradients[k], rule, nullptr);
  }
  frame[op.getResult(0)] = yielded[0];
  for (unsigned k = 1; k < yielded.size(); ++k)
    frame[op.getResult(op.getGradientCount() + k)] = yielded[k];
  return success();
}

} // namespace burin::interpret
