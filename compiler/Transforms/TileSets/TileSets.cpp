// Whole sets in tiles: first what is indexed is computed at the rows indexed, then reductions become loops, then
// nothing may be left.
#include "compiler/Transforms/TileSets/TileSets.h"
#include "compiler/Transforms/TileSets/RowsOf.h"
#include "compiler/Transforms/TileSets/SetReduction.h"
#include "dialects/Task/Task.h"
#include "llvm/ADT/SetVector.h"
using namespace mlir;

namespace burin {
namespace {

// An axis of the index that the set's expression goes through itself, too: the index gets another, the expression is
// computed for every pair, and where both are one is taken. Null if it does not go row by row.
Value atRowsApart(OpBuilder &builder, StringAttr axis, Value index, Value table) {
  auto type = typeOf(index);
  Location location = index.getLoc();
  SmallVector<StringAttr> apart = llvm::map_to_vector(
      type.getAxes(), [&](StringAttr name) { return StringAttr::get(name.getContext(), name.getValue() + "%at"); });
  Value renamed = RenameOp::create(
      builder, location, NamedTensorType::get(type.getContext(), type.getElement(), type.getSizes(), apart), index);
  Value value = RowsOf(builder, axis, renamed).at(table);
  if (!value)
    return {};
  SmallVector<Value> places;
  for (auto [name, other, size] : llvm::zip(type.getAxes(), apart, type.getSizes())) {
    auto element = AxisIndexType::get(type.getContext(), other, size);
    places.push_back(
        IotaOp::create(builder, location, NamedTensorType::get(type.getContext(), element, {size}, {name})));
  }
  return GatherOp::create(builder, location, gatheredType(typeOf(value), ValueRange(places).getTypes(), apart), value,
                          places, axisArray(type.getContext(), apart));
}

// gather(f(column), rows) = f(gather(column, rows)): exact, and only the rows asked for are computed.
void gatherFirst(GatherOp gather) {
  for (auto [axis, index] : llvm::zip(axisNames(gather.getAt()), gather.getIndices())) {
    if (!ShapedType::isDynamic(typeOf(gather.getTable()).extentOf(axis)) ||
        gather.getTable().getDefiningOp<task::ColumnOp>())
      continue;
    OpBuilder builder(gather);
    Value value = RowsOf(builder, axis, index).at(gather.getTable());
    if (!value && !typeOf(index).getAxes().empty())
      value = atRowsApart(builder, axis, index, gather.getTable());
    if (!value)
      return;
    SmallVector<StringAttr> others = axisNames(gather.getAt());
    SmallVector<Value> indices(gather.getIndices());
    indices.erase(indices.begin() + (llvm::find(others, axis) - others.begin()));
    llvm::erase(others, axis);
    if (!others.empty())
      value = GatherOp::create(builder, gather.getLoc(), gather.getType(), value, indices,
                               axisArray(gather.getContext(), others));
    gather.replaceAllUsesWith(Rules(builder, gather.getLoc()).broadcastTo(value, gather.getType()));
    return gather.erase();
  }
}

// The row of the largest is the first that is as large, or the first NaN: two reductions, of which each goes tile by
// tile.
void searchByReductions(ArgReduceOp op) {
  Value x = op.getX();
  StringAttr axis = op.getOverAttr();
  if (!ShapedType::isDynamic(typeOf(x).extentOf(axis)))
    return;
  OpBuilder builder(op);
  Rules b(builder, op.getLoc());
  auto over = axisArray(op.getContext(), axis);
  auto largest = typeOf(x).without(axis);
  Value best = ReduceOp::create(builder, op.getLoc(), largest, op.getKindAttr(), x, over);
  Value asLarge = EqOp::create(builder, op.getLoc(), ValueRange{x, best});
  Value noNumber = NeOp::create(builder, op.getLoc(), ValueRange{x, x});
  Value found = OrOp::create(builder, op.getLoc(), ValueRange{asLarge, noNumber});
  Value row = b.numbersAlong(axis, ShapedType::kDynamic, builder.getI64Type());
  Value candidate = b.select(found, row, b.constant(0x1p53, row)); // no set has as many rows
  auto type = NamedTensorType::get(op.getContext(), builder.getI64Type(), largest.getSizes(), largest.getAxes());
  Value first = ReduceOp::create(builder, op.getLoc(), type, builder.getStringAttr("min"), candidate, over);
  op.replaceAllUsesWith(b.broadcastTo(b.cast(first, typeOf(op.getResult()).getElement()), op.getType()));
  op.erase();
}

/// The rows of a tile: indices of the set, beyond its end the last row again; and which are inside.
struct Tile {
  Value indices, inside, first;
};
Tile tileOf(Rules &b, StringAttr axis, StringAttr tile, unsigned tileRows, Value counter, Value rows) {
  Value place = b.numbersAlong(tile, tileRows, b.builder.getI64Type());
  Value first = b.mul(counter, b.constant(tileRows, counter)), row = b.add(place, first);
  Value last = b.sub(rows, b.one(rows));
  Value clamped = MinOp::create(b.builder, b.location, ValueRange{row, last});
  auto index = AxisIndexType::get(axis.getContext(), axis, ShapedType::kDynamic);
  return {b.cast(clamped, index), b.lt(row, rows), first};
}
StringAttr tileAxis(StringAttr axis) { return StringAttr::get(axis.getContext(), axis.getValue() + "%"); }
Value tilesOf(Rules &b, Value rows, unsigned tileRows) {
  return b.div(b.add(rows, b.constant(tileRows - 1, rows)), b.constant(tileRows, rows));
}
LogicalResult reportRefused(StringAttr axis, StringRef what, Location place) {
  InFlightDiagnostic error = emitError(place) << "E0605: " << what << " `" << axis.getValue()
                                              << "` goes through the set in tiles of rows, and this needs it whole";
  error.attachNote() << "go through the set's batches in a loop instead";
  return error;
}

/// Reductions of one block over one set, in one loop that stands where the first of them does.
class TileLoop {
public:
  TileLoop(Operation *first, StringAttr axis, unsigned tileRows)
      : first(first), axis(axis), tile(tileAxis(axis)), tileRows(tileRows),
        reductions{SetReduction(first, axis, tile)} {}
  /// Adds a later reduction if all it needs can be computed before the loop.
  void tryAdd(Operation *op);
  LogicalResult build(task::DataOp data, StringRef part);
  bool contains(Operation *op) const {
    return llvm::any_of(reductions, [&](const SetReduction &reduction) { return reduction.op == op; });
  }

private:
  bool canStandBefore(Operation *reduction, llvm::SmallSetVector<Operation *, 8> &moved);
  Operation *first;
  StringAttr axis, tile;
  unsigned tileRows;
  SmallVector<SetReduction> reductions;
};

// What a reduction needs, but for the values over the set (these are computed in the loop, from columns), is followed
// back to before it.
bool TileLoop::canStandBefore(Operation *reduction, llvm::SmallSetVector<Operation *, 8> &moved) {
  llvm::SmallPtrSet<Operation *, 16> seen;
  SmallVector<Operation *> open{reduction};
  while (!open.empty()) {
    Operation *op = open.pop_back_val();
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (!producer || producer->getBlock() != first->getBlock() || producer->isBeforeInBlock(first))
        continue;
      if (SetReduction::dataAxis(producer) == axis || !isPure(producer) || producer->getNumRegions())
        return false;
      bool stays = hasAxis(operand, axis) && !isa<task::ColumnOp>(producer) && !moved.contains(op);
      if (stays ? seen.insert(producer).second : moved.insert(producer))
        open.push_back(producer);
    }
  }
  return true;
}

void TileLoop::tryAdd(Operation *op) {
  llvm::SmallSetVector<Operation *, 8> moved;
  if (!canStandBefore(op, moved))
    return;
  SmallVector<Operation *> inOrder(moved.begin(), moved.end());
  llvm::sort(inOrder, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *needed : inOrder)
    needed->moveBefore(first);
  reductions.emplace_back(op, axis, tile);
}

LogicalResult TileLoop::build(task::DataOp data, StringRef part) {
  OpBuilder builder(first);
  Rules b(builder, first->getLoc());
  auto i64 = NamedTensorType::scalar(builder.getI64Type());
  Value rows = task::RowsOp::create(builder, first->getLoc(), i64, data.getSymName(), part);
  Value count = tilesOf(b, rows, tileRows);
  SmallVector<Value> starts;
  for (const SetReduction &reduction : reductions)
    if (!starts.emplace_back(reduction.start(builder)))
      return success(); // over two sets at once: what is left of it is reported at the end
  auto loop =
      ForOp::create(builder, first->getLoc(), ValueRange(starts).getTypes(), count, starts, /*name=*/StringAttr());
  Block &body = loop.getBody().emplaceBlock();
  body.addArgument(i64, first->getLoc());
  for (auto [start, reduction] : llvm::zip(starts, reductions))
    body.addArgument(start.getType(), reduction.op->getLoc());
  builder.setInsertionPointToStart(&body);
  Tile at = tileOf(b, axis, tile, tileRows, loop.getCounter(), rows);
  RowsOf expression(builder, axis, at.indices);
  SmallVector<Value> carried;
  for (auto [reduction, before] : llvm::zip(reductions, loop.getCarried())) {
    SmallVector<Value> operands;
    for (Value operand : reduction.op->getOperands())
      if (!operands.emplace_back(expression.at(operand)))
        return reportRefused(axis, "a reduction over", *expression.refused);
    carried.push_back(reduction.step(builder, operands, at.inside, before));
  }
  YieldOp::create(builder, first->getLoc(), carried);
  builder.setInsertionPointAfter(loop);
  for (auto [reduction, result] : llvm::zip(reductions, loop.getResults()))
    reduction.op->getResult(0).replaceAllUsesWith(reduction.finish(builder, result));
  for (const SetReduction &reduction : reductions)
    reduction.op->erase();
  return success();
}

// A file of what a set's rows give: written tile by tile. No tile is there as a whole, so neither is memory for all.
LogicalResult writeInTiles(task::WriteOp write, StringAttr axis, task::DataOp data, StringRef part, unsigned tileRows) {
  OpBuilder builder(write);
  Rules b(builder, write.getLoc());
  auto i64 = NamedTensorType::scalar(builder.getI64Type());
  Value rows = task::RowsOp::create(builder, write.getLoc(), i64, data.getSymName(), part);
  auto loop = ForOp::create(builder, write.getLoc(), TypeRange(), tilesOf(b, rows, tileRows), ValueRange(),
                            /*name=*/StringAttr());
  loop.getBody().emplaceBlock().addArgument(i64, write.getLoc());
  builder.setInsertionPointToStart(&loop.getBody().front());
  Tile at = tileOf(b, axis, tileAxis(axis), tileRows, loop.getCounter(), rows);
  RowsOf expression(builder, axis, at.indices);
  SmallVector<Value> operands;
  for (Value operand : write->getOperands())
    if (!operands.emplace_back(expression.at(operand)))
      return reportRefused(axis, "a file of values along", *expression.refused);
  ValueRange given = operands;
  task::WriteOp::create(builder, write.getLoc(), write.getPathAttr(), given[0], write.getLabels() ? given[1] : Value(),
                        given.take_back(write.getLengths().size()), ValueRange{at.first, rows}, write.getJoinedAttr(),
                        write.getPresentAttr(), write.getPointsAttr());
  YieldOp::create(builder, write.getLoc(), ValueRange());
  write.erase();
  return success();
}

struct TileSets : PassWrapper<TileSets, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TileSets)
  TileSets() = default;
  explicit TileSets(TileSetsOptions options) { rows = options.rows; }
  TileSets(const TileSets &other) : PassWrapper(other) { rows = other.rows; }
  StringRef getArgument() const final { return "tile-sets"; }
  StringRef getDescription() const final {
    return "expressions over a whole data set become loops over tiles of its rows";
  }
  void runOnOperation() final;
  LogicalResult tileBlock(Block &block);
  std::pair<task::DataOp, StringRef> partOf(StringAttr axis);
  Option<unsigned> rows{*this, "rows", llvm::cl::desc("rows of a tile, a multiple of 16"), llvm::cl::init(256)};
};

std::pair<task::DataOp, StringRef> TileSets::partOf(StringAttr axis) {
  for (auto data : getOperation().getOps<task::DataOp>())
    for (auto part : data.getParts().getAsRange<DictionaryAttr>())
      if (part.getAs<StringAttr>("axis") == axis)
        return {data, part.getAs<StringAttr>("name").getValue()};
  return {};
}

LogicalResult TileSets::tileBlock(Block &block) {
  llvm::SmallSetVector<Operation *, 8> open;
  for (Operation &op : block)
    if (SetReduction::dataAxis(&op))
      open.insert(&op);
  while (!open.empty()) {
    Operation *first = open.front();
    StringAttr axis = SetReduction::dataAxis(first);
    auto [data, part] = partOf(axis);
    if (!data)
      return first->emitOpError() << "reduces the axis " << axis << ", which is no part of a data set";
    TileLoop loop(first, axis, rows);
    for (Operation *op : open)
      if (op != first && SetReduction::dataAxis(op) == axis)
        loop.tryAdd(op);
    open.remove_if([&](Operation *op) { return loop.contains(op); });
    if (failed(loop.build(data, part)))
      return failure();
  }
  for (auto write : llvm::make_early_inc_range(block.getOps<task::WriteOp>()))
    if (StringAttr axis = dataAxisOf(write.getValue().getType())) {
      auto [data, part] = partOf(axis);
      if (!data)
        return write.emitOpError() << "is along the axis " << axis << ", which is no part of a data set";
      if (failed(writeInTiles(write, axis, data, part, rows)))
        return failure();
    }
  return success();
}

// Users stand after what they use, so one sweep from the end finds all that nothing needs.
void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
      continue;
    }
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        eraseDead(inner);
  }
}

// A column is only gathered from; all else has a size that is known.
LogicalResult checkNothingIsLeft(Operation *op) {
  auto report = [&](StringAttr axis) -> LogicalResult {
    InFlightDiagnostic error = emitError(op->getLoc()) << "E0605: a value for every row of `" << axis.getValue()
                                                       << "` is kept here, and only the file knows how many there are";
    error.attachNote() << "reduce it over the set (`mean`, `sum`, `max`, …), or index it";
    return error;
  };
  for (Type type : op->getResultTypes())
    if (StringAttr axis = dataAxisOf(type); axis && !isa<task::ColumnOp>(op))
      return report(axis);
  for (OpOperand &operand : op->getOpOperands())
    if (StringAttr axis = dataAxisOf(operand.get().getType()))
      if (!isa<GatherOp>(op) || operand.getOperandNumber() != 0 || !operand.get().getDefiningOp<task::ColumnOp>())
        return report(axis);
  return success();
}

void TileSets::runOnOperation() {
  if (rows == 0 || rows % 16) {
    getOperation().emitError("a tile's rows are a multiple of 16");
    return signalPassFailure();
  }
  getOperation().walk([](GatherOp gather) { gatherFirst(gather); });
  getOperation().walk([](ArgReduceOp op) { searchByReductions(op); });
  SmallVector<Block *> blocks;
  getOperation().walk([&](Block *block) { blocks.push_back(block); });
  for (Block *block : blocks)
    if (failed(tileBlock(*block)))
      return signalPassFailure();
  eraseDead(*getOperation().getBody());
  WalkResult left = getOperation().walk(
      [](Operation *op) { return failed(checkNothingIsLeft(op)) ? WalkResult::interrupt() : WalkResult::advance(); });
  if (left.wasInterrupted())
    signalPassFailure();
}

} // namespace

std::unique_ptr<Pass> createTileSets(TileSetsOptions options) { return std::make_unique<TileSets>(options); }

} // namespace burin
