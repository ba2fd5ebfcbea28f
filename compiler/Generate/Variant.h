//===- Variant.h - One way of compiling, of many that give the same bits -----------===//
#pragma once
#include "compiler/FormKernels/FormKernels.h"
#include "compiler/Target/Cpu/Cpu.h"

namespace burin {

/// Choices after Transforms, none of which may change a bit of a result.
struct Variant {
  std::string text; ///< what was chosen
  FormKernelsOptions kernels;
  CpuOptions cpu;
};
/// `-O0` or `-O2` as users have them.
Variant usualVariant(unsigned optLevel);
/// Some subset of the optional passes, some grouping, some tiles, some level, some processor.
Variant randomVariant(uint64_t seed);

/// From the grad stage to an executable. `runtime`: the library to link with. The module is left as it is.
mlir::LogicalResult buildVariant(mlir::ModuleOp module, Variant variant, const std::string &runtime,
                                 const std::string &executable);

} // namespace burin
