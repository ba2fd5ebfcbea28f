// Where a value gets another length, or its length another axis: the sides of an `if`, and `as` (Axes.md).
#include "compiler/Sema/OtherLengths.h"
#include <fmt/format.h>

namespace burin::sema {

static const Element i64{Element::I64, nullptr};

// Two sides that are along one bounded axis may each be as long as they are: the value is as long as the side that is
// chosen. Here both lose these lengths, so that they can be aligned; `chosen` gets the axes with the one that is
// chosen.
void Analyzer::chooseLengths(Context &c, Sides &sides, Expr *&yes, Expr *&no, std::vector<AxisUse> &chosen) {
  auto along = [&](Expr *e, const AxisUse &a) -> const AxisUse * {
    auto found = llvm::find(e->type.axes, a);
    return found == e->type.axes.end() ? nullptr : &*found;
  };
  std::vector<AxisUse> all = visible(c, yes->type);
  for (const AxisUse &a : visible(c, no->type))
    if (!along(yes, a))
      all.push_back(a);
  for (const AxisUse &a : all) {
    const AxisUse *first = along(yes, a), *second = along(no, a);
    const Variable *lengths[] = {first ? first->length : nullptr, second ? second->length : nullptr};
    bool inside = (lengths[0] && sides.isInside(lengths[0])) || (lengths[1] && sides.isInside(lengths[1]));
    if (!a.axis->bounded || !(inside || (first && second && lengths[0] != lengths[1])))
      continue;
    const Variable *&length = sides.known[{lengths[0], lengths[1]}];
    AxisUse used[] = {a, a};
    used[0].length = lengths[0], used[1].length = lengths[1];
    if (!length && !(length = sides.choose(lengthOf(used[0], sides.place), lengthOf(used[1], sides.place))))
      return; // what chooses has the axis itself
    chosen.push_back(a);
    chosen.back().length = length;
  }
  auto strip = [&](Context &in, Expr *&e) {
    if (llvm::none_of(chosen, [&](const AxisUse &a) { return along(e, a); }))
      return;
    Expr *own = define(in, "side", tensor(e), sides.place).expr;
    e = own->kind == Expr::Use ? use(own->variable, sides.place) : own;
    for (AxisUse &a : e->type.axes)
      if (llvm::is_contained(chosen, a))
        a.length = nullptr;
  };
  if (!chosen.empty())
    strip(sides.yes, yes), strip(sides.no, no);
}

void Analyzer::withChosenLengths(Type &type, llvm::ArrayRef<AxisUse> chosen) {
  for (AxisUse &a : type.axes)
    if (auto found = llvm::find(chosen, a); found != chosen.end())
      a.length = found->length;
}

// `x as [time -> other]` where one of them is bounded, and their extents differ: what is present keeps its places.
// Storage has the other axis' extent: where it is longer, what is absent repeats the last place.
Expr *Analyzer::renameBounded(Context &c, Expr *x, AxisUse from, const AxisUse &to, Location place) {
  for (const AxisUse &a : x->type.axes)
    if (a == from)
      from = a; // with its length
  auto refuse = [&](std::string message, std::string help) {
    diagnostics.error("E0296", place, std::move(message))
        .label("here")
        .origin(from.axis->location, fmt::format("`{}` has {} places", show(from), from.extent))
        .origin(to.axis->location, fmt::format("`{}` has {} places", show(to), to.extent))
        .help(std::move(help));
    return nullptr;
  };
  if (!to.axis->bounded)
    return refuse(
        fmt::format("`{}` is bounded, and `{}` has a size, all of which would have to be present", show(from),
                    show(to)),
        fmt::format("say what stands behind the end: `let whole[i: {}] = x[{}: int(i) else 0]`", show(to), show(from)));
  if (!from.length && from.extent > to.extent)
    return refuse(fmt::format("all {} places of `{}` are present, and `{}` holds at most {}", from.extent, show(from),
                              show(to), to.extent),
                  fmt::format("cut it before, with `until`, or declare `dim {} <= {}`", to.axis->name, from.extent));
  AxisUse target = to;
  target.length = from.length;
  if (!from.length && from.extent < to.extent)
    target.length =
        define(c, to.axis->name + ".length", tensor(constant(i64, double(from.extent), place)), place).variable;
  if (from.length && from.extent > to.extent)
    endsWhere(
        c,
        pointwise("gt", {Element::Bool, nullptr}, {lengthOf(from, place), constant(i64, double(to.extent), place)},
                  place),
        "E0296",
        fmt::format("more is present along `{}` than `{}` holds, which is at most {}", show(from), show(to), to.extent),
        fmt::format("declare `dim {} <= {}`, or leave longer values out before", to.axis->name, from.extent), place);
  Expr *last = constant(i64, double(from.extent - 1), place);
  Expr *index = cast(pointwise("min", i64, {numbersAlong({to.axis, to.primes, to.extent}, place), last}, place),
                     indexOf(from), place);
  Type gathered{x->type.element, {target}}, ordered{x->type.element, {}};
  for (const AxisUse &a : x->type.axes) {
    ordered.axes.push_back(a == from ? target : a);
    if (!(a == from))
      gathered.axes.push_back(a);
  }
  Expr *out = node(Expr::Gather, gathered, place);
  out->operands = {x, index};
  out->over = {from};
  return broadcast(out, ordered, place);
}

} // namespace burin::sema
