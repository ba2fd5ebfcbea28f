// Builders, and the text of loops and grad regions.
#include "dialects/Burin/Burin.h"
using namespace mlir;
using namespace burin;

YieldOp ForOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }
YieldOp GradOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }

void ContractOp::build(OpBuilder &builder, OperationState &state, Type y, Value lhs, Value rhs,
                       ArrayRef<StringAttr> over) {
  build(builder, state, y, lhs, rhs, Value(), axisArray(builder.getContext(), over));
}
void ReduceOp::build(OpBuilder &builder, OperationState &state, StringRef kind, Value x, ArrayRef<StringAttr> over) {
  build(builder, state, typeOf(x).without(over), builder.getStringAttr(kind), x, axisArray(builder.getContext(), over));
}

// burin.for ["name"] %i to %n [carries(%a = %x, ...) : T, ...] { ... }
ParseResult ForOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  auto i64 = NamedTensorType::scalar(builder.getI64Type());
  std::string name;
  if (succeeded(parser.parseOptionalString(&name)))
    result.addAttribute("name", builder.getStringAttr(name));
  SmallVector<OpAsmParser::Argument> arguments(1);
  OpAsmParser::UnresolvedOperand count;
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  SmallVector<Type> types;
  if (parser.parseArgument(arguments[0]) || parser.parseKeyword("to") || parser.parseOperand(count) ||
      parser.resolveOperand(count, i64, result.operands))
    return failure();
  arguments[0].type = i64;
  if (succeeded(parser.parseOptionalKeyword("carries"))) {
    SmallVector<OpAsmParser::Argument> carried;
    SMLoc place = parser.getCurrentLocation();
    if (parser.parseAssignmentList(carried, inits) || parser.parseColonTypeList(types))
      return failure();
    if (types.size() != carried.size())
      return parser.emitError(place, "needs a type for every carried value");
    for (auto [argument, type] : llvm::zip(carried, types)) {
      argument.type = type;
      arguments.push_back(argument);
    }
    if (parser.resolveOperands(inits, types, place, result.operands))
      return failure();
  }
  result.addTypes(types);
  if (parser.parseRegion(*result.addRegion(), arguments) || parser.parseOptionalAttrDict(result.attributes))
    return failure();
  ForOp::ensureTerminator(*result.regions.front(), builder, result.location);
  return success();
}

static void printAssignments(OpAsmPrinter &printer, ValueRange arguments, ValueRange values) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(arguments, values), printer,
                        [&](auto pair) { printer << std::get<0>(pair) << " = " << std::get<1>(pair); });
  printer << ')';
}

void ForOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  if (getNameAttr())
    printer << getNameAttr() << ' ';
  printer << getCounter() << " to " << getCount() << ' ';
  if (!getInits().empty()) {
    printer << "carries";
    printAssignments(printer, getCarried(), getInits());
    printer << " : " << getInits().getTypes() << ' ';
  }
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer.printOptionalAttrDict((*this)->getAttrs(), {"name"});
}

// burin.grad [over [@slot, ...]] [(%a = %x, ...) : T, ...] -> results { ... }
ParseResult GradOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> types, results;
  if (succeeded(parser.parseOptionalKeyword("over"))) {
    ArrayAttr over;
    if (parser.parseAttribute(over, "over", result.attributes))
      return failure();
  }
  SMLoc place = parser.getCurrentLocation();
  OptionalParseResult assigned = parser.parseOptionalAssignmentList(arguments, inputs);
  if (assigned.has_value()) {
    if (failed(*assigned) || parser.parseColonTypeList(types))
      return failure();
    if (types.size() != arguments.size())
      return parser.emitError(place, "needs a type for every input");
    for (auto [argument, type] : llvm::zip(arguments, types))
      argument.type = type;
    if (parser.resolveOperands(inputs, types, place, result.operands))
      return failure();
  }
  if (parser.parseArrowTypeList(results) || parser.parseRegion(*result.addRegion(), arguments) ||
      parser.parseOptionalAttrDict(result.attributes))
    return failure();
  result.addTypes(results);
  return success();
}

void GradOp::print(OpAsmPrinter &printer) {
  if (getOver())
    printer << " over " << *getOver();
  if (!getInputs().empty()) {
    printer << ' ';
    printAssignments(printer, getBody().getArguments(), getInputs());
    printer << " : " << getInputs().getTypes();
  }
  printer.printArrowTypeList(getResultTypes());
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer.printOptionalAttrDict((*this)->getAttrs(), {"over"});
}
