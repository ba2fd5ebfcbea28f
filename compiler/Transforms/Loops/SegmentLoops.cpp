// A loop of n steps as q segments of m and what is left: of what it carries, the way back then keeps q starts, and m
// steps of the segment it is in, in place of n.
#include "compiler/Transforms/Loops/Loops.h"
#include "dialects/Burin/Burin.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <cmath>
using namespace mlir;

namespace burin {
namespace {

class Segments {
public:
  Segments(ForOp loop, int64_t count) : loop(loop), count(count), forward(loop.getBody().front()) {}
  void run();

private:
  Location location() { return loop.getLoc(); }
  NamedTensorType emitType(Value emitted, int64_t steps) {
    return typeOf(emitted).withFirstAxis(StringAttr::get(loop.getContext(), "segment~"), steps);
  }
  /// The number of the loop's step from how many came before it.
  Value stepOf(Rules &b, Value before) {
    return loop.getReverse() ? b.sub(b.constant(double(count - 1), before), before) : before;
  }
  ForOp makeLoop(OpBuilder &builder, int64_t steps, TypeRange types, ValueRange inits);
  SmallVector<Value> segment(OpBuilder &builder, int64_t steps, Value start, ValueRange carried);

  ForOp loop;
  int64_t count;
  Block &forward;
};

ForOp Segments::makeLoop(OpBuilder &builder, int64_t steps, TypeRange types, ValueRange inits) {
  Value number = Rules(builder, location()).constant(double(steps), loop.getCount());
  auto made = ForOp::create(builder, location(), types, number, inits, StringAttr());
  Block &body = made.getBody().emplaceBlock();
  body.addArgument(number.getType(), location());
  for (Value init : inits)
    body.addArgument(init.getType(), location());
  return made;
}

// So many steps from `start` on. `carried`: what the loop carries, then all that it emits, so far.
SmallVector<Value> Segments::segment(OpBuilder &builder, int64_t steps, Value start, ValueRange carried) {
  unsigned states = unsigned(loop.getInits().size());
  SmallVector<Type> types(carried.take_front(states).getTypes());
  for (Value emitted : loop.getEmitted())
    types.push_back(emitType(emitted, steps));
  ForOp inner = makeLoop(builder, steps, types, carried.take_front(states));
  OpBuilder inside = OpBuilder::atBlockEnd(&inner.getBody().front());
  Rules within(inside, location());
  IRMapping map;
  map.map(loop.getCounter(), stepOf(within, within.add(start, inner.getCounter())));
  map.map(loop.getCarried(), inner.getCarried());
  for (Operation &op : forward)
    inside.clone(op, map);
  SmallVector<Value> next(inner.getFinals());
  Rules b(builder, location());
  for (auto [all, emitted] : llvm::zip(carried.drop_front(states), inner.getEmits())) {
    StringAttr axis = typeOf(all).getAxes()[0];
    Value place = b.numbersAlong(typeOf(emitted).getAxes()[0], steps, builder.getI64Type());
    Value index = b.cast(stepOf(b, b.add(place, start)), AxisIndexType::get(loop.getContext(), axis, count));
    next.push_back(ScatterOp::create(builder, location(), all.getType(), emitted, ValueRange{index}, all,
                                     axisArray(loop.getContext(), {axis})));
  }
  return next;
}

void Segments::run() {
  auto most = int64_t(std::ceil(std::sqrt(double(count)))); // of a segment's steps
  OpBuilder builder(loop);
  Rules b(builder, location());
  SmallVector<Value> inits(loop.getInits());
  for (Value all : loop.getEmits())
    inits.push_back(b.zeros(all.getType()));
  ForOp outer = makeLoop(builder, count / most, ValueRange(inits).getTypes(), inits);
  OpBuilder inside = OpBuilder::atBlockEnd(&outer.getBody().front());
  Rules within(inside, location());
  Value start = within.mul(outer.getCounter(), within.constant(double(most), outer.getCounter()));
  YieldOp::create(inside, location(), segment(inside, most, start, ValueRange(outer.getCarried())));
  SmallVector<Value> results(outer.getResults());
  if (int64_t left = count % most)
    results = segment(builder, left, b.constant(double(count - left), loop.getCount()), results);
  loop->replaceAllUsesWith(results);
  loop->erase();
}

struct SegmentLoops : PassWrapper<SegmentLoops, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SegmentLoops)
  StringRef getArgument() const final { return "segment-loops"; }
  StringRef getDescription() const final {
    return "loops that are differentiated go in about as many segments as steps in each";
  }
  void runOnOperation() final {
    constexpr int64_t fewest = 9; // steps that are worth it
    SmallVector<ForOp> loops;     // the innermost first
    getOperation().walk([&](ForOp loop) {
      if (loop->getParentOfType<GradOp>() && !loop.getStops() && loop.getSequences().empty() &&
          isMemoryEffectFree(loop))
        loops.push_back(loop);
    });
    for (ForOp loop : loops)
      if (auto count = loop.constantCount(); count && *count >= fewest)
        Segments(loop, *count).run();
  }
};

} // namespace

std::unique_ptr<Pass> createSegmentLoops() { return std::make_unique<SegmentLoops>(); }

} // namespace burin
