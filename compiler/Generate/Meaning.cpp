#include "compiler/Generate/Meaning.h"
#include "compiler/Interpret/Interpreter.h"
#include <fmt/format.h>
using namespace mlir;

namespace burin {
namespace {
using interpret::Arithmetic, interpret::Array, interpret::Interpreter, interpret::Ref;

/// What a task gives.
class Results : public interpret::Host {
public:
  std::vector<std::pair<std::string, Ref>> found;

private:
  int64_t rows(task::DataOp, unsigned) override { return 0; }
  Ref column(task::ColumnOp op, task::DataOp, unsigned, unsigned) override {
    return op.emitError("random programs have no data"), nullptr;
  }
  void record(task::RecordOp op, unsigned, const Array &value) override {
    found.emplace_back(op.getName().str(), std::make_shared<Array>(value));
  }
  LogicalResult save(task::SaveOp op, ArrayRef<Ref> values) override {
    for (auto [name, value] : llvm::zip_equal(op.getNames(), values))
      found.emplace_back(cast<StringAttr>(name).str(), value);
    return success();
  }
  LogicalResult load(task::LoadOp op, SmallVectorImpl<Ref> &) override {
    return op.emitError("random programs load nothing");
  }
};

/// A module's tasks in one arithmetic.
class Runs {
public:
  Runs(ModuleOp module, Arithmetic arithmetic) : module(module), interpreter(module, results, arithmetic) {}
  LogicalResult initialise() {
    for (auto task : module.getOps<task::TaskOp>())
      if (task.getInitialise() && failed(run(task)))
        return failure();
    first = interpreter.slots;
    return success();
  }
  FailureOr<std::vector<std::pair<std::string, Ref>>> run(StringRef name) {
    interpreter.slots = first;
    results.found.clear();
    if (failed(run(module.lookupSymbol<task::TaskOp>(name))))
      return failure();
    return results.found;
  }

private:
  LogicalResult run(task::TaskOp task) {
    SmallVector<Ref> arguments, returned;
    for (auto [i, argument] : llvm::enumerate(task.block().getArguments())) {
      auto array = interpret::allocate(typeOf(argument), {});
      Attribute value = i ? cast<DictionaryAttr>((*task.getOptions())[i - 1]).get("default") : Attribute();
      if (auto real = dyn_cast_if_present<FloatAttr>(value))
        array->as<double>()[0] = real.getValueAsDouble();
      else if (auto integer = dyn_cast_if_present<IntegerAttr>(value))
        array->integers()[0] = integer.getValue().getSExtValue();
      arguments.push_back(array);
    }
    return interpreter.run(task, arguments, returned);
  }
  ModuleOp module;
  Results results;
  Interpreter interpreter;
  llvm::StringMap<Ref> first;
};

// Whether a gradient is taken inside of another, in the op or in what it calls. `within`: it is called from inside of
// one.
bool differentiatesTwice(Operation *body, bool within = false) {
  return body
      ->walk([&](Operation *op) {
        bool inside = within || op->getParentOfType<GradOp>();
        bool twice = inside && isa<GradOp>(op);
        if (auto call = dyn_cast<func::CallOp>(op)) {
          auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, call.getCalleeAttr());
          twice = callee && differentiatesTwice(callee, inside);
        }
        return twice ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

// a and b in binary128, c and d the same as doubles.
std::optional<std::string> difference(const Array &a, const Array &b, const Array &c, const Array &d) {
  for (int64_t i = 0; i < a.count(); ++i) {
    auto number = [&](const Array &x) { return x.isReal() ? x.number(i) : double(x.integers()[size_t(i)]); };
    double left = std::fabs(number(a) - number(c)), right = std::fabs(number(b) - number(d));
    double scale = std::max({1.0, std::fabs(number(a)), std::isfinite(number(b)) ? std::fabs(number(b)) : 0});
    if (!(left <= 0x1p-20 * scale) || !std::isfinite(number(a))) // beside a jump, or no finite number
      continue;
    if (right >
        0x1p-20 * scale) // the same after Transforms; but where both are no finite numbers, that is a difference
      continue;
    bool fine;
    if (a.isReal()) {
      Quad x = a.as<Quad>()[size_t(i)], y = b.as<Quad>()[size_t(i)];
      fine = interpret::fabs(x - y) <= Quad(0x1p30 * (left + right) + 0x1p-18 * scale);
    } else {
      fine = a.integers()[size_t(i)] == b.integers()[size_t(i)];
    }
    if (!fine)
      return fmt::format("element {} is {:.17g} as imported, {:.17g} after Transforms", i, number(a), number(b));
  }
  return std::nullopt;
}
} // namespace

LogicalResult compareMeaning(ModuleOp imported, ModuleOp transformed) {
  Runs a(imported, Arithmetic::Binary128), b(transformed, Arithmetic::Binary128), c(imported, Arithmetic::Double),
      d(transformed, Arithmetic::Double);
  for (Runs *runs : {&a, &b, &c, &d})
    if (failed(runs->initialise()))
      return failure();
  for (auto task : imported.getOps<task::TaskOp>()) {
    if (task.getInitialise() || differentiatesTwice(task))
      continue;
    auto w = a.run(task.getName()), x = b.run(task.getName()), y = c.run(task.getName()), z = d.run(task.getName());
    if (failed(w) || failed(x) || failed(y) || failed(z))
      return failure();
    if (w->size() != x->size())
      return task.emitError("saves or records more or less after Transforms");
    for (size_t i = 0; i < w->size(); ++i)
      if (auto text = difference(*(*w)[i].second, *(*x)[i].second, *(*y)[i].second, *(*z)[i].second))
        return task.emitError("Transforms change the meaning of ") << (*w)[i].first << ": " << *text;
  }
  return success();
}

} // namespace burin
