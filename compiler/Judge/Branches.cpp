// What is decided is decided at the point: the functions here continue, smoothly, the branch that an op takes there.
#include "compiler/Judge/Differences.h"
#include "llvm/ADT/StringMap.h"
using namespace mlir;
using namespace burin::interpret;

namespace burin::judge {
namespace {

// From operands, and the operands at the point.
using Branch = Quad (*)(const Quad *x, const Quad *at);
#define BRANCH(expression) [](const Quad *x, const Quad *at) -> Quad { return expression; }

const llvm::StringMap<Branch> &pointwiseBranches() {
  static const llvm::StringMap<Branch> table = {
      {"abs", BRANCH(at[0] > 0   ? x[0]
                     : at[0] < 0 ? -x[0]
                                 : 0)},
      {"max", BRANCH(at[0] > at[1] ? x[0] : x[1])},
      {"min", BRANCH(at[0] < at[1] ? x[0] : x[1])},
      {"rem", BRANCH(x[0] - floor(at[0] / at[1]) * x[1])},
  };
  return table;
}

Ref pointwise(Branch branch, ArrayRef<Ref> x, ArrayRef<Ref> at, const Array &value) {
  auto y = std::make_shared<Array>(value);
  auto steps = llvm::map_to_vector(x, [&](const Ref &a) { return stepsAlong(*a, value.type.getAxes()); });
  walk(value.sizes, steps, [&](int64_t n, ArrayRef<int64_t> places) {
    Quad operands[3], operandsAt[3];
    for (size_t i = 0; i < x.size(); ++i) {
      operands[i] = x[i]->as<Quad>()[size_t(places[i])];
      operandsAt[i] = at[i]->as<Quad>()[size_t(places[i])];
    }
    y->as<Quad>()[size_t(n)] = branch(operands, operandsAt);
  });
  return y;
}

// The element that attained it at the point: the first.
Ref reduceBranch(ReduceOp op, const Array &x, const Array &at, const Array &value) {
  auto y = std::make_shared<Array>(value);
  SmallVector<StringAttr> over = axisNames(op.getOver());
  std::vector<int64_t> places = placesAlong(x, over, sizesAlong(x, over));
  walk(value.sizes, stepsAlong(x, value.type.getAxes()), [&](int64_t n, ArrayRef<int64_t> base) {
    for (int64_t place : llvm::reverse(places))
      if (at.as<Quad>()[size_t(base[0] + place)] == value.as<Quad>()[size_t(n)])
        y->as<Quad>()[size_t(n)] = x.as<Quad>()[size_t(base[0] + place)];
  });
  return y;
}
} // namespace

Ref onBranch(Operation *op, ArrayRef<Ref> x, ArrayRef<Ref> at, const Ref &value) {
  if (!value->isReal() || isa<FloorOp, SignOp, StopOp>(op))
    return value;
  if (auto found = pointwiseBranches().find(op->getName().stripDialect()); found != pointwiseBranches().end())
    return pointwise(found->second, x, at, *value);
  if (auto reduction = dyn_cast<ReduceOp>(op);
      reduction && (reduction.getKind() == "max" || reduction.getKind() == "min"))
    return reduceBranch(reduction, *x[0], *at[0], *value);
  return nullptr;
}

} // namespace burin::judge
