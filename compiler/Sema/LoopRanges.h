//===- LoopRanges.h - Where numbers go that are computed of loops' indices --------===//
#pragma once
#include "compiler/Sema/Program.h"
#include <map>
#include <optional>

namespace burin::sema {

/// From where to where a number goes, both reached, and the one axis whose indices it is computed of, or null.
struct LoopRange {
  int64_t low, high;
  const Axis *axis;
};

/// Rule 13: arithmetic on the index of a loop gives a number that remembers it.
class LoopRanges {
public:
  void set(const Variable *index, LoopRange range) { known[index] = range; }
  /// None: it depends on something else than loops' indices and constants, or on indices of two axes.
  std::optional<LoopRange> of(const Expr *e) const;

private:
  std::map<const Variable *, LoopRange> known;
};

} // namespace burin::sema
