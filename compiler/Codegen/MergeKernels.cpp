// Kernels that differ only in what their axes are called, as those of repeated layers do, become one: names mean
// nothing to their code.
#include "compiler/Codegen/Codegen.h"
#include "dialects/Burin/Burin.h"
#include <map>
using namespace mlir;
using namespace burin;

namespace {
/// What a kernel computes, as numbers: values and axes are counted as they come; operations, element types and
/// attributes are unique in their context, so their addresses stand for them. No order of these numbers is ever looked
/// at but by the map that finds equal ones.
class KernelShape {
public:
  explicit KernelShape(func::FuncOp kernel) {
    for (NamedAttribute attribute : kernel->getDiscardableAttrs())
      add(attribute.getName()), add(attribute.getValue());
    Block &body = kernel.getBody().front();
    addValues(body.getArguments());
    for (Operation &op : body)
      add(op);
  }
  bool known() const { return !foreign; }
  std::vector<uint64_t> take() { return std::move(numbers); }

private:
  template <typename Unique> void add(Unique x) { add(uint64_t(reinterpret_cast<uintptr_t>(x.getAsOpaquePointer()))); }
  void add(uint64_t n) { numbers.push_back(n); }
  void addValues(ValueRange values) {
    add(uint64_t(values.size()));
    for (Value v : values) {
      valueNumbers.try_emplace(v, valueNumbers.size());
      addType(v.getType());
    }
  }
  void addAxis(StringAttr axis) { add(axisNumbers.try_emplace(axis, axisNumbers.size()).first->second); }
  // The length of a data set is known by its name alone.
  void addAxis(StringAttr axis, int64_t extent) {
    addAxis(axis), add(uint64_t(extent));
    if (ShapedType::isDynamic(extent))
      add(axis);
  }
  void addType(Type type) {
    auto tensor = dyn_cast<NamedTensorType>(type);
    if (!tensor)
      return add(type);
    if (auto index = dyn_cast<AxisIndexType>(tensor.getElement()))
      add(uint64_t(1)), addAxis(index.getAxis(), index.getExtent());
    else
      add(uint64_t(0)), add(tensor.getElement());
    add(uint64_t(tensor.getAxes().size()));
    for (auto [axis, size] : llvm::zip(tensor.getAxes(), tensor.getSizes()))
      addAxis(axis, size);
  }
  // Lists of axes are called so in every op's record.
  static bool namesAxes(StringAttr attribute) {
    return attribute == "over" || attribute == "at" || attribute == "places";
  }
  void addAxes(Attribute attribute) {
    if (auto list = dyn_cast<ArrayAttr>(attribute)) {
      add(uint64_t(list.size()));
      for (Attribute item : list)
        addAxes(item);
    } else if (auto axis = dyn_cast<StringAttr>(attribute)) {
      addAxis(axis);
    } else if (auto place = dyn_cast<PlaceAttr>(attribute)) {
      addAxis(place.getAt()), add(uint64_t(place.getAxes().size()));
      for (auto [along, factor] : llvm::zip(place.getAxes(), place.getFactors()))
        addAxis(along), add(uint64_t(factor));
      add(uint64_t(place.getOffset())), add(uint64_t(place.getDivisor()));
    } else {
      add(attribute);
    }
  }
  void add(Operation &op) {
    foreign |= op.getNumRegions() != 0;
    add(op.getName());
    add(uint64_t(op.getNumOperands()));
    for (Value x : op.getOperands())
      add(uint64_t(valueNumbers.lookup(x)));
    DictionaryAttr attributes = op.getAttrDictionary();
    add(uint64_t(attributes.size()));
    for (NamedAttribute attribute : attributes) {
      add(attribute.getName());
      if (namesAxes(attribute.getName()))
        addAxes(attribute.getValue());
      else
        add(attribute.getValue());
    }
    addValues(op.getResults());
  }

  bool foreign = false;
  std::vector<uint64_t> numbers;
  DenseMap<Value, uint64_t> valueNumbers;
  DenseMap<StringAttr, uint64_t> axisNumbers;
};
} // namespace

void burin::mergeKernels(ModuleOp module) {
  std::map<std::vector<uint64_t>, func::FuncOp> first;
  DenseMap<StringAttr, func::FuncOp> merged;
  for (auto kernel : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    if (kernel.isDeclaration() || !kernel.isPrivate())
      continue;
    KernelShape shape(kernel);
    if (!shape.known())
      continue;
    auto [found, isNew] = first.try_emplace(shape.take(), kernel);
    if (isNew)
      continue;
    merged[kernel.getSymNameAttr()] = found->second;
    kernel.erase();
  }
  module.walk([&](task::LaunchOp launch) {
    if (auto found = merged.find(launch.getKernelAttr().getAttr()); found != merged.end())
      launch.setKernelAttr(FlatSymbolRefAttr::get(found->second));
  });
}
