// What a `gradcheck` asks of the interpreter: a loss alone, the loss nearby, and each step of its computation.
#include "compiler/Interpret/Interpreter.h"
using namespace mlir;

namespace burin::interpret {

bool isChecked(GradOp op) {
  return llvm::any_of(op->getUsers(), [](Operation *user) { return isa<task::GradcheckOp>(user); });
}

// The gradients are what is to be checked.
LogicalResult Interpreter::value(GradOp op, Frame &frame) {
  if (op.getOver())
    return op.emitError("is checked where state is in values");
  stopped.clear();
  Values yielded;
  for (auto [argument, input] : llvm::zip_equal(op.getBody().getArguments(), op.getInputs()))
    frame[argument] = frame.at(input);
  if (failed(block(op.getBody().front(), frame, yielded)))
    return failure();
  for (unsigned k = 0; k <= op.getGradientCount(); ++k)
    frame[op.getResult(k)] = yielded[0];
  for (unsigned k = 1; k < yielded.size(); ++k)
    frame[op.getResult(op.getGradientCount() + k)] = yielded[k];
  return success();
}

// Runs the block of a gradient once more; `change` gives what it is differentiated by.
LogicalResult Interpreter::replay(GradOp op, Frame &frame, llvm::function_ref<Ref(unsigned, const Ref &)> change,
                                  Values &yielded) {
  for (auto [k, argument] : llvm::enumerate(op.getBody().getArguments()))
    frame[argument] = change(unsigned(k), frame.at(op.getInputs()[k]));
  replayed = 0;
  LogicalResult outcome = block(op.getBody().front(), frame, yielded);
  replayed.reset();
  return outcome;
}

// y for other inputs: what lies between them is computed again.
Ref Interpreter::valueAgain(CustomGradientOp op, Frame &frame, ArrayRef<Ref> inputs) {
  llvm::DenseSet<Value> changed;
  for (auto [input, value] : llvm::zip_equal(op.getInputs(), inputs))
    frame[input] = value, changed.insert(input);
  for (Operation &before : *op->getBlock()) {
    if (&before == op)
      break;
    bool given = llvm::any_of(before.getResults(), [&](Value v) { return changed.contains(v); }), between = false;
    before.walk([&](Operation *inner) {
      between |= llvm::any_of(inner->getOperands(), [&](Value v) { return changed.contains(v); });
    });
    if (given || !between)
      continue;
    if (failed(operation(&before, frame)))
      return nullptr;
    changed.insert(before.result_begin(), before.result_end());
  }
  return frame.at(op.getY());
}

Ref moved(const Ref &x, const Ref &direction, double step) {
  auto y = std::make_shared<Array>(*x);
  std::visit(
      [&]<typename Number>(std::vector<Number> &all) {
        for (size_t n = 0; n < all.size(); ++n)
          all[n] += Number(step) * direction->as<Number>()[n];
      },
      y->elements);
  return y;
}

Ref Interpreter::lossAt(GradOp op, Frame frame, unsigned leaf, const Ref &direction, double step) {
  Values yielded;
  auto change = [&](unsigned k, const Ref &x) { return k == leaf ? moved(x, direction, step) : x; };
  return succeeded(replay(op, frame, change, yielded)) ? yielded[0] : nullptr;
}

std::unique_ptr<Tape> Interpreter::stepsOf(GradOp op, Frame frame) {
  Values leaves, yielded, gradients;
  tape = makeTape(context.arithmetic);
  tape->keeps = true;
  auto leaf = [&](unsigned, const Ref &x) { // an array of its own, so that only uses inside are uses of it
    leaves.push_back(std::make_shared<Array>(*x));
    tape->watch(leaves.back());
    return leaves.back();
  };
  ScopedDiagnosticHandler quiet(op.getContext(), [](Diagnostic &) { return success(); });
  LogicalResult outcome = replay(op, frame, leaf, yielded);
  if (succeeded(outcome))
    outcome = tape->gradients(yielded[0], leaves, gradients);
  return succeeded(outcome) ? std::move(tape) : (tape.reset(), nullptr);
}

LogicalResult Interpreter::gradcheck(task::GradcheckOp op, Frame &frame) {
  Values values = llvm::map_to_vector(op->getOperands(), [&](Value v) { return frame.at(v); });
  auto grad = op.getLoss().getDefiningOp<GradOp>();
  Host::Loss loss;
  loss.at = [&](unsigned leaf, const Ref &direction, double step) {
    return grad ? lossAt(grad, frame, leaf, direction, step) : nullptr;
  };
  loss.steps = [&] { return grad ? stepsOf(grad, frame) : nullptr; };
  return host.gradcheck(op, values, loss);
}

} // namespace burin::interpret
