// Builders, and the text of grad regions.
#include "dialects/Burin/Burin.h"
using namespace mlir;
using namespace burin;

YieldOp CustomGradientOp::getYield() { return cast<YieldOp>(getGradient().front().getTerminator()); }
YieldOp GradOp::getYield() { return cast<YieldOp>(getBody().front().getTerminator()); }

void ContractOp::build(OpBuilder &builder, OperationState &state, Type y, Value lhs, Value rhs,
                       ArrayRef<StringAttr> over) {
  build(builder, state, y, lhs, rhs, Value(), axisArray(builder.getContext(), over));
}
void ReduceOp::build(OpBuilder &builder, OperationState &state, StringRef kind, Value x, ArrayRef<StringAttr> over) {
  build(builder, state, typeOf(x).without(over), builder.getStringAttr(kind), x, axisArray(builder.getContext(), over));
}

static void printAssignments(OpAsmPrinter &printer, ValueRange arguments, ValueRange values) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(arguments, values), printer,
                        [&](auto pair) { printer << std::get<0>(pair) << " = " << std::get<1>(pair); });
  printer << ')';
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
