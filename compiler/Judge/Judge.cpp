#include "compiler/Judge/Judge.h"
#include "compiler/Interpret/Tape.h"
#include "mlir/IR/Verifier.h"
using namespace mlir;
using namespace burin::interpret;

namespace burin::judge {

void Agreement::add(const Agreement &other) {
  compared += other.compared;
  worst = std::max(worst, other.worst);
  if (good())
    fault = other.fault;
}

namespace {
Quad magnitude(Quad x) { return x < 0 ? -x : x; }

// Relative errors. An element that cancels is measured against a thousandth of the largest, or of 1, which is the size
// of what goes into it.
Agreement compare(ArrayRef<Ref> found, ArrayRef<Derivatives::Numbers> expected, double allowed, StringRef order) {
  Quad largest = 1;
  for (const auto &numbers : expected)
    for (Quad x : numbers)
      if (interpret::isFinite(x))
        largest = std::max(largest, magnitude(x));
  Agreement agreement;
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(found, expected))) {
    const auto &[array, numbers] = pair;
    for (size_t n = 0; n < numbers.size(); ++n) {
      if (!interpret::isFinite(numbers[n]))
        continue; // the op has no value on one side
      Quad y = array->as<Quad>()[n], size = std::max(magnitude(numbers[n]), largest * Quad(1e-3));
      double error = interpret::isFinite(y) ? double(magnitude(y - numbers[n]) / size) : INFINITY;
      ++agreement.compared;
      if (error > allowed && agreement.good())
        agreement.fault =
            fmt::format("the derivative of {} order by input {}, element {}, is {:.17g}; differences say {:.17g}",
                        order.str(), i, n, double(y), double(numbers[n]));
      agreement.worst = std::max(agreement.worst, error);
    }
  }
  return agreement;
}

bool hasF32(func::FuncOp function) {
  return function
      ->walk([](Operation *op) {
        auto isF32 = [](Type type) {
          auto tensor = dyn_cast<NamedTensorType>(type);
          return tensor && tensor.isFloat() && !tensor.getElement().isF64();
        };
        return llvm::any_of(op->getOperandTypes(), isF32) || llvm::any_of(op->getResultTypes(), isF32)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}
} // namespace

std::optional<Case> makeCase(Instance &instance, uint64_t seed, bool atKinks) {
  Point point = makePoint(instance, seed, atKinks);
  auto expected = differences(instance, point);
  if (!expected)
    return std::nullopt;
  double allowed = hasF32(instance.value) ? 1e-6 : 1e-12;
  return Case{instance, std::move(point), std::move(*expected), allowed};
}

std::optional<Verdict> judgeRule(Case &c, const CotangentRule &rule) {
  OpBuilder builder(c.instance.gradients);
  auto function = cast<func::FuncOp>(builder.clone(*c.instance.gradients));
  SmallVector<Ref> arguments(c.point.x);
  arguments.push_back(c.point.w);
  llvm::append_range(arguments, c.point.v);
  std::optional<SmallVector<Ref>> found;
  if (succeeded(differentiate(function, rule)) && succeeded(verify(function)))
    found = results(function, arguments);
  function.erase();
  if (!found)
    return std::nullopt;
  size_t count = c.instance.varied.size();
  ArrayRef<Ref> alone = ArrayRef(*found).take_front(count), inside = ArrayRef(*found).slice(count, count);
  Verdict verdict{compare(alone, c.expected.first, c.allowed, "first"),
                  compare(ArrayRef(*found).take_back(count), c.expected.second, c.allowed, "second"),
                  {}};
  verdict.first.add(compare(inside, c.expected.first, c.allowed, "first (inside of another)"));
  return verdict;
}

std::optional<Agreement> judgeTape(Case &c) {
  auto tape = makeTape(Arithmetic::Binary128);
  SmallVector<Ref> arguments(c.point.x), leaves, found;
  arguments.push_back(c.point.w);
  for (unsigned i : c.instance.varied) {
    leaves.push_back(arguments[i]);
    tape->watch(arguments[i]);
  }
  auto frame = run(c.instance.loss, arguments);
  if (!frame)
    return std::nullopt;
  Block &body = c.instance.loss.getBody().front();
  for (Operation &op : body.without_terminator())
    tape->record(&op, llvm::map_to_vector(op.getOperands(), [&](Value v) { return frame->lookup(v); }),
                 frame->lookup(op.getResult(0)));
  if (failed(tape->gradients(frame->lookup(body.getTerminator()->getOperand(0)), leaves, found)))
    return std::nullopt;
  return compare(found, c.expected.first, c.allowed, "first");
}

} // namespace burin::judge
