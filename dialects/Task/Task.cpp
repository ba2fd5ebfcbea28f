// The task dialect and its ops.
#include "dialects/Task/Task.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
using namespace mlir;
using namespace burin::task;

#include "dialects/Task/TaskDialect.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Task/TaskOps.cpp.inc"

namespace {
struct Inlining : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void TaskDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/Task/TaskOps.cpp.inc"
      >();
  addInterfaces<Inlining>();
}

void TaskOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.addAttribute(SymbolTable::getSymbolAttrName(), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  Block &block = state.addRegion()->emplaceBlock();
  for (Type input : type.getInputs())
    block.addArgument(input, state.location);
}

ParseResult TaskOp::parse(OpAsmParser &parser, OperationState &result) {
  auto type = [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> results, function_interface_impl::VariadicFlag,
                 std::string &) { return builder.getFunctionType(inputs, results); };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false,
                                                  getFunctionTypeAttrName(result.name), type,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}
void TaskOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult TaskOp::verify() {
  size_t all = getResultTypes().size(), results = resultCount();
  if (auto lengths = getResultLengths())
    for (auto [k, entry] : llvm::enumerate(*lengths)) {
      auto numbers = dyn_cast<DenseI64ArrayAttr>(entry);
      auto type = k < all ? dyn_cast<NamedTensorType>(getResultTypes()[k]) : NamedTensorType();
      if (!numbers || !type || (!numbers.empty() && numbers.size() != int64_t(type.getAxes().size())))
        return emitOpError("[result_lengths] has numbers for all axes of each result, or for none");
      for (int64_t number : numbers.asArrayRef())
        if (number != -1 && (number < int64_t(results) || number >= int64_t(all)))
          return emitOpError() << "[result_lengths] names value " << number << ", which is no length";
    }
  if (auto names = getResultNames(); names && names->size() != results)
    return emitOpError() << "[result_names] names " << names->size() << " results of " << results;
  return success();
}

LogicalResult AssertOp::verify() {
  auto scalar = [](Type t) { return cast<NamedTensorType>(t).getAxes().empty(); };
  if (!scalar(getCondition().getType()) || !typeOf(getCondition()).getElement().isInteger(1))
    return emitOpError("[condition] is a bool without axes");
  bool two =
      getSides().size() == 2 && getSides()[0].getType() == getSides()[1].getType() && scalar(getSides()[0].getType());
  if (!getSides().empty() && !(two && getSign()))
    return emitOpError("[sides] are two values of one type without axes, with a sign between them");
  return success();
}

LogicalResult WriteOp::verify() {
  int64_t rank = int64_t(typeOf(getValue()).getAxes().size()), joined = 0;
  for (int64_t count : getJoined())
    if (count < 1 || (joined += std::min(count, rank + 1)) > rank)
      return emitOpError("[joined] are parts of the value's axes, one at least in each");
  if (joined != rank)
    return emitOpError("[joined] are all of the value's axes");
  auto axes = typeOf(getValue()).getAxes();
  if (getPoints() && (rank < 2 || typeOf(getValue()).getSizes().back() != 2 || getJoined().size() != 2))
    return emitOpError("[points] have two coordinates along the last axis, and an axis besides");
  if (getLabels() && (!getPoints() || typeOf(getLabels()).getAxes() != axes.drop_back()))
    return emitOpError("[labels] are those of points, along all axes but the last");
  if (getPresent() && int64_t(getPresent()->size()) != rank)
    return emitOpError("[present] says a length or none for each axis");
  unsigned named = 0;
  for (auto [k, number] : llvm::enumerate(getPresent().value_or(ArrayRef<int64_t>()))) {
    if (number < 0)
      continue;
    if (number != named++ || number >= int64_t(getLengths().size()))
      return emitOpError("[present] numbers the lengths in order");
    auto length = typeOf(getLengths()[number]);
    if (!length.getElement().isInteger(64) || length.getAxes() != axes.take_front(k))
      return emitOpError("[present] a length is an i64 for each index of the axes before");
  }
  if (named != getLengths().size())
    return emitOpError("[present] numbers the lengths in order");
  if (!getRows().empty() && getRows().size() != 2)
    return emitOpError("[rows] are the number of the first, and of all");
  return success();
}

static unsigned numberOf(ArrayAttr entries, StringRef name) {
  for (auto [i, entry] : llvm::enumerate(entries))
    if (cast<DictionaryAttr>(entry).getAs<StringAttr>("name") == name)
      return i;
  llvm_unreachable("Sema gives only names that are there");
}
unsigned DataOp::partNumber(StringRef name) { return numberOf(getParts(), name); }
unsigned DataOp::fieldNumber(StringRef name) { return numberOf(getFields(), name); }
