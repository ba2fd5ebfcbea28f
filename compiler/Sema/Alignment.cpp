// What goes by axis names: alignment, contraction, indexing, renaming. Rules of typing.md by number.
#include "compiler/Sema/Notation.h"
#include "compiler/Sema/Shuffles.h"
#include <fmt/format.h>

namespace burin::sema {

// Rule 6: axes match by name, primes and extent; one operand has them all. Rule 24: a draw is not repeated.
bool Analyzer::align(Context &c, const std::vector<Expr *> &operands, Location place, const std::string &what,
                     const std::vector<Location> &places) {
  if (!equalLengths(c, operands, place, what))
    return false;
  Type all = visibleType(c, unionType(operands[0]->type.element, operands));
  for (Expr *o : operands)
    if (visible(c, o->type).size() == all.axes.size())
      return true;
  auto &d =
      diagnostics.error("E0204", place, fmt::format("{} aligns axes by name, and neither side has all of them", what));
  std::string label;
  for (Expr *o : operands)
    label += (label.empty() ? "" : " and ") + show(visibleType(c, o->type));
  d.label(label);
  for (Expr *o : operands)
    if (o->variable || (o->kind == Expr::Get && o->slot))
      d.origin(
          o->variable ? o->variable->location : o->slot->location,
          fmt::format("`{}` is {}", o->variable ? o->variable->name : o->slot->path, show(visibleType(c, o->type))));
  d.help("one operand must have all axes of the other; rename with `as […]`, reduce, or use `outer(a, b)` if every "
         "pair is meant");
  return false;
}

// Rule 24: a draw, and what is computed from it elementwise, has all axes of what it meets.
bool Analyzer::unrepeated(Context &c, llvm::ArrayRef<Operand> operands, const std::string &what) {
  for (const Operand &drawn : operands)
    for (const Operand &other : operands)
      for (const AxisUse &a : visible(c, other.expr->type)) {
        auto &axes = drawn.expr->type.axes;
        if (!drawn.draws || std::find(axes.begin(), axes.end(), a) != axes.end())
          continue;
        Type drawnType = visibleType(c, drawn.expr->type), asked = drawnType;
        for (const AxisUse &b : visible(c, other.expr->type))
          if (std::find(axes.begin(), axes.end(), b) == axes.end())
            asked.axes.push_back(b);
        diagnostics.error("E0226", drawn.place, fmt::format("{} would repeat this draw along `{}`", what, show(a)))
            .label(fmt::format("drawn once for {}", show(drawnType)))
            .origin(other.place, fmt::format("this is {}", show(visibleType(c, other.expr->type))))
            .help(fmt::format(
                "say along what is drawn: `let noise: {} = …`; or, if the same is meant, `let noise: {} = …`",
                show(asked), show(drawnType)));
        return false;
      }
  return true;
}

// Axes that are one to a generic body: the parts of a product that one of its axis parameters stands for.
std::optional<Axes> Analyzer::oneAxis(const Context &c, llvm::ArrayRef<AxisUse> shared) const {
  for (const Scope *s = c.scope; s; s = s->parent)
    for (auto &[name, entity] : s->names) {
      auto in = [&](const AxisUse &a) { return llvm::is_contained(shared, a); };
      if (entity.kind == Entity::Product && entity.parts.size() == shared.size() && llvm::all_of(entity.parts, in))
        return entity.parts;
    }
  return std::nullopt;
}

// Rule 7: sums over the one axis they share, or over those that are named.
Value Analyzer::contraction(Context &c, const syntax::Expr &e) {
  Value a = expression(c, *e.operands[0]), b = expression(c, *e.operands[1]);
  if (a.isError() || b.isError())
    return {};
  Expr *x = asTensor(c, a, e.operands[0]->place), *y = asTensor(c, b, e.operands[1]->place);
  if (!x || !y)
    return {};
  Type tx = visibleType(c, x->type), ty = visibleType(c, y->type);
  auto fail = [&](std::string message, std::string help) {
    auto &d = diagnostics.error("E0204", e.place, std::move(message)).label(fmt::format("{} @ {}", show(tx), show(ty)));
    for (Expr *o : {x, y})
      if (o->variable || o->slot)
        d.origin(o->variable ? o->variable->location : o->slot->location,
                 fmt::format("`{}` is {}", o->variable ? o->variable->name : o->slot->path, show(o == x ? tx : ty)));
    d.help(std::move(help));
    return Value();
  };
  if (!tx.element.isFloat() || !(tx.element == ty.element))
    return errorOf(c, {a, b}, "E0205", e.place, "`@` takes equal floats", fmt::format("{} @ {}", show(tx), show(ty)),
                   "convert one of them, for example `f32(x)`");
  std::vector<AxisUse> over, shared;
  for (const AxisUse &i : tx.axes)
    for (const AxisUse &j : ty.axes)
      if (i == j)
        shared.push_back(i);
  for (auto &said : e.axes) {
    auto use = axes(c, said);
    if (!use)
      return {};
    for (const AxisUse &one : *use) {
      const AxisUse *left = there(tx.axes, one), *right = left ? there(ty.axes, *left) : nullptr;
      if (!right)
        return fail(fmt::format("`@` can't sum over `{}`, which not both sides have", show(one)),
                    "name an axis that both sides have");
      over.push_back(*left);
    }
  }
  std::optional<Axes> product = e.axes.empty() && shared.size() != 1 ? oneAxis(c, shared) : std::nullopt;
  if (product)
    over = *product;
  if (over.empty() && (product || !e.axes.empty())) // summed over nothing: `()`, or what is bound to it
    return tensor(pointwise("mul", tx.element, {x, y}, e.place));
  if (over.empty()) {
    if (shared.empty())
      return fail("`@` sums over the axis that both sides share, and these share none",
                  "rename one with `as […]`, or write `outer(a, b)` if every pair is meant");
    if (shared.size() > 1)
      return fail(fmt::format("`@` sums over the axis that both sides share, and these share {}", shared.size()),
                  fmt::format("say which: `@[{}]`", show(shared[0])));
    over = shared;
  }
  if (!equalLengths(c, {x, y}, e.place, "`@`") || !keepsLengths(x->type, over, e.place) ||
      !keepsLengths(y->type, over, e.place))
    return {};
  for (AxisUse &a : over) // what is absent counts as 0 in both: 0 times NaN is NaN
    a = *there(x->type.axes, a);
  x = absentAs(x, 0, over, e.place), y = absentAs(y, 0, over, e.place);
  Type type{tx.element, {}};
  auto rest = [&](const Type &t) {
    for (const AxisUse &i : t.axes)
      if (std::find(over.begin(), over.end(), i) == over.end() &&
          std::find(type.axes.begin(), type.axes.end(), i) == type.axes.end())
        type.axes.push_back(i);
  };
  rest(x->type), rest(y->type);
  return tensor(contract(x, y, type, over, e.place));
}

Value Analyzer::indexing(Context &c, const syntax::Expr &e) {
  if (e.operands[0]->kind == syntax::Expr::Member &&
      (e.operands[0]->name == "batches" || e.operands[0]->name == "windows")) {
    const syntax::Expr *outer = std::exchange(callee, e.operands[0]);
    Value data = expressionOrSet(c, *e.operands[0]);
    callee = outer;
    if (data.kind == Value::Shuffle)
      return Shuffles(*this, c).batches(data, e);
    if (data.isError() || data.kind != Value::DataSet)
      return data.isError()
                 ? data
                 : error("E0203", e.place, "only data sets, and what is shuffled, have batches", describe(c, data),
                         "write `data.part.batches[axis]`, or `shuffle(x, over: a).batches[axis]`");
    if (e.entries.size() != 1)
      return error("E0210", e.place, fmt::format("`{}` takes one axis", e.operands[0]->name), "here",
                   fmt::format("write `.{}[axis]`", e.operands[0]->name));
    auto use = axisOf(c, *e.entries[0].value);
    if (!use || !rowsAlong(data.data, *use, e.operands[0]->name, e.entries[0].value->place))
      return {};
    (e.operands[0]->name == "batches" ? data.data.batch : data.data.window) = use->axis;
    return data;
  }
  Value base = expression(c, *e.operands[0]);
  if (base.isError())
    return base;
  // `layer[time](x)`: brackets on a model that is called are its function's.
  if (base.kind == Value::Model && callee != e.operands[0])
    return error("E0206", e.place, "a model has no elements to take", describe(c, base),
                 base.model->extra.empty() ? "name a member: `net.w`"
                                           : fmt::format("call all of them, and take one's result: `nets(x)[{}: 0]`",
                                                         show(base.model->extra[0])));
  if (base.kind == Value::Model || base.kind == Value::Function || base.kind == Value::ModelType ||
      base.kind == Value::OptimizerType) {
    for (auto &entry : e.entries) {
      auto axes = axesOf(c, entry);
      if (!axes)
        return {};
      base.function.axes.push_back(*axes);
    }
    return base;
  }
  return gather(c, base, e);
}

// The axis of which the axis that `v` names is a part.
const AxisUse *Analyzer::wholeOf(llvm::ArrayRef<AxisUse> axes, const Value &v) {
  for (const AxisUse &a : axes)
    if (v.kind == Value::AxisName && partOf(*a.axis, v.axis.axis))
      return &a;
  return nullptr;
}
Expr *Analyzer::indexAt(Context &c, const Value &v, const AxisUse &at, Location place) {
  if (!wholeOf(at, v))
    return asTensor(c, v, place, Element{Element::Index, at.axis});
  bool several = false;
  const Axis::Part *part = partOf(*at.axis, v.axis.axis, &several);
  if (several)
    return error("E0235", place, fmt::format("`{}` is more than one part of `{}`", v.axis.axis->name, at.axis->name),
                 describe(c, v), "take it apart by numbers"),
           nullptr;
  return partIndices(at, *part, place);
}

// `row:24` of `dim row = 28` is indexed by 0 to 23: by a number that is written out.
Expr *Analyzer::indexOfPart(Context &c, Expr *index, const AxisUse &at, const Value &v, Location place) {
  if (at.extent == at.axis->extent)
    return index;
  if (auto range = loopRanges.of(index);
      range && index->kind != Expr::Constant && range->low >= 0 && range->high < at.extent)
    return cast(cast(index, {Element::I64, nullptr}, place), indexOf(at), place);
  if (index->kind != Expr::Constant)
    return error("E0213", place, fmt::format("an index of `{}` may be outside of `{}`", at.axis->name, show(at)),
                 describe(c, v),
                 fmt::format("indices of `{}` go to {}, and here to {}: let an index of the notation "
                             "`let y[i: {}] = …` go through it",
                             at.axis->name, at.axis->extent - 1, at.extent - 1, at.axis->name)),
           nullptr;
  if (index->integer >= at.extent)
    return error("E0206", place, fmt::format("a number can't stand for {}", show(at)), describe(c, v),
                 fmt::format("indices of `{}` are 0 to {}", show(at), at.extent - 1)),
           nullptr;
  return constant(indexOf(at), double(index->integer), place);
}

// Rule 12: a named index takes that axis, a typed one the axis of its type. Of a value with fields every leaf is
// selected from, along the axes that all have.
Value Analyzer::gather(Context &c, const Value &base, const syntax::Expr &e) {
  if (base.kind != Value::Tuple && !asTensor(c, base, e.operands[0]->place))
    return {};
  auto place = c.notation ? c.notation->places.find(&e) : decltype(c.notation->places.find(&e))();
  if (c.notation && place != c.notation->places.end())
    return eachLeaf(base, "", [&](const Value &leaf, const std::string &) -> Value {
      Expr *table = asTensor(c, leaf, e.operands[0]->place);
      return table ? notationGather(c, table, e, place->second) : Value();
    });
  std::vector<IndexValue> given;
  if (!indexValues(c, e, given))
    return {};
  std::vector<AxisUse> taken;
  std::vector<Operand> indices;
  if (!takeAxes(c, outerAxes(c, base), describe(c, base), given, taken, indices) ||
      !unrepeated(c, indices, "this selection"))
    return {};
  return eachLeaf(base, "", [&](const Value &leaf, const std::string &) -> Value {
    Expr *table = asTensor(c, leaf, e.operands[0]->place);
    Value v = table ? gatherLeaf(c, table, taken, indices, e.place) : Value();
    for (size_t k = indices.size(); k-- > 0 && !v.isError();) // what is outside is replaced, not multiplied away
      if (const Operand &index = indices[k]; index.inside) {
        Expr *g = guardOf(c, *index.entry, table->type.element);
        v = g ? tensor(pointwise("select", g->type.element, {index.inside, v.expr, g}, e.place), v.draws) : Value();
      }
    return v;
  });
}

// A struct or tuple of indices stands for its fields.
bool Analyzer::indexValues(Context &c, const syntax::Expr &e, std::vector<IndexValue> &out) {
  for (const syntax::Entry &entry : e.entries) {
    if (entry.extent)
      return unsupported(entry.value->place, "an extent of an index here",
                         "say it where the index is introduced: `let y[i: row:14] = …`"),
             false;
    if (isLast(c.scope, *entry.value)) {
      out.push_back({&entry, {}, entry.value->place});
      continue;
    }
    Value v = expression(c, *entry.value);
    if (v.isError())
      return false;
    if (v.kind == Value::Range)
      return error("E0206", entry.value->place, "an index is one place, and this is a range of them", "a range",
                   "a piece is taken by an index that goes through it: `let y[i: 3] = x[axis: i + 1]`"),
             false;
    if (v.kind == Value::Tuple && !entry.name.empty())
      return error("E0213", entry.value->place, fmt::format("one index takes the axis `{}`", entry.name),
                   describe(c, v), "leave the name away: each field finds its axis by its type"),
             false;
    eachLeaf(v, "", [&](const Value &leaf, const std::string &) {
      out.push_back({&entry, leaf, entry.value->place});
      return leaf;
    });
  }
  return true;
}

static bool isWhole(const Element &e) { return e.kind == Element::I64 || e.kind == Element::I32; }

// An index whose axis neither its type nor a name says: a number, `last`.
bool Analyzer::isUntyped(const Context &c, const IndexValue &index) const {
  const Value &v = index.value;
  return index.entry->name.empty() &&
         (v.kind == Value::Literal || isLast(c.scope, *index.entry->value) ||
          (index.entry->guard && v.kind == Value::Tensor && isWhole(v.expr->type.element)));
}

// The axis that an index takes, of those that are left.
std::optional<AxisUse> Analyzer::axisTaken(Context &c, const IndexValue &index, llvm::ArrayRef<AxisUse> left,
                                           const std::string &shown) {
  const syntax::Entry &entry = *index.entry;
  const Value &v = index.value;
  if (!entry.name.empty()) {
    const Entity *named = lookup(c.scope, entry.name);
    if (!named && maybeUnread(entry.name))
      return std::nullopt;
    if (named)
      usage.read(named->place);
    for (const AxisUse &a : left)
      if (named && named->kind == Entity::Axis && named->axis.axis == a.axis &&
          a.primes == named->axis.primes + entry.primes)
        return a;
    error("E0213", entry.namePlace,
          fmt::format("{} has no axis `{}{}`", shown, entry.name, std::string(entry.primes, '\'')), "not there",
          "name an axis of what is indexed");
    return std::nullopt;
  }
  if (const AxisUse *whole = wholeOf(left, v))
    return *whole;
  if (isUntyped(c, index) && left.size() == 1)
    return left[0];
  if (isLast(c.scope, *entry.value)) {
    error("E0213", index.place, fmt::format("the last along which axis of {} is not said", shown), "here",
          "name the axis: `x[axis: last]`");
    return std::nullopt;
  }
  Expr *x = asTensor(c, v, index.place);
  std::optional<AxisUse> own; // with the fewest primes, wherever it stands in the type
  for (const AxisUse &a : left)
    if (x && x->type.element.kind == Element::Index && a.axis == x->type.element.index &&
        (!own || a.primes < own->primes))
      own = a;
  if (own)
    return own;
  if (auto range = x ? loopRanges.of(x) : std::nullopt; range && range->axis)
    for (const AxisUse &a : left)
      if (a.axis == range->axis)
        return a;
  if (x)
    error("E0213", index.place, fmt::format("{} has no axis that {} indexes", shown, show(visibleType(c, x->type))),
          describe(c, v),
          left.empty()
              ? "what has no axes has no elements; the parts of a tuple have names: `t.a`"
              : fmt::format("an index finds its axis by its type; a number by naming it: `x[{}: 0]`", show(left[0])));
  return std::nullopt;
}

// An index of the axis that it takes. `inside`: where it is one, if it has a guard.
Expr *Analyzer::indexTaken(Context &c, const IndexValue &given, const AxisUse &at, Expr *&inside) {
  const syntax::Entry &entry = *given.entry;
  const Value &v = given.value;
  auto fail = [&](auto &&...message) { return error(std::forward<decltype(message)>(message)...), nullptr; };
  if (isLast(c.scope, *entry.value))
    return lastIndex(c, at, entry, inside);
  Expr *index = indexAt(c, v, at, given.place);
  if (!index)
    return nullptr;
  if (entry.guard && isWhole(index->type.element) && at.extent >= 0)
    return presentIndex(c, index, at, entry, inside);
  if (auto range = at.extent >= 0 && isWhole(index->type.element) ? loopRanges.of(index) : std::nullopt;
      range && (range->axis == at.axis || (!range->axis && !entry.name.empty()))) {
    index = loopIndex(index, *range, at, given.place);
    if (!index || !at.length)
      return index;
  }
  if (index->type.element.kind != Element::Index && !entry.name.empty())
    return fail(
        "E0213", given.place, "a number computed when running may be outside", describe(c, v),
        fmt::format(
            "an index of `{0}` comes from `for i in {0}`, `argmax`, a data set, or `{0}(…)`, which checks a number",
            at.axis->name));
  if (!(index->type.element == Element{Element::Index, at.axis}))
    return fail("E0213", given.place, fmt::format("the axis `{}` is indexed by its own indices", show(at)),
                describe(c, v), "this is an index of another axis");
  if (isPresent(index, at.length))
    return indexOfPart(c, index, at, v, given.place);
  return !entry.guard && anotherLength(index, at, given.place) ? nullptr : presentIndex(c, index, at, entry, inside);
}

// Which axes indices take of a value with the axes `left`, and the indices as tensors.
bool Analyzer::takeAxes(Context &c, std::vector<AxisUse> left, const std::string &shown,
                        const std::vector<IndexValue> &given, std::vector<AxisUse> &taken,
                        std::vector<Operand> &indices) {
  for (bool untyped : {false, true}) // one without a type takes the axis that is left, so it comes last
    for (const IndexValue &each : given) {
      if (isUntyped(c, each) != untyped)
        continue;
      auto at = axisTaken(c, each, left, shown);
      Expr *inside = nullptr, *index = at ? indexTaken(c, each, *at, inside) : nullptr;
      if (!index)
        return false;
      left.erase(std::find(left.begin(), left.end(), *at));
      taken.push_back(*at);
      indices.push_back({each.value.draws, index, each.place, each.entry, inside});
    }
  return true;
}

// One tensor's elements at indices of the axes `taken`.
Value Analyzer::gatherLeaf(Context &c, Expr *table, const std::vector<AxisUse> &taken,
                           const std::vector<Operand> &indices, Location place) {
  std::vector<Expr *> operands{table};
  for (const Operand &index : indices)
    operands.push_back(index.expr);
  Type type{table->type.element, {}};
  auto add = [&](const Type &t) {
    for (const AxisUse &a : t.axes)
      if (std::find(type.axes.begin(), type.axes.end(), a) == type.axes.end())
        type.axes.push_back(a);
  };
  if (!keepsLengths(table->type, taken, place) || !equalLengths(c, operands, place, "this selection"))
    return {};
  Type rest = table->type;
  for (const AxisUse &a : taken)
    rest.axes.erase(std::find(rest.axes.begin(), rest.axes.end(), a));
  for (size_t k = 1; k < operands.size(); ++k)
    add(operands[k]->type);
  add(rest);
  Expr *out = node(Expr::Gather, type, place);
  out->operands.append(operands.begin(), operands.end());
  out->over.append(taken.begin(), taken.end());
  return tensor(out, llvm::any_of(indices, [](const Operand &o) { return o.draws; }));
}

// Rule 10, without products: `[a -> b]` names a pair; of names alone, as many of one axis are listed as the value has.
Value Analyzer::renaming(Context &c, const Value &v, const syntax::Expr &e) {
  Expr *x = v.isError() ? nullptr : asTensor(c, v, e.operands[0]->place);
  if (!x)
    return {};
  Type type = visibleType(c, x->type);
  std::vector<std::pair<AxisUse, AxisUse>> pairs;
  std::vector<std::tuple<AxisUse, AxisUse, Location>> bounded; // of unequal extents
  std::map<const Axis *, std::vector<AxisUse>> listed;
  std::map<const Axis *, Location> places;
  auto absent = [&](const AxisUse &a, Location place) {
    std::string all;
    for (const AxisUse &there : type.axes)
      all += (all.empty() ? "`" : ", `") + show(there) + "`";
    return error("E0213", place, fmt::format("{} has no axis `{}` to rename", show(type), show(a)), "not there",
                 all.empty() ? "it has no axes"
                             : fmt::format("its axes are {}; `[old -> new]` names another axis", all));
  };
  for (auto &[first, second] : e.renames) {
    if (first.kind != syntax::AxisRef::Named || second.kind != syntax::AxisRef::Named)
      return error("E0282", first.kind == syntax::AxisRef::Named ? second.place : first.place,
                   "a product in `as` says how a file is laid out, and nothing is saved here", "not one axis",
                   "write it where the value is saved: `save x as [(a, row), (b, col)] to \"x.png\"`; else axes stay "
                   "apart, and a product stands where one axis is asked");
    auto from = axis(c, first);
    if (!from)
      return {};
    if (const AxisUse *have = there(type.axes, *from))
      from = *have;
    if (second.path.empty()) {
      listed[from->axis].push_back({from->axis, from->primes, from->extent});
      places.try_emplace(from->axis, first.place);
      continue;
    }
    auto to = axis(c, second);
    if (!to)
      return {};
    if (!llvm::is_contained(type.axes, *from))
      return absent(*from, first.place);
    if ((from->axis->bounded && !to->axis->bounded) || (to->axis->bounded && to->extent != from->extent)) {
      bounded.push_back({*from, *to, second.place});
      continue;
    }
    if (to->extent != from->extent) {
      diagnostics
          .error(
              "E0204", second.place,
              fmt::format("`{}` ({}) can't be renamed to `{}` ({})", show(*from), from->extent, show(*to), to->extent))
          .label("another extent")
          .origin(from->axis->location, fmt::format("`{}` is {}", show(*from), from->extent))
          .origin(to->axis->location, fmt::format("`{}` is {}", show(*to), to->extent))
          .help("axes of equal extent can be renamed");
      return {};
    }
    pairs.push_back({*from, {to->axis, to->primes, from->extent}});
  }
  for (auto &[declared, names] : listed) {
    std::vector<AxisUse> there;
    for (const AxisUse &a : type.axes)
      if (a.axis == declared)
        there.push_back(a);
    if (there.empty())
      return absent(names[0], places[declared]);
    if (there.size() != names.size())
      return error("E0213", places[declared],
                   fmt::format("{} has the axis `{}` {} times, and {} {} listed", show(type), declared->name,
                               there.size(), names.size(), names.size() == 1 ? "name is" : "names are"),
                   "which of them?", "list a name for each, in order, or write `[old -> new]`");
    for (size_t k = 0; k < there.size(); ++k)
      pairs.push_back({there[k], {declared, names[k].primes, there[k].extent}});
  }
  Expr *out = rename(x, pairs, e.place);
  for (auto &[from, to, place] : bounded)
    if (!(out = renameBounded(c, out, from, to, place)))
      return {};
  for (size_t i = 0; i < out->type.axes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (out->type.axes[i] == out->type.axes[j])
        return error("E0204", e.place, fmt::format("this would have the axis `{}` twice", show(out->type.axes[i])),
                     "here", "choose a name that is not there yet");
  return tensor(out, v.draws);
}

} // namespace burin::sema
