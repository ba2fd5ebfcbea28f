#include "compiler/Generate/Meaning.h"
#include "compiler/Interpret/Interpreter.h"
#include "compiler/Interpret/MadeRows.h"
#include <fmt/format.h>
#include <random>
using namespace mlir;

namespace burin {
namespace {
using interpret::Arithmetic, interpret::Array, interpret::Interpreter, interpret::Ref;

/// Rows of each part of a data set, whatever its file holds.
constexpr int64_t rowsOfPart = 7;

/// What a task gives.
class Results : public interpret::Host {
public:
  std::vector<std::pair<std::string, Ref>> found;

private:
  int64_t rows(task::DataOp, unsigned) override { return rowsOfPart; }
  Ref column(task::ColumnOp op, task::DataOp data, unsigned, unsigned field) override {
    return interpret::madeColumn(op, data, field, rowsOfPart);
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
  LogicalResult write(task::WriteOp op, ArrayRef<Ref> values) override {
    for (const Ref &value : values)
      found.emplace_back(op.getPath().str(), value);
    return success();
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
  using Found = std::vector<std::pair<std::string, Ref>>;
  /// `disturbance`: which small change is made to each number that a task finds; 0 is none.
  FailureOr<Found> run(StringRef name, unsigned disturbance = 0) {
    interpreter.slots = first;
    if (disturbance)
      for (auto &slot : interpreter.slots)
        slot.second = disturbed(*slot.second, std::mt19937(disturbance));
    results.found.clear();
    if (failed(run(module.lookupSymbol<task::TaskOp>(name))))
      return failure();
    return results.found;
  }

private:
  static Ref disturbed(Array array, std::mt19937 random) {
    constexpr double most = 0x1p-40;
    if (array.isReal())
      std::visit(
          [&](auto &numbers) {
            for (auto &number : numbers)
              number *= 1 + most * (random() * 0x1p-31 - 1);
          },
          array.elements);
    return std::make_shared<Array>(std::move(array));
  }
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

double number(const Array &x, int64_t i) { return x.isReal() ? x.number(i) : double(x.integers()[size_t(i)]); }
constexpr double jump =
    0x1p-20; // of a value's size: a change for which rounding is no reason, but where something jumps

/// What a task gives in binary128 when its inputs are a little others: an element that changes by much is beside a
/// jump. Made when first asked for, since few programs need it.
class Neighbourhood {
public:
  Neighbourhood(std::array<Runs *, 2> modules, StringRef task) : modules(modules), task(task) {}
  bool jumps(size_t result, int64_t element) {
    if (near.empty())
      look();
    return llvm::any_of(near, [&](const std::vector<Runs::Found> &runs) {
      double first = number(*runs[0][result].second, element);
      return llvm::any_of(ArrayRef(runs).drop_front(), [&](const Runs::Found &run) {
        double change = std::fabs(number(*run[result].second, element) - first);
        return !(change <= jump * std::max(1.0, std::fabs(first)));
      });
    });
  }

private:
  void look() {
    constexpr unsigned times = 16; // the sign of what is only rounded is hardly the same as often
    near.resize(modules.size());
    for (auto [module, runs] : llvm::zip_equal(modules, near))
      for (unsigned i = 0; i <= times; ++i)
        if (auto found = module->run(task, i); succeeded(found))
          runs.push_back(*found);
  }
  std::array<Runs *, 2> modules;
  StringRef task;
  std::vector<std::vector<Runs::Found>> near; ///< of each module, first as the inputs are
};

// a and b in binary128, c and d the same as doubles.
std::optional<std::string> difference(const Array &a, const Array &b, const Array &c, const Array &d,
                                      llvm::function_ref<bool(int64_t)> jumps) {
  for (int64_t i = 0; i < a.count(); ++i) {
    double imported = number(a, i), after = number(b, i);
    double left = std::fabs(imported - number(c, i)), right = std::fabs(after - number(d, i));
    double scale = std::max({1.0, std::fabs(imported), std::isfinite(after) ? std::fabs(after) : 0});
    if (!(left <= jump * scale) || !std::isfinite(imported)) // beside a jump, or no finite number
      continue;
    if (right > jump * scale) // the same after Transforms; but where both are no finite numbers, that is a difference
      continue;
    bool fine;
    if (a.isReal()) {
      Quad x = a.as<Quad>()[size_t(i)], y = b.as<Quad>()[size_t(i)];
      fine = interpret::fabs(x - y) <= Quad(0x1p30 * (left + right) + 0x1p-18 * scale);
    } else {
      fine = a.integers()[size_t(i)] == b.integers()[size_t(i)];
    }
    if (!fine && !jumps(i))
      return fmt::format("element {} is {:.17g} as imported, {:.17g} after Transforms", i, imported, after);
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
    Neighbourhood near({&a, &b}, task.getName());
    for (size_t i = 0; i < w->size(); ++i)
      if (auto text = difference(*(*w)[i].second, *(*x)[i].second, *(*y)[i].second, *(*z)[i].second,
                                 [&](int64_t element) { return near.jumps(i, element); }))
        return task.emitError("Transforms change the meaning of ") << (*w)[i].first << ": " << *text;
  }
  return success();
}

} // namespace burin
