//===- Elementary.h - Machine code's own elementary functions ----------------------===//
#pragma once
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"
#include <functional>
#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace burin {

/// Elementary functions as compiled programs compute them, for the interpreter to compute by. Everything else that a
/// program does is rounded in one way, so with these the interpreter must find the same bits. Each value is held
/// against binary128 where it is asked for; one that is off by more than the function's bound is counted and told.
class Elementary {
public:
  using Function = std::function<double(const double *)>;
  explicit Elementary(mlir::MLIRContext &context);
  ~Elementary();
  /// The function of an op, of its operands as doubles that its element holds; null if it is no elementary one.
  Function operator()(mlir::Operation *op);
  unsigned wrong() const { return wrongValues; } ///< values that were off

private:
  double call(mlir::StringRef name, bool narrow, unsigned operands, const double *x);
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::StringMap<void (*)(const void *, void *)> functions; ///< by `exp.f32`
  unsigned wrongValues = 0;
};

} // namespace burin
