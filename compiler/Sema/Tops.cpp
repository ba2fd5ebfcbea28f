// `top[beam](x, over: (beam, glyph))`: the largest elements with their indices. Tops.md.
#include "compiler/Sema/Tops.h"
#include "compiler/Sema/Conversions.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

static const Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};

Expr *Tops::both(Expr *x, Expr *y) { return a.pointwise("and", truth, {x, y}, place); }
Expr *Tops::either(Expr *x, Expr *y) { return a.pointwise("or", truth, {x, y}, place); }
Expr *Tops::compare(const char *how, Expr *x, Expr *y) { return a.pointwise(how, truth, {x, y}, place); }
Expr *Tops::isNan(Expr *x) { return compare("ne", x, x); }

// Which axis counts what is found: one with a size, which says how many.
std::optional<AxisUse> Tops::counted(const std::vector<Axes> &brackets) {
  if (brackets.size() != 1 || brackets[0].size() != 1)
    return a.error("E0214", place, "`top` takes one axis in brackets: how many are found, and the axis of the result",
                   brackets.empty() ? "no brackets" : "not one axis", "write `top[beam](x, over: axis)`"),
           std::nullopt;
  AxisUse k = brackets[0][0];
  if (k.axis->bounded || k.extent < 0)
    return a.error("E0239", place, fmt::format("how many `top` finds is a size, and `{}` has none", show(k)),
                   k.axis->bounded ? "a bounded axis" : "a data set", "declare one: `dim beam = 5`"),
           std::nullopt;
  return k;
}

// There are as many as are found: where that is known, and where a value's length says it, when running.
bool Tops::enough(Expr *x, const AxisUse &k) {
  double most = 1;
  Expr *present = nullptr;
  for (const AxisUse &axis : over) {
    if (axis.extent < 0)
      return a.unsupported(place, "`top` over a whole data set",
                           "`max` and `argmax` take a whole set; or go through its batches"),
             false;
    most *= double(axis.extent);
    Expr *length = a.lengthOf(axis, place);
    present = present ? a.pointwise("mul", i64, {present, length}, place) : length;
  }
  if (double(k.extent) > most && !a.anyExtents) {
    a.diagnostics.error("E0239", place, fmt::format("`top` finds {} here, and there are {:.0f}", k.extent, most))
        .label(show(a.visibleType(c, x->type)))
        .origin(k.axis->location, fmt::format("`{}` is {}", show(k), k.extent))
        .help("find fewer, or look over more axes");
    return false;
  }
  if (llvm::any_of(over, [](const AxisUse &axis) { return axis.length; }))
    a.endsWhere(c, compare("lt", present, a.constant(i64, double(k.extent), place)), "E0239",
                fmt::format("`top` finds {} here, and fewer are present", k.extent),
                "find fewer, or leave short values out before", place);
  return true;
}

// The number of each element that is looked at, in the order of `over`: the first axis varies slowest.
Expr *Tops::numbers() {
  Expr *out = nullptr;
  double stride = 1;
  for (const AxisUse &axis : llvm::reverse(over)) {
    Expr *n = a.pointwise("mul", i64, {a.numbersAlong(axis, place), a.constant(i64, stride, place)}, place);
    out = out ? a.pointwise("add", i64, {out, n}, place) : n;
    stride *= double(axis.extent);
  }
  return out;
}

// A state of the search: one for each of what is not looked over.
Expr *Tops::state(const char *name, const Type &type, Expr *first) {
  std::string path = fmt::format("{}.top#{}.{}", c.path, (*c.ordinal)++, name);
  return a.localState(c, std::move(path), a.broadcast(first, type, place), place);
}

// One after the other: of what comes after the one before, the first. NaNs come first, then the larger ones; of equal
// ones the one that stands first.
Expr *Tops::places(Expr *x, const AxisUse &k) {
  Element element = x->type.element;
  Type rest{element, {}};
  double all = 1;
  for (const AxisUse &axis : x->type.axes)
    if (!llvm::is_contained(over, axis))
      rest.axes.push_back(axis);
  for (const AxisUse &axis : over)
    all *= double(axis.extent);
  Expr *value =
      state("value", rest, element.isFloat() ? a.constant(element, NAN, place) : a.endOf(element, true, place));
  Expr *number = state("number", {i64, rest.axes}, a.constant(i64, -1, place));
  Stmt *s = a.statement(c, Stmt::For, place);
  s->value = a.constant(i64, double(k.extent), place), s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  s->variables = {a.variable("found", {i64, {}}, place)};
  Context inner = c;
  inner.block = &s->body;
  Expr *numbers = this->numbers();
  Expr *before = compare("lt", x, value), *level = compare("eq", x, value);
  if (element.isFloat()) {
    before = either(before, both(isNan(value), a.pointwise("not", truth, {isNan(x)}, place)));
    level = either(level, both(isNan(value), isNan(x)));
  }
  Expr *after = either(before, both(level, compare("gt", numbers, number)));
  if (Expr *there = a.present(over, place))
    after = both(after, there);
  after = a.define(inner, "after", a.tensor(after), place).expr;
  Expr *candidates = a.pointwise("select", element, {after, x, a.endOf(element, false, place)}, place);
  Expr *most = a.define(inner, "most", a.tensor(a.reduce("max", candidates, over, place)), place).expr;
  Expr *attains = compare("eq", x, most);
  if (element.isFloat())
    attains = either(attains, isNan(x));
  Expr *number2 = a.pointwise("select", i64, {both(after, attains), numbers, a.constant(i64, all - 1, place)}, place);
  Expr *found = a.define(inner, "place", a.tensor(a.reduce("min", number2, over, place)), place).expr;
  for (auto [state, next] : {std::pair(value, most), std::pair(number, found)})
    a.set(inner, state->slot, a.broadcast(next, state->type, place), place);
  Type emitted{i64, {k}};
  emitted.axes.append(found->type.axes.begin(), found->type.axes.end());
  s->emitted.push_back(found->variable);
  s->variables.push_back(a.variable("places", emitted, place));
  return a.use(s->variables[1], place);
}

Value Tops::make(const std::vector<Axes> &brackets, const std::vector<Argument> &given, std::optional<Axes> said) {
  if (given.size() != 1 || !given[0].name.empty())
    return a.error("E0214", place, fmt::format("`top` takes one value, and gets {}", given.size()), "here",
                   "write `top[beam](x, over: axis)`");
  auto k = counted(brackets);
  Expr *x = k ? a.asTensor(c, given[0].value, given[0].place) : nullptr;
  if (!x || !a.reducedAxes(c, "top", given[0], x, said, place) || !a.keepsLengths(x->type, *said, place))
    return {};
  over = *said;
  if (over.empty())
    return a.error("E0215", place, "`top` over no axis has no place to give", "over `()`", "name an axis");
  Element element = x->type.element;
  if (element.kind == Element::Index || element.kind == Element::Bool)
    return a.errorOf(c, {given[0].value}, "E0205", given[0].place,
                     fmt::format("`top` does not take {}", show(Type{element, {}})), a.describe(c, given[0].value),
                     "it takes numbers: indices and bools are no quantities");
  for (const AxisUse &axis : x->type.axes)
    if (axis.axis == k->axis && axis.primes == k->primes && !llvm::is_contained(over, axis))
      return a.error("E0204", place, fmt::format("the result of `top` would have the axis `{}` twice", show(*k)),
                     a.describe(c, given[0].value), "look over that axis, too, or let another axis count");
  if (!enough(x, *k))
    return {};
  x = a.define(c, "values", a.tensor(x), given[0].place).expr;
  Expr *decided = a.pointwise("stop", element, {x}, place);
  decided->decides = true;
  Expr *found = places(a.define(c, "decided", a.tensor(decided), place).expr, *k);
  Value indices;
  indices.kind = Value::Tuple;
  std::vector<Analyzer::Operand> at;
  double stride = 1;
  for (const AxisUse &axis : llvm::reverse(over)) {
    Expr *n = a.pointwise("div", i64, {found, a.constant(i64, stride, place)}, place);
    n = a.pointwise("rem", i64, {n, a.constant(i64, double(axis.extent), place)}, place);
    Value index = a.define(c, axis.axis->name, a.tensor(a.cast(n, {Element::Index, axis.axis}, place)), place);
    stride *= double(axis.extent);
    // The values are as smooth as those of `max`: what is decided, is decided at the point.
    at.insert(at.begin(), {false, a.pointwise("stop", index.expr->type.element, {index.expr}, place), place});
    index.draws = given[0].value.draws;
    indices.fields.insert(indices.fields.begin(), {axis.primes ? "" : axis.axis->name, index});
  }
  Value values = a.gatherLeaf(c, x, over, at, place), out;
  if (values.isError())
    return {};
  values.draws = given[0].value.draws;
  out.kind = Value::Tuple;
  out.fields = {{"value", a.define(c, "value", values, place)},
                {"index", over.size() == 1 ? indices.fields[0].second : indices}};
  return out;
}

} // namespace burin::sema
