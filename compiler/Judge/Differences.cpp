#include "compiler/Judge/Differences.h"
using namespace mlir;
using namespace burin::interpret;

namespace burin::judge {
namespace {

// A function near a point.
class Nearby {
public:
  Nearby(Instance &instance, const Point &point) : function(instance.value), atKinks(point.atKinks) {
    if (auto frame = run(function, point.x))
      at = std::move(*frame);
  }
  bool ran() const { return !at.empty(); }
  const std::vector<Quad> &value() const { return numbers(at.lookup(result())); }
  std::vector<Quad> operator()(ArrayRef<Ref> x) const;

private:
  Value result() const { return func::FuncOp(function).getBody().front().getTerminator()->getOperand(0); }
  static const std::vector<Quad> &numbers(const Ref &array) { return array->as<Quad>(); }
  func::FuncOp function;
  bool atKinks;
  Frame at;
};

// Where it runs at the point it runs nearby: there, indices are what they are at the point.
std::vector<Quad> Nearby::operator()(ArrayRef<Ref> x) const {
  Frame frame;
  Block &body = func::FuncOp(function).getBody().front();
  for (auto [argument, value] : llvm::zip_equal(body.getArguments(), x))
    frame[argument] = value;
  Context context{Arithmetic::Binary128, {}, {}};
  for (Operation &op : body.without_terminator()) {
    auto operands = llvm::map_to_vector(op.getOperands(), [&](Value v) { return frame.lookup(v); });
    auto before = llvm::map_to_vector(op.getOperands(), [&](Value v) { return at.lookup(v); });
    Ref &y = frame[op.getResult(0)];
    if (atKinks || isa<StopOp>(op)) // what `stop` gives is a constant by its meaning
      y = onBranch(&op, operands, before, at.lookup(op.getResult(0)));
    if (!y)
      y = evaluate(&op, operands, context);
  }
  return numbers(frame.lookup(result()));
}

// x + step * direction in one input, or in all.
Ref moved(const Ref &x, const Ref &direction, Quad step) {
  auto y = std::make_shared<Array>(*x);
  for (size_t n = 0; n < direction->as<Quad>().size(); ++n)
    y->as<Quad>()[n] += step * direction->as<Quad>()[n];
  return y;
}
Ref movedAt(const Ref &x, size_t n, Quad step) {
  auto y = std::make_shared<Array>(*x);
  y->as<Quad>()[n] += step;
  return y;
}

// Truncation is of the order of h^2, and of h^4 for the second order, where two steps are extrapolated; rounding is of
// the order of 2^-113 / h and 2^-113 / h^2. All are far below 1e-12 of derivatives of moderate functions.
constexpr double firstStep = 0x1p-37, secondStep = 0x1p-23;

class Quotients {
public:
  Quotients(Instance &instance, const Point &point, const Nearby &f) : instance(instance), point(point), f(f) {}
  /// By element n of input i.
  Quad first(unsigned i, size_t n) const { return sumOfW(across(point.x, i, n, firstStep)) / (2 * Quad(firstStep)); }
  Quad second(unsigned i, size_t n) const { return (4 * second(i, n, secondStep) - second(i, n, 2 * secondStep)) / 3; }

private:
  Quad second(unsigned i, size_t n, Quad h) const;
  std::vector<Quad> across(ArrayRef<Ref> x, unsigned i, size_t n, Quad h) const;
  static void subtract(std::vector<Quad> &a, const std::vector<Quad> &b);
  Quad sumOfW(const std::vector<Quad> &z) const;
  Instance &instance;
  const Point &point;
  const Nearby &f;
};

void Quotients::subtract(std::vector<Quad> &a, const std::vector<Quad> &b) {
  for (size_t k = 0; k < a.size(); ++k)
    a[k] -= b[k];
}

// f(x + h e) - f(x - h e), e the unit of an element.
std::vector<Quad> Quotients::across(ArrayRef<Ref> x, unsigned i, size_t n, Quad h) const {
  SmallVector<Ref> y(x);
  y[i] = movedAt(x[i], n, h);
  std::vector<Quad> difference = f(y);
  y[i] = movedAt(x[i], n, -h);
  subtract(difference, f(y));
  return difference;
}

Quad Quotients::second(unsigned i, size_t n, Quad h) const {
  SmallVector<Ref> ahead(point.x), behind(point.x);
  for (auto [k, v] : llvm::zip_equal(instance.varied, point.v)) {
    ahead[k] = moved(point.x[k], v, h);
    behind[k] = moved(point.x[k], v, -h);
  }
  std::vector<Quad> difference = across(ahead, i, n, h);
  subtract(difference, across(behind, i, n, h));
  return sumOfW(difference) / (4 * h * h);
}

Quad Quotients::sumOfW(const std::vector<Quad> &z) const {
  Quad sum = 0;
  for (size_t n = 0; n < z.size(); ++n)
    sum += z[n] * point.w->as<Quad>()[n];
  return sum;
}
} // namespace

std::optional<Frame> run(func::FuncOp function, ArrayRef<Ref> arguments) {
  Frame frame;
  for (auto [argument, value] : llvm::zip_equal(function.getArguments(), arguments))
    frame[argument] = value;
  Context context{Arithmetic::Binary128, {}, {}};
  for (Operation &op : function.getBody().front().without_terminator()) {
    auto operands = llvm::map_to_vector(op.getOperands(), [&](Value v) { return frame.lookup(v); });
    Ref y = evaluate(&op, operands, context);
    if (!y)
      return std::nullopt;
    frame[op.getResult(0)] = y;
  }
  return frame;
}

std::optional<SmallVector<Ref>> results(func::FuncOp function, ArrayRef<Ref> arguments) {
  auto frame = run(function, arguments);
  if (!frame)
    return std::nullopt;
  return llvm::map_to_vector(function.getBody().front().getTerminator()->getOperands(),
                             [&](Value v) { return frame->lookup(v); });
}

std::optional<Derivatives> differences(Instance &instance, const Point &point) {
  Nearby f(instance, point);
  if (!f.ran() || !llvm::all_of(f.value(), interpret::isFinite))
    return std::nullopt;
  Quotients quotients(instance, point, f);
  Derivatives out;
  for (unsigned i : instance.varied) {
    Derivatives::Numbers &first = out.first.emplace_back(), &second = out.second.emplace_back();
    for (size_t n = 0; n < point.x[i]->as<Quad>().size(); ++n) {
      first.push_back(quotients.first(i, n));
      second.push_back(quotients.second(i, n));
    }
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Points
//===----------------------------------------------------------------------===//

namespace {
// Random numbers for a point: the instance's ops are made of others.
class Draw {
public:
  explicit Draw(uint64_t seed) : state((seed * 0x9E3779B97F4A7C15) | 1) {}
  uint64_t below(uint64_t n) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17; // Marsaglia's xorshift
    return (state >> 11) % n;
  }
  /// In [0.3, 2.5): away from 0, where derivatives of any order are moderate.
  double moderate() { return 0.3 + 2.2 * double(below(uint64_t(1) << 40)) / 0x1p40; }

private:
  uint64_t state;
};

int64_t integerOf(Draw &draw, Type element) {
  if (auto index = dyn_cast<AxisIndexType>(element))
    return int64_t(draw.below(uint64_t(index.getExtent())));
  if (element.isInteger(1))
    return int64_t(draw.below(2));
  return int64_t(draw.below(9)) - (element.isUnsignedInteger() ? 0 : 4);
}

Ref arrayOf(NamedTensorType type, Draw &draw, llvm::function_ref<double()> real) {
  auto array = allocate(type, type.getSizes(), Arithmetic::Binary128);
  for (int64_t n = 0; n < type.getNumElements(); ++n)
    if (type.isFloat())
      array->as<Quad>()[size_t(n)] = Declared::round(type.getElement(), real());
    else
      array->integers()[size_t(n)] = integerOf(draw, type.getElement());
  return array;
}
} // namespace

Point makePoint(Instance &instance, uint64_t seed, bool atKinks) {
  Draw draw(seed);
  for (int i = 0; i < 8; ++i)
    draw.below(2); // a small seed's first numbers are alike
  auto either = [&](double x) { return draw.below(2) ? x : -x; };
  Point point{{}, {}, {}, atKinks};
  for (unsigned i = 0; i < instance.value.getNumArguments(); ++i) {
    bool positive = draw.below(2); // some functions have values there only
    static const double few[] = {-2, -1, 0, 0, 1, 2, 1, 2, 3};
    point.x.push_back(arrayOf(instance.typeOfInput(i), draw, [&] {
      if (atKinks)
        return positive ? few[4 + draw.below(5)] : few[draw.below(6)];
      return positive ? draw.moderate() : either(draw.moderate());
    }));
  }
  point.w = arrayOf(instance.typeOfValue(), draw, [&] { return either(draw.moderate()); });
  for (unsigned i : instance.varied)
    point.v.push_back(arrayOf(instance.typeOfInput(i), draw, [&] { return either(draw.moderate()); }));
  return point;
}

} // namespace burin::judge
