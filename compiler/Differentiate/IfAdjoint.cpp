// The adjoint of a branch is a branch on the same condition, which gives the cotangents of what either side takes from
// outside.
#include "compiler/Differentiate/Adjoint.h"
#include "compiler/Differentiate/Residuals.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {

LogicalResult Adjoint::differentiate(IfOp branch) {
  Location location = branch.getLoc();
  auto condition = branch.getCondition();
  SmallVector<Value> results(branch.getResults());
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(branch->getRegions(), used);
  used.remove_if([&](Value x) { return !shared.varying.contains(x); });
  SmallVector<Block *> backs;
  auto endOf = [&](Block *block) { // which no region holds yet
    OpBuilder inside(branch.getContext());
    inside.setInsertionPointToEnd(block);
    return inside;
  };
  SmallVector<SmallVector<Value>> parts; // of a side, by what is used
  auto abandon = [&] {
    for (Block *back : backs)
      back->dropAllReferences(), delete back;
    return failure();
  };
  OperandRange yields[] = {branch.getThen(), branch.getElse()};
  for (auto [region, yielded] : llvm::zip(branch->getRegions(), yields)) {
    Block *back = backs.emplace_back(new Block);
    OpBuilder inside = endOf(back);
    Adjoint inner(shared, inside);
    for (auto [result, value] : llvm::zip(results, yielded))
      if (Value cotangent = cotangentOf(result))
        inner.give(value, cotangent, location);
    if (failed(inner.walkBack(region.front().getTerminator()->getPrevNode())))
      return abandon();
    parts.push_back(llvm::map_to_vector(used, [&](Value x) { return inner.cotangentOf(x); }));
  }
  SmallVector<Value> given;
  SmallVector<Value> backYields[2];
  for (auto [i, x] : llvm::enumerate(used)) {
    if (!parts[0][i] && !parts[1][i])
      continue;
    given.push_back(x);
    for (unsigned side : {0u, 1u}) {
      OpBuilder inside = endOf(backs[side]);
      backYields[side].push_back(parts[side][i] ? parts[side][i] : Adjoint(shared, inside).zeros(x, location));
    }
  }
  for (unsigned side : {0u, 1u}) {
    OpBuilder inside = endOf(backs[side]);
    YieldOp::create(inside, location, backYields[side]);
    keepResiduals(branch, side, *backs[side], shared.keep);
  }
  auto back = IfOp::create(builder, location, ValueRange(given).getTypes(), condition);
  for (auto [region, block] : llvm::zip(back->getRegions(), backs))
    region.push_back(block);
  for (auto [x, cotangent] : llvm::zip(given, back.getResults()))
    give(x, cotangent, location);
  return success();
}

} // namespace burin
