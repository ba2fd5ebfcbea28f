// A program that is interpreted: the runtime around it is the one of compiled programs.
#include "compiler/Interpret/Gradcheck.h"
#include "compiler/Interpret/Interpret.h"
#include "compiler/Interpret/Interpreter.h"
#include "compiler/Interpret/Tables.h"
#include "runtime/Run.h"
#include <cstdlib>
using namespace mlir;

namespace burin::interpret {
namespace {

/// bf16 and f16 in memory.
template <llvm::APFloat::Semantics kind> struct Narrow {
  uint16_t bits = 0;
  Narrow() = default;
  explicit Narrow(double x) {
    llvm::APFloat number(x);
    bool lost;
    number.convert(llvm::APFloat::EnumToSemantics(kind), llvm::APFloat::rmNearestTiesToEven, &lost);
    bits = uint16_t(number.bitcastToAPInt().getZExtValue());
  }
  operator double() const {
    llvm::APFloat number(llvm::APFloat::EnumToSemantics(kind), llvm::APInt(16, bits));
    return number.convertToDouble();
  }
};

template <typename Stored> void store(const Array &array, char *to) {
  for (int64_t n = 0; n < array.count(); ++n) {
    Stored value = array.isReal() ? Stored(array.number(n)) : Stored(array.integers()[size_t(n)]);
    memcpy(to + size_t(n) * sizeof(Stored), &value, sizeof(Stored));
  }
}
template <typename Stored> void load(Array &array, const char *from) {
  for (int64_t n = 0; n < array.count(); ++n) {
    Stored value;
    memcpy(&value, from + size_t(n) * sizeof(Stored), sizeof(Stored));
    if (array.isReal())
      array.as<double>()[size_t(n)] = double(value);
    else
      array.integers()[size_t(n)] = int64_t(value);
  }
}

// Calls f with a null pointer to the type that an element lies in memory as. Narrow indices, bools and bytes are
// unsigned.
template <typename Function> void asStored(Type element, Function f) {
  Type stored = storageType(element);
  if (stored.isF32())
    f(static_cast<float *>(nullptr));
  else if (stored.isF64())
    f(static_cast<double *>(nullptr));
  else if (element.isBF16())
    f(static_cast<Narrow<llvm::APFloat::S_BFloat> *>(nullptr));
  else if (element.isF16())
    f(static_cast<Narrow<llvm::APFloat::S_IEEEhalf> *>(nullptr));
  else if (stored.isInteger(8))
    f(static_cast<uint8_t *>(nullptr));
  else if (stored.isInteger(16))
    f(static_cast<uint16_t *>(nullptr));
  else if (stored.isInteger(32))
    f(static_cast<int32_t *>(nullptr));
  else
    f(static_cast<int64_t *>(nullptr));
}
void toMemory(const Array &array, void *to) {
  asStored(array.type.getElement(),
           [&](auto *stored) { store<std::remove_pointer_t<decltype(stored)>>(array, static_cast<char *>(to)); });
}
Ref fromMemory(NamedTensorType type, ArrayRef<int64_t> sizes, const void *from) {
  auto array = allocate(type, sizes);
  if (array)
    asStored(type.getElement(), [&](auto *stored) {
      load<std::remove_pointer_t<decltype(stored)>>(*array, static_cast<const char *>(from));
    });
  return array;
}

// The module, its tables, and the run that is on. The runtime's functions take no closure, so there is one.
class Session : public Host {
public:
  Session(ModuleOp module, const InterpretOptions &options);
  int run();

private:
  void describe(task::TaskOp task);
  void collect(Region &region, unsigned depth, unsigned calls, Descriptor::Task &task);
  static void initialise(void *persistent, void *, void *, const void *, int64_t seed, burin_run *run);
  static void runTask(void *persistent, void *step, void *, const void *arguments, int64_t seed, burin_run *run);
  void call(task::TaskOp task, void *step, const void *arguments, int64_t seed);
  void keepSlots();
  char *memoryOf(StringRef slot) { return persistent + layout.offsets.lookup(slot); }
  NamedTensorType typeOfSlot(StringRef slot);

  int64_t rows(task::DataOp data, unsigned part) override { return burin_rows(running, partNumber(data, part)); }
  Ref column(task::ColumnOp op, task::DataOp data, unsigned part, unsigned field) override;
  void record(task::RecordOp op, unsigned depth, const Array &value) override {
    burin_record(running, numbers.at({op, depth}), value.number(0));
  }
  LogicalResult assertion(task::AssertOp op, bool holds, ArrayRef<Ref> sides) override {
    int64_t bytes[2] = {};
    for (auto [k, side] : llvm::enumerate(sides))
      toMemory(*side, &bytes[k]);
    return burin_assert(running, numbers.at({op, 0}), holds, bytes[0], bytes[1]), success();
  }
  LogicalResult gradcheck(task::GradcheckOp op, ArrayRef<Ref> values, const Loss &loss) override {
    return options.gradients ? options.gradients->run(op, values, loss) : success();
  }
  void enterLoop(ForOp loop, unsigned depth, int64_t count) override {
    burin_loop_enter(running, numbers.at({loop, depth}), count);
  }
  void nextIteration(ForOp loop, unsigned depth, int64_t i) override {
    burin_loop_next(running, numbers.at({loop, depth}), i);
  }
  void exitLoop(ForOp loop, unsigned depth) override { burin_loop_exit(running, numbers.at({loop, depth})); }
  LogicalResult save(task::SaveOp op, ArrayRef<Ref> values) override;
  LogicalResult load(task::LoadOp op, SmallVectorImpl<Ref> &values) override;
  LogicalResult write(task::WriteOp op, ArrayRef<Ref> values) override;
  unsigned partNumber(task::DataOp data, unsigned part);

  ModuleOp module;
  const InterpretOptions &options;
  Layout layout;
  Descriptor descriptor;
  llvm::DenseMap<std::pair<Operation *, unsigned>, unsigned>
      numbers; ///< of loops and records by depth; of files, values in files and assertions at depth 0
  llvm::StringMap<std::vector<uint64_t>> argumentOffsets;
  llvm::DenseMap<std::pair<unsigned, unsigned>, Ref> columns;
  Interpreter interpreter;
  burin_run *running = nullptr;
  char *persistent = nullptr;
  static Session *current;
};
Session *Session::current = nullptr;

Session::Session(ModuleOp module, const InterpretOptions &options)
    : module(module), options(options), layout(layOut(module)), descriptor(describeProgram(module, layout)),
      interpreter(module, *this,
                  options.gradients ? Arithmetic::Binary128
                  : options.doubles ? Arithmetic::Double
                                    : Arithmetic::Declared) {
  descriptor.sourceHash = options.sourceHash;
  interpreter.computeBy(options.functionOf);
  for (auto task : module.getOps<task::TaskOp>())
    describe(task);
}

// Arguments one after the other; results, too, in the step arena.
void Session::describe(task::TaskOp task) {
  TaskPlan plan;
  for (Value argument : task.block().getArguments().drop_front()) {
    plan.places[argument] = {Arena::Arguments, plan.argumentBytes};
    argumentOffsets[task.getSymName()].push_back(plan.argumentBytes);
    plan.argumentBytes += llvm::alignTo(bytesOf(typeOf(argument)), 64);
  }
  for (Type result : task.getResultTypes()) {
    plan.results.push_back(plan.stepBytes);
    plan.stepBytes += llvm::alignTo(bytesOf(cast<NamedTensorType>(result)), 64);
  }
  describeTask(descriptor, task, plan);
  Descriptor::Task &entry = descriptor.tasks.back();
  entry.stepBytes = std::max<uint64_t>(entry.stepBytes, 64);
  collect(task.getBody(), 0, 0, entry);
}

// Loops, records, files and data of a task, also in the functions that it calls; the depth counts the user's loops
// around.
void Session::collect(Region &region, unsigned depth, unsigned calls, Descriptor::Task &task) {
  constexpr unsigned deepest = 100;
  auto number = [&](Operation *op, unsigned at, auto &table, const auto &entry) {
    if (numbers.try_emplace({op, at}, unsigned(table.size())).second)
      table.push_back(entry);
  };
  auto file = [&](auto op) {
    Descriptor::File entry{op.getPath().str(), {}, {}};
    for (auto slot : op.getSlots().template getAsRange<FlatSymbolRefAttr>())
      entry.slots.push_back(slot.getValue().str());
    for (auto name : op.getNames().template getAsRange<StringAttr>())
      entry.names.push_back(name.str());
    number(op, 0, descriptor.files, entry);
  };
  auto reads = [&](StringRef data) {
    for (auto [i, entry] : llvm::enumerate(descriptor.data))
      if (entry.name == data && !llvm::is_contained(task.data, unsigned(i)))
        task.data.push_back(unsigned(i));
  };
  for (Operation &op : region.front()) {
    bool seen = false;
    if (auto loop = dyn_cast<ForOp>(op); loop && loop.getNameAttr())
      seen = true, number(loop, depth, descriptor.loops, Descriptor::Loop{loop.getName()->str(), depth});
    else if (auto record = dyn_cast<task::RecordOp>(op))
      number(record, depth, descriptor.records, Descriptor::Record{record.getName().str(), depth});
    else if (auto assertion = dyn_cast<task::AssertOp>(op))
      number(assertion, 0, descriptor.assertions, descriptor.describe(assertion));
    else if (auto save = dyn_cast<task::SaveOp>(op))
      file(save);
    else if (auto load = dyn_cast<task::LoadOp>(op))
      file(load);
    else if (auto write = dyn_cast<task::WriteOp>(op))
      number(write, 0, descriptor.valueFiles, descriptor.describe(write));
    else if (auto rows = dyn_cast<task::RowsOp>(op))
      reads(rows.getData());
    else if (auto column = dyn_cast<task::ColumnOp>(op))
      reads(column.getData());
    else if (auto call = dyn_cast<func::CallOp>(op)) {
      auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
      if (callee && !callee.isExternal() && calls < deepest)
        collect(callee.getBody(), depth, calls + 1, task);
    }
    for (Region &inner : op.getRegions())
      collect(inner, depth + seen, calls, task);
  }
}

// At once where the value is of a whole set; by tiles where the program goes through it so.
LogicalResult Session::write(task::WriteOp op, ArrayRef<Ref> values) {
  std::vector<std::vector<int64_t>> memory;
  for (const Ref &value : values.drop_back(op.getRows().size()))
    toMemory(*value, memory.emplace_back(size_t(value->count())).data());
  auto pointers = llvm::map_to_vector(memory, [](auto &bytes) { return static_cast<const void *>(bytes.data()); });
  auto sizes = typeOf(op.getValue()).getSizes();
  int64_t first = 0, rows = !sizes.empty() && ShapedType::isDynamic(sizes[0]) ? values[0]->sizes[0] : -1, all = rows;
  if (!op.getRows().empty()) {
    first = values.drop_back().back()->integers()[0], all = values.back()->integers()[0];
    rows = std::min(sizes[0], all - first);
  }
  return burin_write(running, numbers.at({op, 0}), pointers.data(), first, rows, all), success();
}

NamedTensorType Session::typeOfSlot(StringRef slot) {
  return cast<NamedTensorType>(interpreter.slotOp(StringAttr::get(module.getContext(), slot)).getType());
}

unsigned Session::partNumber(task::DataOp data, unsigned part) {
  for (const Descriptor::Data &entry : descriptor.data)
    if (entry.name == data.getSymName())
      return entry.firstPart + part;
  llvm_unreachable("every data set is described");
}

Ref Session::column(task::ColumnOp op, task::DataOp data, unsigned part, unsigned field) {
  unsigned number = partNumber(data, part);
  Ref &column = columns[{number, field}];
  auto type = typeOf(op.getValues());
  if (column && column->type == type)
    return column;
  SmallVector<int64_t> sizes(type.getSizes());
  if (sizes.empty() || !ShapedType::isDynamic(sizes[0]))
    return op.emitError("has no axis of rows in front"), nullptr;
  sizes[0] = burin_rows(running, number);
  column = fromMemory(type, sizes, burin_column(running, number, field));
  if (!column)
    op.emitError("the interpreter holds no array of more than 2^31 elements");
  return column;
}

LogicalResult Session::save(task::SaveOp op, ArrayRef<Ref> values) {
  for (auto [slot, value] : llvm::zip_equal(op.getSlots().getAsRange<FlatSymbolRefAttr>(), values))
    toMemory(*value, memoryOf(slot.getValue()));
  burin_save(running, numbers.at({op, 0}));
  return success();
}

LogicalResult Session::load(task::LoadOp op, SmallVectorImpl<Ref> &values) {
  burin_load(running, numbers.at({op, 0}));
  for (auto slot : op.getSlots().getAsRange<FlatSymbolRefAttr>()) {
    auto type = typeOfSlot(slot.getValue());
    values.push_back(fromMemory(type, type.getSizes(), memoryOf(slot.getValue())));
  }
  return success();
}

void Session::call(task::TaskOp task, void *step, const void *arguments, int64_t seed) {
  auto block = task.block().getArguments();
  auto key = allocate(typeOf(block[0]), {});
  key->integers()[0] = seed;
  SmallVector<Ref> values{key}, results;
  for (auto [argument, offset] : llvm::zip_equal(block.drop_front(), argumentOffsets[task.getSymName()]))
    values.push_back(
        fromMemory(typeOf(argument), typeOf(argument).getSizes(), static_cast<const char *>(arguments) + offset));
  if (failed(interpreter.run(task, values, results))) {
    fflush(stdout);
    options.onFailure();
    std::exit(1);
  }
  uint64_t offset = 0;
  for (const Ref &result : results) {
    toMemory(*result, static_cast<char *>(step) + offset);
    offset += llvm::alignTo(bytesOf(result->type), 64);
  }
}

// A local state ends with its function, and may have as many rows as a file.
void Session::keepSlots() {
  for (auto &[slot, value] : interpreter.slots)
    if (layout.offsets.count(slot))
      toMemory(*value, memoryOf(slot));
}

// The persistent arena holds the slots between calls, as with compiled programs.
void Session::initialise(void *persistent, void *step, void *, const void *, int64_t seed, burin_run *run) {
  current->running = run, current->persistent = static_cast<char *>(persistent);
  for (auto task : current->module.getOps<task::TaskOp>())
    if (task.getInitialise())
      current->call(task, step, nullptr, seed);
  current->keepSlots();
}

void Session::runTask(void *persistent, void *step, void *, const void *arguments, int64_t seed, burin_run *run) {
  current->running = run, current->persistent = static_cast<char *>(persistent);
  for (auto task : current->module.getOps<task::TaskOp>())
    if (!task.getInitialise() && task.getSymName() == run->settings.task->name)
      current->call(task, step, arguments, seed);
  current->keepSlots();
}

int Session::run() {
  current = this;
  Tables tables(descriptor, initialise, runTask);
  auto words = llvm::map_to_vector(options.commandLine,
                                   [](const std::string &word) { return const_cast<char *>(word.c_str()); });
  words.push_back(nullptr);
  int code = burin_main(tables.program(), int(words.size()) - 1, words.data());
  current = nullptr;
  return code;
}
} // namespace
} // namespace burin::interpret

int burin::interpretProgram(ModuleOp module, const InterpretOptions &options) {
  return interpret::Session(module, options).run();
}
