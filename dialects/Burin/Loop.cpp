// Loops and branches: their text, and what holds of them.
#include "dialects/Burin/Burin.h"
#include "mlir/IR/Matchers.h"
using namespace mlir;
using namespace burin;

YieldOp ForOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }
OperandRange ForOp::getNext() { return getYield().getValues().take_front(getInits().size()); }
OperandRange ForOp::getEmitted() { return getYield().getValues().drop_front(getInits().size()); }

std::optional<int64_t> ForOp::constantCount() {
  DenseIntElementsAttr elements;
  if (!matchPattern(getCount(), m_Constant(&elements)) || !elements.isSplat())
    return std::nullopt;
  return elements.getSplatValue<APInt>().getSExtValue();
}

// (%a = %x, …) : T, …, where each block argument has the type that `argumentOf` makes of its operand's.
static ParseResult parseAssigned(OpAsmParser &parser, OperationState &result,
                                 SmallVectorImpl<OpAsmParser::Argument> &arguments, SmallVectorImpl<Type> &types,
                                 llvm::function_ref<Type(Type)> argumentOf) {
  SmallVector<OpAsmParser::Argument> assigned;
  SmallVector<OpAsmParser::UnresolvedOperand> values;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseAssignmentList(assigned, values) || parser.parseColonTypeList(types))
    return failure();
  if (types.size() != assigned.size())
    return parser.emitError(place, "needs a type for every value");
  for (auto [argument, type] : llvm::zip(assigned, types)) {
    argument.type = argumentOf(type);
    if (!argument.type)
      return parser.emitError(place, "goes over tensors that have an axis");
    arguments.push_back(argument);
  }
  return parser.resolveOperands(values, types, place, result.operands);
}

static Type sliceType(Type type) {
  auto tensor = dyn_cast<NamedTensorType>(type);
  return tensor && !tensor.getAxes().empty() ? tensor.withoutFirstAxis() : Type();
}

// burin.for ["name"] %i to %n [reverse] [while] [carries(%a = %x, …) : T, …] [over(%s = %xs, …) : T, …] [emits T, …] {
// … }
ParseResult ForOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  auto i64 = NamedTensorType::scalar(builder.getI64Type());
  auto &properties = result.getOrAddProperties<ForOp::Properties>();
  std::string name;
  if (succeeded(parser.parseOptionalString(&name)))
    properties.name = builder.getStringAttr(name);
  SmallVector<OpAsmParser::Argument> arguments(1);
  OpAsmParser::UnresolvedOperand count;
  if (parser.parseArgument(arguments[0]) || parser.parseKeyword("to") || parser.parseOperand(count) ||
      parser.resolveOperand(count, i64, result.operands))
    return failure();
  arguments[0].type = i64;
  if (succeeded(parser.parseOptionalKeyword("reverse")))
    properties.reverse = builder.getUnitAttr();
  if (succeeded(parser.parseOptionalKeyword("while")))
    properties.stops = builder.getUnitAttr();
  SmallVector<Type> carried, sequences, emitted;
  if (succeeded(parser.parseOptionalKeyword("carries")) &&
      parseAssigned(parser, result, arguments, carried, [](Type t) { return t; }))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("over")) && parseAssigned(parser, result, arguments, sequences, sliceType))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("emits")) && parser.parseTypeList(emitted))
    return failure();
  properties.operandSegmentSizes = {1, int32_t(carried.size()), int32_t(sequences.size())};
  result.addTypes(carried);
  result.addTypes(emitted);
  if (parser.parseRegion(*result.addRegion(), arguments) || parser.parseOptionalAttrDict(result.attributes))
    return failure();
  ForOp::ensureTerminator(*result.regions.front(), builder, result.location);
  return success();
}

static void printAssigned(OpAsmPrinter &printer, StringRef keyword, ValueRange arguments, ValueRange values) {
  if (values.empty())
    return;
  printer << keyword << '(';
  llvm::interleaveComma(llvm::zip(arguments, values), printer,
                        [&](auto pair) { printer << std::get<0>(pair) << " = " << std::get<1>(pair); });
  printer << ") : " << values.getTypes() << ' ';
}

void ForOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  if (getNameAttr())
    printer << getNameAttr() << ' ';
  printer << getCounter() << " to " << getCount() << ' ';
  if (getReverse())
    printer << "reverse ";
  if (getStops())
    printer << "while ";
  printAssigned(printer, "carries", getCarried(), getInits());
  printAssigned(printer, "over", getSlices(), getSequences());
  if (!getEmits().empty())
    printer << "emits " << getEmits().getTypes() << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer.printOptionalAttrDict((*this)->getAttrs(), {"name", "reverse", "stops", "operandSegmentSizes"});
}

LogicalResult ForOp::verify() {
  unsigned carried = unsigned(getInits().size()), sequences = unsigned(getSequences().size());
  auto arguments = getBody().front().getArguments();
  if (arguments.empty() || !isI64Scalar(arguments[0].getType()))
    return emitOpError() << "counts with an i64 without axes [carried_types]";
  OperandRange yielded = getYield().getValues();
  if (getNumResults() < carried || yielded.size() != getNumResults() ||
      arguments.size() != 1 + size_t(carried) + size_t(sequences) ||
      ValueRange(getCarried()).getTypes() != getInits().getTypes() || getFinals().getTypes() != getInits().getTypes() ||
      getNext().getTypes() != getInits().getTypes())
    return emitOpError() << "carries values of one type from start to end [carried_types]";
  for (auto [slice, sequence] : llvm::zip(getSlices(), getSequences()))
    if (sliceType(sequence.getType()) != slice.getType())
      return emitOpError() << "has slices of its sequences along their first axis [slice_types]";
  for (auto [emitted, result] : llvm::zip(getEmitted(), getEmits()))
    if (sliceType(result.getType()) != emitted.getType())
      return emitOpError() << "emits slices of its results along their first axis [emit_types]";
  if (getStops() && (getInits().empty() || !isBoolScalar(getInits()[0].getType()) || !getEmits().empty()))
    return emitOpError() << "carries a bool without axes first, and emits nothing [while_carries]";
  if (!sequences && getEmits().empty())
    return success();
  auto count = constantCount();
  for (Type type : llvm::concat<const Type>(getSequences().getTypes(), getEmits().getTypes()))
    if (!count || *count < 1 || cast<NamedTensorType>(type).getShape().front() != *count)
      return emitOpError() << "has a constant count from 1, which is the extent of its sequences and of what it emits "
                              "[sequence_extent]";
  return success();
}

OperandRange IfOp::getThen() { return getThenRegion().front().getTerminator()->getOperands(); }
OperandRange IfOp::getElse() { return getElseRegion().front().getTerminator()->getOperands(); }

// burin.if %c [-> T, …] { … } else { … }
ParseResult IfOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  OpAsmParser::UnresolvedOperand condition;
  SmallVector<Type> types;
  if (parser.parseOperand(condition) ||
      parser.resolveOperand(condition, NamedTensorType::scalar(builder.getI1Type()), result.operands))
    return failure();
  if (succeeded(parser.parseOptionalArrow()) && parser.parseTypeList(types))
    return failure();
  result.addTypes(types);
  if (parser.parseRegion(*result.addRegion()) || parser.parseKeyword("else") ||
      parser.parseRegion(*result.addRegion()) || parser.parseOptionalAttrDict(result.attributes))
    return failure();
  for (auto &region : result.regions) {
    if (region->empty())
      region->emplaceBlock();
    Block &block = region->front();
    if (block.empty() || !block.back().hasTrait<OpTrait::IsTerminator>()) {
      OpBuilder inside(builder.getContext());
      inside.setInsertionPointToEnd(&block);
      YieldOp::create(inside, result.location);
    }
  }
  return success();
}

void IfOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getCondition();
  if (getNumResults())
    printer << " -> " << getResultTypes();
  printer << ' ';
  printer.printRegion(getThenRegion());
  printer << " else ";
  printer.printRegion(getElseRegion());
  printer.printOptionalAttrDict((*this)->getAttrs());
}

LogicalResult IfOp::verify() {
  for (Region *region : getRegions()) {
    auto yield = dyn_cast_or_null<YieldOp>(region->front().empty() ? nullptr : &region->front().back());
    if (!yield || region->front().getNumArguments() || yield.getValues().getTypes() != getResultTypes())
      return emitOpError() << "yields values of its results' types in both branches [branch_types]";
  }
  return success();
}
