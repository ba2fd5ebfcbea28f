// Folders of the ops that are not pointwise. (Arithmetic on constants is folded inside kernels, where it is arith's.)
#include "dialects/Burin/Burin.h"
using namespace mlir;
using namespace burin;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

// To the same type it is the value; of a splat it is a splat.
static OpFoldResult foldShape(Value x, Type y, Attribute constant) {
  if (x.getType() == y)
    return x;
  if (auto elements = dyn_cast_if_present<DenseElementsAttr>(constant); elements && elements.isSplat())
    return DenseElementsAttr::getFromRawBuffer(cast<ShapedType>(y), elements.getRawData());
  return {};
}
OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (ShapedType::isDynamicShape(typeOf(getY()).getShape()))
    return getX().getType() == getY().getType() ? OpFoldResult(getX()) : OpFoldResult();
  return foldShape(getX(), getY().getType(), adaptor.getX());
}
OpFoldResult RenameOp::fold(FoldAdaptor adaptor) { return foldShape(getX(), getY().getType(), adaptor.getX()); }
