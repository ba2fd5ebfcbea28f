#include "compiler/Interpret/MadeRows.h"
#include <cmath>
using namespace mlir;

namespace burin::interpret {
namespace {
// The largest length where the field is one, else 0.
int64_t longest(task::DataOp data, unsigned field) {
  for (auto sequence : data.getFields().getAsRange<DictionaryAttr>())
    if (auto length = sequence.getAs<IntegerAttr>("length"); length && unsigned(length.getInt()) == field)
      return cast<NamedTensorType>(sequence.getAs<TypeAttr>("type").getValue()).getSizes().back();
  return 0;
}
} // namespace

Ref madeColumn(task::ColumnOp op, task::DataOp data, unsigned field, int64_t rows) {
  auto type = typeOf(op.getValues());
  SmallVector<int64_t> sizes(type.getSizes());
  llvm::replace(sizes, ShapedType::kDynamic, rows);
  MutableRef array = allocate(type, sizes);
  if (!array)
    return op.emitError("has too many elements"), nullptr;
  auto index = dyn_cast<AxisIndexType>(type.getElement());
  int64_t k = field, length = longest(data, field);
  if (array->isReal())
    for (double &x : array->as<double>())
      x = Declared::round(type.getElement(), std::sin(double(++k)));
  else
    for (int64_t &x : array->integers())
      x = length ? 1 + k++ * 7 % length
                 : k++ * 7 % (index && !ShapedType::isDynamic(index.getExtent()) ? index.getExtent() : 2);
  return array;
}

} // namespace burin::interpret
