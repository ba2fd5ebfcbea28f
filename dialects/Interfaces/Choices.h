//===- Choices.h - What a random instance of an op is made from ------------------===//
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace burin {
class NamedTensorType;

struct NamedAxis {
  mlir::StringAttr name;
  int64_t extent;
};

/// Random choices, and the values and axes at hand: what an op makes a random instance of itself from
/// (`GeneratableOpInterface`). A subclass says where values come from. An axis name has one extent wherever it is at
/// hand, so operands always align.
class Choices {
public:
  using Fits = llvm::function_ref<bool(NamedTensorType)>;
  Choices(mlir::OpBuilder &builder, mlir::Location location, uint64_t seed)
      : builder(builder), location(location), state(seed) {}
  virtual ~Choices();
  mlir::OpBuilder &builder; ///< where the op goes, and what it needs before it
  mlir::Location location;

  uint64_t bits();            ///< the next 64 random bits: a function of the seed and the number of calls
  uint64_t below(uint64_t n); ///< in [0, n); n > 0
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename T> T oneOf(llvm::ArrayRef<T> from) { return from[below(from.size())]; }
  template <typename T> T oneOf(std::initializer_list<T> from) { return oneOf(llvm::ArrayRef<T>(from)); }
  /// At least `least` of them, and at most `most`, in random order.
  template <typename T> llvm::SmallVector<T> some(llvm::ArrayRef<T> from, size_t least = 0, size_t most = ~size_t(0));

  /// A value that fits; null if there is none.
  virtual mlir::Value value(Fits fits) = 0;
  /// A value of a type; always there.
  virtual mlir::Value valueOf(NamedTensorType type) = 0;
  /// An element that programs have.
  virtual mlir::Type element() = 0;
  /// An axis that programs have.
  virtual NamedAxis axis() = 0;
  /// Another axis of an extent; its name is none of `taken`.
  virtual NamedAxis axisOf(int64_t extent, llvm::ArrayRef<mlir::StringAttr> taken) = 0;
  /// Whether a value of a type is small enough to be made.
  virtual bool isSmall(NamedTensorType type) = 0;
  /// Fills a block, which has its arguments, and gives values in it of these types. `smooth`: derivatives pass
  /// through everything that lies between the arguments and these values. Empty if it can't.
  virtual llvm::SmallVector<mlir::Value> fill(mlir::Block &block, llvm::ArrayRef<mlir::Type> wanted, bool smooth) = 0;

  /// An element that fits.
  mlir::Type elementWhere(llvm::function_ref<bool(mlir::Type)> fits);
  /// A small type: this element, some of these axes, and with some luck others, in random order.
  NamedTensorType typeWith(mlir::Type element, llvm::ArrayRef<NamedAxis> axes, unsigned others);
  /// The same axes in random order.
  NamedTensorType reordered(NamedTensorType type);

private:
  uint64_t state;
};

template <typename T> llvm::SmallVector<T> Choices::some(llvm::ArrayRef<T> from, size_t least, size_t most) {
  llvm::SmallVector<T> all(from);
  for (size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[below(i)]);
  most = std::min(most, all.size()), least = std::min(least, most);
  all.resize(least + below(most - least + 1));
  return all;
}

} // namespace burin
