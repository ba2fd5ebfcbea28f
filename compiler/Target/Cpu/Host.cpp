// A task: loops, launches, runtime calls, and i64 arithmetic without axes.
#include "compiler/Target/Cpu/Host.h"
#include "compiler/Codegen/Codegen.h"
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Plan/Heads.h"
#include "compiler/Target/Cpu/Watch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "runtime/Program.h"
using namespace mlir;
using namespace burin;

namespace {
class Host {
public:
  Host(task::TaskOp task, const TaskPlan &plan, Descriptor &tables, unsigned watches)
      : task(task), plan(plan), tables(tables), watches(watches), builder(task.getContext()), location(task.getLoc()),
        pointer(LLVM::LLVMPointerType::get(task.getContext())) {}
  func::FuncOp run();

private:
  void block(Block &body);
  void skippable(Block::iterator begin, Block::iterator end);
  void op(Operation &op);
  void loop(ForOp op);
  void branch(IfOp op);
  unsigned describe(ForOp op, bool resumes);
  void launch(task::LaunchOp op);
  void watch(task::LaunchOp op);
  void assertion(task::AssertOp op);
  Value bits(Value v);
  void check(task::CheckOp op);
  Value text(StringRef text);
  void write(task::WriteOp op);
  void file(StringRef path, ArrayAttr slots, ArrayAttr names, StringRef call);
  Value scalar(Value v);  ///< an i64 that the host computes, or reads
  Value truth(Value v);   ///< a bool without axes
  Value address(Value v); ///< where a tensor lies
  Value data(ConstantOp constant);
  Value at(Place place);
  Value integer(int64_t value, unsigned width = 64) {
    return arith::ConstantOp::create(builder, location, builder.getIntegerAttr(builder.getIntegerType(width), value));
  }
  Value load(Type type, Value from) { return LLVM::LoadOp::create(builder, location, type, from); }
  Value call(StringRef name, Type result, ArrayRef<Value> arguments);
  Value foldIn(Value key, Value data);

  task::TaskOp task;
  const TaskPlan &plan;
  Descriptor &tables;
  unsigned watches;
  OpBuilder builder;
  Location location;
  Type pointer;
  func::FuncOp function;
  DenseMap<Value, Value> scalars, columns;
  Value shared; ///< where the operands of kernels that threads share, and of files, are put
  uint64_t mostShared = 0;
  unsigned depth = 0;
  int around = -1;       ///< the resumable loop at hand, by number
  bool resumable = true; ///< all loops around are
};

Value Host::call(StringRef name, Type result, ArrayRef<Value> arguments) {
  auto module = function->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(name)) {
    OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
    auto type = b.getFunctionType(llvm::map_to_vector(arguments, [](Value v) { return v.getType(); }),
                                  result ? TypeRange(result) : TypeRange());
    func::FuncOp::create(b, location, name, type).setPrivate();
  }
  auto op = func::CallOp::create(builder, location, name, result ? TypeRange(result) : TypeRange(), arguments);
  return result ? op.getResult(0) : Value();
}

Value Host::at(Place place) {
  unsigned argument = place.arena == Arena::Persistent ? 0 : place.arena == Arena::Step ? 1 : 3;
  LLVM::GEPArg offset =
      place.offset <= INT32_MAX ? LLVM::GEPArg(int32_t(place.offset)) : integer(int64_t(place.offset));
  return LLVM::GEPOp::create(builder, location, pointer, builder.getI8Type(), function.getArgument(argument), offset);
}

// A constant that is no splat: read-only data, readable up to the next multiple of 64 bytes.
Value Host::data(ConstantOp constant) {
  auto type = typeOf(constant.getY());
  Type stored = storageType(type.getElement());
  unsigned width = stored.getIntOrFloatBitWidth();
  std::string bytes;
  for (Attribute element : cast<DenseElementsAttr>(constant.getValue()).getValues<Attribute>()) {
    auto real = dyn_cast<FloatAttr>(element);
    uint64_t bits = (real ? real.getValue().bitcastToAPInt() : cast<IntegerAttr>(element).getValue()).getZExtValue();
    for (unsigned shift = 0; shift < width; shift += 8)
      bytes.push_back(char(bits >> shift));
  }
  bytes.resize(llvm::alignTo(bytes.size(), 64));
  auto module = function->getParentOfType<ModuleOp>();
  unsigned number = 0;
  while (module.lookupSymbol("constant." + std::to_string(number)))
    ++number;
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  auto array = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
  auto global = LLVM::GlobalOp::create(b, location, array, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       "constant." + std::to_string(number), b.getStringAttr(bytes), /*alignment=*/64);
  return LLVM::AddressOfOp::create(builder, location, pointer, global.getSymName());
}

Value Host::address(Value v) {
  if (Value known = columns.lookup(v))
    return known;
  if (auto constant = v.getDefiningOp<ConstantOp>())
    return data(constant);
  if (auto view = plan.views.find(v); view != plan.views.end()) {
    View slice = view->second;
    Value whole = address(slice.whole), counter = scalars.lookup(slice.loop.getCounter());
    Value offset = arith::MulIOp::create(builder, location, counter, integer(int64_t(bytesOf(typeOf(v)))));
    return LLVM::GEPOp::create(builder, location, pointer, builder.getI8Type(), whole, LLVM::GEPArg(offset));
  }
  return at(plan.places.find(v)->second);
}

Value Host::scalar(Value v) {
  if (Value known = scalars.lookup(v))
    return known;
  Operation *op = v.getDefiningOp();
  if (auto constant = dyn_cast_if_present<ConstantOp>(op))
    return integer(cast<DenseElementsAttr>(constant.getValue()).getSplatValue<APInt>().getSExtValue());
  return load(builder.getI64Type(), address(v)); // a kernel's result
}

// What the host computes has no effects, and is wanted wherever a run begins.
static bool hasEffects(Operation &o) {
  return isa<ForOp, IfOp, task::LaunchOp, task::RecordOp, task::AssertOp, task::CheckOp, task::SaveOp, task::LoadOp,
             task::WriteOp>(o);
}

// A run that goes on in the last resumable loop of a block, or in one before it, skips what stands before.
void Host::block(Block &body) {
  auto resumes = [&](Operation &o) {
    auto loop = dyn_cast<ForOp>(o);
    return resumable && loop && task::isResumable(loop);
  };
  auto at = body.begin(), last = body.end();
  for (auto o = body.begin(); o != body.end(); ++o)
    if (resumes(*o))
      last = o;
  if (last != body.end())
    while (at != std::next(last)) {
      auto end = at;
      while (hasEffects(*end) && !resumes(*end))
        ++end;
      if (end == at)
        op(*at++);
      else
        skippable(std::exchange(at, end), end);
    }
  for (; at != body.end(); ++at)
    op(*at);
}

void Host::skippable(Block::iterator begin, Block::iterator end) {
  location = begin->getLoc();
  Value resuming = call("burin_resuming", builder.getI32Type(), function.getArgument(5));
  Value runs = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::eq, resuming, integer(0, 32));
  auto branch = scf::IfOp::create(builder, location, runs, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  for (; begin != end; ++begin)
    op(*begin);
}

void Host::op(Operation &o) {
  location = o.getLoc();
  ScalarBuilder b(builder, location);
  if (auto l = dyn_cast<ForOp>(o))
    return loop(l);
  if (auto b = dyn_cast<IfOp>(o))
    return branch(b);
  if (auto l = dyn_cast<task::LaunchOp>(o)) {
    launch(l);
    return watches ? watch(l) : void();
  }
  Value run = function.getArgument(5);
  if (auto rows = dyn_cast<task::RowsOp>(o)) {
    Value part = integer(tables.partNumber((rows.getData() + "/" + rows.getPart()).str()), 32);
    scalars[rows.getCount()] = call("burin_rows", builder.getI64Type(), {run, part});
  } else if (auto column = dyn_cast<task::ColumnOp>(o)) {
    auto data = SymbolTable::lookupNearestSymbolFrom<task::DataOp>(column, column.getDataAttr());
    Value part = integer(tables.partNumber((column.getData() + "/" + column.getPart()).str()), 32);
    columns[column.getValues()] =
        call("burin_column", pointer, {run, part, integer(data.fieldNumber(column.getField()), 32)});
  } else if (auto record = dyn_cast<task::RecordOp>(o)) {
    auto type = typeOf(record.getValue());
    Value value =
        isHostScalar(record.getValue())
            ? scalar(record.getValue())
            : fromStorage(b, load(storageType(type.getElement()), address(record.getValue())), type.getElement());
    tables.records.push_back({record.getName().str(), depth});
    call("burin_record", {},
         {run, integer(int64_t(tables.records.size()) - 1, 32), b.cast(value, builder.getF64Type())});
  } else if (auto assert_ = dyn_cast<task::AssertOp>(o)) {
    assertion(assert_);
  } else if (auto checked = dyn_cast<task::CheckOp>(o)) {
    check(checked);
  } else if (auto save = dyn_cast<task::SaveOp>(o)) {
    file(save.getPath(), save.getSlots(), save.getNames(), "burin_save");
  } else if (auto loadOp = dyn_cast<task::LoadOp>(o)) {
    file(loadOp.getPath(), loadOp.getSlots(), loadOp.getNames(), "burin_load");
  } else if (auto write = dyn_cast<task::WriteOp>(o)) {
    this->write(write);
  } else if (o.getNumResults() == 1 && isHostScalar(o.getResult(0)) && !isa<ConstantOp>(o)) {
    SmallVector<Value> operands = llvm::map_to_vector(o.getOperands(), [&](Value v) { return scalar(v); });
    if (auto pointwise = dyn_cast<PointwiseOpInterface>(o))
      scalars[o.getResult(0)] = pointwise.scalar(b, operands);
    else
      scalars[o.getResult(0)] = foldIn(operands[0], operands[1]);
  }
}

// A new key. It is some 80 operations, and a program has one for each draw and each block that draws: so they are one
// function.
Value Host::foldIn(Value key, Value data) {
  constexpr StringLiteral name = "fold_in";
  auto module = task->getParentOfType<ModuleOp>();
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module.getBody());
    Type i64 = builder.getI64Type();
    function = func::FuncOp::create(builder, module.getLoc(), name, builder.getFunctionType({i64, i64}, {i64}));
    function.setPrivate();
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    Value y = ScalarBuilder(builder, module.getLoc()).foldIn(body->getArgument(0), body->getArgument(1));
    func::ReturnOp::create(builder, module.getLoc(), y);
  }
  return func::CallOp::create(builder, location, function, ValueRange{key, data}).getResult(0);
}

// A scalar as the bytes it has in memory, lowest first.
Value Host::bits(Value v) {
  Value value = isHostScalar(v) ? scalar(v) : load(storageType(typeOf(v).getElement()), address(v));
  unsigned width = value.getType().getIntOrFloatBitWidth();
  if (isa<FloatType>(value.getType()))
    value = arith::BitcastOp::create(builder, location, builder.getIntegerType(width), value);
  return width == 64 ? value : arith::ExtUIOp::create(builder, location, builder.getI64Type(), value);
}

void Host::assertion(task::AssertOp op) {
  tables.assertions.push_back(tables.describe(op));
  Value holds = arith::TruncIOp::create(builder, location, builder.getI32Type(), bits(op.getCondition()));
  Value left = integer(0), right = left;
  if (!op.getSides().empty())
    left = bits(op.getSides()[0]), right = bits(op.getSides()[1]);
  call("burin_assert", {},
       {function.getArgument(5), integer(int64_t(tables.assertions.size()) - 1, 32), holds, left, right});
}

// A text that ends with a 0.
Value Host::text(StringRef text) {
  auto module = function->getParentOfType<ModuleOp>();
  unsigned number = 0;
  while (module.lookupSymbol("text." + std::to_string(number)))
    ++number;
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  std::string bytes = text.str() + '\0';
  auto array = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
  auto global = LLVM::GlobalOp::create(b, location, array, /*isConstant=*/true, LLVM::Linkage::Internal,
                                       "text." + std::to_string(number), b.getStringAttr(bytes));
  return LLVM::AddressOfOp::create(builder, location, pointer, global.getSymName());
}

void Host::check(task::CheckOp op) {
  Value fails = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::eq,
                                      load(builder.getI8Type(), address(op.getHolds())), integer(0, 8));
  auto branch = scf::IfOp::create(builder, location, fails, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  FileLineColLoc place;
  op.getLoc()->walk([&](Location l) {
    place = place ? place : dyn_cast<FileLineColLoc>(l);
    return WalkResult::advance();
  });
  call("burin_fail", {},
       {function.getArgument(5), text(op.getCode()), text(op.getMessage()), text(op.getHelp()),
        text(place ? place.getFilename().getValue() : StringRef("?")), integer(place ? place.getLine() : 0, 32),
        integer(place ? place.getColumn() : 0, 32)});
}

// The value, its labels and its lengths, one pointer after the other.
void Host::write(task::WriteOp op) {
  tables.valueFiles.push_back(tables.describe(op));
  auto put = [&](Type type, size_t k, Value v, Value where) {
    Value place = LLVM::GEPOp::create(builder, location, pointer, type, where, ArrayRef<LLVM::GEPArg>{int32_t(k)});
    LLVM::StoreOp::create(builder, location, v, place);
    return place;
  };
  size_t count = op->getNumOperands() - op.getRows().size();
  for (auto [k, v] : llvm::enumerate(op->getOperands().take_front(count)))
    put(pointer, k, isHostScalar(v) ? put(builder.getI64Type(), mostShared + k, scalar(v), shared) : address(v),
        shared);
  Value first = integer(0), rows = integer(-1), all = rows;
  if (!op.getRows().empty()) {
    first = scalar(op.getRows()[0]), all = scalar(op.getRows()[1]);
    Value left = arith::SubIOp::create(builder, location, all, first);
    rows = arith::MinSIOp::create(builder, location, left, integer(typeOf(op.getValue()).getSizes().front()));
  }
  call("burin_write", {},
       {function.getArgument(5), integer(int64_t(tables.valueFiles.size()) - 1, 32), shared, first, rows, all});
}

void Host::file(StringRef path, ArrayAttr slots, ArrayAttr names, StringRef name) {
  Descriptor::File f{path.str(), {}, {}};
  for (auto [slot, label] : llvm::zip(slots, names)) {
    f.slots.push_back(cast<FlatSymbolRefAttr>(slot).getValue().str());
    f.names.push_back(cast<StringAttr>(label).getValue().str());
  }
  tables.files.push_back(f);
  call(name, {}, {function.getArgument(5), integer(int64_t(tables.files.size()) - 1, 32)});
}

// What the runtime knows of a user's loop.
unsigned Host::describe(ForOp op, bool resumes) {
  Descriptor::Loop entry{op.getNameAttr().getValue().str(), depth};
  entry.resumable = resumes, entry.counted = isHostScalar(op.getCount()), entry.parent = around;
  if (resumes)
    for (Value v : heldAtHead(op, plan)) {
      Place place = plan.places.find(v)->second;
      std::string name = std::to_string(entry.held.size());
      if (place.arena == Arena::Persistent) {
        auto slot = llvm::find_if(tables.slots, [&](auto &s) { return s.offset == place.offset; });
        if (slot->kind != Descriptor::localKind)
          continue;
        name = slot->name;
      }
      entry.held.push_back({"local:" + name, tables.describe(typeOf(v)), place, bytesOf(typeOf(v))});
    }
  tables.loops.push_back(entry);
  return unsigned(tables.loops.size() - 1);
}

// A user's loop tells the runtime where it stands, and a resumable one asks where to begin.
void Host::loop(ForOp op) {
  Value run = function.getArgument(5), count = scalar(op.getCount()), all = count, first = integer(0), number;
  bool named = bool(op.getNameAttr()), resumes = named && resumable && task::isResumable(op);
  int outer = around;
  bool outerResumable = std::exchange(resumable, resumes);
  if (named) {
    unsigned entry = describe(op, resumes);
    around = resumes ? int(entry) : around;
    number = integer(entry, 32);
    Value toRun = call("burin_loop_enter", builder.getI64Type(), {run, number, count});
    if (resumes)
      count = toRun, first = call("burin_loop_first", builder.getI64Type(), {run, number});
  }
  auto made = scf::ForOp::create(builder, location, first, count, integer(1));
  scalars[op.getCounter()] = made.getInductionVar();
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(made.getBody()->getTerminator());
    if (op.getReverse()) {
      Value last = arith::SubIOp::create(builder, location, all, integer(1));
      scalars[op.getCounter()] = arith::SubIOp::create(builder, location, last, made.getInductionVar());
    }
    if (named)
      call("burin_loop_next", {}, {run, number, made.getInductionVar()});
    depth += named;
    if (op.getStops()) { // what has stopped carries on what it has
      auto goes = scf::IfOp::create(builder, location, truth(op.getCarried()[0]), /*withElseRegion=*/false);
      builder.setInsertionPointToStart(goes.thenBlock());
    }
    block(op.getBody().front());
    depth -= named;
  }
  location = op.getLoc();
  around = outer, resumable = outerResumable;
  if (named)
    call("burin_loop_exit", {}, {run, number});
}

Value Host::truth(Value v) {
  Value byte = load(builder.getI8Type(), address(v));
  return arith::CmpIOp::create(builder, location, arith::CmpIPredicate::ne, byte, integer(0, 8));
}

void Host::branch(IfOp op) {
  auto made = scf::IfOp::create(builder, location, truth(op.getCondition()), /*withElseRegion=*/true);
  bool outer = std::exchange(resumable, false);
  for (auto [from, to] : llvm::zip(op->getRegions(), made->getRegions())) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(to.front().getTerminator());
    block(from.front());
  }
  resumable = outer;
  location = op.getLoc();
}

void Host::launch(task::LaunchOp op) {
  SmallVector<Value> arguments;
  for (Value v : op.getInputs())
    arguments.push_back(passedByValue(v.getType()) ? scalar(v) : address(v));
  for (Value v : op.getResults())
    arguments.push_back(address(v));
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, op.getKernelAttr());
  auto pieces = kernel->getAttrOfType<IntegerAttr>(piecesAttr);
  if (!pieces) {
    func::CallOp::create(builder, location, kernel, arguments);
    return;
  }
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    Value place = LLVM::GEPOp::create(builder, location, pointer, builder.getI64Type(), shared,
                                      ArrayRef<LLVM::GEPArg>{int32_t(i)});
    LLVM::StoreOp::create(builder, location, argument, place);
  }
  Value function_ = func::ConstantOp::create(builder, location, kernel.getFunctionType(), kernel.getName());
  call("burin_parallel", {}, {function.getArgument(5), function_, shared, integer(pieces.getInt(), 32)});
  tables.tasks.back().pieces = std::max(tables.tasks.back().pieces, unsigned(pieces.getInt()));
}

// With a kernel for each operation: which gave the first value that is no number.
void Host::watch(task::LaunchOp op) {
  auto watched = op->getAttrOfType<DenseI64ArrayAttr>(watchedAttr);
  for (auto [v, how] : llvm::zip_equal(op.getResults(), watched.asArrayRef())) {
    if (!typeOf(v).isFloat())
      continue;
    Descriptor::Assertion entry;
    entry.text = op->getAttrOfType<StringAttr>(operationAttr).str(), entry.sides = tables.describe(typeOf(v));
    if (auto place = placeOf(v)->findInstanceOf<FileLineColLoc>())
      entry.file = place.getFilename().str(), entry.line = place.getLine(), entry.column = place.getColumn();
    tables.assertions.push_back(entry);
    call("burin_watch", {},
         {function.getArgument(5), integer(int64_t(tables.assertions.size()) - 1, 32), address(v),
          integer(typeOf(v).getNumElements()), integer(how | (watches > 1 ? BURIN_INFINITIES : 0), 32)});
  }
}

func::FuncOp Host::run() {
  builder.setInsertionPoint(task);
  auto type = builder.getFunctionType({pointer, pointer, pointer, pointer, builder.getI64Type(), pointer}, {});
  std::string name = "task." + task.getName().str();
  function = func::FuncOp::create(builder, location, name, type);
  builder.setInsertionPointToEnd(function.addEntryBlock());
  auto arguments = task.block().getArguments();
  scalars[arguments[0]] = function.getArgument(4);
  for (BlockArgument a : arguments.drop_front())
    if (isHostScalar(a))
      scalars[a] = load(builder.getI64Type(), at(plan.places.find(a)->second));
  uint64_t numbers = 0; // that the host computes, and a file takes: behind the operands
  task.walk([&](Operation *op) {
    if (isa<task::WriteOp>(op)) {
      mostShared = std::max<uint64_t>(mostShared, op->getNumOperands());
      numbers = std::max<uint64_t>(numbers, op->getNumOperands());
    } else if (auto launch = dyn_cast<task::LaunchOp>(op);
               launch && SymbolTable::lookupNearestSymbolFrom(op, launch.getKernelAttr())->hasAttr(piecesAttr)) {
      mostShared = std::max<uint64_t>(mostShared, op->getNumOperands() + op->getNumResults());
    }
  });
  if (mostShared)
    shared = LLVM::AllocaOp::create(builder, location, pointer, builder.getI64Type(),
                                    integer(int64_t(mostShared + numbers)));
  block(task.block());
  location = task.getLoc();
  // A result that is no kernel's (an option given back, a number the host computed) is stored where the runtime looks
  // for it.
  auto yielded = cast<task::ReturnOp>(task.block().getTerminator());
  for (auto [v, offset] : llvm::zip_equal(yielded.getValues(), plan.results))
    if (isHostScalar(v))
      LLVM::StoreOp::create(builder, location, scalar(v), at({Arena::Step, offset}));
  func::ReturnOp::create(builder, location);
  tables.tasks.back().loopCount = unsigned(tables.loops.size()) - tables.tasks.back().firstLoop;
  return function;
}
} // namespace

func::FuncOp burin::lowerTask(task::TaskOp task, const TaskPlan &plan, Descriptor &descriptor, unsigned watch) {
  return Host(task, plan, descriptor, watch).run();
}
