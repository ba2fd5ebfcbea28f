// Writes at indices. Writes.md.
#include "compiler/Sema/Notation.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

// The indices after `over` as the notation reads them: `e: env`, `t`.
static std::vector<syntax::Entry> entriesOf(const std::vector<syntax::Over> &over, std::deque<syntax::Expr> &made) {
  std::vector<syntax::Entry> out;
  for (const syntax::Over &o : over) {
    syntax::Entry &entry = out.emplace_back();
    syntax::Expr &value = made.emplace_back();
    value.kind = syntax::Expr::NameUse, value.place = o.name.place;
    value.name = o.name.text, value.primes = o.name.primes;
    entry.value = &value;
    if (!o.hasAxis)
      continue;
    entry.name = o.name.text, entry.namePlace = o.name.place, entry.extent = o.axis.extent;
    value.place = o.axis.place;
    if (o.axis.path.empty())
      continue;
    value.name = o.axis.path[0].text, value.primes = o.axis.path.back().primes;
    if (o.axis.path.size() == 2) { // a part of a data set
      syntax::Expr &set = made.emplace_back(value);
      value.kind = syntax::Expr::Member, value.name = o.axis.path[1].text, value.operands = {&set};
    }
  }
  return out;
}

// The writes of one statement: mapped along the indices after `over`, in their order.
bool Analyzer::enterWrites(Context &c, Writes &w, const syntax::Stmt &s, const std::vector<syntax::Expr *> &parts) {
  w.left = entriesOf(s.over, w.made);
  for (const syntax::Over &o : s.over)
    if (o.hasAxis && o.axis.kind != syntax::AxisRef::Named)
      return unsupported(o.axis.place, "a product of axes here", "say each of its axes: `over i: row, j: col`"), false;
  syntax::Expr all;
  all.kind = syntax::Expr::Tuple, all.place = s.place;
  for (syntax::Expr *part : parts)
    all.entries.push_back({"", 0, part->place, part});
  w.inside.parent = c.scope;
  w.context = c;
  w.context.scope = &w.inside, w.before = c.block->size();
  if (w.left.empty())
    return true;
  if (!NotationSolver(*this, c, w.notation).solve(w.left, all))
    return false;
  w.context.notation = &w.notation;
  for (const syntax::Entry &entry : w.left) {
    const NotationIndex &index = *w.notation.declared[&entry];
    if (index.axis->bounded && s.kind != syntax::Stmt::AddAssign && s.kind != syntax::Stmt::LetScatter)
      return unsupported(index.place, "a write over a bounded axis",
                         "write in a loop, in a function of that value: `for t in time { x[s[t]] <- y[t] }`"),
             false;
    enterIndex(w.context, w.inside, index);
    w.uses.push_back(index.use);
  }
  for (const AxisUse &use : w.uses)
    if (use.length &&
        llvm::any_of(visible(c, use.length->type), [&](const AxisUse &a) { return !llvm::is_contained(w.uses, a); }))
      return unsupported(s.place, "a write over an axis whose length differs along another",
                         "name that other axis in `over`, too"),
             false;
  return true;
}

// An index of what is written has no axes but those of `over` and of the body around it.
bool Analyzer::singleWrite(Context &c, Writes &w, Expr *index, Location place) {
  std::vector<AxisUse> axes = visible(w.context, index->type);
  if (axes.empty())
    return true;
  return error("E0243", place,
               fmt::format("this writes at an index for each of `{}`, and does not say in which order", show(axes[0])),
               show(visibleType(w.context, index->type)),
               fmt::format("index it, and say what it goes through: `x[s[i]] += … over i: {}`", show(axes[0]))),
         false;
}

bool Analyzer::unguarded(const syntax::Expr &target) {
  for (const syntax::Entry &entry : target.entries)
    if (entry.guard || entry.extent)
      return error("E0243", entry.value->place, "what is written has no guard: every write has its place",
                   "outside there is nothing to write", "let the index go less far: `over i: axis:n`"),
             false;
  return true;
}

// The elements that are written: of tensors with the axes `axes`.
bool Analyzer::writeIndices(Context &c, Writes &w, const syntax::Expr &target, const std::vector<AxisUse> &axes,
                            const std::string &shown) {
  if (!unguarded(target))
    return false;
  if (auto found = w.notation.places.find(&target); found != w.notation.places.end()) {
    for (size_t k = 0; k < target.entries.size(); ++k) {
      Expr *inside = nullptr, *index = indexWithin(w.context, target.entries[k], found->second[k], inside);
      if (!index || !singleWrite(c, w, index, target.entries[k].value->place))
        return false;
      w.at.push_back(found->second[k]), w.indices.push_back(index);
    }
    return true;
  }
  std::vector<Operand> operands;
  std::vector<IndexValue> values;
  if (!indexValues(w.context, target, values) || !takeAxes(w.context, axes, shown, values, w.at, operands))
    return false;
  for (const Operand &o : operands) {
    if (!singleWrite(c, w, o.expr, o.place))
      return false;
    w.indices.push_back(o.expr);
  }
  return true;
}

// What is written, as a tensor of the writes and of `rest`: the axes of what it is written to that are not indexed.
Expr *Analyzer::scatter(Context &c, Writes &w, Expr *x, const Type &into, Expr *before, bool adds, Location place) {
  if (adds && into.element.isNarrow()) { // sums, so in f32
    Element f32{Element::F32, nullptr};
    Expr *wide = before ? cast(before, f32, place) : nullptr;
    return cast(scatter(c, w, cast(x, f32, place), {f32, into.axes}, wide, true, place), into.element, place);
  }
  Type type{into.element, {w.uses.begin(), w.uses.end()}};
  for (const AxisUse &a : into.axes)
    if (!llvm::is_contained(w.at, a))
      type.axes.push_back(a);
  Expr *out = node(Expr::Scatter, into, place);
  out->name = adds ? "scatter_add" : "scatter";
  if (adds) // what is absent adds nothing
    x = absentAs(broadcast(x, type, place), 0, w.uses, place);
  out->operands = {broadcast(x, type, place)};
  for (size_t k = 0; k < w.indices.size(); ++k) {
    Type all = w.indices[k]->type;
    for (const AxisUse &a : w.uses) // every write has its index
      if (k == 0 && !llvm::is_contained(all.axes, a))
        all.axes.push_back(a);
    out->operands.push_back(broadcast(w.indices[k], all, place));
  }
  if (before)
    out->operands.push_back(before);
  out->over.append(w.at.begin(), w.at.end());
  return out;
}

static bool isNumber(const Element &e) { return e.kind != Element::Bool && e.kind != Element::Index; }

// let n[x[i]] += 1 over i: sums into zeros. Each index says an axis by its type, or by name.
Value Analyzer::letScatter(Context &c, Scope &scope, const syntax::Stmt &s) {
  Writes w;
  std::vector<syntax::Expr *> parts;
  parts.reserve(s.indices.size() + 1);
  for (const syntax::Entry &entry : s.indices)
    parts.push_back(entry.value);
  parts.push_back(s.value);
  if (!enterWrites(c, w, s, parts))
    return {};
  syntax::Expr target;
  target.kind = syntax::Expr::Index, target.entries = s.indices, target.place = s.place;
  std::vector<IndexValue> values;
  if (!unguarded(target) || !indexValues(w.context, target, values))
    return {};
  Type into;
  for (const IndexValue &index : values) {
    const Entity *named = index.entry->name.empty() ? nullptr : lookup(c.scope, index.entry->name);
    Expr *x = nullptr;
    if (index.value.kind == Value::Tensor)
      x = index.value.expr;
    std::optional<AxisUse> use;
    if (named && named->kind == Entity::Axis)
      use = named->axis, usage.read(named->place);
    else if (x && x->type.element.kind == Element::Index && x->type.element.index->extent >= 0)
      use = AxisUse{x->type.element.index, 0, x->type.element.index->extent};
    if (use && use->axis->bounded)
      return unsupported(index.place, "a sum along a bounded axis", "sum along an axis with a size");
    if (!use)
      return error("E0213", index.place, "which axis this index takes is not known", describe(w.context, index.value),
                   "say it by name, `n[axis: …]`, or write an index: `n % axis`, `x[i]` with `x: axis[…]`");
    Expr *inside = nullptr;
    syntax::Entry bare = *index.entry;
    bool whole = x && x->type.element == Element{Element::Index, use->axis};
    x = whole ? x : indexWithin(w.context, bare, *use, inside);
    if (!x || !singleWrite(c, w, x, index.place))
      return {};
    w.at.push_back(primed(*use, w.at)), w.indices.push_back(x);
  }
  Value v = expression(w.context, *s.value);
  Expr *x = v.isError() ? nullptr : asTensor(w.context, v, s.value->place);
  if (!x)
    return {};
  into.element = x->type.element;
  if (!isNumber(into.element))
    return error("E0205", s.value->place, "what is added up are numbers", describe(w.context, v),
                 "`if c then 1 else 0` makes one of a bool");
  auto add = [&](const AxisUse &a) {
    if (!llvm::is_contained(into.axes, a) && !llvm::is_contained(w.uses, a))
      into.axes.push_back(a);
  };
  for (Expr *part : w.indices)
    llvm::for_each(part->type.axes, add); // of bodies around this
  for (const AxisUse &a : x->type.axes)
    if (llvm::is_contained(c.mapped, a))
      add(a);
  into.axes.append(w.at.begin(), w.at.end());
  for (const AxisUse &a : visible(w.context, x->type)) {
    if (llvm::is_contained(into.axes, a))
      return error("E0204", s.place, fmt::format("`{}` would have the axis `{}` twice", s.pattern.name, show(a)),
                   fmt::format("what is added is {}", show(visibleType(w.context, x->type))),
                   "index that axis too, or rename one with `as […]`");
    into.axes.push_back(a);
  }
  bindPattern(c, scope, s.pattern, tensor(scatter(c, w, x, into, nullptr, true, s.place)), "value");
  Value unit;
  unit.kind = Value::Unit;
  return unit;
}

// Rule 21: the right side may not read what is written while it is written.
bool Analyzer::readsWritten(Context &c, const Writes &w, const Value &target, const std::vector<Expr *> &values,
                            Location place) {
  std::set<const Slot *> read;
  std::set<const Variable *> used;
  readSlots({c.block->begin() + long(w.before), c.block->end()}, nullptr, read, used);
  for (Expr *e : values)
    readSlots({}, e, read, used);
  for (Expr *e : w.indices)
    readSlots({}, e, read, used);
  bool reads = false;
  eachLeaf(target, "", [&](const Value &leaf, const std::string &) {
    if (reads || !read.count(leaf.slot))
      return leaf;
    reads = true;
    diagnostics
        .error("E0244", place,
               fmt::format("`{}` is read here while it is written: of writes to one place, updates would be lost",
                           leaf.slot->path))
        .label("reads what is written")
        .origin(leaf.slot->location, "declared here")
        .help("add with `+=`, which loses none; or read it before, by a `let`; or write in a loop: `for i in axis { … "
              "}`");
    return leaf;
  });
  return reads;
}

// q[s, a] += …, replay[n % slot] <- b[e] over e: env: into a state, or the leaves of one.
Value Analyzer::writeAt(Context &c, const syntax::Stmt &s) {
  Value unit;
  unit.kind = Value::Unit;
  const syntax::Expr &target = *s.target;
  if (target.kind != syntax::Expr::Index)
    return error("E0243", target.place, "what is written `over` indices is indexed", "not indexed",
                 "say where: `x[i] <- … over i: axis`");
  const syntax::Expr &base = *target.operands[0];
  const Entity *named = base.kind == syntax::Expr::NameUse ? lookup(c.scope, base.name) : nullptr;
  Location declaredAt = named ? named->place : Location();
  bool readBefore = named && usage.isRead(declaredAt);
  Writes w;
  if (!enterWrites(c, w, s, {s.target, s.value}))
    return {};
  Value table = expression(c, base);
  if (table.isError()) {
    expression(w.context, *s.value);
    return table;
  }
  std::vector<Slot *> slots;
  if (!slotsWritten(c, table, base, slots) || !writeIndices(c, w, target, outerAxes(c, table), describe(c, table)))
    return {};
  for (const AxisUse &a : outerAxes(c, table))
    if (a.axis->bounded && !llvm::is_contained(w.at, a))
      return unsupported(target.place, "a write to a part of what has a bounded axis", "index that axis, too");
  std::vector<AxisUse> rest = outerAxes(c, table);
  llvm::erase_if(rest, [&](const AxisUse &a) { return llvm::is_contained(w.at, a); });
  w.context.drawAxes = rest;
  bool kept = llvm::any_of(slots, [](const Slot *slot) { return slot->kind != Slot::Local; });
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, kept ? std::nullopt : precision);
  Value v = expression(w.context, *s.value);
  if (named)
    usage.write(declaredAt, readBefore);
  std::vector<Leaf> all;
  if (v.isError() ||
      !leaves(w.context, v, shapeOf(c, table), base.name.empty() ? "this" : base.name, "", s.value->place, all, true))
    return {};
  bool adds = s.kind == syntax::Stmt::AddAssign;
  std::vector<Expr *> values;
  for (size_t k = 0; k < slots.size(); ++k) {
    if (adds && !isNumber(slots[k]->type.element))
      return error("E0205", s.value->place, "what is added up are numbers", show(slots[k]->type), "write it by `<-`");
    Type written = typeInLayer(c, slots[k]);
    llvm::erase_if(written.axes, [&](const AxisUse &a) { return llvm::is_contained(w.at, a); });
    written.axes.append(w.uses.begin(), w.uses.end());
    for (const Expr *index : w.indices)
      for (const AxisUse &a : index->type.axes)
        if (!llvm::is_contained(written.axes, a))
          return error("E0221", target.place,
                       fmt::format("`{}` lives outside this body, and the index varies along `{}`, over which the "
                                   "body is mapped",
                                   slots[k]->path, show(a)),
                       "one state for all", "keep a state in the body, or call it with one index");
    Expr *x = writable(w.context, slots[k], all[k].value, s.value->place, &written);
    if (!x)
      return {};
    values.push_back(x);
  }
  if (!w.uses.empty() && readsWritten(c, w, table, values, s.value->place))
    return {};
  for (size_t k = 0; k < slots.size(); ++k) {
    Expr *before = get(slots[k], target.place);
    size_t said = w.at.size();
    for (auto &[axis, layer] : layersOf(c, slots[k])) // a layer of a repeated model writes its own
      w.at.push_back(axis), w.indices.push_back(layer);
    values[k] = masked(c, slots[k], scatter(c, w, values[k], slots[k]->type, before, adds, s.place), s.place);
    w.at.resize(said), w.indices.resize(said);
    if (!values[k])
      return {};
    if (slots.size() > 1) // all are computed before one is written
      values[k] = define(c, slots[k]->path, tensor(values[k]), s.place).expr;
  }
  for (size_t k = 0; k < slots.size(); ++k)
    set(c, slots[k], values[k], s.place);
  return unit;
}

} // namespace burin::sema
