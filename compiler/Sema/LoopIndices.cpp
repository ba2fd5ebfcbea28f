// Rule 13: arithmetic on the index of a loop gives a number that remembers it, and is an index of its axis again where
// it can't leave that.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// From where to where a number goes that is computed of loops' indices and constants, and the one axis whose indices
// these are. None: it depends on something else, or on indices of two axes.
std::optional<Analyzer::LoopRange> Analyzer::loopRange(const Expr *e) const {
  constexpr int64_t most = int64_t(1) << 40; // no axis is as long, so no sum here overflows
  if (e->kind == Expr::Constant && !e->type.element.isFloat() && std::abs(e->integer) < most)
    return LoopRange{e->integer, e->integer, nullptr};
  if (e->kind == Expr::Use) {
    auto known = loopRanges.find(e->variable);
    return known == loopRanges.end() ? std::nullopt : std::optional(known->second);
  }
  if (e->kind != Expr::Pointwise)
    return std::nullopt;
  auto first = loopRange(e->operands[0]);
  if (!first)
    return std::nullopt;
  if (e->name == "cast" && !e->type.element.isFloat() && e->type.element.kind != Element::Bool) {
    if (e->type.element.kind == Element::Index)
      first->axis = e->type.element.index;
    return first;
  }
  auto second = e->operands.size() == 2 ? loopRange(e->operands[1]) : std::nullopt;
  if (!second || (e->name != "add" && e->name != "sub") || (first->axis && second->axis && first->axis != second->axis))
    return std::nullopt;
  const Axis *axis = first->axis ? first->axis : second->axis;
  if (e->name == "add")
    return LoopRange{first->low + second->low, first->high + second->high, axis};
  return LoopRange{first->low - second->high, first->high - second->low, axis};
}

// A number that is computed of a loop's index of the axis, as an index of it; null after an error where it can leave
// it.
Expr *Analyzer::loopIndex(Expr *number, const LoopRange &range, const AxisUse &at, Location place) {
  if (range.low < 0 || range.high >= at.extent) {
    diagnostics
        .error("E0227", place,
               fmt::format("this index goes from {} to {}, and `{}` from 0 to {}", range.low, range.high, show(at),
                           at.extent - 1))
        .label("outside")
        .help(fmt::format("let the loop begin later or end sooner, `for t in 1..{0}`, or say what stands outside: "
                          "`x[{0}: t - 1 else 0]`",
                          at.axis->name));
    return nullptr;
  }
  return cast(number, at.length ? Element{Element::Index, at.axis} : indexOf(at), place);
}

} // namespace burin::sema
