// Sums of products: a tile of rows and vectors of columns stays in registers over the summed axes. Each element is one
// chain of fused multiply-adds in index order, whatever the tile.
#include "compiler/Codegen/KernelKinds.h"
#include "compiler/FormKernels/Views.h"
#include "mlir/Dialect/Math/IR/Math.h"
using namespace mlir;
using namespace burin;

namespace {
/// Room on the stack for columns of an operand that lie side by side.
constexpr int64_t packedBytes = 65536;
/// An operand that is larger than this may be packed, in bytes: smaller ones stay in the first cache as they lie.
constexpr int64_t smallOperand = 65536;

class Contraction : public KernelKind {
public:
  Contraction(Emitter &e, ContractOp op, ValueRange outputs)
      : e(e), op(op), outputs(outputs.begin(), outputs.end()), type(typeOf(op.getY())) {
    chooseAxes();
    chooseTiles();
  }
  SharedLoop sharedLoop() const override;
  void emit() override { outer(0); }

private:
  void chooseAxes();
  void chooseTiles();
  int64_t stride(Value operand, StringAttr axis) const;
  int64_t tileColumns() const { return wide ? tileVectors * vectorWidth : 1; }
  Value withColumns() { return typeOf(op.getLhs()).hasAxis(columnAxis) ? op.getLhs() : op.getRhs(); }
  bool packs();
  void packedColumns();
  void pack(Value operand, Value column, Value panel);
  void outer(unsigned next);
  void forRows(llvm::function_ref<void(Value row, int64_t rows)> body);
  void forColumns(llvm::function_ref<void(Value column, int64_t vectors, int64_t lastLanes)> body);
  void tile(Value row, int64_t rows, Value column, int64_t vectors, int64_t lastLanes, Value panel = {});
  void sums(unsigned next, SmallVector<Value> &acc, SmallVector<Value> pointers, int64_t rows, int64_t vectors,
            int64_t lastLanes);
  Value base(Value operand, Value row, Value column);
  Value at(Value pointer, Value offset);
  Value element(Value pointer, int64_t offset, bool wide, Value mask, int64_t lane = 1);
  void prefetch(Value row, int64_t rows, Value column, int64_t vectors);
  void epilogue(ArrayRef<Value> acc, Value row, int64_t rows, Value column, int64_t vectors, int64_t lastLanes);

  Emitter &e;
  ContractOp op;
  SmallVector<Value> outputs;
  NamedTensorType type;
  StringAttr columnAxis, rowAxis; ///< null where there is none
  SmallVector<StringAttr> outerAxes, over;
  DenseMap<Value, Access> accesses; ///< of both factors
  bool wide = false;
  int64_t tileRows = 1, tileVectors = 1; ///< of the largest tile
  int64_t groupPanels = 0; ///< panels of columns that are packed together; 0: columns are read as they lie
  Value panels;            ///< where they lie
  Value packed;            ///< the operand that is read from them, while it is
  Type scalar;
};

// In elements; of an operand in panels, within a panel.
int64_t Contraction::stride(Value operand, StringAttr axis) const {
  if (operand == packed)
    return axis == columnAxis ? 1 : axis == over[0] ? tileColumns() : 0;
  auto known = accesses.find(operand);
  return known == accesses.end() ? accessOf(operand).stride(axis) : known->second.stride(axis);
}

void Contraction::chooseAxes() {
  scalar = type.getElement();
  over = axisNames(op.getOver());
  if (!type.getAxes().empty())
    columnAxis = type.getAxes().back();
  for (Value x : {op.getLhs(), op.getRhs()})
    accesses[x] = accessOf(x);
  wide = e.machine.vectors && columnAxis && type.extentOf(columnAxis) > 1;
  e.vectorAxis = wide ? columnAxis : StringAttr();
  // Rows: an axis that only one operand has, and not the one with the columns: its elements are spread, the others'
  // loads are shared. The last that is long enough for the sums to hide their latency, else the longest.
  constexpr int64_t enough = 8;
  for (StringAttr a : type.getAxes())
    if (a != columnAxis && typeOf(op.getLhs()).hasAxis(a) != typeOf(op.getRhs()).hasAxis(a)) {
      bool left = typeOf(op.getLhs()).hasAxis(a);
      Value other = left ? op.getRhs() : op.getLhs();
      bool longer = !rowAxis || type.extentOf(a) >= std::min(enough, type.extentOf(rowAxis));
      if (longer && (!columnAxis || typeOf(other).hasAxis(columnAxis)))
        rowAxis = a;
    }
  for (StringAttr a : type.getAxes())
    if (a != columnAxis && a != rowAxis)
      outerAxes.push_back(a);
}

// As many sums as the registers hold: rows by vectors, or rows alone where there are few columns.
void Contraction::chooseTiles() {
  if (!e.machine.vectors)
    return;
  tileRows = std::max<int64_t>(1, e.machine.tileRows * 4 / byteSize(scalar));
  tileVectors = wide ? e.machine.tileVectors : 1;
  if (!columnAxis || type.extentOf(columnAxis) <= vectorWidth) {
    tileRows *= e.machine.tileVectors;
    tileVectors = 1;
  }
  if (!packs())
    return;
  int64_t room = packedBytes / (typeOf(withColumns()).extentOf(over[0]) * tileColumns() * byteSize(scalar));
  int64_t whole = type.extentOf(columnAxis) / tileColumns();
  groupPanels = std::clamp<int64_t>(whole / 8, 1, room); // not too few groups for threads
}

// Whether the operand with the columns is better copied: a few columns of it, read row by row, lie a row apart each,
// which fills few sets of the caches; and there are enough rows to pay for the copy.
bool Contraction::packs() {
  if (!wide || !rowAxis || over.size() != 1 || type.extentOf(columnAxis) < tileColumns())
    return false;
  if (stride(withColumns(), columnAxis) != 1)
    return false;
  auto t = typeOf(withColumns());
  return t.extentOf(over[0]) * tileColumns() * byteSize(scalar) <= packedBytes &&
         type.extentOf(rowAxis) >= 4 * tileRows && t.getNumElements() * byteSize(scalar) > smallOperand;
}

SharedLoop Contraction::sharedLoop() const {
  SharedLoop loop;
  for (StringAttr a : outerAxes)
    loop = loop.orInner({a, type.extentOf(a), 1});
  if (groupPanels) // rows would be packed for by each thread
    return loop.orInner({columnAxis, type.extentOf(columnAxis), groupPanels * tileColumns()});
  if (rowAxis)
    loop = loop.orInner({rowAxis, type.extentOf(rowAxis), tileRows});
  if (columnAxis)
    loop = loop.orInner({columnAxis, type.extentOf(columnAxis), tileColumns()});
  return loop;
}

void Contraction::outer(unsigned next) {
  if (next == outerAxes.size() && groupPanels)
    return packedColumns();
  if (next == outerAxes.size())
    return forRows([&](Value row, int64_t rows) {
      forColumns(
          [&](Value column, int64_t vectors, int64_t lastLanes) { tile(row, rows, column, vectors, lastLanes); });
    });
  auto loop = e.beginAxis(outerAxes[next], 0, type.extentOf(outerAxes[next]), 1);
  e.axes[outerAxes[next]] = {loop.getInductionVar(), e.depth()};
  outer(next + 1);
  e.endLoop();
}

// Tiles of the rows, as equal as can be: a remainder of one or two rows would be a tile that leaves the core idle. A
// small product takes tiles of one size, for short code, if one that is not much below the largest divides the rows.
void Contraction::forRows(llvm::function_ref<void(Value, int64_t)> body) {
  if (!rowAxis)
    return body(Value(), 1);
  int64_t n = type.extentOf(rowAxis), size = tileRows;
  for (int64_t s = tileRows; !groupPanels && s >= (2 * tileRows + 2) / 3; --s)
    if (n % s == 0) {
      size = s;
      break;
    }
  int64_t count = (n + size - 1) / size, small = n / count, larger = n % count;
  auto tiles = [&](int64_t low, int64_t high, int64_t rows) {
    if (low == high)
      return;
    auto loop = e.beginAxis(rowAxis, low, high, rows);
    body(loop.getInductionVar(), rows);
    e.endLoop();
  };
  tiles(0, larger * (small + 1), small + 1);
  tiles(larger * (small + 1), n, small);
}

void Contraction::forColumns(llvm::function_ref<void(Value, int64_t, int64_t)> body) {
  if (!columnAxis)
    return body(Value(), 1, vectorWidth);
  int64_t n = type.extentOf(columnAxis), step = wide ? vectorWidth : 1, main = n / tileColumns() * tileColumns();
  auto tiles = [&](int64_t low, int64_t high, int64_t vectors, int64_t lastLanes) {
    auto loop = e.beginAxis(columnAxis, low, high, vectors * step);
    body(loop.getInductionVar(), vectors, lastLanes);
    e.endLoop();
  };
  if (main > 0)
    tiles(0, main, tileColumns() / step, vectorWidth);
  if (main < n) {
    int64_t left = n - main, count = (left + step - 1) / step;
    tiles(main, n, count, wide ? left - (count - 1) * step : vectorWidth);
  }
}

// Groups of panels that fit the stack's room: each is copied, then read for all rows. So a tile's columns lie side by
// side, and a row's operand stays in the first cache for the group.
void Contraction::packedColumns() {
  int64_t n = type.extentOf(columnAxis), width = tileColumns(), whole = n / width * width;
  int64_t summed = typeOf(withColumns()).extentOf(over[0]);
  ScalarBuilder b(e.builder, e.location);
  if (!panels) {
    Emitter::At top(e, 0);
    panels = LLVM::AllocaOp::create(e.builder, e.location, LLVM::LLVMPointerType::get(e.builder.getContext()), scalar,
                                    e.integer(groupPanels * width * summed), 64);
  }
  auto group = e.beginAxis(columnAxis, 0, whole, groupPanels * width);
  Value first = group.getInductionVar();
  Value count = b.min(b.sub(e.integer(whole), first), e.integer(groupPanels * width));
  auto forPanels = [&](llvm::function_ref<void(Value column, Value panel)> body) {
    auto loop = e.beginLoop(e.integer(0), count, width);
    Value panel = at(panels, b.mul(loop.getInductionVar(), e.integer(summed)));
    body(b.add(first, loop.getInductionVar()), panel);
    e.endLoop();
  };
  forPanels([&](Value column, Value panel) { pack(withColumns(), column, panel); });
  packed = withColumns();
  forRows([&](Value row, int64_t rows) {
    forPanels([&](Value column, Value panel) { tile(row, rows, column, tileVectors, vectorWidth, panel); });
  });
  packed = {};
  e.endLoop();
  if (whole == n)
    return;
  // Fewer columns: once, as they lie.
  int64_t vectors = (n - whole + vectorWidth - 1) / vectorWidth, lastLanes = n - whole - (vectors - 1) * vectorWidth;
  auto rest = e.beginAxis(columnAxis, whole, n, n - whole);
  forRows([&](Value row, int64_t rows) { tile(row, rows, rest.getInductionVar(), vectors, lastLanes); });
  e.endLoop();
}

// One panel: for each summed index its columns side by side.
void Contraction::pack(Value operand, Value column, Value panel) {
  Value from = base(operand, Value(), column);
  auto loop = e.beginLoop(e.integer(0), e.integer(typeOf(operand).extentOf(over[0])), 1);
  ScalarBuilder b(e.builder, e.location);
  Value source = at(from, b.mul(loop.getInductionVar(), e.integer(stride(operand, over[0]))));
  Value target = at(panel, b.mul(loop.getInductionVar(), e.integer(tileColumns())));
  for (int64_t v = 0; v < tileVectors; ++v) {
    Value x = element(source, v * vectorWidth, true, {});
    Value to = v ? at(target, e.integer(v * vectorWidth)) : target;
    LLVM::StoreOp::create(e.builder, e.location, x, to, unsigned(byteSize(scalar)));
  }
  e.endLoop();
}

Value Contraction::at(Value pointer, Value offset) {
  return LLVM::GEPOp::create(e.builder, e.location, pointer.getType(), scalar, pointer, ArrayRef<LLVM::GEPArg>{offset});
}

// Where an operand's elements of this tile begin, all summed indices 0.
Value Contraction::base(Value operand, Value row, Value column) {
  ScalarBuilder b(e.builder, e.location);
  Value sum;
  auto plus = [&](Value index, StringAttr axis) {
    int64_t s = index ? stride(operand, axis) : 0;
    if (s == 0)
      return;
    Value term = s == 1 ? index : b.mul(index, e.integer(s));
    sum = sum ? b.add(sum, term) : term;
  };
  for (StringAttr a : outerAxes)
    plus(e.axes.lookup(a).index, a);
  plus(row, rowAxis ? rowAxis : StringAttr::get(e.builder.getContext(), ""));
  plus(column, columnAxis ? columnAxis : StringAttr::get(e.builder.getContext(), ""));
  Access access = accessOf(operand);
  Value pointer = e.pointers.lookup(access.memory);
  if (access.offset)
    sum = sum ? e.add(sum, access.offset) : e.integer(access.offset);
  return sum ? at(pointer, sum) : pointer;
}

Value Contraction::element(Value pointer, int64_t offset, bool vector, Value mask, int64_t lane) {
  unsigned align = unsigned(byteSize(scalar));
  Value place = pointer;
  if (offset) {
    LLVM::GEPArg by = offset <= INT32_MAX && offset >= INT32_MIN ? LLVM::GEPArg(int32_t(offset)) : e.integer(offset);
    place = LLVM::GEPOp::create(e.builder, e.location, pointer.getType(), scalar, pointer, by);
  }
  if (!vector)
    return LLVM::LoadOp::create(e.builder, e.location, scalar, place, align);
  if (lane != 1)
    return e.gatherAt(place, e.lanesFrom(e.integer(0), lane), scalar, align, mask);
  auto vectorType = VectorType::get(vectorWidth, scalar);
  if (!mask)
    return LLVM::LoadOp::create(e.builder, e.location, vectorType, place, align);
  Value zero = arith::ConstantOp::create(e.builder, e.location, e.builder.getZeroAttr(vectorType));
  return LLVM::MaskedLoadOp::create(e.builder, e.location, vectorType, place, mask, zero, align);
}

void Contraction::tile(Value row, int64_t rows, Value column, int64_t vectors, int64_t lastLanes, Value panel) {
  e.location = op.getLoc();
  e.builder.setInsertionPointToEnd(e.levels.back().block);
  SmallVector<Value> acc, pointers;
  for (Value x : {op.getLhs(), op.getRhs()})
    pointers.push_back(x == packed ? panel : base(x, row, column));
  Type accType = wide ? Type(VectorType::get(vectorWidth, scalar)) : scalar;
  Value from = op.getAcc() ? base(op.getAcc(), row, column) : Value();
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < vectors; ++v) {
      if (!from) {
        acc.push_back(
            arith::ConstantOp::create(e.builder, e.location, cast<TypedAttr>(e.builder.getZeroAttr(accType))));
        continue;
      }
      Value mask = wide && v + 1 == vectors && lastLanes < vectorWidth ? maskOf(e, lastLanes) : Value();
      int64_t offset = (rowAxis ? r * stride(op.getAcc(), rowAxis) : 0) + v * vectorWidth;
      acc.push_back(element(from, offset, wide, mask));
    }
  prefetch(row, rows, column, vectors);
  sums(0, acc, pointers, rows, vectors, lastLanes);
  epilogue(acc, row, rows, column, vectors, lastLanes);
}

// What the epilogue reads at the tile's elements, a row apart each, comes from further caches while the sums are made.
void Contraction::prefetch(Value row, int64_t rows, Value column, int64_t vectors) {
  if (!wide)
    return;
  for (Value x : op->getBlock()->getArguments()) {
    if (typeOf(x).getAxes() != type.getAxes() || typeOf(x).getElement() != scalar || x == op.getAcc())
      continue;
    Value first = base(x, row, column);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < vectors; ++v) {
        int64_t offset = (rowAxis ? r * stride(x, rowAxis) : 0) + v * vectorWidth;
        LLVM::Prefetch::create(e.builder, e.location, offset ? at(first, e.integer(offset)) : first, /*rw=*/0,
                               /*hint=*/3, /*cache=*/1);
      }
  }
}

void Contraction::sums(unsigned next, SmallVector<Value> &acc, SmallVector<Value> pointers, int64_t rows,
                       int64_t vectors, int64_t lastLanes) {
  if (next < over.size()) {
    auto loop = e.beginLoop(e.integer(0), e.integer(typeOf(op.getLhs()).extentOf(over[next])), 1, acc);
    ScalarBuilder b(e.builder, e.location);
    SmallVector<Value> inner, operands{op.getLhs(), op.getRhs()};
    for (auto [pointer, operand] : llvm::zip(pointers, operands))
      inner.push_back(at(pointer, b.mul(loop.getInductionVar(), e.integer(stride(operand, over[next])))));
    SmallVector<Value> inside(loop.getRegionIterArgs());
    sums(next + 1, inside, inner, rows, vectors, lastLanes);
    e.endLoop(inside);
    acc.assign(loop.getResults().begin(), loop.getResults().end());
    return;
  }
  // Each operand's elements, once: by row if it has rows, by vector if it has columns.
  auto elements = [&](unsigned i, Value operand) {
    int64_t lane = columnAxis ? stride(operand, columnAxis) : 0;
    bool hasRows = rowAxis && stride(operand, rowAxis) != 0, hasColumns = lane != 0;
    SmallVector<Value> grid(rows * vectors);
    for (int64_t r = 0; r < (hasRows ? rows : 1); ++r)
      for (int64_t v = 0; v < (hasColumns ? vectors : 1); ++v) {
        Value mask = wide && hasColumns && v + 1 == vectors && lastLanes < vectorWidth ? maskOf(e, lastLanes) : Value();
        int64_t offset = (hasRows ? r * stride(operand, rowAxis) : 0) +
                         (hasColumns ? v * vectorWidth * stride(operand, columnAxis) : 0);
        Value x = element(pointers[i], offset, wide && hasColumns, mask, lane);
        if (wide && !hasColumns)
          x = e.spread(x);
        for (int64_t rr = hasRows ? r : 0; rr < (hasRows ? r + 1 : rows); ++rr)
          for (int64_t vv = hasColumns ? v : 0; vv < (hasColumns ? v + 1 : vectors); ++vv)
            grid[rr * vectors + vv] = x;
      }
    return grid;
  };
  SmallVector<Value> a = elements(0, op.getLhs()), b = elements(1, op.getRhs());
  for (auto [sum, x, y] : llvm::zip(acc, a, b))
    sum = math::FmaOp::create(e.builder, e.location, x, y, sum);
}

// What follows pointwise, on the sums while they are in registers.
void Contraction::epilogue(ArrayRef<Value> acc, Value row, int64_t rows, Value column, int64_t vectors,
                           int64_t lastLanes) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v < vectors; ++v) {
      e.builder.setInsertionPointToEnd(e.levels.back().block);
      e.levels.back().cache.clear();
      if (rowAxis)
        e.axes[rowAxis] = {e.add(row, r), e.depth()};
      if (columnAxis)
        e.axes[columnAxis] = {e.add(column, wide ? v * vectorWidth : v), e.depth()};
      e.vectorLevel = e.depth();
      e.mask = wide && v + 1 == vectors && lastLanes < vectorWidth ? maskOf(e, lastLanes) : Value();
      e.levels.back().cache[op.getY()] = acc[r * vectors + v];
      SmallVector<Value> elements;
      for (Value out : outputs) {
        elements.push_back(e.emitAs(out, e.isVector(typeOf(out))));
        if (!elements.back())
          return;
      }
      for (auto [out, element] : llvm::zip(outputs, elements))
        e.store(out, element);
      e.mask = {};
    }
}
} // namespace

std::unique_ptr<KernelKind> burin::makeContraction(Emitter &e, ContractOp op, ValueRange outputs) {
  return std::make_unique<Contraction>(e, op, outputs);
}
