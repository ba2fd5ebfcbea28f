// `which[kept](m)`: the indices at which a bool holds. Which.md.
#include "compiler/Sema/Which.h"
#include <fmt/format.h>

namespace burin::sema {

static const Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};
constexpr double nowhere = double(int64_t(1) << 62); // behind every index

Expr *Which::both(Expr *x, Expr *y) { return a.pointwise("and", truth, {x, y}, place); }
Expr *Which::number(double n) { return a.constant(i64, n, place); }

// The axis of the result, which holds as many as are found.
std::optional<AxisUse> Which::kept(const std::vector<Axes> &brackets) {
  if (brackets.size() == 1 && brackets[0].size() == 1 && brackets[0][0].axis->bounded && !brackets[0][0].primes)
    return AxisUse{brackets[0][0].axis, 0, brackets[0][0].axis->extent};
  auto &d = a.diagnostics.error("E0267", place, "`which` lists along a bounded axis, which is said in brackets");
  if (brackets.size() == 1 && brackets[0].size() == 1) {
    d.label(fmt::format("`{}` is not bounded", show(brackets[0][0])));
    d.origin(brackets[0][0].axis->location, "declared here");
  } else {
    d.label(brackets.empty() ? "no brackets" : "not one axis");
  }
  d.help("declare `dim kept <= 100`, the most that are found, and write `which[kept](m)`");
  return std::nullopt;
}

// The axis whose indices are listed.
std::optional<AxisUse> Which::listed(const Analyzer::Argument &given, Expr *m, const std::optional<Axes> &said) {
  std::optional<Axes> axes = said;
  if (!said)
    if (std::vector<AxisUse> all = a.visible(c, m->type); all.size() == 1)
      axes = Axes(all.begin(), all.end());
  if (!axes || axes->size() != 1)
    return a.errorOf(c, {given.value}, "E0267", place,
                     axes ? "`which` lists the indices of one axis"
                          : "of which axis `which` lists the indices is not said",
                     axes ? "not one axis" : a.describe(c, given.value), "write `which[kept](m, over: axis)`"),
           std::nullopt;
  if (!a.reducedAxes(c, "which", given, m, axes, place) || !a.keepsLengths(m->type, *axes, place))
    return std::nullopt;
  return axes->front();
}

// One after the other: the first behind the one before. Where none is left, that one again.
Expr *Which::places(Expr *m, const AxisUse &over, const AxisUse &kept) {
  Type rest{i64, {}};
  for (const AxisUse &axis : m->type.axes)
    if (!(axis == over))
      rest.axes.push_back(axis);
  std::string path = fmt::format("{}.which#{}", c.path, (*c.ordinal)++);
  Expr *last = a.localState(c, std::move(path), a.broadcast(number(-1), rest, place), place);
  Stmt *s = a.statement(c, Stmt::For, place);
  s->value = number(double(kept.extent)), s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  s->variables = {a.variable("found", {i64, {}}, place)};
  Context inner = c;
  inner.block = &s->body;
  Expr *numbers = a.numbersAlong(over, place);
  Expr *after = both(m, a.pointwise("gt", truth, {numbers, last}, place));
  Expr *candidates = a.pointwise("select", i64, {after, numbers, number(nowhere)}, place);
  Expr *next = a.define(inner, "next", a.tensor(a.reduce("min", candidates, {over}, place)), place).expr;
  Expr *isThere = a.pointwise("lt", truth, {next, number(nowhere)}, place);
  Expr *found =
      a.define(inner, "place", a.tensor(a.pointwise("select", i64, {isThere, next, last}, place)), place).expr;
  a.set(inner, last->slot, a.broadcast(found, last->type, place), place);
  Type emitted{i64, {kept}};
  emitted.axes.append(found->type.axes.begin(), found->type.axes.end());
  s->emitted.push_back(found->variable);
  s->variables.push_back(a.variable("places", emitted, place));
  return a.use(s->variables[1], place);
}

Value Which::make(const std::vector<Axes> &brackets, const std::vector<Analyzer::Argument> &given,
                  const std::optional<Axes> &said) {
  if (given.size() != 1 || !given[0].name.empty())
    return a.error("E0214", place, fmt::format("`which` takes one bool with an axis, and gets {}", given.size()),
                   "here", "write `which[kept](m)`");
  auto along = kept(brackets);
  Expr *m = along ? a.asTensor(c, given[0].value, given[0].place) : nullptr;
  if (!m)
    return {};
  if (m->type.element.kind != Element::Bool)
    return a.errorOf(c, {given[0].value}, "E0205", given[0].place, "`which` lists where a bool holds",
                     a.describe(c, given[0].value), "compare: `which[kept](x > 0)`");
  auto over = listed(given[0], m, said);
  if (!over)
    return {};
  if (over->extent < 0)
    return a.unsupported(place, "`which` over a whole data set",
                         "go through its batches, or split it by a condition: `split (kept: x > 0, rest: rest)`");
  for (const AxisUse &axis : m->type.axes)
    if (axis.axis == along->axis && !axis.primes && !(axis == *over))
      return a.error("E0204", place, fmt::format("the result of `which` would have the axis `{}` twice", show(*along)),
                     a.describe(c, given[0].value), "list along another bounded axis");
  if (Expr *there = a.present({*over}, place))
    m = both(m, there);
  m = a.define(c, "holds", a.tensor(m), given[0].place).expr;
  Expr *count = a.reduce("sum", a.cast(m, i64, place), {*over}, place);
  count = a.define(c, "count", a.tensor(count), place).expr;
  Expr *most = number(double(along->extent));
  a.endsWhere(c, a.pointwise("gt", truth, {count, most}, place), "E0507",
              fmt::format("more hold here than the {} that `{}` can list", along->extent, along->axis->name),
              fmt::format("declare `dim {} <= …` larger, or let fewer hold", along->axis->name), place);
  Value length =
      a.define(c, along->axis->name + ".length", a.tensor(a.pointwise("min", i64, {count, most}, place)), place);
  Expr *found = a.pointwise("max", i64, {places(m, *over, *along), number(0)}, place);
  Type type{a.indexOf(*over), {}};
  for (const AxisUse &axis : m->type.axes)
    if (!(axis == *over))
      type.axes.push_back(axis);
  AxisUse cut = *along;
  cut.length = length.variable;
  type.axes.push_back(cut); // behind what its length may differ along
  const Variable *v = a.variable("which", type, place);
  Stmt *s = a.statement(c, Stmt::Define, place);
  s->variables = {v}, s->value = a.broadcast(a.cast(found, type.element, place), type, place);
  Value out = a.tensor(a.use(v, place), given[0].value.draws);
  out.variable = v;
  return out;
}

} // namespace burin::sema
