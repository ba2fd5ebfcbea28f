// Index notation: bodies mapped along their indices (rules 12 and 13).
#include "compiler/Sema/Notation.h"
#include <fmt/format.h>

namespace burin::sema {

// The index is known by its name: as a value it is an index of its axis.
void Analyzer::enterIndex(Context &c, Scope &scope, const NotationIndex &index) {
  bool whole = index.extent == index.axis->extent;
  const Axis *counted = whole ? index.axis : index.use.axis;
  Expr *value = node(Expr::Iota, {{Element::Index, counted}, {index.use}}, index.place);
  if (!whole)
    value = cast(cast(value, {Element::I64, nullptr}, index.place), {Element::Index, index.axis}, index.place);
  Entity e;
  e.value = tensor(value), e.value.index = &index, e.place = index.place, e.what = "index";
  scope.names[index.name] = e;
  c.mapped.push_back(index.use);
}

Value Analyzer::letNotation(Context &c, Scope &scope, const syntax::Stmt &s) {
  Value v = notationValue(c, s);
  if (v.isError())
    return v;
  bindPattern(c, scope, s.pattern, v, "value"); // its axes are said: what it draws, it draws along them
  return unitValue();
}

// What `let y[i: row] = …` or `state y[i: row] = …` says of each element, along the axes of the indices.
Value Analyzer::notationValue(Context &c, const syntax::Stmt &s) {
  Notation notation;
  if (!NotationSolver(*this, c, notation).solve(s.indices, *s.value))
    return {};
  Scope inside;
  inside.parent = c.scope;
  Context inner = c;
  inner.scope = &inside, inner.notation = &notation;
  Type type{{}, {c.mapped.begin(), c.mapped.end()}};
  std::vector<AxisUse> outside;
  std::vector<std::pair<AxisUse, AxisUse>> names;
  for (const syntax::Entry &entry : s.indices) {
    const NotationIndex &index = *notation.declared[&entry];
    enterIndex(inner, inside, index);
    type.axes.push_back(index.use);
    outside.push_back(primed({index.axis, 0, index.extent, index.use.length}, outside));
    names.push_back({index.use, outside.back()});
  }
  Value v = expression(inner, *s.value);
  if (v.isError())
    return v;
  return eachLeaf(v, s.pattern.name, [&](const Value &leaf, const std::string &path) -> Value {
    Expr *e = asTensor(inner, leaf, s.value->place);
    if (!e)
      return {};
    Type full = type;
    full.element = e->type.element;
    for (const AxisUse &a : visible(inner, e->type)) {
      full.axes.push_back(a);
      for (auto &[from, to] : names)
        if (to.axis == a.axis && to.primes == a.primes)
          return error("E0204", s.place, fmt::format("`{}` would have the axis `{}` twice", path, show(a)),
                       fmt::format("each element is {}", show(visibleType(inner, e->type))),
                       "index that axis too, or rename one with `as […]`");
    }
    return tensor(rename(broadcast(e, full, s.place), names, s.place));
  });
}

// A reduction that stands alone, or one of the notation around it.
Value Analyzer::notationReduction(Context &c, const syntax::Expr &e) {
  if (c.notation && !e.entries.empty() && c.notation->declared.count(&e.entries[0]))
    return reduceIndices(c, e);
  Notation notation;
  if (!NotationSolver(*this, c, notation).solve({}, e))
    return {};
  Context inner = c;
  inner.notation = &notation;
  return reduceIndices(inner, e);
}

// A sum of products, each of both factors' axes: a contraction, where both have all that is summed.
Expr *Analyzer::contractionOf(Expr *product, llvm::ArrayRef<AxisUse> over, Location place) {
  if (precision && product->name == "cast" && product->operands[0]->type.element == *precision) {
    Expr *narrow = contractionOf(product->operands[0], over, place); // a product in a `precision` block
    return narrow ? cast(narrow, product->type.element, place) : nullptr;
  }
  if (product->kind != Expr::Pointwise || product->name != "mul" || !product->type.element.isFloat())
    return nullptr;
  for (Expr *factor : product->operands)
    for (const AxisUse &a : over)
      if (!llvm::is_contained(factor->type.axes, a))
        return nullptr;
  Type type{product->type.element, {}};
  for (const AxisUse &a : product->type.axes)
    if (!llvm::is_contained(over, a))
      type.axes.push_back(a);
  return contract(product->operands[0], product->operands[1], type, over, place);
}

Value Analyzer::reduceIndices(Context &c, const syntax::Expr &e) {
  Scope inside;
  inside.parent = c.scope;
  Context inner = c;
  inner.scope = &inside;
  std::vector<AxisUse> over;
  std::vector<const NotationIndex *> indices;
  for (const syntax::Entry &entry : e.entries) {
    indices.push_back(c.notation->declared[&entry]);
    enterIndex(inner, inside, *indices.back());
    over.push_back(indices.back()->use);
  }
  Value v = expression(inner, *e.operands[0]);
  Expr *x = v.isError() ? nullptr : asTensor(inner, v, e.operands[0]->place, Element{Element::F32, nullptr});
  if (!x)
    return {};
  Type all = x->type;
  for (const AxisUse &a : over)
    if (!llvm::is_contained(all.axes, a))
      all.axes.push_back(a); // the same along it
  if (e.text == "sum" && llvm::none_of(over, [](const AxisUse &a) { return a.length; }))
    if (Expr *contraction = contractionOf(x, over, e.place))
      return tensor(contraction);
  bool finds = e.text == "argmax" || e.text == "argmin";
  x = broadcast(x, all, e.place);
  for (size_t k = 0; finds && k < over.size(); ++k) { // what it finds are indices of the axes themselves
    AxisUse whole{indices[k]->axis, 0, indices[k]->extent, over[k].length};
    while (llvm::is_contained(x->type.axes, whole))
      ++whole.primes;
    x = rename(x, [&](AxisUse a) { return a == over[k] ? whole : a; }, e.place);
    over[k] = whole;
  }
  return reduction(c, e.text, {{"", tensor(x, v.draws), e.operands[0]->place}}, over, e.place);
}

// The index of one entry, as an index of the axis it takes. `inside`: where it is inside, if it is guarded.
Expr *Analyzer::indexWithin(Context &c, const syntax::Entry &entry, const AxisUse &at, Expr *&inside) {
  Location place = entry.value->place;
  Element whole{Element::I64, nullptr};
  if (isLast(c.scope, *entry.value))
    return lastIndex(c, at, entry, inside);
  Value v = expression(c, *entry.value);
  Expr *x = v.isError() ? nullptr : asTensor(c, v, place);
  if (!x)
    return nullptr;
  Element to = indexOf(at);
  auto sum = NotationSolver::affine(*this, c.scope, *entry.value);
  bool index = x->type.element.kind == Element::Index;
  if (!sum && index && !(x->type.element.index == at.axis))
    return error("E0213", place, fmt::format("the axis `{}` is indexed by its own indices", show(at)), describe(c, v),
                 "this is an index of another axis"),
           nullptr;
  if (!entry.guard && !(sum && sum->bare()) && !isPresent(x, at.length))
    return anotherLength(x, at, place) ? nullptr : presentIndex(c, x, at, entry, inside);
  if (!entry.guard && index && x->type.element == to)
    return x;
  if (!entry.guard && !sum && !(index && at.extent == at.axis->extent))
    return error("E0213", place, "a number computed when running may be outside", describe(c, v),
                 "guard it: `x[n else 0]`"),
           nullptr;
  if (!index && !(x->type.element == whole) && !(x->type.element == Element{Element::I32, nullptr}))
    return error("E0213", place, fmt::format("`{}` is indexed by whole numbers", show(at)), describe(c, v),
                 "convert it, for example `int(x)`"),
           nullptr;
  x = cast(x, whole, place);
  auto range = sum ? NotationSolver::bounds(*sum) : std::nullopt;
  bool below = !range || range->first < 0, above = !range || range->second >= at.extent;
  if (entry.guard && (below || above || at.length)) {
    Expr *zero = constant(whole, 0, place), *last = constant(whole, double(at.extent - 1), place);
    if (at.length) // the guard begins where the value ends
      last = pointwise("sub", whole, {lengthOf(at, place), constant(whole, 1, place)}, place), above = true;
    Element truth{Element::Bool, nullptr};
    Expr *low = below ? pointwise("ge", truth, {x, zero}, place) : nullptr;
    Expr *high = above ? pointwise("le", truth, {x, last}, place) : nullptr;
    inside = low && high ? pointwise("and", truth, {low, high}, place) : low ? low : high;
    x = below ? pointwise("max", whole, {x, zero}, place) : x;
    x = above ? pointwise("min", whole, {x, constant(whole, double(at.extent - 1), place)}, place) : x;
  }
  return cast(x, to, place);
}

// What an entry's guard says, as an element of what is indexed.
Expr *Analyzer::guardOf(Context &c, const syntax::Entry &entry, const Element &element) {
  Value guard = expression(c, *entry.guard);
  Expr *g = guard.isError() ? nullptr : asTensor(c, guard, entry.guard->place, element);
  if (g && !(g->type.element == element))
    return error("E0205", entry.guard->place, "what stands for the outside is of the same element",
                 fmt::format("{} for {}", describe(c, guard), show(Type{element, {}})),
                 "convert it, for example `f32(n)`"),
           nullptr;
  return g;
}

Value Analyzer::notationGather(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at) {
  std::vector<size_t> computed;
  for (size_t k = 0; k < e.entries.size(); ++k) {
    const syntax::Entry &entry = e.entries[k];
    if (entry.extent)
      return unsupported(entry.extent->place, "an extent of an index here",
                         "say it where the index is introduced: `let y[i: row:14] = …`");
    // An index by itself over a whole axis: that axis under the index's name. On a diagonal only once.
    auto sum = NotationSolver::affine(*this, c.scope, *entry.value);
    const NotationIndex *bare = sum ? sum->bare() : nullptr;
    if (bare && !bare->number && bare->axis != at[k].axis) {
      diagnostics
          .error("E0213", entry.value->place, fmt::format("the axis `{}` is indexed by its own indices", show(at[k])))
          .label(fmt::format("`{}` is an index of `{}`", bare->name, bare->axis->name))
          .origin(bare->place, fmt::format("`{}` is introduced here", bare->name))
          .help(fmt::format("say `{}: {}`, or index the other axis", bare->name, at[k].axis->name));
      return {};
    }
    if (bare && bare->extent == at[k].extent && !llvm::is_contained(table->type.axes, bare->use))
      table = rename(table, [&](AxisUse a) { return a == at[k] ? bare->use : a; }, e.place);
    else
      computed.push_back(k);
  }
  if (computed.empty())
    return tensor(table);
  if (auto read = windows(c, table, e, at, computed))
    return *read ? tensor(*read) : Value();
  return gatherComputed(c, table, e, at, computed);
}

// Indices that are values themselves.
Value Analyzer::gatherComputed(Context &c, Expr *table, const syntax::Expr &e, llvm::ArrayRef<AxisUse> at,
                               llvm::ArrayRef<size_t> entries) {
  std::vector<AxisUse> taken;
  std::vector<Expr *> indices, guards, insides;
  for (size_t k : entries) {
    const syntax::Entry &entry = e.entries[k];
    Expr *inside = nullptr, *index = indexWithin(c, entry, at[k], inside);
    if (!index)
      return {};
    taken.push_back(at[k]), indices.push_back(index);
    if (!inside)
      continue;
    Expr *g = guardOf(c, entry, table->type.element);
    if (!g)
      return {};
    guards.push_back(g), insides.push_back(inside);
  }
  Type type{table->type.element, {}};
  auto add = [&](const AxisUse &a) {
    if (!llvm::is_contained(type.axes, a))
      type.axes.push_back(a);
  };
  for (Expr *index : indices)
    llvm::for_each(index->type.axes, add);
  for (const AxisUse &a : table->type.axes)
    if (!llvm::is_contained(taken, a))
      add(a);
  Expr *out = node(Expr::Gather, type, e.place);
  out->operands = {table};
  out->operands.append(indices.begin(), indices.end());
  out->over.append(taken.begin(), taken.end());
  for (size_t k = guards.size(); k-- > 0;) // what is outside is replaced, not multiplied away
    out = pointwise("select", out->type.element, {insides[k], out, guards[k]}, e.place);
  return tensor(out);
}

} // namespace burin::sema
