// Windows: their attribute, what they may be, their adjoint, cost and random instances.
#include "dialects/Burin/Burin.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/MathExtras.h"
using namespace mlir;
using namespace burin;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

Attribute PlaceAttr::parse(AsmParser &parser, Type) {
  std::string at;
  SmallVector<StringAttr> axes;
  SmallVector<int64_t> factors;
  int64_t offset = 0, divisor = 1;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&at) || parser.parseEqual() || parser.parseInteger(offset))
    return {};
  while (succeeded(parser.parseOptionalPlus())) {
    std::string name;
    if (parser.parseInteger(factors.emplace_back()) || parser.parseStar() || parser.parseString(&name))
      return {};
    axes.push_back(parser.getBuilder().getStringAttr(name));
  }
  if (succeeded(parser.parseOptionalKeyword("by")) && parser.parseInteger(divisor))
    return {};
  if (parser.parseGreater())
    return {};
  StringAttr name = parser.getBuilder().getStringAttr(at);
  if (failed(verify([&] { return parser.emitError(place); }, name, axes, factors, offset, divisor)))
    return {};
  return get(parser.getContext(), name, axes, factors, offset, divisor);
}

void PlaceAttr::print(AsmPrinter &printer) const {
  printer << '<' << getAt() << " = " << getOffset();
  for (auto [axis, factor] : llvm::zip(getAxes(), getFactors()))
    printer << " + " << factor << " * " << axis;
  if (getDivisor() != 1)
    printer << " by " << getDivisor();
  printer << '>';
}

LogicalResult PlaceAttr::verify(function_ref<InFlightDiagnostic()> error, StringAttr, ArrayRef<StringAttr> axes,
                                ArrayRef<int64_t> factors, int64_t, int64_t divisor) {
  if (axes.size() != factors.size())
    return error() << "needs a factor for every axis";
  for (auto [i, axis] : llvm::enumerate(axes))
    if (llvm::is_contained(axes.take_front(i), axis))
      return error() << "names the axis " << axis << " twice [window_place]";
  if (llvm::is_contained(factors, 0) || divisor < 1)
    return error() << "has factors that are not 0, and a divisor from 1 [window_place]";
  return success();
}

int64_t PlaceAttr::factorOf(StringAttr axis) const {
  auto place = llvm::find(getAxes(), axis);
  return place == getAxes().end() ? 0 : getFactors()[size_t(place - getAxes().begin())];
}

std::pair<int64_t, int64_t> PlaceAttr::bounds(NamedTensorType type) const {
  int64_t low = getOffset(), high = getOffset();
  for (auto [axis, factor] : llvm::zip(getAxes(), getFactors())) {
    int64_t end = factor * (type.extentOf(axis) - 1);
    low += std::min<int64_t>(0, end), high += std::max<int64_t>(0, end);
  }
  return {low, high};
}

bool PlaceAttr::isInside(NamedTensorType type, int64_t extent) const {
  auto [low, high] = bounds(type);
  return getDivisor() == 1 && low >= 0 && high < extent;
}

//===----------------------------------------------------------------------===//
// The op
//===----------------------------------------------------------------------===//

PlaceAttr WindowOp::placeAt(StringAttr axis) {
  for (PlaceAttr place : getPlaces().getAsRange<PlaceAttr>())
    if (place.getAt() == axis)
      return place;
  return {};
}

SmallVector<StringAttr> WindowOp::taken() {
  return llvm::map_to_vector(getPlaces().getAsRange<PlaceAttr>(), [](PlaceAttr place) { return place.getAt(); });
}

bool WindowOp::isInside() {
  return llvm::all_of(getPlaces().getAsRange<PlaceAttr>(), [&](PlaceAttr place) {
    return place.isInside(getType(), typeOf(getX()).extentOf(place.getAt()));
  });
}

// Sums of these stay far from the end of 64 bits, whatever is done with them.
static bool isSmall(int64_t n) { return n < int64_t(1) << 40 && n > -(int64_t(1) << 40); }

static LogicalResult verifyPlace(WindowOp op, PlaceAttr place) {
  auto x = typeOf(op.getX()), y = op.getType();
  if (!x.hasAxis(place.getAt()) || ShapedType::isDynamic(x.extentOf(place.getAt())))
    return op.emitOpError() << "takes the axis " << place.getAt() << ", which " << x
                            << " lacks, or has without an extent [window_place]";
  double reach = double(std::abs(place.getOffset()));
  for (auto [axis, factor] : llvm::zip(place.getAxes(), place.getFactors())) {
    if (!y.hasAxis(axis) || ShapedType::isDynamic(y.extentOf(axis)))
      return op.emitOpError() << "has a place along " << axis << ", which " << y
                              << " lacks, or has without an extent [window_axes]";
    reach += std::abs(double(factor)) * double(y.extentOf(axis));
  }
  if (reach >= double(int64_t(1) << 40) || !isSmall(place.getDivisor()) || !isSmall(x.extentOf(place.getAt())))
    return op.emitOpError() << "has places beyond 2^40 [window_place]";
  return success();
}

LogicalResult WindowOp::verify() {
  auto x = typeOf(getX()), y = getType();
  if (y.getElement() != x.getElement())
    return emitOpError() << "keeps its element [element_rule]";
  SmallVector<StringAttr> at;
  SmallVector<StringAttr> added;
  auto rest = x.without(taken());
  for (PlaceAttr place : getPlaces().getAsRange<PlaceAttr>()) {
    if (failed(verifyPlace(*this, place)))
      return failure();
    if (llvm::is_contained(at, place.getAt()))
      return emitOpError() << "takes the axis " << place.getAt() << " twice [window_place]";
    at.push_back(place.getAt());
    for (StringAttr axis : place.getAxes()) {
      if (rest.hasAxis(axis))
        continue;
      if (llvm::is_contained(added, axis))
        return emitOpError() << "has the new axis " << axis << " in two places [window_axes]";
      added.push_back(axis);
    }
  }
  auto expected = rest;
  for (StringAttr axis : added)
    expected = expected.withAxis(axis, y.extentOf(axis));
  if (!expected.sameAxesAs(y))
    return emitOpError() << "has result axes of " << y << ", expected those of " << expected << " [window_axes]";
  return success();
}

//===----------------------------------------------------------------------===//
// Adjoint
//===----------------------------------------------------------------------===//

namespace {
/// The adjoint of a window is the sum of a window. Each place is solved for one of its new axes: from
/// at = (offset + f i + g m) / d follows i = (d at - g m - offset) / f. It is read there, and summed over the other new
/// axes. A place without new axes says which element it is: it is solved for an axis of one index.
class Adjoint {
public:
  Adjoint(WindowOp op, Rules &b, Value dy) : op(op), b(b), dy(dy), x(typeOf(op.getX())) {
    rest = x.without(op.taken());
  }
  Value build();

private:
  StringAttr fresh(StringRef stem);
  void renameClashes();
  void solve(PlaceAttr place);

  WindowOp op;
  Rules &b;
  Value dy;
  NamedTensorType x, rest;
  SmallVector<PlaceAttr> places;
  SmallVector<Attribute> solved;
  SmallVector<StringAttr> summed;
};

StringAttr Adjoint::fresh(StringRef stem) {
  std::string name = stem.str();
  while (x.hasAxis(b.builder.getStringAttr(name)) || typeOf(dy).hasAxis(b.builder.getStringAttr(name)))
    name += "'";
  return b.builder.getStringAttr(name);
}

// A new axis that is called as one which was taken would meet it in the result.
void Adjoint::renameClashes() {
  places.assign(op.getPlaces().getAsRange<PlaceAttr>().begin(), op.getPlaces().getAsRange<PlaceAttr>().end());
  SmallVector<StringAttr> names(typeOf(dy).getAxes());
  bool clash = false;
  for (PlaceAttr &place : places) {
    SmallVector<StringAttr> axes(place.getAxes());
    for (StringAttr &axis : axes) {
      bool alone = axes.size() == 1 && axis == place.getAt();
      if (!x.hasAxis(axis) || rest.hasAxis(axis) || alone)
        continue;
      StringAttr other = fresh(axis.getValue());
      while (llvm::is_contained(names, other))
        other = b.builder.getStringAttr(other.getValue() + "'");
      llvm::replace(names, axis, other);
      axis = other, clash = true;
    }
    place =
        PlaceAttr::get(op.getContext(), place.getAt(), axes, place.getFactors(), place.getOffset(), place.getDivisor());
  }
  if (clash)
    dy = RenameOp::create(b.builder, b.location,
                          NamedTensorType::get(op.getContext(), typeOf(dy).getElement(), typeOf(dy).getSizes(), names),
                          dy);
}

void Adjoint::solve(PlaceAttr place) {
  auto type = typeOf(dy);
  StringAttr chosen;
  int64_t factor = 1;
  for (auto [axis, f] : llvm::zip(place.getAxes(), place.getFactors()))
    if (!rest.hasAxis(axis) && (!chosen || type.extentOf(axis) > type.extentOf(chosen)))
      chosen = axis, factor = f;
  if (!chosen) {
    chosen = fresh("one");
    dy = b.broadcastTo(dy, type.withAxis(chosen, 1));
  }
  int64_t sign = factor < 0 ? -1 : 1;
  SmallVector<StringAttr> axes{place.getAt()};
  SmallVector<int64_t> factors{sign * place.getDivisor()};
  for (auto [axis, f] : llvm::zip(place.getAxes(), place.getFactors())) {
    if (axis == chosen)
      continue;
    axes.push_back(axis), factors.push_back(-sign * f);
    if (!rest.hasAxis(axis))
      summed.push_back(axis);
  }
  solved.push_back(PlaceAttr::get(op.getContext(), chosen, axes, factors, -sign * place.getOffset(), sign * factor));
}

Value Adjoint::build() {
  renameClashes();
  for (PlaceAttr place : places)
    solve(place);
  SmallVector<StringAttr> gone = llvm::map_to_vector(solved, [](Attribute a) { return cast<PlaceAttr>(a).getAt(); });
  auto type = typeOf(dy).without(gone);
  for (PlaceAttr place : places)
    type = type.withAxis(place.getAt(), x.extentOf(place.getAt()));
  Value read = WindowOp::create(b.builder, b.location, type, dy, b.builder.getArrayAttr(solved));
  return b.broadcastTo(summed.empty() ? read : b.reduceSum(read, summed), x);
}
} // namespace

void WindowOp::cotangents(Rules &b, Value dy, ArrayRef<bool> wanted, MutableArrayRef<Value> dx) {
  if (wanted[0])
    dx[0] = Adjoint(*this, b, dy).build();
}

//===----------------------------------------------------------------------===//
// Cost, random instances
//===----------------------------------------------------------------------===//

void WindowOp::arithmetic(OperationCount &) {}

// How many elements along an axis are read, for each index of the axes that are aligned; summed over these.
static std::optional<uint64_t> readAlong(PlaceAttr place, NamedTensorType x, NamedTensorType y, NamedTensorType rest) {
  llvm::DenseSet<std::pair<int64_t, int64_t>> seen; // of aligned indices, and a place
  int64_t count = 1;
  for (StringAttr axis : place.getAxes())
    if (count *= y.extentOf(axis); count > 1 << 20)
      return std::nullopt;
  for (int64_t n = 0; n < count; ++n) {
    int64_t left = n, aligned = 0, at = place.getOffset();
    for (auto [axis, factor] : llvm::zip(place.getAxes(), place.getFactors())) {
      int64_t extent = y.extentOf(axis), index = left % extent;
      left /= extent;
      at += factor * index;
      if (rest.hasAxis(axis))
        aligned = aligned * extent + index;
    }
    if (at % place.getDivisor() == 0 && at >= 0 && at / place.getDivisor() < x.extentOf(place.getAt()))
      seen.insert({aligned, at / place.getDivisor()});
  }
  return seen.size();
}

// Each element at most once, and none that no place is at.
uint64_t WindowOp::elementsRead(unsigned) {
  auto x = typeOf(getX()), y = getType();
  uint64_t most = x.hasStaticShape() ? uint64_t(x.getNumElements()) : ~uint64_t(0), count = 1;
  auto rest = x.without(taken());
  SmallVector<StringAttr> counted;
  for (PlaceAttr place : getPlaces().getAsRange<PlaceAttr>()) {
    auto read = readAlong(place, x, y, rest);
    if (!read)
      return most;
    count = llvm::SaturatingMultiply(count, *read);
    for (StringAttr axis : place.getAxes())
      if (rest.hasAxis(axis))
        counted.push_back(axis);
  }
  for (auto [axis, extent] : llvm::zip(rest.getAxes(), rest.getSizes()))
    if (!llvm::is_contained(counted, axis) && !ShapedType::isDynamic(extent))
      count = llvm::SaturatingMultiply(count, uint64_t(extent));
  return std::min(count, most);
}

Operation *WindowOp::generate(Choices &c) {
  Value x = c.value([](NamedTensorType type) { return !type.getAxes().empty() && type.hasStaticShape(); });
  if (!x)
    return nullptr;
  SmallVector<StringAttr> taken = c.some(typeOf(x).getAxes(), 1, 2);
  auto rest = typeOf(x).without(taken), type = rest;
  SmallVector<Attribute> places;
  for (StringAttr at : taken) {
    SmallVector<StringAttr> axes;
    SmallVector<int64_t> factors;
    for (uint64_t n = c.below(3); n > 0; --n) {
      NamedAxis axis = c.axis();
      if (llvm::is_contained(axes, axis.name) || (type.hasAxis(axis.name) && !rest.hasAxis(axis.name)))
        continue;
      if (!type.hasAxis(axis.name))
        type = type.withAxis(axis.name, axis.extent);
      axes.push_back(axis.name);
      factors.push_back(c.oneOf<int64_t>({1, 1, 2, 3, -1, -2}));
    }
    int64_t offset = int64_t(c.below(5)) - 2, divisor = c.chance(70) ? 1 : 2;
    places.push_back(PlaceAttr::get(c.builder.getContext(), at, axes, factors, offset, divisor));
  }
  if (!c.isSmall(type))
    return nullptr;
  return create(c.builder, c.location, c.reordered(type), x, c.builder.getArrayAttr(places));
}
