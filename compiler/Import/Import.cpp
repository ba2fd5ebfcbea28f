// Statement by statement, expression by expression. Keys of draws are threaded here: folded at calls, draws and loops.
#include "compiler/Import/Import.h"
#include "dialects/Task/Task.h"
#include "llvm/Support/xxhash.h"
using namespace mlir;
using namespace burin;

uint32_t burin::hash32(StringRef path) { return uint32_t(llvm::xxh3_64bits(path)); }

namespace {
class Importer {
  using Location = mlir::Location;

public:
  Importer(const sema::Program &program, const Sources &sources, MLIRContext &context)
      : program(program), sources(sources), context(context), builder(&context) {}
  OwningOpRef<ModuleOp> run();

private:
  Location at(burin::Location place) {
    LineColumn p = sources.position(place);
    return FileLineColLoc::get(&context, sources.file(place.file).name(), p.line, p.column);
  }
  Type element(const sema::Element &e);
  NamedTensorType type(const sema::Type &t);
  ArrayAttr places(const sema::Expr &e);
  StringAttr axis(const sema::AxisUse &a) { return builder.getStringAttr(a.irName()); }
  SmallVector<StringAttr> axes(ArrayRef<sema::AxisUse> list) {
    return llvm::map_to_vector(list, [&](const sema::AxisUse &a) { return axis(a); });
  }
  FlatSymbolRefAttr symbol(const sema::Slot *slot) { return FlatSymbolRefAttr::get(&context, slot->path); }
  Value integer(int64_t value, Location location) {
    return ConstantOp::create(builder, location,
                              DenseElementsAttr::get(NamedTensorType::scalar(builder.getI64Type()), value));
  }
  Value fold(Value key, StringRef path, Location location) {
    return FoldInOp::create(builder, location, key, integer(hash32(path), location));
  }
  void declarations();
  void steps(const sema::Expr &e, SmallVectorImpl<Attribute> &out);
  void reading(sema::Field::Reads reads, SmallVectorImpl<NamedAttribute> &entry);
  Attribute field(const sema::Field &f);
  void function(const sema::Function &f);
  void initialise();
  void task(const sema::Task &t);
  void block(const sema::Block &body);
  void statement(const sema::Stmt &s);
  void loop(const sema::Stmt &s);
  void branch(const sema::Stmt &s);
  void gradient(const sema::Stmt &s);
  void ownGradient(const sema::Stmt &s);
  void call(const sema::Stmt &s);
  void files(const sema::Stmt &s);
  void assertion(const sema::Stmt &s);
  Value expression(const sema::Expr *e);
  Value build(const sema::Expr &e);
  Value constant(const sema::Expr &e, NamedTensorType t, Location location);
  Value asIndices(Value places, NamedTensorType t);

  const sema::Program &program;
  const Sources &sources;
  MLIRContext &context;
  OpBuilder builder;
  DenseMap<const sema::Variable *, Value> values;
  DenseMap<const sema::Expr *, Value> built; ///< of the statement at hand
  Value key;
  bool resumable = false; ///< what is built stands in a task inside nothing but loops
};

Type Importer::element(const sema::Element &e) {
  switch (e.kind) {
  case sema::Element::F32:
    return builder.getF32Type();
  case sema::Element::F64:
    return builder.getF64Type();
  case sema::Element::BF16:
    return builder.getBF16Type();
  case sema::Element::F16:
    return builder.getF16Type();
  case sema::Element::I32:
    return builder.getI32Type();
  case sema::Element::I64:
    return builder.getI64Type();
  case sema::Element::U8:
    return builder.getIntegerType(8, /*isSigned=*/false);
  case sema::Element::Bool:
    return builder.getI1Type();
  case sema::Element::Index:
    break;
  }
  int64_t n = e.index->extent;
  return AxisIndexType::get(&context, builder.getStringAttr(e.index->irName), n < 0 ? ShapedType::kDynamic : n);
}

NamedTensorType Importer::type(const sema::Type &t) {
  SmallVector<int64_t> sizes;
  for (const sema::AxisUse &a : t.axes)
    sizes.push_back(a.extent < 0 ? ShapedType::kDynamic : a.extent);
  return NamedTensorType::get(&context, element(t.element), sizes, axes(t.axes));
}

Value Importer::expression(const sema::Expr *e) {
  if (e->kind == sema::Expr::Use)
    return values.lookup(e->variable);
  if (Value v = built.lookup(e))
    return v;
  Value v = build(*e);
  built[e] = v;
  return v;
}

Value Importer::constant(const sema::Expr &e, NamedTensorType t, Location location) {
  if (isa<AxisIndexType>(t.getElement()))
    return CastOp::create(builder, location, t, integer(e.integer, location));
  if (t.isFloat())
    return ConstantOp::create(builder, location, splat(t, e.number));
  APInt value(t.getElement().getIntOrFloatBitWidth(), uint64_t(e.integer), /*isSigned=*/false, /*implicitTrunc=*/true);
  return ConstantOp::create(builder, location, DenseElementsAttr::get(t, value));
}

// Along a part of an axis the dialect counts the places of that part; in the language they are indices of the whole.
static NamedTensorType placesOf(NamedTensorType t, int64_t extent) {
  auto whole = cast<AxisIndexType>(t.getElement());
  return t.withElement(AxisIndexType::get(t.getContext(), whole.getAxis(), extent));
}
Value Importer::asIndices(Value places, NamedTensorType t) {
  return places.getType() == t ? places : Value(CastOp::create(builder, places.getLoc(), t, ValueRange{places}));
}

ArrayAttr Importer::places(const sema::Expr &e) {
  SmallVector<Attribute> out;
  for (const sema::WindowPlace &place : e.places) {
    SmallVector<StringAttr> along;
    SmallVector<int64_t> factors;
    for (const sema::WindowPlace::Term &term : place.terms)
      along.push_back(axis(term.along)), factors.push_back(term.factor);
    out.push_back(PlaceAttr::get(&context, axis(place.at), along, factors, place.offset, /*divisor=*/1));
  }
  return builder.getArrayAttr(out);
}

Value Importer::build(const sema::Expr &e) {
  Location location = at(e.location);
  NamedTensorType t = type(e.type);
  SmallVector<Value> operands;
  for (const sema::Expr *o : e.operands)
    operands.push_back(expression(o));
  switch (e.kind) {
  case sema::Expr::Constant:
    return constant(e, t, location);
  case sema::Expr::Use:
    break;
  case sema::Expr::Get:
    return task::GetOp::create(builder, location, t, symbol(e.slot));
  case sema::Expr::Pointwise: {
    OperationState state(location, "burin." + e.name, operands, t);
    return builder.create(state)->getResult(0);
  }
  case sema::Expr::Contract:
    return ContractOp::create(builder, location, t, operands[0], operands[1], axes(e.over));
  case sema::Expr::Reduce:
    return ReduceOp::create(builder, location, t, e.name, operands[0], axisArray(&context, axes(e.over)));
  case sema::Expr::ArgReduce: {
    StringAttr over = axis(e.over[0]);
    NamedTensorType found = placesOf(t, typeOf(operands[0]).extentOf(over));
    return asIndices(ArgReduceOp::create(builder, location, found, builder.getStringAttr(e.name), operands[0], over),
                     t);
  }
  case sema::Expr::Gather:
    for (auto [k, along] : llvm::enumerate(axes(e.over))) { // Sema asks that an index is inside
      NamedTensorType index = typeOf(operands[k + 1]);
      operands[k + 1] = asIndices(operands[k + 1], placesOf(index, typeOf(operands[0]).extentOf(along)));
    }
    return GatherOp::create(builder, location, t, operands[0], ValueRange(operands).drop_front(),
                            axisArray(&context, axes(e.over)));
  case sema::Expr::Window:
    return WindowOp::create(builder, location, t, operands[0], places(e));
  case sema::Expr::Scatter: {
    ValueRange indices = ValueRange(operands).slice(1, e.over.size());
    Value before = operands.size() > 1 + e.over.size() ? operands.back() : Value();
    ArrayAttr at = axisArray(&context, axes(e.over));
    if (e.name == "scatter_add")
      return ScatterAddOp::create(builder, location, t, operands[0], indices, before, at);
    return ScatterOp::create(builder, location, t, operands[0], indices, before, at);
  }
  case sema::Expr::Iota:
    return asIndices(IotaOp::create(builder, location, placesOf(t, t.getSizes()[0])), t);
  case sema::Expr::Broadcast:
    return BroadcastOp::create(builder, location, t, operands[0]);
  case sema::Expr::Rename:
    return RenameOp::create(builder, location, t, operands[0]);
  case sema::Expr::Random:
    return RandomOp::create(builder, location, t, fold(key, e.path, location));
  case sema::Expr::Key:
    return fold(key, e.path, location);
  case sema::Expr::Rows:
    return task::RowsOp::create(builder, location, t, e.data->name, e.data->parts[e.part].name);
  case sema::Expr::Column:
    return task::ColumnOp::create(builder, location, t, e.data->name, e.data->parts[e.part].name,
                                  e.data->fields[e.field].name);
  }
  llvm_unreachable("all kinds are above");
}

void Importer::block(const sema::Block &body) {
  for (const sema::Stmt *s : body)
    statement(*s);
}

void Importer::statement(const sema::Stmt &s) {
  built.clear();
  Location location = at(s.location);
  switch (s.kind) {
  case sema::Stmt::Define:
    values[s.variables[0]] = expression(s.value);
    return;
  case sema::Stmt::Call:
    return call(s);
  case sema::Stmt::Set: {
    auto set = task::SetOp::create(builder, location, symbol(s.slot), expression(s.value));
    if (s.declares)
      set->setAttr(task::declares, builder.getUnitAttr());
    return;
  }
  case sema::Stmt::For:
    return loop(s);
  case sema::Stmt::If:
    return branch(s);
  case sema::Stmt::Check:
    task::CheckOp::create(builder, location, expression(s.value), s.path, s.name, s.names[0]);
    return;
  case sema::Stmt::Grad:
    return gradient(s);
  case sema::Stmt::Own:
    return ownGradient(s);
  case sema::Stmt::Record:
    task::RecordOp::create(builder, location, builder.getStringAttr(s.name), expression(s.value));
    return;
  case sema::Stmt::Assert:
    return assertion(s);
  case sema::Stmt::GradCheck: {
    SmallVector<Value> values = llvm::map_to_vector(s.arguments, [&](sema::Expr *e) { return expression(e); });
    SmallVector<StringRef> names(s.names.begin(), s.names.end());
    task::GradcheckOp::create(builder, location, values[0], ValueRange(values).drop_front(),
                              builder.getStrArrayAttr(names));
    return;
  }
  case sema::Stmt::Write: {
    Value value = expression(s.value);
    SmallVector<Value> more = llvm::map_to_vector(s.arguments, [&](sema::Expr *e) { return expression(e); });
    size_t lengths = size_t(llvm::count_if(s.present, [](int64_t number) { return number >= 0; }));
    task::WriteOp::create(builder, location, s.path, value, more.size() > lengths ? more[0] : Value(),
                          ValueRange(more).take_back(lengths), ValueRange(), s.joined,
                          s.present.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(s.present), s.points);
    return;
  }
  case sema::Stmt::Save:
  case sema::Stmt::Load:
    return files(s);
  }
}

void Importer::call(const sema::Stmt &s) {
  Location location = at(s.location);
  SmallVector<Value> arguments;
  SmallVector<Type> results;
  if (s.callee->draws)
    arguments.push_back(fold(key, s.path, location));
  for (const sema::Expr *a : s.arguments)
    arguments.push_back(expression(a));
  for (const sema::Variable *v : s.variables)
    results.push_back(type(v->type));
  auto op = func::CallOp::create(builder, location, s.callee->name, results, arguments);
  for (auto [variable, value] : llvm::zip(s.variables, op.getResults()))
    values[variable] = value;
}

void Importer::loop(const sema::Stmt &s) {
  Location location = at(s.location);
  auto results = llvm::map_to_vector(ArrayRef(s.variables).drop_front(),
                                     [&](const sema::Variable *v) -> Type { return type(v->type); });
  SmallVector<Value> inits;
  if (s.goes) // it begins
    inits.push_back(ConstantOp::create(builder, location, splat(NamedTensorType::scalar(builder.getI1Type()), 1)));
  auto op = ForOp::create(builder, location, results, expression(s.value), inits, ValueRange(),
                          s.name.empty() ? StringAttr() : builder.getStringAttr(s.name), s.reverse, bool(s.goes));
  if (resumable && !s.goes)
    op->setAttr(task::resumable, builder.getUnitAttr());
  Block &body = op.getBody().emplaceBlock();
  Value counter = body.addArgument(NamedTensorType::scalar(builder.getI64Type()), location);
  values[s.variables[0]] = counter;
  for (Value init : inits)
    body.addArgument(init.getType(), location);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body);
  Value outer = key;
  if (key) // else nothing in the function draws
    key = FoldInOp::create(builder, location, fold(key, s.path, location), counter);
  bool outerResumable = std::exchange(resumable, resumable && !s.goes);
  block(s.body);
  resumable = outerResumable;
  SmallVector<Value> yielded;
  if (s.goes)
    yielded.push_back(values.lookup(s.goes));
  for (const sema::Variable *v : s.emitted)
    yielded.push_back(values.lookup(v));
  YieldOp::create(builder, location, yielded);
  for (auto [variable, result] : llvm::zip(ArrayRef(s.variables).drop_front(), op.getResults()))
    values[variable] = result;
  key = outer;
  built.clear();
}

void Importer::branch(const sema::Stmt &s) {
  Location location = at(s.location);
  auto types = llvm::map_to_vector(s.variables, [&](const sema::Variable *v) -> Type { return type(v->type); });
  auto op = IfOp::create(builder, location, types, expression(s.value));
  bool outer = std::exchange(resumable, false);
  const std::pair<const sema::Block *, ArrayRef<const sema::Variable *>> sides[] = {{&s.body, s.emitted},
                                                                                    {&s.otherwise, s.inner}};
  for (auto [region, side] : llvm::zip(op->getRegions(), sides)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&region.emplaceBlock());
    block(*side.first);
    auto yielded = llvm::map_to_vector(side.second, [&](const sema::Variable *v) { return values.lookup(v); });
    YieldOp::create(builder, location, yielded);
  }
  resumable = outer;
  for (auto [variable, result] : llvm::zip(s.variables, op.getResults()))
    values[variable] = result;
  built.clear();
}

void Importer::gradient(const sema::Stmt &s) {
  Location location = at(s.location);
  SmallVector<Type> results;
  for (const sema::Variable *v : s.variables)
    results.push_back(type(v->type));
  SmallVector<Value> inputs;
  for (const sema::Expr *a : s.arguments)
    inputs.push_back(expression(a));
  SmallVector<Attribute> over;
  for (const sema::Slot *slot : s.slots)
    over.push_back(symbol(slot));
  auto op = GradOp::create(builder, location, results, inputs, over.empty() ? ArrayAttr() : builder.getArrayAttr(over));
  Block &body = op.getBody().emplaceBlock();
  for (auto [variable, value] : llvm::zip(s.inner, inputs))
    values[variable] = body.addArgument(value.getType(), location);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body);
  bool outer = std::exchange(resumable, false);
  block(s.body);
  resumable = outer;
  built.clear();
  Value loss = expression(s.value);
  YieldOp::create(builder, location, loss);
  built.clear();
  for (auto [variable, value] : llvm::zip(s.variables, op.getResults()))
    values[variable] = value;
}

void Importer::ownGradient(const sema::Stmt &s) {
  Location location = at(s.location);
  Value y = expression(s.value);
  if (s.inner.empty()) { // no derivative: Sema has refused what asks for one
    values[s.variables[0]] = StopOp::create(builder, location, y.getType(), y);
    return;
  }
  SmallVector<Value> inputs;
  for (const sema::Expr *a : s.arguments)
    inputs.push_back(expression(a));
  auto op = CustomGradientOp::create(builder, location, y.getType(), y, inputs);
  Block &body = op.getGradient().emplaceBlock();
  values[s.inner[0]] = body.addArgument(y.getType(), location);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body);
  block(s.body);
  built.clear();
  SmallVector<Value> parts;
  for (const sema::Expr *r : s.results)
    parts.push_back(expression(r));
  YieldOp::create(builder, location, parts);
  built.clear();
  values[s.variables[0]] = op.getResult();
}

void Importer::files(const sema::Stmt &s) {
  Location location = at(s.location);
  SmallVector<Attribute> slots;
  SmallVector<StringRef> names;
  for (auto [slot, name] : llvm::zip(s.slots, s.names))
    slots.push_back(symbol(slot)), names.push_back(name);
  if (s.kind == sema::Stmt::Save)
    task::SaveOp::create(builder, location, builder.getStringAttr(s.path), builder.getArrayAttr(slots),
                         builder.getStrArrayAttr(names), ValueRange());
  else
    task::LoadOp::create(builder, location, TypeRange(), builder.getStringAttr(s.path), builder.getArrayAttr(slots),
                         builder.getStrArrayAttr(names));
}

void Importer::assertion(const sema::Stmt &s) {
  Value condition = expression(s.value);
  SmallVector<Value> sides;
  for (const sema::Expr *a : s.arguments)
    sides.push_back(expression(a));
  task::AssertOp::create(builder, at(s.value->location), builder.getStringAttr(s.name), condition, sides,
                         sides.empty() ? StringAttr() : builder.getStringAttr(s.path));
}

// How a field or an option is read.
void Importer::reading(sema::Field::Reads reads, SmallVectorImpl<NamedAttribute> &entry) {
  if (reads != sema::Field::Elements)
    entry.push_back(builder.getNamedAttr("reads", builder.getStringAttr(task::fieldReads[reads])));
}

Attribute Importer::field(const sema::Field &f) {
  SmallVector<NamedAttribute> entry{builder.getNamedAttr("name", builder.getStringAttr(f.name)),
                                    builder.getNamedAttr("type", TypeAttr::get(type(f.type))),
                                    builder.getNamedAttr("first", builder.getI64IntegerAttr(f.firstColumn)),
                                    builder.getNamedAttr("count", builder.getI64IntegerAttr(f.columnCount))};
  if (!f.path.empty())
    entry.push_back(builder.getNamedAttr("path", builder.getStringAttr(f.path)));
  reading(f.reads, entry);
  if (f.length)
    entry.push_back(builder.getNamedAttr("length", builder.getI64IntegerAttr(f.length)));
  auto labels = [&](StringRef name, const std::vector<unsigned> &list) {
    if (!list.empty())
      entry.push_back(
          builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(SmallVector<int64_t>(list.begin(), list.end()))));
  };
  labels("before", f.before), labels("after", f.after);
  if (const sema::Axis *axis = f.type.element.index; f.reads == sema::Field::Words) {
    int64_t past = axis->pastOfFiles ? axis->pastOfFiles : axis->extent;
    entry.push_back(builder.getNamedAttr("words", builder.getDenseI64ArrayAttr({axis->firstOfFiles, past})));
  }
  return builder.getDictionaryAttr(entry);
}

// A part's condition as steps on a stack.
void Importer::steps(const sema::Expr &e, SmallVectorImpl<Attribute> &out) {
  for (const sema::Expr *operand : e.operands)
    steps(*operand, out);
  bool compares = e.kind == sema::Expr::Pointwise && e.type.element.kind == sema::Element::Bool;
  const sema::Type &of = compares || e.name == "cast" ? e.operands[0]->type : e.type;
  SmallVector<NamedAttribute> step{builder.getNamedAttr("type", TypeAttr::get(type({of.element, {}})))};
  auto add = [&](StringRef name, Attribute value) { step.push_back(builder.getNamedAttr(name, value)); };
  if (e.kind == sema::Expr::Column)
    add("does", builder.getStringAttr("field")), add("field", builder.getI64IntegerAttr(e.field));
  else if (e.kind == sema::Expr::Constant)
    add("does", builder.getStringAttr("constant")),
        add("value",
            of.element.isFloat() ? Attribute(builder.getF64FloatAttr(e.number)) : builder.getI64IntegerAttr(e.integer));
  else
    add("does", builder.getStringAttr(e.name));
  if (e.name == "cast")
    add("to", TypeAttr::get(type({e.type.element, {}})));
  out.push_back(builder.getDictionaryAttr(step));
}

void Importer::declarations() {
  for (auto &a : program.axes)
    if (a->irName.find('~') == std::string::npos) {
      SmallVector<StringRef> labels(a->labels.begin(), a->labels.end());
      task::AxisOp::create(builder, at(a->location), a->irName, a->extent,
                           labels.empty() ? ArrayAttr() : builder.getStrArrayAttr(labels));
    }
  for (auto &d : program.data) {
    SmallVector<Attribute> fields, parts;
    for (auto &f : d->fields)
      fields.push_back(field(f));
    for (auto &p : d->parts) {
      SmallVector<NamedAttribute> part{builder.getNamedAttr("name", builder.getStringAttr(p.name)),
                                       builder.getNamedAttr("axis", builder.getStringAttr(p.axis->irName)),
                                       builder.getNamedAttr("share", builder.getF64FloatAttr(p.share)),
                                       builder.getNamedAttr("rest", builder.getBoolAttr(p.rest))};
      SmallVector<Attribute> condition;
      if (p.condition)
        steps(*p.condition, condition), part.push_back(builder.getNamedAttr("where", builder.getArrayAttr(condition)));
      parts.push_back(builder.getDictionaryAttr(part));
    }
    task::DataOp::create(builder, at(d->location), d->name, task::readers[d->reader], d->path,
                         builder.getArrayAttr(fields), builder.getArrayAttr(parts));
  }
  static const char *const kinds[] = {"parameter", "state", "optimiser", "local"};
  for (auto &s : program.slots)
    task::SlotOp::create(builder, at(s->location), s->path, kinds[s->kind], type(s->type));
}

void Importer::function(const sema::Function &f) {
  Location location = at(f.location);
  SmallVector<Type> inputs, results;
  if (f.draws)
    inputs.push_back(NamedTensorType::scalar(builder.getI64Type()));
  for (const sema::Variable *v : f.parameters)
    inputs.push_back(type(v->type));
  for (const sema::Expr *r : f.results)
    results.push_back(type(r->type));
  auto op = func::FuncOp::create(builder, location, f.name, builder.getFunctionType(inputs, results));
  op.setPrivate();
  Block &body = *op.addEntryBlock();
  for (auto [variable, argument] : llvm::zip(f.parameters, body.getArguments().drop_front(f.draws)))
    values[variable] = argument;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body);
  key = f.draws ? body.getArgument(0) : Value();
  block(f.body);
  built.clear();
  SmallVector<Value> out;
  for (const sema::Expr *r : f.results)
    out.push_back(expression(r));
  func::ReturnOp::create(builder, location, out);
}

void Importer::initialise() {
  Location location = program.slots.empty() ? FileLineColLoc::get(&context, sources.file(0).name(), 1, 1)
                                            : at(program.slots[0]->location);
  auto seedType = NamedTensorType::scalar(builder.getI64Type());
  auto op = task::TaskOp::create(builder, location, initialiseName, builder.getFunctionType(seedType, {}));
  op.setInitialise(true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&op.block());
  for (const sema::Initial &i : program.initials) {
    key = fold(op.getArgument(0), i.path, at(i.location));
    block(i.body);
    built.clear();
    for (auto [slot, value] : llvm::zip(i.slots, i.values))
      task::SetOp::create(builder, at(slot->location), symbol(slot), expression(value));
  }
  task::ReturnOp::create(builder, location);
}

void Importer::task(const sema::Task &t) {
  Location location = at(t.location);
  SmallVector<Type> inputs{NamedTensorType::scalar(builder.getI64Type())}, results;
  SmallVector<Attribute> options;
  for (const sema::Option &o : t.options) {
    inputs.push_back(type(o.variable->type));
    SmallVector<NamedAttribute> entry{builder.getNamedAttr("name", builder.getStringAttr(o.variable->name))};
    auto initial = llvm::map_to_vector(o.initial, [&](sema::Expr *e) -> Attribute {
      return e->type.element.isFloat() ? Attribute(builder.getF64FloatAttr(e->number))
                                       : Attribute(builder.getI64IntegerAttr(e->integer));
    });
    if (!initial.empty())
      entry.push_back(builder.getNamedAttr("default", o.isList ? builder.getArrayAttr(initial) : initial[0]));
    reading(o.reads, entry);
    if (!o.lengths.empty())
      entry.push_back(builder.getNamedAttr("lengths", builder.getDenseI64ArrayAttr(o.lengths)));
    options.push_back(builder.getDictionaryAttr(entry));
  }
  SmallVector<StringRef> names;
  for (const sema::Result &r : t.results)
    results.push_back(type(r.value->type)), names.push_back(r.name);
  SmallVector<Attribute> lengths;
  SmallVector<const sema::Expr *> lengthResults; // behind the results
  for (const sema::Result &r : t.results) {
    SmallVector<int64_t> numbers;
    for (const sema::Expr *length : r.lengths) {
      numbers.push_back(length ? int64_t(results.size()) : -1);
      if (length)
        results.push_back(type(length->type)), lengthResults.push_back(length);
    }
    lengths.push_back(builder.getDenseI64ArrayAttr(numbers));
  }
  auto op = task::TaskOp::create(builder, location, t.name, builder.getFunctionType(inputs, results));
  op.setOptionsAttr(builder.getArrayAttr(options));
  if (!names.empty() && !names.front().empty())
    op.setResultNamesAttr(builder.getStrArrayAttr(names));
  if (!lengthResults.empty())
    op.setResultLengthsAttr(builder.getArrayAttr(lengths));
  for (auto [o, argument] : llvm::zip(t.options, op.getArguments().drop_front()))
    values[o.variable] = argument;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&op.block());
  key = fold(op.getArgument(0), t.name, location);
  resumable = true;
  block(t.body);
  resumable = false;
  built.clear();
  SmallVector<Value> out;
  for (const sema::Result &r : t.results)
    out.push_back(expression(r.value));
  for (const sema::Expr *length : lengthResults)
    out.push_back(expression(length));
  task::ReturnOp::create(builder, location, out);
}

OwningOpRef<ModuleOp> Importer::run() {
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(FileLineColLoc::get(&context, sources.file(0).name(), 1, 1), program.name);
  builder.setInsertionPointToStart(module->getBody());
  declarations();
  for (auto &f : program.functions)
    function(*f);
  initialise();
  for (auto &t : program.tasks)
    task(*t);
  for (const sema::Requirement &r : program.requirements)
    task::RequireOp::create(builder, at(r.location), r.task->name, r.bytes);
  return module;
}
} // namespace

OwningOpRef<ModuleOp> burin::import(const sema::Program &program, const Sources &sources, MLIRContext &context) {
  return Importer(program, sources, context).run();
}
