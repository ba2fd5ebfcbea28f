// Reading at sums of multiples of indices: windows, slices, strides, padding, and their adjoints.
#ifndef BURIN_WINDOW
#define BURIN_WINDOW
include "dialects/Burin/Base.td"

def Burin_Place : AttrDef<Burin_Dialect, "Place"> {
  let mnemonic = "place";
  let summary = "where along an axis a window reads: `#burin.place<\"row\" = -1 + 2 * \"i\" + 1 * \"m\">`";
  let description = [{
    The index of `at` that is read is `offset` plus the sum of `factors` times the indices along `axes`, divided by `divisor`. Where that
    is no index of `at`, or `divisor` leaves a remainder, there is nothing.
  }];
  let parameters = (ins "::mlir::StringAttr":$at, ArrayRefParameter<"::mlir::StringAttr">:$axes,
                        ArrayRefParameter<"int64_t">:$factors, "int64_t":$offset, "int64_t":$divisor);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The factor of an axis; 0 where it is none of the place's.
    int64_t factorOf(::mlir::StringAttr axis) const;
    /// Least and largest numerator, along axes of the extents that `type` has.
    std::pair<int64_t, int64_t> bounds(NamedTensorType type) const;
    /// Whether all numerators are indices of an axis of that extent, divided by nothing.
    bool isInside(NamedTensorType type, int64_t extent) const;
  }];
}
def Burin_Places : TypedArrayAttrBase<Burin_Place, "places">;

def WindowOp : Burin_LinearOp<"window", [DeclareOpInterfaceMethods<CostOpInterface, ["elementsRead"]>]> {
  let summary = "`burin.window %x [#burin.place<…>]`: the elements of x at those places, 0 where there is none [window_axes]";
  let description = [{
    Each place takes one axis of x, which its axes replace. They are new, or axes that x has besides, with which they are aligned. The
    result has all axes of x that no place takes, and those of the places.
  }];
  let arguments = (ins Burin_Tensor:$x, Burin_Places:$places);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x $places attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The place that takes an axis of x, or null.
    PlaceAttr placeAt(::mlir::StringAttr axis);
    ::llvm::SmallVector<::mlir::StringAttr> taken();
    /// Whether every place is an index, so that nothing is 0 for want of an element.
    bool isInside();
  }];
}
#endif
