// Verifiers, in the order of the records. Each message ends in its constraint's label.
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/NarrowFloats.h"
using namespace mlir;
using namespace burin;

bool burin::isNumber(Type element) {
  return isa<FloatType>(element) || element.isInteger(32) || element.isInteger(64) || element.isUnsignedInteger(8);
}

NamedTensorType burin::gatheredType(NamedTensorType table, TypeRange indices, ArrayRef<StringAttr> at) {
  SmallVector<Type> types{table.without(at)};
  llvm::append_range(types, indices);
  return unionOfAxes(table.getElement(), types);
}

namespace {
// The elements of operands and result. Null: fine.
const char *elementError(ElementRule rule, ArrayRef<Type> in, Type out) {
  bool equal = llvm::all_equal(in);
  switch (rule) {
  case ElementRule::Float:
  case ElementRule::Floats:
    return equal && isa<FloatType>(in[0]) && out == in[0] ? nullptr : "takes equal floats";
  case ElementRule::Number:
    return equal && isNumber(in[0]) && out == in[0] ? nullptr : "takes equal numbers";
  case ElementRule::Compare:
    return equal && out.isInteger(1) ? nullptr : "compares equal elements and gives i1";
  case ElementRule::Order:
    return equal && !in[0].isInteger(1) && out.isInteger(1) ? nullptr : "orders equal numbers or indices and gives i1";
  case ElementRule::Bool:
    return equal && in[0].isInteger(1) && out == in[0] ? nullptr : "takes i1";
  case ElementRule::Select:
    return in[0].isInteger(1) && in[1] == in[2] && out == in[1] ? nullptr : "takes i1 and two equal elements";
  case ElementRule::Wide:
    return equal && in[0].isInteger(64) && out == in[0] ? nullptr : "takes i64";
  case ElementRule::Draw:
    return equal && in[0].isInteger(64) && out.isF32() ? nullptr : "takes i64 and gives f32";
  case ElementRule::Same:
    return out == in[0] ? nullptr : "keeps its element";
  case ElementRule::Any:
    return nullptr;
  }
  return nullptr;
}

LogicalResult verifyOver(Operation *op, ArrayAttr over, NamedTensorType type, const char *label) {
  SmallVector<StringAttr> names = axisNames(over);
  for (auto [i, name] : llvm::enumerate(names)) {
    if (!type.hasAxis(name))
      return op->emitOpError() << "names the axis " << name << ", which " << type << " lacks [" << label << "]";
    if (llvm::is_contained(ArrayRef(names).take_front(i), name))
      return op->emitOpError() << "names the axis " << name << " twice [" << label << "]";
  }
  return success();
}

LogicalResult verifyAxes(Operation *op, NamedTensorType expected, Type found, const char *label) {
  if (!expected.sameAxesAs(cast<NamedTensorType>(found)))
    return op->emitOpError() << "has result axes of " << found << ", expected those of " << expected << " [" << label
                             << "]";
  return success();
}

LogicalResult verifyExtents(Operation *op, TypeRange types) {
  llvm::DenseMap<StringAttr, int64_t> extents;
  for (Type type : types)
    for (auto [name, size] : llvm::zip(cast<NamedTensorType>(type).getAxes(), cast<NamedTensorType>(type).getSizes()))
      if (auto [place, fresh] = extents.try_emplace(name, size); !fresh && place->second != size)
        return op->emitOpError() << "has the axis " << name << " with two extents [equal_extents]";
  return success();
}

// What narrow floats add up to is computed in f32, and whoever sums says so by a conversion.
LogicalResult verifySums(Operation *op, Type element) {
  if (isNarrow(element))
    return op->emitOpError() << "sums in " << sumElement(element) << ", not in " << element << " [wide_sums]";
  return success();
}

LogicalResult verifyKind(Operation *op, StringRef kind, Type element, bool argument) {
  bool minmax = kind == "max" || kind == "min";
  if (argument ? !minmax : !minmax && kind != "sum" && kind != "prod" && kind != "any" && kind != "all")
    return op->emitOpError() << "has no kind " << kind << " [reduce_kind]";
  bool truth = kind == "any" || kind == "all";
  if (truth != element.isInteger(1) || (!truth && !isNumber(element)))
    return op->emitOpError() << "cannot take the " << kind << " of " << element << " [reduce_kind]";
  return kind == "sum" || kind == "prod" ? verifySums(op, element) : success();
}

// Gather and scatter_add: indices, and the axes they leave.
LogicalResult verifyIndices(Operation *op, NamedTensorType table, OperandRange indices, ArrayAttr at) {
  if (indices.size() != at.size())
    return op->emitOpError() << "needs one index for every axis it takes [index_of_axis]";
  if (failed(verifyOver(op, at, table, "index_of_axis")))
    return failure();
  for (auto [index, name] : llvm::zip(indices, axisNames(at))) {
    auto element = dyn_cast<AxisIndexType>(typeOf(index).getElement());
    if (!element || element.getExtent() != table.extentOf(name))
      return op->emitOpError() << "takes the axis " << name << " by " << index.getType()
                               << ", no index of that extent [index_of_axis]";
  }
  return success();
}
} // namespace

LogicalResult burin::verifyPointwise(Operation *op, unsigned operands, ElementRule rule) {
  if (op->getNumOperands() != operands)
    return op->emitOpError() << "takes " << operands << " operands";
  SmallVector<Type> in = llvm::map_to_vector(op->getOperands(), [](Value v) { return typeOf(v).getElement(); });
  auto out = typeOf(op->getResult(0));
  if (const char *message = elementError(rule, in, out.getElement()))
    return op->emitOpError() << message << " [element_rule]";
  if (failed(verifyExtents(op, op->getOperandTypes())))
    return failure();
  return verifyAxes(op, unionOfAxes(out.getElement(), op->getOperandTypes()), out, "result_is_union");
}

LogicalResult BroadcastOp::verify() {
  auto from = typeOf(getX()), to = typeOf(getY());
  bool adds =
      from.getElement() == to.getElement() && llvm::all_of(llvm::zip(from.getAxes(), from.getSizes()), [&](auto pair) {
        return to.hasAxis(std::get<0>(pair)) && to.extentOf(std::get<0>(pair)) == std::get<1>(pair);
      });
  return adds ? success() : emitOpError() << "cannot turn " << from << " into " << to << " [broadcast_adds]";
}
LogicalResult RenameOp::verify() {
  auto from = typeOf(getX()), to = typeOf(getY());
  bool renames = from.getElement() == to.getElement() && from.getSizes() == to.getSizes();
  return renames ? success() : emitOpError() << "cannot rename " << from << " to " << to << " [rename_extents]";
}
LogicalResult IotaOp::verify() {
  auto type = typeOf(getY());
  auto index = dyn_cast<AxisIndexType>(type.getElement());
  if (!index || type.getAxes().size() != 1 || type.getSizes()[0] != index.getExtent())
    return emitOpError() << "gives the indices of one axis, not " << type << " [iota_type]";
  return success();
}

LogicalResult ContractOp::verify() {
  auto a = typeOf(getLhs()), b = typeOf(getRhs()), y = typeOf(getY());
  if (!isa<FloatType>(a.getElement()) || a.getElement() != b.getElement() || y.getElement() != a.getElement())
    return emitOpError() << "takes equal floats [element_rule]";
  if (failed(verifySums(*this, a.getElement())))
    return failure();
  if (failed(verifyOver(*this, getOver(), a, "summed_in_both")) ||
      failed(verifyOver(*this, getOver(), b, "summed_in_both")) || failed(verifyExtents(*this, {a, b, y})))
    return failure();
  SmallVector<StringAttr> over = axisNames(getOver());
  if (getAcc() && getAcc().getType() != y)
    return emitOpError() << "continues " << getAcc().getType() << " into " << y << " [acc_type]";
  return verifyAxes(*this, unionOfAxes(a.getElement(), {a.without(over), b.without(over)}), y, "result_axes");
}

LogicalResult ReduceOp::verify() {
  auto x = typeOf(getX()), y = typeOf(getY());
  if (failed(verifyKind(*this, getKind(), x.getElement(), false)) ||
      failed(verifyOver(*this, getOver(), x, "reduced_axes")))
    return failure();
  if (y.getElement() != x.getElement())
    return emitOpError() << "keeps its element [element_rule]";
  return verifyAxes(*this, x.without(axisNames(getOver())), y, "result_axes");
}
LogicalResult AccumulateOp::verify() {
  auto x = typeOf(getX()), acc = typeOf(getAcc());
  if (failed(verifyKind(*this, getKind(), x.getElement(), false)) ||
      failed(verifyOver(*this, getOver(), x, "reduced_axes")))
    return failure();
  auto expected = x.without(axisNames(getOver())).withAxis(StringAttr::get(getContext(), "lane"), 16);
  if (acc != getY().getType() || acc.getElement() != x.getElement() || acc.getAxes().empty() ||
      acc.getAxes().back() != "lane")
    return emitOpError() << "carries " << expected << ", not " << acc << " [lane_axis]";
  return verifyAxes(*this, expected, acc, "lane_axis");
}
LogicalResult ArgReduceOp::verify() {
  auto x = typeOf(getX()), y = typeOf(getY());
  if (failed(verifyKind(*this, getKind(), x.getElement(), true)))
    return failure();
  if (!x.hasAxis(getOverAttr()))
    return emitOpError() << "names the axis " << getOverAttr() << ", which " << x << " lacks [reduced_axes]";
  auto index = dyn_cast<AxisIndexType>(y.getElement());
  if (!index || index.getExtent() != x.extentOf(getOverAttr()))
    return emitOpError() << "gives an index of " << getOverAttr() << ", not " << y.getElement() << " [element_rule]";
  return verifyAxes(*this, x.without(getOverAttr()), y, "result_axes");
}

LogicalResult GatherOp::verify() {
  auto table = typeOf(getTable()), y = typeOf(getY());
  if (failed(verifyIndices(*this, table, getIndices(), getAt())) ||
      failed(verifyExtents(*this, getIndices().getTypes())))
    return failure();
  if (y.getElement() != table.getElement())
    return emitOpError() << "keeps its element [element_rule]";
  return verifyAxes(*this, gatheredType(table, getIndices().getTypes(), axisNames(getAt())), y, "gather_axes");
}
static LogicalResult verifyScatter(Operation *op, Value written, OperandRange indices, ArrayAttr at, Value acc) {
  auto y = typeOf(op->getResult(0)), x = typeOf(written);
  if (failed(verifyIndices(op, y, indices, at)))
    return failure();
  if (y.getElement() != x.getElement())
    return op->emitOpError() << "writes elements of the result's kind [element_rule]";
  if (acc && acc.getType() != y)
    return op->emitOpError() << "continues " << acc.getType() << " into " << y << " [acc_type]";
  return verifyAxes(op, gatheredType(y, indices.getTypes(), axisNames(at)), x, "gather_axes");
}
LogicalResult ScatterAddOp::verify() {
  if (!isNumber(typeOf(getX()).getElement()))
    return emitOpError() << "sums numbers [element_rule]";
  if (failed(verifySums(*this, typeOf(getX()).getElement())))
    return failure();
  return verifyScatter(*this, getX(), getIndices(), getAt(), getAcc());
}
LogicalResult ScatterOp::verify() { return verifyScatter(*this, getX(), getIndices(), getAt(), getAcc()); }

bool burin::isScatter(Operation *op) { return isa<ScatterAddOp, ScatterOp>(op); }
Value burin::scatteredInto(Operation *op) {
  if (auto sum = dyn_cast<ScatterAddOp>(op))
    return sum.getAcc();
  return cast<ScatterOp>(op).getAcc();
}
LogicalResult RandomOp::verify() {
  return typeOf(getY()).getElement().isF32() ? success() : emitOpError() << "draws f32 [random_type]";
}

LogicalResult CustomGradientOp::verify() {
  if (!typeOf(getY()).isFloat() || getGradient().getArgumentTypes() != TypeRange(getY().getType()))
    return emitOpError() << "is of a float, whose cotangent its region takes [custom_types]";
  OperandRange yielded = getYield().getValues();
  if (yielded.size() != getInputs().size())
    return emitOpError() << "yields the cotangent of each input [custom_types]";
  for (auto [x, dx] : llvm::zip(getInputs(), yielded)) {
    auto type = typeOf(x), given = typeOf(dx);
    bool all = llvm::all_of(type.getAxes(), [&](StringAttr axis) {
      return given.hasAxis(axis) && given.extentOf(axis) == type.extentOf(axis);
    });
    if (!type.isFloat() || given.getElement() != type.getElement() || !all)
      return emitOpError() << "yields " << given << " for an input of " << type << " [custom_types]";
  }
  return success();
}
LogicalResult GradOp::verify() {
  OperandRange yielded = getYield().getValues();
  unsigned n = getGradientCount();
  if (yielded.empty() || !typeOf(yielded[0]).isFloat())
    return emitOpError() << "yields its loss first, a float [grad_results]";
  if (getBody().getArgumentTypes() != getInputs().getTypes() || getNumResults() != yielded.size() + n)
    return emitOpError() << "has results for the loss, its gradients, and what else it yields [grad_results]";
  SmallVector<Type> expected{yielded[0].getType()};
  llvm::append_range(expected, getOver() ? TypeRange(getResultTypes()).slice(1, n) : TypeRange(getInputs().getTypes()));
  llvm::append_range(expected, yielded.drop_front().getTypes());
  return TypeRange(expected) == getResultTypes() ? success()
                                                 : emitOpError() << "has results of other types [grad_results]";
}
