#include "compiler/Sema/Conversions.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

static const Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};

static unsigned widthOf(const Element &e) { return e.kind == Element::I64 ? 64 : e.kind == Element::I32 ? 32 : 8; }
/// The least number of an integer type, and the first above all of them.
static double lowest(const Element &e) { return e.kind == Element::U8 ? 0 : -std::ldexp(1.0, int(widthOf(e)) - 1); }
static double beyond(const Element &e) { return e.kind == Element::U8 ? 256 : std::ldexp(1.0, int(widthOf(e)) - 1); }
static bool isInteger(const Element &e) {
  return e.kind == Element::I64 || e.kind == Element::I32 || e.kind == Element::U8;
}
/// Whether each number of one integer type is one of another.
static bool holdsAll(const Element &from, const Element &to) {
  return lowest(to) <= lowest(from) && beyond(from) <= beyond(to);
}
static std::string name(const Element &e) { return show(Type{e, {}}); }

static std::optional<Element> elementOf(const Value &v) {
  return v.kind == Value::Function && !v.function.item ? elementNamed(v.function.primitive) : std::nullopt;
}

std::pair<int64_t, int64_t> Conversions::range(const Element &e) {
  return {int64_t(lowest(e)), e.kind == Element::I64 ? INT64_MAX : int64_t(beyond(e)) - 1};
}

// What is converted, as a tensor. A literal takes the element that is asked for; where that has no point, it loses what
// stands behind its own.
Expr *Conversions::number(const Argument &given, const Element &to, const char *what) {
  Value v = given.value;
  if (v.kind == Value::Literal && isInteger(to))
    v.number = std::trunc(v.number), v.whole = true, v.exact.reset();
  if (to.kind == Element::Bool)
    return a.errorOf(c, {v}, "E0291", place, fmt::format("{} makes numbers, and a bool is none", what),
                     v.kind == Value::Error ? "here" : a.describe(c, v), "compare: `x != 0`"),
           nullptr;
  bool literal = v.kind == Value::Literal || v.kind == Value::AxisName;
  return a.asTensor(c, v, given.place, literal ? std::optional(to) : std::nullopt);
}

Expr *Conversions::between(Expr *n, double low, double high) {
  Element e = n->type.element;
  n = a.pointwise("min", e, {n, a.constant(e, high, place)}, place);
  return a.pointwise("max", e, {n, a.constant(e, low, place)}, place);
}

// Where a float, cut to a whole number, is none that an integer type has: a NaN is none of any.
Expr *Conversions::outside(Expr *x, const Element &to) {
  Element e = x->type.element;
  bool exact = to.kind != Element::I64 && (to.kind == Element::U8 || e.kind == Element::F64);
  Expr *above = exact ? a.pointwise("gt", truth, {x, a.constant(e, lowest(to) - 1, place)}, place)
                      : a.pointwise("ge", truth, {x, a.constant(e, lowest(to), place)}, place);
  Expr *below = a.pointwise("lt", truth, {x, a.constant(e, beyond(to), place)}, place);
  return a.pointwise("not", truth, {a.pointwise("and", truth, {above, below}, place)}, place);
}

Value Conversions::convert(const Element &to, const std::vector<Argument> &given) {
  if (given.size() != 1 || !given[0].name.empty())
    return a.error("E0214", place, fmt::format("`{}` takes 1 argument, and gets {}", name(to), given.size()), "here",
                   fmt::format("write `{}(x)`", name(to)));
  Expr *x = number(given[0], to, "a conversion");
  if (!x)
    return {};
  bool draws = given[0].value.draws;
  const Element &from = x->type.element;
  if (from == to || !isInteger(to) || from.kind == Element::Bool)
    return a.tensor(a.cast(x, to, place), draws);
  if (from.kind == Element::Index) {
    int64_t extent = from.index->extent;
    if (extent >= 0 ? double(extent) <= beyond(to) : to.kind == Element::I64)
      return a.tensor(a.cast(x, to, place), draws);
    x = a.cast(x, i64, place);
  } else if (isInteger(from) && holdsAll(from, to)) {
    return a.tensor(a.cast(x, to, place), draws);
  }
  x = a.define(c, "number", a.tensor(a.widened(x, place), draws), place).expr;
  Expr *held = a.cast(x, to, place);
  bool real = x->type.element.isFloat();
  Expr *wrong = real ? outside(x, to) : a.pointwise("ne", truth, {a.cast(held, x->type.element, place), x}, place);
  std::string range = to.kind == Element::I64 ? fmt::format("{} to {}", INT64_MIN, INT64_MAX)
                                              : fmt::format("{:.0f} to {:.0f}", lowest(to), beyond(to) - 1);
  std::string help = fmt::format("`clip(x, {0})` takes the nearest", name(to));
  if (!real)
    help += fmt::format(", `wrap(x, {0})` counts around", name(to));
  return checked(held, wrong, draws, "E0290", fmt::format("this is no {}, which goes from {}", name(to), range), help);
}

// What is computed with it before the run ends is a number of the type.
Value Conversions::checked(Expr *held, Expr *wrong, bool draws, const char *code, std::string message,
                           std::string help) {
  a.endsWhere(c, wrong, code, std::move(message), std::move(help), place);
  return a.tensor(held, draws);
}

// What is computed with the index before the run ends is held inside.
Value Conversions::index(Expr *n, const AxisUse &axis, bool draws) {
  n = a.define(c, "number", a.tensor(n, draws), place).expr;
  Expr *held = between(n, 0, double(axis.extent - 1));
  return checked(a.cast(held, {Element::Index, axis.axis}, place), a.pointwise("ne", truth, {held, n}, place), draws,
                 "E0232",
                 fmt::format("this is no index of `{}`, which goes from 0 to {}", axis.axis->name, axis.extent - 1),
                 fmt::format("`clip(n, {0})` takes the nearest, `n % {0}` wraps", axis.axis->name));
}

Value Conversions::clipIndex(const Argument &given, const Argument &to) {
  AxisUse axis = to.value.axis;
  if (axis.extent < 0 || axis.axis->bounded)
    return a.unsupported(to.place,
                         axis.extent < 0 ? "an index of a data set's axis" : "an index of a bounded axis here",
                         axis.extent < 0 ? "go through its rows: `for row in set.batches[batch] { … }`"
                                         : "index by the number, with a guard: `x[n else 0]`");
  Expr *n = a.asTensor(c, given.value, given.place, i64);
  if (!n)
    return {};
  if (!isInteger(n->type.element) && n->type.element.kind != Element::Index)
    return a.errorOf(c, {given.value}, "E0205", given.place, "an index is made of a whole number",
                     a.describe(c, given.value), "convert it, for example `int(x)`");
  n = between(a.cast(n, i64, place), 0, double(axis.extent - 1));
  return a.tensor(a.cast(n, {Element::Index, axis.axis}, place), given.value.draws);
}

Value Conversions::clip(const std::vector<Argument> &given) {
  if (given.size() == 2 && given[1].value.kind == Value::AxisName)
    return clipIndex(given[0], given[1]);
  if (given.size() == 3) {
    bool known = false;
    Value above = a.primitive(c, "max", {given[0], given[1]}, place, known);
    return above.isError() ? above : a.primitive(c, "min", {{"", above, given[0].place}, given[2]}, place, known);
  }
  auto to = given.size() == 2 ? elementOf(given[1].value) : std::nullopt;
  if (!to)
    return a.error("E0214", place, "`clip` takes a number and an axis or a type, or a number and two bounds",
                   fmt::format("{} arguments", given.size()),
                   "write `clip(n, axis)`, `clip(x, u8)` or `clip(x, low, high)`");
  if (to->isFloat())
    return a.error("E0291", given[1].place,
                   fmt::format("`clip` finds the nearest whole number, and {} has others", name(*to)),
                   "no type of whole numbers", fmt::format("convert it: `{}(x)`", name(*to)));
  Value v = given[0].value;
  if (v.kind == Value::Literal && to->kind != Element::Bool)
    v.number = std::clamp(std::trunc(v.number), lowest(*to), beyond(*to) - 1);
  Expr *x = number({"", v, given[0].place}, *to, "`clip`");
  if (!x)
    return {};
  const Element from = x->type.element;
  if (from.kind == Element::Index)
    x = a.cast(x, i64, place);
  if (isInteger(x->type.element) && !holdsAll(x->type.element, *to))
    x = between(x, lowest(*to), beyond(*to) - 1);
  return a.tensor(a.cast(x, *to, place), given[0].value.draws);
}

Value Conversions::wrap(const std::vector<Argument> &given) {
  if (given.size() == 2 && given[1].value.kind == Value::AxisName)
    return a.arithmetic(c, "%", given[0].value, given[1].value, place, given[0].place, given[1].place);
  auto to = given.size() == 2 ? elementOf(given[1].value) : std::nullopt;
  if (!to)
    return a.error("E0214", place, "`wrap` takes a whole number, and a type or an axis",
                   fmt::format("{} arguments", given.size()), "write `wrap(n, u8)` or `wrap(n, axis)`");
  if (to->isFloat())
    return a.error("E0291", given[1].place, fmt::format("`wrap` counts around, and {} has no end", name(*to)),
                   "no type of whole numbers", fmt::format("convert it: `{}(x)`", name(*to)));
  Value v = given[0].value;
  Expr *x = v.kind == Value::Literal && v.whole && to->kind != Element::Bool ? a.asTensor(c, v, given[0].place, i64)
                                                                             : number(given[0], *to, "`wrap`");
  if (!x)
    return {};
  if (x->type.element.isFloat())
    return a.errorOf(c, {v}, "E0291", given[0].place, "`wrap` takes whole numbers", a.describe(c, v),
                     fmt::format("convert it first: `wrap(int(x), {})`", name(*to)));
  if (x->type.element.kind == Element::Index)
    x = a.cast(x, i64, place);
  return a.tensor(a.cast(x, *to, place), v.draws);
}

} // namespace burin::sema
