// The dialect, its types, and what is computed from types alone.
#include "dialects/Burin/Burin.h"
#include "dialects/Interfaces/NarrowFloats.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/TypeSwitch.h"
using namespace mlir;
using namespace burin;

#include "dialects/Burin/BurinDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Burin/BurinTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Burin/BurinAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Burin/BurinOps.cpp.inc"

namespace {
struct Inlining : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Operation *, bool) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void BurinDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Burin/BurinTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Burin/BurinAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Burin/BurinOps.cpp.inc"
      >();
  addInterfaces<Inlining>();
}

Operation *BurinDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location location) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, location, elements);
}

static ParseResult parseExtent(AsmParser &parser, int64_t &extent) {
  extent = ShapedType::kDynamic;
  if (succeeded(parser.parseOptionalQuestion()))
    return success();
  return parser.parseInteger(extent);
}
static void printExtent(AsmPrinter &printer, int64_t extent) {
  if (ShapedType::isDynamic(extent))
    printer << '?';
  else
    printer << extent;
}

Type NamedTensorType::parse(AsmParser &parser) {
  Type element;
  SmallVector<int64_t> sizes;
  SmallVector<StringAttr> axes;
  SMLoc place = parser.getCurrentLocation();
  auto axis = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name) || parseExtent(parser, sizes.emplace_back()))
      return failure();
    axes.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  if (parser.parseLess() || parser.parseType(element) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalSquare, axis) || parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(place); }, parser.getContext(), element, sizes, axes);
}

void NamedTensorType::print(AsmPrinter &printer) const {
  printer << '<' << getElement();
  if (!getAxes().empty()) {
    printer << '[';
    llvm::interleaveComma(llvm::zip(getAxes(), getSizes()), printer, [&](auto pair) {
      printer.printKeywordOrString(std::get<0>(pair).getValue());
      printer << ' ';
      printExtent(printer, std::get<1>(pair));
    });
    printer << ']';
  }
  printer << '>';
}

LogicalResult NamedTensorType::verify(function_ref<InFlightDiagnostic()> error, Type element, ArrayRef<int64_t> sizes,
                                      ArrayRef<StringAttr> axes) {
  if (sizes.size() != axes.size())
    return error() << "needs an extent for every axis";
  llvm::SmallPtrSet<StringAttr, 8> seen;
  for (StringAttr axis : axes)
    if (!seen.insert(axis).second)
      return error() << "has the axis " << axis << " twice [distinct_axes]";
  if (!element.isF32() && !element.isF64() && !isNarrow(element) && !element.isInteger(1) && !element.isInteger(32) &&
      !element.isInteger(64) && !element.isUnsignedInteger(8) && !isa<AxisIndexType>(element))
    return error() << "has no element type " << element << " [element]";
  return success();
}

Type AxisIndexType::parse(AsmParser &parser) {
  std::string name;
  int64_t extent;
  if (parser.parseLess() || parser.parseKeywordOrString(&name) || parseExtent(parser, extent) || parser.parseGreater())
    return {};
  return get(parser.getContext(), parser.getBuilder().getStringAttr(name), extent);
}
void AxisIndexType::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printKeywordOrString(getAxis().getValue());
  printer << ' ';
  printExtent(printer, getExtent());
  printer << '>';
}

int NamedTensorType::axisPosition(StringAttr axis) const {
  auto place = llvm::find(getAxes(), axis);
  return place == getAxes().end() ? -1 : int(place - getAxes().begin());
}

NamedTensorType NamedTensorType::without(ArrayRef<StringAttr> axes) const {
  SmallVector<int64_t> sizes;
  SmallVector<StringAttr> names;
  for (auto [name, size] : llvm::zip(getAxes(), getSizes()))
    if (!llvm::is_contained(axes, name))
      names.push_back(name), sizes.push_back(size);
  return get(getContext(), getElement(), sizes, names);
}

NamedTensorType NamedTensorType::withFirstAxis(StringAttr axis, int64_t extent) const {
  SmallVector<int64_t> sizes{extent};
  SmallVector<StringAttr> axes{axis};
  llvm::append_range(sizes, getSizes());
  llvm::append_range(axes, getAxes());
  return get(getContext(), getElement(), sizes, axes);
}
NamedTensorType NamedTensorType::withoutFirstAxis() const {
  return get(getContext(), getElement(), getSizes().drop_front(), getAxes().drop_front());
}
NamedTensorType NamedTensorType::withAxis(StringAttr axis, int64_t extent) const {
  SmallVector<int64_t> sizes(getSizes());
  SmallVector<StringAttr> names(getAxes());
  sizes.push_back(extent), names.push_back(axis);
  return get(getContext(), getElement(), sizes, names);
}

bool NamedTensorType::sameAxesAs(NamedTensorType other) const {
  return getAxes().size() == other.getAxes().size() && llvm::all_of(llvm::zip(getAxes(), getSizes()), [&](auto pair) {
           int place = other.axisPosition(std::get<0>(pair));
           return place >= 0 && other.getSizes()[place] == std::get<1>(pair);
         });
}

bool burin::isI64Scalar(Type type) {
  auto tensor = dyn_cast<NamedTensorType>(type);
  return tensor && tensor.getElement().isInteger(64) && tensor.getAxes().empty();
}

bool burin::isBoolScalar(Type type) {
  auto tensor = dyn_cast<NamedTensorType>(type);
  return tensor && tensor.getElement().isInteger(1) && tensor.getAxes().empty();
}

Type burin::storageType(Type element) {
  MLIRContext *context = element.getContext();
  if (auto index = dyn_cast<AxisIndexType>(element)) {
    int64_t n = index.getExtent();
    return IntegerType::get(context, ShapedType::isDynamic(n) ? 64 : n <= 1 << 8 ? 8 : n <= 1 << 16 ? 16 : 32);
  }
  if (element.isInteger(1) || element.isUnsignedInteger(8))
    return IntegerType::get(context, 8);
  if (isNarrow(element))
    return IntegerType::get(context, 16);
  return element;
}

Type burin::computeType(Type element) {
  if (auto index = dyn_cast<AxisIndexType>(element))
    return IntegerType::get(element.getContext(), ShapedType::isDynamic(index.getExtent()) ? 64 : 32);
  if (element.isUnsignedInteger(8))
    return IntegerType::get(element.getContext(), 32);
  return sumElement(element);
}

Value burin::wrapElement(ScalarBuilder &b, Value x, Type element) {
  if (isNarrow(element))
    return roundTo(b, x, element);
  return element.isUnsignedInteger(8) ? b.bitAnd(x, b.integer(255, x.getType())) : x;
}
Value burin::fromStorage(ScalarBuilder &b, Value raw, Type element) {
  Type compute = computeType(element), stored = getElementTypeOrSelf(raw.getType());
  if (stored == compute)
    return raw;
  if (isNarrow(element))
    return widened(b, raw, element);
  if (element.isInteger(1))
    return b.ne(raw, b.constant(0, raw));
  return arith::ExtUIOp::create(b.builder, b.location, ScalarBuilder::typeLike(compute, raw), raw);
}
Value burin::toStorage(ScalarBuilder &b, Value value, Type element) {
  Type stored = storageType(element), compute = getElementTypeOrSelf(value.getType());
  if (stored == compute)
    return value;
  if (isNarrow(element))
    return narrowBits(b, value, element);
  Type to = ScalarBuilder::typeLike(stored, value);
  if (compute.getIntOrFloatBitWidth() < stored.getIntOrFloatBitWidth())
    return arith::ExtUIOp::create(b.builder, b.location, to, value);
  return arith::TruncIOp::create(b.builder, b.location, to, value);
}
TypedAttr burin::computedConstant(Attribute number, Type element) {
  Type compute = computeType(element);
  auto real = dyn_cast<FloatAttr>(number);
  if (!real)
    return IntegerAttr::get(compute, cast<IntegerAttr>(number).getValue().zextOrTrunc(compute.getIntOrFloatBitWidth()));
  APFloat value = real.getValue();
  bool lost;
  value.convert(cast<FloatType>(compute).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
  return FloatAttr::get(compute, value);
}
Value burin::castElement(ScalarBuilder &b, Value x, Type element) {
  if (isNarrow(element))
    return beforeRounding(b, x);
  if (element.isUnsignedInteger(8) && isa<FloatType>(getElementTypeOrSelf(x.getType())))
    x = b.min(b.max(x, b.constant(0, x)), b.constant(255, x)); // a NaN stays one and becomes 0
  return b.cast(x, computeType(element));
}

NamedTensorType burin::unionOfAxes(Type element, TypeRange operands) {
  SmallVector<int64_t> sizes;
  SmallVector<StringAttr> names;
  auto take = [&](NamedTensorType type) {
    for (auto [name, size] : llvm::zip(type.getAxes(), type.getSizes()))
      if (!llvm::is_contained(names, name))
        names.push_back(name), sizes.push_back(size);
  };
  NamedTensorType most;
  for (Type type : operands)
    if (auto tensor = cast<NamedTensorType>(type); !most || tensor.getAxes().size() > most.getAxes().size())
      most = tensor;
  take(most);
  for (Type type : operands)
    take(cast<NamedTensorType>(type));
  return NamedTensorType::get(element.getContext(), element, sizes, names);
}

NamedTensorType burin::inferPointwise(ElementRule rule, ValueRange operands) {
  Type element = typeOf(operands[rule == ElementRule::Select ? 1 : 0]).getElement();
  if (rule == ElementRule::Compare || rule == ElementRule::Order)
    element = IntegerType::get(element.getContext(), 1);
  if (rule == ElementRule::Draw)
    element = Float32Type::get(element.getContext());
  return unionOfAxes(element, operands.getTypes());
}

DenseElementsAttr burin::splat(NamedTensorType type, double value) {
  Type element = type.getElement();
  // dense attributes hold builtin elements: an index is kept as i64 in ConstantOp's value through its type's element
  // alone
  if (auto f = dyn_cast<FloatType>(element)) {
    APFloat number(value);
    bool lost;
    number.convert(f.getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
    return DenseElementsAttr::get(type, number);
  }
  return DenseElementsAttr::get(type, APInt(saturated(value, element)));
}

SmallVector<StringAttr> burin::axisNames(ArrayAttr names) {
  return llvm::map_to_vector(names, [](Attribute name) { return cast<StringAttr>(name); });
}
ArrayAttr burin::axisArray(MLIRContext *context, ArrayRef<StringAttr> names) {
  return ArrayAttr::get(context, SmallVector<Attribute>(names.begin(), names.end()));
}

double burin::reduceIdentity(StringRef kind, Type element) {
  if (kind == "sum")
    return isa<FloatType>(element) ? -0.0 : 0;
  if (kind == "prod" || kind == "all")
    return 1;
  if (kind == "any")
    return 0;
  double limit = INFINITY;
  if (!isa<FloatType>(element))
    limit = element.isInteger(64) ? 0x1p63 : 0x1p31;
  return kind == "max" ? -limit : limit;
}
