// The adjoint of a loop is a loop the other way. It carries the cotangents of what the loop carries, and sums for the
// values that the body takes from outside; it goes over the cotangents of what the loop emits, and emits those of its
// sequences; the values of each step that it needs come from Residuals.
#include "compiler/Differentiate/Adjoint.h"
#include "compiler/Differentiate/Residuals.h"
#include "dialects/Interfaces/NarrowFloats.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {

class LoopAdjoint {
public:
  LoopAdjoint(Adjoint &outer, ForOp loop) : outer(outer), loop(loop), forward(loop.getBody().front()) {}
  LogicalResult run();

private:
  void findCarried();
  void begin(Adjoint &inner);
  void end(Adjoint &inner);
  ForOp finish();
  /// A block argument among the carried ones, with what it begins as.
  Value carry(Value init) {
    inits.push_back(init);
    return body->insertArgument(unsigned(inits.size()), init.getType(), loop.getLoc());
  }

  Adjoint &outer;
  ForOp loop;
  Block &forward;
  Block *body = new Block;                ///< of the loop back
  SmallVector<unsigned> carried;          ///< those of the loop's that have a cotangent
  SmallVector<Value> captured, sequences; ///< what has one besides, in order
  SmallVector<Value> inits, over, next, emitted;
};

void LoopAdjoint::findCarried() {
  const ValueSet &varying = outer.shared.varying;
  ValueSet useful;
  for (auto [result, yielded] : llvm::zip(loop.getResults(), loop.getYield().getValues()))
    if (outer.cotangentOf(result))
      useful.insert(yielded);
  for (size_t before = size_t(-1); before != useful.size();) {
    before = useful.size();
    findUseful(forward, varying, useful);
    for (auto [argument, yielded] : llvm::zip(loop.getCarried(), loop.getNext()))
      if (useful.contains(argument))
        useful.insert(yielded);
  }
  for (auto [i, argument] : llvm::enumerate(loop.getCarried()))
    if (varying.contains(argument) && (useful.contains(argument) || outer.cotangentOf(loop.getFinals()[i])))
      carried.push_back(unsigned(i));
}

// Cotangents of what the body yields.
void LoopAdjoint::begin(Adjoint &inner) {
  Location location = loop.getLoc();
  body->addArgument(loop.getCounter().getType(), location);
  for (unsigned i : carried) {
    Value last = outer.cotangentOf(loop.getFinals()[i]);
    inner.give(loop.getNext()[i], carry(last ? last : outer.zeros(loop.getInits()[i], location)), location);
  }
  for (auto [result, yielded] : llvm::zip(loop.getEmits(), loop.getEmitted()))
    if (Value cotangent = outer.cotangentOf(result)) {
      over.push_back(cotangent);
      inner.give(yielded, body->addArgument(yielded.getType(), location), location);
    }
}

// What a step gives: the next cotangents, sums that went on, and slices.
void LoopAdjoint::end(Adjoint &inner) {
  Location location = loop.getLoc();
  for (unsigned i : carried) {
    Value cotangent = inner.cotangentOf(loop.getCarried()[i]);
    next.push_back(cotangent ? cotangent : inner.zeros(loop.getInits()[i], location));
  }
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(loop.getBody(), used);
  for (Value x : used)
    if (Value part = inner.cotangentOf(x)) {
      captured.push_back(x);
      Value before = outer.cotangentOf(x);
      Rules around(outer.builder, location), b(inner.builder, location);
      Type element = sumElement(typeOf(x).getElement()); // what adds up over the steps is rounded once
      Value sum = carry(around.cast(before ? before : outer.zeros(x, location), element));
      next.push_back(b.broadcastTo(b.add(sum, b.cast(part, element)), sum.getType()));
    }
  for (auto [slice, sequence] : llvm::zip(loop.getSlices(), loop.getSequences()))
    if (Value cotangent = inner.cotangentOf(slice))
      sequences.push_back(sequence), emitted.push_back(cotangent);
  SmallVector<Value> yielded(next);
  llvm::append_range(yielded, emitted);
  YieldOp::create(inner.builder, location, yielded);
}

ForOp LoopAdjoint::finish() {
  SmallVector<Type> types(ValueRange(inits).getTypes());
  for (Value sequence : sequences)
    types.push_back(sequence.getType());
  auto back = ForOp::create(outer.builder, loop.getLoc(), types, loop.getCount(), inits, over, StringAttr(),
                            !loop.getReverse(), /*stops=*/false);
  back.getBody().push_back(body);
  return back;
}

LogicalResult LoopAdjoint::run() {
  findCarried();
  OpBuilder inside(loop.getContext());
  inside.setInsertionPointToEnd(body);
  Adjoint inner(outer.shared, inside);
  begin(inner);
  if (failed(inner.walkBack(forward.getTerminator()->getPrevNode()))) {
    body->dropAllReferences();
    delete body;
    return failure();
  }
  end(inner);
  SmallVector<Value> starts = llvm::map_to_vector(carried, [&](unsigned i) -> Value { return loop.getInits()[i]; });
  auto kept = keepResiduals(loop, *body, outer.shared.keep); // the loop may be another op now
  llvm::append_range(over, kept);
  ForOp back = finish();
  auto finals = back.getFinals();
  for (auto [x, result] : llvm::zip(captured, finals.drop_front(carried.size())))
    outer.cotangents[x] =
        Rules(outer.builder, loop.getLoc()).cast(result, typeOf(x).getElement()); // with what came before
  for (auto [init, result] : llvm::zip(starts, finals))
    outer.give(init, result, loop.getLoc());
  for (auto [sequence, result] : llvm::zip(sequences, back.getEmits()))
    outer.give(sequence, result, loop.getLoc());
  return success();
}

LogicalResult Adjoint::differentiate(ForOp loop) {
  auto count = loop.constantCount();
  if (!count)
    return reportAt(loop.getLoc(),
                    "E0603: this loop is differentiated, and how often it runs is not known when compiling",
                    "give it a range whose end is known, such as an axis, or cut it off with `stop`");
  if (*count > 0)
    return LoopAdjoint(*this, loop).run();
  for (auto [init, result] : llvm::zip(loop.getInits(), loop.getFinals())) // it never runs
    if (Value cotangent = cotangentOf(result))
      give(init, cotangent, loop.getLoc());
  return success();
}

} // namespace burin
