// `burin-opt --interpret`: runs the tasks of a module without data, for tests.
#include "compiler/Interpret/Interpret.h"
#include "compiler/Interpret/Interpreter.h"
#include "compiler/Interpret/MadeRows.h"
using namespace mlir;

namespace burin::interpret {
namespace {

class TestHost : public Host {
public:
  // No files are read: a set's attribute `rows` says how many rows each part has, and the numbers are made up.
  int64_t rows(task::DataOp data, unsigned part) override {
    auto counts = data->getAttrOfType<DenseI64ArrayAttr>("rows");
    return counts && part < counts.size() ? counts[part] : 0;
  }
  Ref column(task::ColumnOp op, task::DataOp data, unsigned part, unsigned field) override {
    if (!data->hasAttr("rows"))
      return op.emitError("burin-opt reads no data; use `burin run --interpret`"), nullptr;
    return madeColumn(op, data, field, rows(data, part));
  }
  void record(task::RecordOp op, unsigned, const Array &value) override {
    llvm::outs() << op.getName() << " " << arrayText(value) << "\n";
  }
  LogicalResult save(task::SaveOp op, ArrayRef<Ref> values) override {
    for (auto [name, value] : llvm::zip_equal(op.getNames(), values))
      files[op.getPath()][cast<StringAttr>(name).getValue()] = value;
    return success();
  }
  LogicalResult load(task::LoadOp op, SmallVectorImpl<Ref> &values) override {
    for (auto name : op.getNames().getAsRange<StringAttr>())
      if (values.push_back(files[op.getPath()].lookup(name.getValue())); !values.back())
        return op.emitError("nothing saved ") << name << " in " << op.getPathAttr();
    return success();
  }

  LogicalResult write(task::WriteOp op, ArrayRef<Ref> values) override {
    llvm::outs() << op.getPath();
    for (const Ref &value : values)
      llvm::outs() << " " << arrayText(*value);
    llvm::outs() << "\n";
    return success();
  }

private:
  llvm::StringMap<llvm::StringMap<Ref>> files; ///< in memory
};

// The default of an option, or null.
Ref defaultOf(Type type, Attribute value) {
  auto tensor = cast<NamedTensorType>(type);
  if (!value || !tensor.getAxes().empty())
    return nullptr;
  auto array = allocate(tensor, {});
  auto real = dyn_cast<FloatAttr>(value);
  auto integer = dyn_cast<IntegerAttr>(value);
  if (real && array->isReal())
    array->as<double>()[0] = real.getValueAsDouble();
  else if (integer && !array->isReal())
    array->integers()[0] = integer.getValue().getSExtValue();
  else
    return nullptr;
  return array;
}

struct InterpretPass : PassWrapper<InterpretPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(InterpretPass)
  InterpretPass() = default;
  InterpretPass(const InterpretPass &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "interpret"; }
  StringRef getDescription() const override { return "run a module's tasks by the slow reference"; }
  Option<std::string> only{*this, "task", llvm::cl::desc("the task to run (default: all)")};
  Option<int64_t> seed{*this, "seed", llvm::cl::init(0)};
  Option<Arithmetic> arithmetic{
      *this, "arithmetic", llvm::cl::desc("how floats are computed with"), llvm::cl::init(Arithmetic::Declared),
      llvm::cl::values(clEnumValN(Arithmetic::Declared, "declared", "rounded to the declared type after every op"),
                       clEnumValN(Arithmetic::Double, "double", "as doubles throughout"),
                       clEnumValN(Arithmetic::Binary128, "binary128", "as IEEE binary128 throughout"))};

  void runOnOperation() override {
    TestHost host;
    Interpreter interpreter(getOperation(), host, arithmetic);
    for (bool first : {true, false})
      for (auto task : getOperation().getOps<task::TaskOp>())
        if (task.getInitialise() == first && (first || only.empty() || task.getSymName() == only))
          if (failed(run(interpreter, task)))
            return signalPassFailure();
  }

  LogicalResult run(Interpreter &interpreter, task::TaskOp task) {
    SmallVector<Ref> arguments, results;
    for (auto [i, argument] : llvm::enumerate(task.block().getArguments())) {
      Attribute value = Builder(task).getI64IntegerAttr(seed);
      if (i > 0)
        value = task.getOptions() && i <= task.getOptions()->size()
                    ? cast<DictionaryAttr>((*task.getOptions())[i - 1]).get("default")
                    : Attribute();
      arguments.push_back(defaultOf(argument.getType(), value));
      if (!arguments.back() && !only.empty())
        return task.emitError("an option has no default");
      if (!arguments.back())
        return success();
    }
    if (failed(interpreter.run(task, arguments, results)))
      return failure();
    for (const Ref &result : results)
      llvm::outs() << task.getSymName() << " -> " << arrayText(*result) << "\n";
    llvm::outs().flush();
    return success();
  }
};
} // namespace
} // namespace burin::interpret

void burin::registerInterpretPass() { PassRegistration<interpret::InterpretPass>(); }
