// Edits are numbered: edit k of a module is always the same, so each is tried on a copy. An edit that is kept leaves
// fewer to try.
#include "compiler/Generate/Reduce.h"
#include "dialects/Task/Task.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
using namespace mlir;

namespace burin {
namespace {

class Reducer {
public:
  Reducer(ModuleOp module, std::string command) : module(module), command(std::move(command)) {}
  void run();

private:
  /// An edit on a copy; false: it does not apply.
  using Edit = llvm::function_ref<bool(ModuleOp)>;
  bool attempt(Edit edit);
  bool holds(ModuleOp candidate);
  bool dropTasks();
  bool dropResults();
  bool dropOps();
  bool shrinkAxes();

  ModuleOp module;
  std::string command;
};

bool Reducer::holds(ModuleOp candidate) {
  llvm::SmallString<128> path;
  int descriptor;
  if (llvm::sys::fs::createTemporaryFile("burin-reduce", "mlir", descriptor, path))
    return false;
  llvm::FileRemover remover(path);
  {
    llvm::raw_fd_ostream out(descriptor, /*shouldClose=*/true);
    candidate.print(out, OpPrintingFlags().assumeVerified());
  }
  std::string line = command + " " + path.str().str();
  return llvm::sys::ExecuteAndWait("/bin/sh", {"/bin/sh", "-c", line}) == 0;
}

template <typename Op> SmallVector<Op> all(ModuleOp module) {
  SmallVector<Op> ops;
  module.walk<WalkOrder::PreOrder>([&](Op op) { ops.push_back(op); });
  return ops;
}

// Slots and functions that nothing names are in no one's way.
void dropUnused(ModuleOp module) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Operation &op : llvm::make_early_inc_range(*module.getBody())) {
      if (auto f = dyn_cast<func::FuncOp>(op)) {
        if (SymbolTable::symbolKnownUseEmpty(f, module))
          f.erase(), changed = true;
        continue;
      }
      auto slot = dyn_cast<task::SlotOp>(op);
      if (!slot)
        continue;
      bool read = false;
      SmallVector<Operation *> sets;
      auto uses = SymbolTable::getSymbolUses(slot, module);
      for (SymbolTable::SymbolUse use : *uses) {
        auto set = dyn_cast<task::SetOp>(use.getUser());
        auto task = use.getUser()->getParentOfType<task::TaskOp>();
        if (set && task && task.getInitialise())
          sets.push_back(set);
        else
          read = true;
      }
      if (read)
        continue;
      for (Operation *set : sets)
        set->erase();
      slot.erase();
      changed = true;
    }
    SmallVector<Operation *> ops = all<Operation *>(module);
    for (Operation *op : llvm::reverse(ops)) // users come after what they use
      if (isOpTriviallyDead(op))
        op->erase(), changed = true;
  }
}

bool Reducer::attempt(Edit edit) {
  OwningOpRef<ModuleOp> copy = module.clone();
  ScopedDiagnosticHandler quiet(module.getContext(), [](Diagnostic &) { return success(); });
  if (!edit(*copy) || failed(verify(*copy)))
    return false;
  dropUnused(*copy);
  if (failed(verify(*copy)) || !holds(*copy))
    return false;
  module.getBodyRegion().takeBody(copy->getBodyRegion());
  return true;
}

bool Reducer::dropTasks() {
  bool any = false;
  for (size_t k = all<task::TaskOp>(module).size(); k-- > 0;)
    any |= attempt([&](ModuleOp copy) {
      task::TaskOp task = all<task::TaskOp>(copy)[k];
      return task.getInitialise() ? false : (task.erase(), true);
    });
  return any;
}

bool Reducer::dropResults() {
  bool any = false;
  for (size_t k = all<task::SaveOp>(module).size(); k-- > 0;)
    for (size_t i = all<task::SaveOp>(module)[k].getSlots().size(); i-- > 0;)
      any |= attempt([&](ModuleOp copy) {
        task::SaveOp save = all<task::SaveOp>(copy)[k];
        SmallVector<Attribute> slots(save.getSlots().getValue()), names(save.getNames().getValue());
        slots.erase(slots.begin() + long(i)), names.erase(names.begin() + long(i));
        save.setSlotsAttr(ArrayAttr::get(copy.getContext(), slots));
        save.setNamesAttr(ArrayAttr::get(copy.getContext(), names));
        return true;
      });
  return any;
}

// What can stand in for a result: an operand or another value of its type, what its region gives, or zeros.
SmallVector<Value> standIns(OpBuilder &builder, Operation *op, Type type) {
  SmallVector<Value> found;
  for (Value v : op->getOperands())
    if (v.getType() == type)
      found.push_back(v);
  auto tensor = dyn_cast<NamedTensorType>(type);
  if (tensor && !isa<AxisIndexType>(tensor.getElement()) && !isa<ConstantOp>(op))
    found.push_back(ConstantOp::create(builder, op->getLoc(), splat(tensor, 1)));
  return found;
}

bool replaceOp(ModuleOp copy, size_t k, size_t choice) {
  Operation *op = all<Operation *>(copy)[k];
  if (isa<ModuleOp, task::TaskOp, task::SlotOp, func::FuncOp>(op) || op->hasTrait<OpTrait::IsTerminator>())
    return false;
  if (op->getNumResults() == 0)
    return choice == 0 && !isa<task::SaveOp>(op) ? (op->erase(), true) : false;
  OpBuilder builder(op);
  SmallVector<Value> by;
  for (Type type : op->getResultTypes()) {
    SmallVector<Value> found = standIns(builder, op, type);
    if (found.size() <= choice)
      return false;
    by.push_back(found[choice]);
  }
  op->replaceAllUsesWith(by);
  op->erase();
  return true;
}

bool Reducer::dropOps() {
  bool any = false;
  for (size_t k = all<Operation *>(module).size(); k-- > 0;)
    for (size_t choice = 0; choice < 2; ++choice)
      if (k < all<Operation *>(module).size() && attempt([&](ModuleOp copy) { return replaceOp(copy, k, choice); })) {
        any = true;
        break;
      }
  return any;
}

// Types and constants with another extent of an axis; indices of it too.
bool resize(ModuleOp copy, StringAttr axis, int64_t extent) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](NamedTensorType type) -> std::optional<std::pair<Type, WalkResult>> {
    SmallVector<int64_t> sizes(type.getSizes());
    if (int place = type.axisPosition(axis); place >= 0)
      sizes[size_t(place)] = extent;
    Type element = type.getElement();
    if (auto index = dyn_cast<AxisIndexType>(element); index && index.getAxis() == axis)
      element = AxisIndexType::get(type.getContext(), axis, extent);
    return std::pair<Type, WalkResult>(NamedTensorType::get(type.getContext(), element, sizes, type.getAxes()),
                                       WalkResult::skip());
  });
  replacer.addReplacement([&](DenseElementsAttr value) -> std::optional<std::pair<Attribute, WalkResult>> {
    auto type = dyn_cast<NamedTensorType>(value.getType());
    if (!type || !type.hasAxis(axis))
      return std::nullopt;
    auto smaller = cast<NamedTensorType>(replacer.replace(type));
    SmallVector<Attribute> elements(value.getValues<Attribute>());
    if (!value.isSplat())
      elements.resize(size_t(smaller.getNumElements()));
    Attribute made = value.isSplat() ? DenseElementsAttr::getFromRawBuffer(smaller, value.getRawData())
                                     : DenseElementsAttr::get(smaller, elements);
    return std::pair(made, WalkResult::skip());
  });
  replacer.recursivelyReplaceElementsIn(copy, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  return true;
}

// Axes of one extent go together: renames want it so. First alone, then all.
bool Reducer::shrinkAxes() {
  llvm::MapVector<StringAttr, int64_t> axes;
  auto note = [&](Type type) {
    if (auto tensor = dyn_cast<NamedTensorType>(type))
      for (auto [axis, size] : llvm::zip(tensor.getAxes(), tensor.getSizes()))
        axes.try_emplace(axis, size);
  };
  module.walk([&](Operation *op) {
    llvm::for_each(op->getResultTypes(), note);
    llvm::for_each(op->getOperandTypes(), note);
  });
  bool any = false;
  for (auto &[axis, size] : axes) {
    if (axis == "lane" || ShapedType::isDynamic(size))
      continue;
    for (int64_t smaller : {int64_t(1), int64_t(2), int64_t(3), int64_t(5), size / 2, size - 1}) {
      if (smaller < 1 || smaller >= size)
        continue;
      bool kept = attempt([&](ModuleOp copy) { return resize(copy, axis, smaller); }) || attempt([&](ModuleOp copy) {
                    for (auto &[other, extent] : axes)
                      if (extent == size)
                        resize(copy, other, smaller);
                    return true;
                  });
      any |= kept;
      if (kept)
        break;
    }
  }
  return any;
}

void Reducer::run() {
  for (bool changed = true; changed;) {
    changed = dropTasks();
    changed |= dropResults();
    changed |= dropOps();
    changed |= shrinkAxes();
  }
}
} // namespace

void reduceModule(ModuleOp module, const std::string &command) { Reducer(module, command).run(); }

} // namespace burin
