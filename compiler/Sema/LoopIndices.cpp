// Rule 13: arithmetic on the index of a loop gives an index of its axis again where it can't leave that.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// Numbers of 64 bits and indices are what they are when they are converted to each other; others may wrap.
static bool isExact(const Element &e) { return e.kind == Element::I64 || e.kind == Element::Index; }

std::optional<LoopRange> LoopRanges::of(const Expr *e) const {
  constexpr int64_t most = int64_t(1) << 40; // no axis is as long, so no sum here overflows
  if (!isExact(e->type.element))
    return std::nullopt;
  if (e->kind == Expr::Constant && std::abs(e->integer) < most)
    return LoopRange{e->integer, e->integer, nullptr};
  if (e->kind == Expr::Use) {
    auto found = known.find(e->variable);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }
  if (e->kind != Expr::Pointwise)
    return std::nullopt;
  auto first = of(e->operands[0]);
  if (first && e->name == "cast") {
    if (e->type.element.kind == Element::Index)
      first->axis = e->type.element.index;
    return first;
  }
  auto second = e->operands.size() == 2 ? of(e->operands[1]) : std::nullopt;
  if (!first || !second || (e->name != "add" && e->name != "sub") ||
      (first->axis && second->axis && first->axis != second->axis))
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
