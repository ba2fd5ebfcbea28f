// What one execution of an op computes and reads, where that does not follow from a scalar body.
#include "dialects/Burin/Burin.h"
using namespace mlir;
using namespace burin;

static uint64_t elements(Value v) { return uint64_t(typeOf(v).getNumElements()); }

void ContractOp::arithmetic(OperationCount &count) {
  uint64_t chain = 1;
  for (StringAttr axis : axisNames(getOver()))
    chain = llvm::SaturatingMultiply(chain, uint64_t(typeOf(getLhs()).extentOf(axis)));
  count.add(getType().getElement(),
            llvm::SaturatingMultiply(elements(getY()), llvm::SaturatingMultiply(chain, uint64_t(2))));
}

// n elements are joined by n - 1 operations, in whatever lanes; an identity that they begin from adds nothing.
void ReduceOp::arithmetic(OperationCount &count) {
  uint64_t from = elements(getX()), to = elements(getY());
  count.add(getType().getElement(), from > to ? from - to : 0);
}
void AccumulateOp::arithmetic(OperationCount &count) { count.add(getType().getElement(), elements(getX())); }

void ScatterAddOp::arithmetic(OperationCount &count) { count.add(getType().getElement(), elements(getX())); }

void ScatterOp::arithmetic(OperationCount &) {}

// Bits become a number in [1, 2), less 1. The bits themselves are arithmetic on integers.
void RandomOp::arithmetic(OperationCount &count) { count.add(getType().getElement(), elements(getY())); }

// No arithmetic; of the table only what is taken.
void GatherOp::arithmetic(OperationCount &) {}
uint64_t GatherOp::elementsRead(unsigned i) {
  if (i == 0)
    return typeOf(getTable()).hasStaticShape() ? std::min(elements(getTable()), elements(getY())) : elements(getY());
  return elements(getOperand(i));
}
