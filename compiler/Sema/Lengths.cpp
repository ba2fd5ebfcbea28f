// Bounded axes: a value along one carries its length, and what reads it along the axis sees what is present (Axes.md).
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

Expr *Analyzer::lengthOf(const AxisUse &a, Location place) {
  if (!a.length)
    return constant({Element::I64, nullptr}, double(a.extent), place);
  return use(a.length, place);
}

// Whether what stands at an index is known to be there: all is, or a loop over what is present gave the index.
bool Analyzer::isPresent(const Expr *index, const Variable *length) const {
  auto below = index->kind == Expr::Use ? presentBelow.find(index->variable) : presentBelow.end();
  return !length || (below != presentBelow.end() && below->second == length);
}

// The index of a loop over what is present of one length, where there is another.
bool Analyzer::anotherLength(const Expr *index, const AxisUse &at, Location place) {
  if (index->kind != Expr::Use || !presentBelow.count(index->variable))
    return false;
  error("E0237", place, fmt::format("the loop goes through another length than this has along `{}`", show(at)),
        "cut by another `until`", "loop in a function of what was cut");
  return true;
}

bool Analyzer::isLast(const Scope *scope, const syntax::Expr &e) const {
  const Entity *own = e.kind == syntax::Expr::NameUse && e.name == "last" ? lookup(scope, e.name) : nullptr;
  return e.kind == syntax::Expr::NameUse && e.name == "last" && !e.primes && (!own || own->kind == Entity::Declaration);
}

// A number as an index of what is present along an axis. `inside`: where it is one, of an index with a guard; without
// one the run ends with an error where it is none.
Expr *Analyzer::heldIndex(Context &c, Expr *number, const AxisUse &at, std::string message, const syntax::Entry &entry,
                          Expr *&inside) {
  Location place = entry.value->place;
  Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};
  Expr *n = define(c, "number", tensor(number), place).expr, *zero = constant(i64, 0, place);
  Expr *last = pointwise("sub", i64, {lengthOf(at, place), constant(i64, 1, place)}, place);
  Expr *there = pointwise("and", truth,
                          {pointwise("ge", truth, {n, zero}, place), pointwise("le", truth, {n, last}, place)}, place);
  if (entry.guard)
    inside = there;
  else
    endsWhere(c, pointwise("not", truth, {there}, place), "E0238", std::move(message),
              fmt::format("say what stands in its place: `x[{}: {} else …]`", at.axis->name,
                          isLast(c.scope, *entry.value) ? "last" : "i"),
              place);
  return cast(pointwise("max", i64, {pointwise("min", i64, {n, last}, place), zero}, place), indexOf(at), place);
}

// `x[S: last]`: the last element that is present.
Expr *Analyzer::lastIndex(Context &c, const AxisUse &at, const syntax::Entry &entry, Expr *&inside) {
  Location place = entry.value->place;
  Element i64{Element::I64, nullptr};
  if (at.extent < 0)
    return unsupported(place, "the last row of a data set",
                       "go through its rows: `for row in set.batches[batch] { … }`"),
           nullptr;
  if (at.length)
    return heldIndex(c, pointwise("sub", i64, {lengthOf(at, place), constant(i64, 1, place)}, place), at,
                     fmt::format("nothing is present along `{}`, so nothing is last", at.axis->name), entry, inside);
  return constant(indexOf(at), double(at.extent - 1), place);
}

// An index that is computed: it may lie beyond what is present.
Expr *Analyzer::presentIndex(Context &c, Expr *index, const AxisUse &at, const syntax::Entry &entry, Expr *&inside) {
  return heldIndex(c, cast(index, {Element::I64, nullptr}, entry.value->place), at,
                   fmt::format("this index of `{}` lies beyond what is present", at.axis->name), entry, inside);
}

// A type says axes, and not how much of them is present: that the value says.
Type Analyzer::withLengthsOf(Type declared, const Expr &value) {
  for (AxisUse &a : declared.axes)
    for (const AxisUse &have : value.type.axes)
      if (a == have)
        a.length = have.length;
  return declared;
}

// Which elements along these axes are present; null: all are.
Expr *Analyzer::present(llvm::ArrayRef<AxisUse> axes, Location place) {
  Element truth{Element::Bool, nullptr};
  Expr *out = nullptr;
  for (const AxisUse &a : axes) {
    if (!a.length)
      continue;
    Expr *position = numbersAlong(a, place);
    Expr *here = pointwise("lt", truth, {position, lengthOf(a, place)}, place);
    out = out ? pointwise("and", truth, {out, here}, place) : here;
  }
  return out;
}

// What is absent is replaced in the operand, by the identity of what follows.
Expr *Analyzer::absentAs(Expr *e, double number, llvm::ArrayRef<AxisUse> axes, Location place) {
  Expr *here = present(axes, place);
  return here ? pointwise("select", e->type.element, {here, e, constant(e->type.element, number, place)}, place) : e;
}

// Rule 4: what meets along a bounded axis has one length.
bool Analyzer::equalLengths(Context &c, llvm::ArrayRef<Expr *> operands, Location place, const std::string &what) {
  std::vector<std::pair<AxisUse, Expr *>> seen;
  for (Expr *e : operands)
    for (const AxisUse &a : visible(c, e->type)) {
      if (!a.axis->bounded)
        continue;
      for (auto &[b, other] : seen)
        if (a == b && a.length != b.length) {
          auto &d = diagnostics.error(
              "E0237", place, fmt::format("{} brings values of two lengths along `{}` together", what, show(a)));
          d.label(fmt::format("{} and {}", show(visibleType(c, other->type)), show(visibleType(c, e->type))));
          for (const Variable *length : {b.length, a.length})
            if (length)
              d.origin(length->location, fmt::format("one is as long as this says"));
          d.help("compute both from one value that was cut: what is computed of it keeps its length");
          return false;
        }
      seen.push_back({a, e});
    }
  return true;
}

// A length that differs along an axis can't outlive it.
bool Analyzer::keepsLengths(const Type &type, llvm::ArrayRef<AxisUse> over, Location place) {
  for (const AxisUse &a : type.axes)
    for (const AxisUse &b : over)
      if (a.length && !llvm::is_contained(over, a) && llvm::is_contained(a.length->type.axes, b)) {
        diagnostics
            .error("E0236", place,
                   fmt::format("the length along `{}` differs along `{}`, which this takes away", show(a), show(b)))
            .label(fmt::format("`{}` stays", show(a)))
            .origin(a.length->location, "the lengths come from here")
            .help(fmt::format("take both away, `over: ({}, {})`, or `{}` first", show(a), show(b), show(a)));
        return false;
      }
  return true;
}

Value Analyzer::noNumber(const AxisUse &a, Location place) {
  auto &d = diagnostics.error(
      "E0236", place, fmt::format("`{}` is bounded: how much of it is present is no number of the program", show(a)));
  d.label("a number is asked").origin(a.axis->location, "declared here");
  d.help("`mean(x, over: …)` counts what is present; in a function of a value along it, it is that value's length");
  return {};
}

// `text until glyph.stop`: what stands before the first, along its one bounded axis.
Value Analyzer::until(Context &c, const syntax::Expr &e) {
  Value given = expression(c, *e.operands[0]), end = expression(c, *e.operands[1]);
  if (given.isError() || end.isError())
    return {};
  Location place = e.place;
  Expr *x = asTensor(c, given, e.operands[0]->place);
  Expr *stop = x ? asTensor(c, end, e.operands[1]->place, x->type.element) : nullptr;
  if (!stop)
    return {};
  Axes bounded;
  for (const AxisUse &a : visible(c, x->type))
    if (a.axis->bounded)
      bounded.push_back(a);
  if (bounded.size() != 1)
    return error("E0236", e.operands[0]->place,
                 fmt::format("`until` cuts along the one bounded axis of a value, and this has {}",
                             bounded.empty() ? "none" : "several"),
                 describe(c, given), "declare the axis `dim time <= 40`");
  if (!(stop->type.element == x->type.element) || !stop->type.axes.empty() || x->type.element.isFloat())
    return error("E0205", e.operands[1]->place, "`until` names one element of what is cut",
                 fmt::format("{} in {}", describe(c, end), describe(c, given)),
                 "name a label or an index, `until glyph.stop`");
  AxisUse axis = bounded[0];
  Element i64{Element::I64, nullptr}, truth{Element::Bool, nullptr};
  Expr *position = numbersAlong(axis, place);
  Expr *found = pointwise("eq", truth, {x, stop}, place), *most = lengthOf(axis, place);
  Expr *first =
      reduce("min", pointwise("select", i64, {found, position, constant(i64, double(axis.extent), place)}, place),
             {axis}, place);
  if (axis.length) // one that stands beyond the end is none
    first = pointwise("min", i64, {first, most}, place);
  Value length = define(c, axis.axis->name + ".length", tensor(first), place);
  Type cut = x->type;
  for (AxisUse &a : cut.axes)
    if (a == axis)
      a.length = length.variable;
  const Variable *v = variable("until", cut, place);
  Stmt *s = statement(c, Stmt::Define, place);
  s->variables = {v}; // what is absent is `stop`: what is computed of it is finite where that of a present one is
  s->value =
      broadcast(pointwise("select", x->type.element,
                          {pointwise("lt", truth,
                                     {position, lengthOf({axis.axis, 0, axis.extent, length.variable}, place)}, place),
                           x, stop},
                          place),
                cut, place);
  Value out = tensor(use(v, place), given.draws);
  out.variable = v;
  return out;
}

// Rule 4: whether two values are as long along axes as each other, and equal there in every element. Only here may two
// lengths meet: as far as the first goes, elements are compared, and the lengths besides.
Value Analyzer::same(Context &c, const std::vector<Argument> &given, const std::optional<Axes> &said, Location place) {
  if (given.size() != 2 || !given[0].name.empty() || !given[1].name.empty())
    return error("E0214", place, fmt::format("`same` takes two values, and gets {}", given.size()), "here",
                 "write `same(a, b, over: axis)`");
  Element truth{Element::Bool, nullptr};
  Axes over[2];
  Value values[2];
  for (size_t k = 0; k < 2; ++k) {
    Expr *x = asTensor(c, given[k].value, given[k].place);
    std::optional<Axes> axes = said;
    if (!x || !reducedAxes(c, "same", given[k], x, axes, place) || !keepsLengths(x->type, *axes, place))
      return {};
    over[k] = *axes;
    Expr *whole = define(c, "compared", tensor(x), given[k].place).expr;
    if (whole->kind == Expr::Use)
      whole = use(whole->variable, given[k].place);
    for (AxisUse &a : whole->type.axes)
      if (llvm::is_contained(over[k], a))
        a.length = nullptr;
    values[k] = tensor(whole, given[k].value.draws);
  }
  Value equal = arithmetic(c, "==", values[0], values[1], place, given[0].place, given[1].place);
  if (equal.isError())
    return equal;
  auto everywhere = [&](Expr *e) {
    Axes taken;
    for (const AxisUse &a : over[0])
      if (llvm::is_contained(e->type.axes, a))
        taken.push_back(a);
    return reduce("all", e, taken, place);
  };
  Expr *out = equal.expr;
  if (Expr *there = present(over[0], place))
    out = pointwise("select", truth, {there, out, constant(truth, 1, place)}, place);
  out = everywhere(out);
  for (const AxisUse &a : over[0]) {
    const AxisUse &b = *llvm::find(over[1], a);
    if (a.length != b.length)
      out =
          pointwise("and", truth,
                    {out, everywhere(pointwise("eq", truth, {lengthOf(a, place), lengthOf(b, place)}, place))}, place);
  }
  return tensor(out);
}

} // namespace burin::sema
