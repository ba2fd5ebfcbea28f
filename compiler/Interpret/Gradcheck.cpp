#include "compiler/Interpret/Gradcheck.h"
#include "mlir/IR/IRMapping.h"
#include "runtime/Errors.h"
#include <fmt/format.h>
using namespace mlir;
using namespace burin::interpret;

namespace burin {
namespace {

// Elements of magnitude 1/4 to 1; the same in every run.
Ref directionLike(const Array &x, unsigned number) {
  auto d = std::make_shared<Array>(x);
  uint64_t state = 0x9E3779B97F4A7C15 * (number + 1);
  for (Quad &element : d->as<Quad>()) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17; // Marsaglia's xorshift
    double size = 0.25 + 0.75 * double(state >> 12) / 0x1p52;
    element = state & 1 ? size : -size;
  }
  return d;
}

// A sum of products, and of their magnitudes.
struct Sum {
  Quad value = 0, size = 0;
  void add(Quad a, Quad b) { value += a * b, size += a * b < 0 ? -(a * b) : a * b; }
};

// What `b` does not ask for counts nothing, infinities neither.
Sum innerProduct(const Ref &a, const Ref &b) {
  Sum sum;
  for (size_t n = 0; n < a->as<Quad>().size(); ++n)
    if (b->as<Quad>()[n] != 0)
      sum.add(a->as<Quad>()[n], b->as<Quad>()[n]);
  return sum;
}

// What is left of a function along a direction when its value and a derivative are taken away.
struct Remainder {
  bool finite, small;
  double slope, derivative, given;
  bool right() const { return finite && (small || slope > 1.5); }
};

// Steps beside which 1 is so large that a kink is hardly ever crossed, and whose squares binary128 still resolves. What
// is left of a right derivative is then either a square, or so small that the derivative has 50 bits.
constexpr double step = 0x1p-40;
// A derivative's constants (2/sqrt(pi) of erf's) have the digits of its type: what they leave is no error of the rule.
constexpr double digits = 0x1p-21;

Remainder remainderOf(Quad at, Quad one, Quad half, const Sum &along) {
  Quad given = along.value;
  double rest = std::fabs(double(one - at - step * given)),
         restOfHalf = std::fabs(double(half - at - step / 2 * given));
  double size = std::fabs(double(at));
  return {std::isfinite(rest + restOfHalf + size),
          rest <= std::max(0x1p-90 * (1 + size), step * digits * double(along.size)), std::log2(rest / restOfHalf),
          double((one - at) / step), double(given)};
}

// Steps that are held against their own differences.
class Steps {
public:
  explicit Steps(const GradientCheck &check) : check(check) {}
  std::optional<Remainder> remainder(const Tape &tape, const Tape::Entry &entry);

private:
  bool parts(const Tape &tape, const Tape::Entry &entry, ArrayRef<bool> wanted, SmallVectorImpl<Ref> &out);
  Ref again(const Tape::Entry &entry, ArrayRef<Ref> operands) const {
    return entry.rule ? entry.again(operands) : evaluate(entry.op, operands, context);
  }
  const GradientCheck &check;
  Context context{Arithmetic::Binary128, {}, {}};
};

// By the op's rule, in a block of its own, or by the program's.
bool Steps::parts(const Tape &tape, const Tape::Entry &entry, ArrayRef<bool> wanted, SmallVectorImpl<Ref> &out) {
  if (entry.rule)
    return succeeded(entry.rule(entry.cotangent, out));
  auto differentiable = dyn_cast<DifferentiableOpInterface>(entry.op);
  if (!differentiable)
    return false;
  Block scratch;
  OpBuilder builder(entry.op->getContext());
  builder.setInsertionPointToEnd(&scratch);
  IRMapping values;
  llvm::DenseMap<Value, Ref> frame;
  for (auto [operand, x] : llvm::zip_equal(entry.op->getOperands(), entry.operands))
    frame[scratch.addArgument(operand.getType(), entry.op->getLoc())] = x;
  Value dy = scratch.addArgument(entry.op->getResult(0).getType(), entry.op->getLoc());
  frame[dy] = entry.cotangent;
  Operation *op = builder.clone(*entry.op, values);
  op->setOperands(scratch.getArguments().drop_back());
  SmallVector<Value> dx(op->getNumOperands());
  Rules rules(builder, op->getLoc());
  auto interface = cast<DifferentiableOpInterface>(op);
  if (check.rule)
    check.rule(interface, rules, dy, wanted, dx);
  else
    interface.cotangents(rules, dy, wanted, dx);
  for (Operation &o : scratch)
    if (!(frame[o.getResult(0)] =
              evaluate(&o, llvm::map_to_vector(o.getOperands(), [&](Value v) { return frame.lookup(v); }), context)))
      return false;
  for (Value part : dx)
    out.push_back(part ? frame.lookup(part) : nullptr);
  return true;
}

// None where the loss does not depend on the step, or it can't be held by itself.
std::optional<Remainder> Steps::remainder(const Tape &tape, const Tape::Entry &entry) {
  if (!entry.op || !entry.cotangent)
    return std::nullopt;
  auto wanted = llvm::map_to_vector(entry.operands, [&](const Ref &x) { return tape.dependsOnLeaves(x); });
  SmallVector<Ref> given, one(entry.operands), half(entry.operands);
  if (!parts(tape, entry, wanted, given))
    return std::nullopt;
  Sum along;
  for (auto [k, x] : llvm::enumerate(entry.operands)) {
    if (!wanted[k])
      continue;
    Ref direction = directionLike(*x, unsigned(k));
    one[k] = moved(x, direction, step), half[k] = moved(x, direction, step / 2);
    if (!given[k])
      continue;
    walk(given[k]->sizes, {stepsAlong(*x, given[k]->type.getAxes())}, [&](int64_t n, ArrayRef<int64_t> at) {
      along.add(given[k]->as<Quad>()[size_t(n)], direction->as<Quad>()[size_t(at[0])]);
    });
  }
  Ref y = again(entry, one), z = again(entry, half);
  if (!y || !z)
    return std::nullopt;
  return remainderOf(innerProduct(entry.result, entry.cotangent).value, innerProduct(y, entry.cotangent).value,
                     innerProduct(z, entry.cotangent).value, along);
}

// Where it was written: of what a function of the library does, where that was called.
burin_rt::Place placeOf(Operation *op) {
  LocationAttr where = op->getLoc();
  auto place = where.findInstanceOf<FileLineColLoc>();
  for (auto call = dyn_cast<CallSiteLoc>(where);
       call && place && place.getFilename().getValue().starts_with("library/"); call = dyn_cast<CallSiteLoc>(where))
    where = call.getCaller(), place = where.findInstanceOf<FileLineColLoc>();
  return {place ? place.getFilename().data() : "", place ? place.getLine() : 0, place ? place.getColumn() : 0};
}

LogicalResult report(const GradientCheck &check, task::GradcheckOp op, StringRef name, const Remainder &whole,
                     const Host::Loss &loss) {
  if (!whole.finite) {
    burin_rt::errorAt("E0536", placeOf(op), "look for the operation that gives no number by `--check=nan`",
                      "the gradient by `%s` can't be held against a loss that is not finite", name.str().c_str());
    return failure();
  }
  Steps steps(check);
  auto tape = loss.steps();
  for (const Tape::Entry &entry : tape ? tape->recorded() : std::vector<Tape::Entry>()) {
    auto own = steps.remainder(*tape, entry);
    if (!own || own->right())
      continue;
    std::string help =
        fmt::format("along a random direction it changes the loss by {:.9g}, and its derivative says {:.9g}: {}",
                    own->derivative, own->given,
                    entry.rule ? "mend the gradient that is given here"
                               : "it is at a kink, or the compiler's rule for it is wrong");
    burin_rt::errorAt("E0536", placeOf(entry.op), help.c_str(),
                      "the derivative %s is wrong, and with it the gradient by `%s` that line %u checks",
                      entry.rule ? "given here" : "of this operation", name.str().c_str(), unsigned(placeOf(op).line));
    return failure();
  }
  std::string help = fmt::format("the loss changes by {:.9g} along a random direction, and the gradient says {:.9g}; "
                                 "no operation on the way is wrong by itself",
                                 whole.derivative, whole.given);
  burin_rt::errorAt("E0536", placeOf(op), help.c_str(),
                    "the gradient by `%s` is wrong: where the distance is halved the remainder falls by 2^%.2f, and by "
                    "2^2 if it is right",
                    name.str().c_str(), whole.slope);
  return failure();
}
} // namespace

LogicalResult GradientCheck::run(task::GradcheckOp op, ArrayRef<Ref> values, const Host::Loss &loss) {
  if (!collected)
    return gradients.emplace_back(values.drop_front()), success();
  if (gradients.empty())
    return op.emitError("runs more often where its loss is evaluated");
  auto computed = std::move(gradients.front());
  gradients.pop_front();
  for (auto [leaf, gradient] : llvm::enumerate(computed)) {
    Ref direction = directionLike(*gradient, unsigned(leaf));
    auto at = [&](double h) { return loss.at(unsigned(leaf), direction, h); };
    Ref zero = at(0), one = at(step), half = at(step / 2);
    if (!zero || !one || !half)
      return failure();
    Remainder whole =
        remainderOf(zero->as<Quad>()[0], one->as<Quad>()[0], half->as<Quad>()[0], innerProduct(gradient, direction));
    if (!whole.right())
      return report(*this, op, cast<StringAttr>(op.getNames()[leaf]).getValue(), whole, loss);
  }
  return success();
}

} // namespace burin
