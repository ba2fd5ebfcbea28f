// Lists, sums of axes, and numbers that become indices (rules 11 and 12).
#include "compiler/Sema/Conversions.h"
#include <cmath>
#include <fmt/format.h>

namespace burin::sema {

const Axis::Part *Analyzer::partOf(const Axis &whole, const Axis *part, bool *several) {
  const Axis::Part *found = nullptr;
  for (const Axis::Part &p : whole.parts)
    if (p.axis && p.axis == part) {
      if (found && several)
        *several = true;
      found = found ? found : &p;
    }
  return found;
}

// The indices of `whole` that a part has, along the part's axis.
Expr *Analyzer::partIndices(const AxisUse &whole, const Axis::Part &part, Location place) {
  Element i64{Element::I64, nullptr};
  Expr *own = numbersAlong({part.axis, 0, part.extent}, place);
  Expr *moved = pointwise("add", i64, {own, constant(i64, double(part.first), place)}, place);
  return cast(moved, {Element::Index, whole.axis}, place);
}

// `[a, b]` along an axis: each element is where it has its place. Of an element along a part's axis, its own indices
// are taken; what those of other places would be is never looked at.
Value Analyzer::joined(Context &c, llvm::ArrayRef<Expr *> elements, const AxisUse &along,
                       llvm::ArrayRef<Axis::Part> parts, Location place, bool draws) {
  Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};
  Expr *position = define(c, "place", tensor(numbersAlong(along, place)), place).expr;
  auto placed = [&](size_t k) {
    const Axis::Part &part = parts[k];
    Expr *e = elements[k];
    if (!part.axis)
      return e;
    Expr *inside = pointwise("sub", i64, {position, constant(i64, double(part.first), place)}, place);
    inside = pointwise("min", i64, {inside, constant(i64, double(part.extent - 1), place)}, place);
    inside = pointwise("max", i64, {inside, constant(i64, 0, place)}, place);
    Type type{e->type.element, {along}};
    for (const AxisUse &a : e->type.axes)
      if (a.axis != part.axis || a.primes)
        type.axes.push_back(a);
    Expr *moved = node(Expr::Gather, type, place);
    moved->operands = {e, cast(inside, {Element::Index, part.axis}, place)};
    moved->over = {{part.axis, 0, part.extent}};
    return moved;
  };
  size_t last = elements.size() - 1;
  Expr *out = placed(last);
  for (size_t k = last; k-- > 0;) {
    const Axis::Part &part = parts[k];
    Expr *before = pointwise("lt", truth, {position, constant(i64, double(part.first + part.extent), place)}, place);
    Expr *e = placed(k);
    out = pointwise("select", e->type.element, {before, e, out}, place);
  }
  if (!llvm::is_contained(out->type.axes, along)) {
    Type full = out->type;
    full.axes.push_back(along);
    out = broadcast(out, full, place);
  }
  return tensor(out, draws);
}

// A list where a type is asked: its elements go along the one axis that they lack. Along a sum of axes, an element may
// stand for a part.
Value Analyzer::listAs(Context &c, const Value &list, const Type &type, Location place) {
  constexpr size_t most = 256;
  if (list.fields.size() > most)
    return error("E0233", place, fmt::format("a list has at most {} elements", most),
                 fmt::format("{}", list.fields.size()), "give a tensor as an option, or compute it");
  std::vector<AxisUse> open(type.axes.begin(), type.axes.end());
  bool nested = false;
  for (auto &[name, v] : list.fields) {
    nested |= v.kind == Value::List;
    if (v.kind == Value::Tensor)
      llvm::erase_if(open, [&](const AxisUse &a) { return llvm::is_contained(v.expr->type.axes, a); });
  }
  if (open.empty() || (open.size() > 1 && !nested))
    return error("E0233", place,
                 open.empty() ? fmt::format("no axis of {} is left for this list", show(type))
                              : fmt::format("which axis of {} this list goes along is not known", show(type)),
                 fmt::format("{} elements", list.fields.size()),
                 "its elements lack one axis of the type: nest lists, or give each its axes");
  AxisUse along = open[0];
  std::vector<Axis::Part> parts = along.axis->parts;
  bool byParts = parts.size() == list.fields.size() && along.extent == along.axis->extent;
  if (!byParts) {
    parts.clear();
    for (int64_t k = 0; k < int64_t(list.fields.size()); ++k)
      parts.push_back({nullptr, k, 1});
    if (int64_t(list.fields.size()) != along.extent)
      return error("E0233", place,
                   fmt::format("`{}` has {} elements, and this list {}", show(along), along.extent, list.fields.size()),
                   fmt::format("{} elements", list.fields.size()),
                   along.axis->parts.empty() ? "give one element for each index"
                                             : fmt::format("give one for each index, or one for each of its {} parts",
                                                           along.axis->parts.size()));
  }
  std::vector<Expr *> elements;
  bool draws = false;
  for (size_t k = 0; k < list.fields.size(); ++k) {
    Value v = list.fields[k].second;
    Type inner{type.element, {}};
    for (const AxisUse &a : type.axes)
      if (!(a == along))
        inner.axes.push_back(a);
    if (parts[k].axis)
      inner.axes.push_back({parts[k].axis, 0, parts[k].extent});
    if (v.kind == Value::List)
      v = listAs(c, v, inner, place);
    if (v.isError())
      return v;
    Expr *e = asTensor(c, v, place, type.element);
    if (!e)
      return {};
    if (!(e->type.element == type.element))
      return error("E0205", place, fmt::format("element {} of this list is no {}", k + 1, show(Type{type.element, {}})),
                   describe(c, v), fmt::format("convert it, for example `{}(…)`", show(Type{type.element, {}})));
    for (const AxisUse &a : visible(c, e->type))
      if (!llvm::is_contained(inner.axes, a))
        return error("E0233", place, fmt::format("element {} of this list has the axis `{}` besides", k + 1, show(a)),
                     describe(c, v), fmt::format("{} is asked", show(inner)));
    if (parts[k].axis && !llvm::is_contained(e->type.axes, inner.axes.back()))
      return error(
          "E0233", place,
          fmt::format("element {} of this list stands for `{}`, and has no such axis", k + 1, parts[k].axis->name),
          describe(c, v), fmt::format("{} is asked", show(inner)));
    elements.push_back(e), draws |= v.draws;
  }
  return joined(c, elements, along, parts, place, draws);
}

static bool isWhole(const Element &e) {
  return e.kind == Element::I64 || e.kind == Element::I32 || e.kind == Element::U8;
}

// `class("A")`, `class(3)`, `class(label)`, `class(n)`: an index of the axis.
Value Analyzer::toIndex(Context &c, const AxisUse &axis, const std::vector<Argument> &given, const syntax::Expr &call) {
  const std::string &name = call.operands[0]->name;
  if (given.size() != 1 || !given[0].name.empty())
    return error("E0214", call.place, fmt::format("`{}(…)` makes an index of one value", name),
                 fmt::format("{} arguments", given.size()), fmt::format("write `{}(n)`", name));
  const Value &v = given[0].value;
  Element to{Element::Index, axis.axis};
  if (v.kind == Value::Text) {
    auto &labels = axis.axis->labels;
    for (size_t k = 0; k < labels.size(); ++k)
      if (labels[k] == v.text)
        return tensor(constant(to, double(k), call.place));
    auto near = nearestName(v.text, labels);
    return error("E0216", given[0].place, fmt::format("`{}` has no label \"{}\"", name, v.text), "not there",
                 near ? fmt::format("did you mean \"{}\"?", *near) : "labels stand in its `dim`");
  }
  if (v.kind == Value::Literal) {
    Expr *index = asTensor(c, v, given[0].place, to);
    return index ? tensor(index) : Value();
  }
  Expr *n = asTensor(c, v, given[0].place, Element{Element::I64, nullptr});
  if (!n || n->type.element == to)
    return n ? v : Value();
  Element i64{Element::I64, nullptr};
  if (n->type.element.kind == Element::Index) {
    bool several = false;
    const Axis::Part *part = partOf(*axis.axis, n->type.element.index, &several);
    if (!part)
      return error("E0235", given[0].place, fmt::format("`{}` is no part of `{}`", n->type.element.index->name, name),
                   describe(c, v),
                   fmt::format("declare it: `dim {} = {{…}} + {}`; or convert the number: `{}(int(…))`", name,
                               n->type.element.index->name, name));
    if (several)
      return error("E0235", given[0].place,
                   fmt::format("`{}` is more than one part of `{}`", n->type.element.index->name, name), describe(c, v),
                   fmt::format("say which by its number: `{}(int(…) + …)`", name));
    n = pointwise("add", i64, {cast(n, i64, call.place), constant(i64, double(part->first), call.place)}, call.place);
    return tensor(cast(n, to, call.place), v.draws);
  }
  if (!isWhole(n->type.element))
    return errorOf(c, {given[0].value}, "E0205", given[0].place, "an index is made of a whole number", describe(c, v),
                   "convert it, for example `int(x)`");
  if (axis.extent < 0 || axis.axis->bounded)
    return unsupported(call.place, "a checked index of this axis",
                       axis.extent < 0 ? "go through its rows: `for row in set.batches[batch] { … }`"
                                       : "index by the number, with a guard: `x[n else 0]`");
  return Conversions(*this, c, call.place).index(cast(n, i64, call.place), axis, v.draws);
}

} // namespace burin::sema
