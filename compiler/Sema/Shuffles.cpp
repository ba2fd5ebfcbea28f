// Values gone through in random order, one element or a batch at a time. Shuffles.md.
#include "compiler/Sema/Shuffles.h"
#include <fmt/format.h>

namespace burin::sema {

// Each leaf has all axes, with one extent.
bool Shuffles::hasAxes(const Value &leaf, const std::string &name, Axes &over, Location place) {
  auto refuse = [&](std::string message, std::string help) {
    sema.errorOf(c, {leaf}, "E0286", place, std::move(message), sema.describe(c, leaf), std::move(help));
    return false;
  };
  std::string shown = name.empty() ? "this" : fmt::format("`{}`", name.substr(1));
  if (leaf.kind != Value::Tensor)
    return refuse(fmt::format("{} is no tensor, and has no elements to shuffle", shown),
                  "shuffle tensors, or a tuple or struct of them");
  Type type = sema.visibleType(c, leaf.expr->type);
  for (AxisUse &a : over) {
    auto have = llvm::find_if(type.axes, [&](const AxisUse &x) { return x.axis == a.axis && x.primes == a.primes; });
    if (have == type.axes.end())
      return refuse(fmt::format("{} is {}, and is to be shuffled along `{}`", shown, show(type), show(a)),
                    "what is shuffled together has all axes behind `over:`; leave out what has not");
    bool ofRows = have->extent < 0 && over.size() == 1;
    if (have->length || a.axis->bounded || (have->extent < 1 && !ofRows))
      return sema.unsupported(place, "a shuffle along an axis without a known extent",
                              "shuffle along an axis with a size, or a whole data set by itself"),
             false;
    if (have->extent != a.extent && a.extent != a.axis->extent)
      return refuse(fmt::format("{} has {} elements along `{}`, and what is shuffled with it {}", shown, have->extent,
                                a.axis->name, a.extent),
                    "what is shuffled together has equal extents");
    a.extent = have->extent;
  }
  return true;
}

// The fields of a data set, each with the axis of its rows.
bool Shuffles::spread(DataValue d, Location place,
                      llvm::function_ref<void(const std::string &, const Value &, Location, bool)> add) {
  if (d.part < 0 && d.data->parts[0].name.empty())
    d.part = 0;
  if (d.shuffled || d.window || d.batch)
    return sema.error("E0285", place, "only a data set, or a part of it, has fields to spread", "this is gone through",
                      fmt::format("shuffle what it is spread into: `shuffle((..{}, …), over: …)`", d.data->name)),
           false;
  if (d.part < 0) {
    sema.diagnostics.error("E0403", place, fmt::format("`{}` is split: say the part", d.data->name))
        .label("of which part?")
        .origin(d.data->location, "declared here")
        .help(fmt::format("for example `..{}.{}`", d.data->name, d.data->parts[0].name));
    return false;
  }
  for (const Field &f : d.data->fields) {
    if (f.reads == Field::Length)
      continue;
    Value v = sema.field(c, d, f.name, nullptr, place);
    if (v.isError())
      return false;
    add(f.name, v, place, true);
  }
  return true;
}

// How many rows the part of a data set has whose axis this is.
Expr *Shuffles::rowsOf(const Axis *axis, Location place) {
  Expr *rows = sema.node(Expr::Rows, {{Element::I64, nullptr}, {}}, place);
  for (auto &data : sema.program.data)
    for (size_t k = 0; k < data->parts.size(); ++k)
      if (data->parts[k].axis == axis)
        rows->data = data.get(), rows->part = unsigned(k);
  return rows;
}

Value Shuffles::make(const std::vector<Analyzer::Argument> &given, const std::optional<Axes> &over, Location place) {
  if (given.size() == 1 && given[0].value.kind == Value::DataSet)
    return sema.error("E0214", place, "`shuffle(…)` takes values, and this is a data set", "here",
                      "a data set has a `shuffle` of its own: `for b in set.shuffle.batches[batch] { … }`");
  if (given.size() != 1 || !given[0].name.empty() || !over || over->empty())
    return sema.error("E0214", place, "`shuffle` takes a value, and the axes of the elements that are shuffled",
                      over ? fmt::format("{} arguments", given.size()) : "no `over:`",
                      "write `shuffle((x, y), over: axis)`, or `over: (a, b)` for every pair of indices");
  if (c.mask || !c.mapped.empty())
    return sema.unsupported(place,
                            c.mask ? "a shuffle under a condition with axes" : "a shuffle in a body that is mapped",
                            "shuffle outside of it");
  auto made = std::make_shared<Shuffled>();
  made->over = *over, made->place = place, made->batch = nullptr, made->count = 1;
  for (int pass = 0; pass < 2; ++pass) { // the first finds the extents, the second holds all to them
    Value fine = sema.eachLeaf(given[0].value, "", [&](const Value &leaf, const std::string &name) {
      return hasAxes(leaf, name, made->over, given[0].place) ? leaf : Value();
    });
    if (fine.isError())
      return {};
  }
  for (const AxisUse &a : made->over)
    made->count *= a.extent; // of a tensor's elements, which are bounded
  if (made->over[0].extent < 0)
    made->rows = sema.define(c, "rows", sema.tensor(rowsOf(made->over[0].axis, place)), place).expr;
  made->values = sema.define(c, "shuffled", given[0].value, place);
  Value v;
  v.kind = Value::Shuffle, v.shuffled = std::move(made);
  return v;
}

Value Shuffles::member(const Value &base, const syntax::Expr &e) {
  if (e.name == "batches" && !base.shuffled->batch)
    return base;
  return sema.error("E0212", e.place, fmt::format("what is shuffled has no `{}`", e.name), "no such member",
                    "a loop goes through it: `for x in shuffle(…) { … }`, or `for b in shuffle(…).batches[batch]`");
}

Value Shuffles::batches(const Value &base, const syntax::Expr &e) {
  if (e.entries.size() != 1)
    return sema.error("E0210", e.place, "`batches` takes one axis", "here", "write `.batches[batch]`");
  auto said = sema.axesOf(c, e.entries[0]);
  if (!said)
    return {};
  Location place = e.entries[0].name.empty() ? e.entries[0].value->place : e.entries[0].namePlace;
  if (said->size() != 1)
    return sema.error("E0230", place, fmt::format("one axis is asked here, and this is {}", showProduct(*said)),
                      fmt::format("{} axes", said->size()), "name one axis");
  const AxisUse *axis = &said->front();
  if (axis->extent < 1 || axis->primes || axis->extent != axis->axis->extent)
    return sema.error("E0403", place, "a batch has a size that is known when compiling", show(*axis),
                      "declare `dim batch = 32`");
  if (!base.shuffled->rows && axis->extent > base.shuffled->count && !axis->axis->bounded) {
    sema.diagnostics
        .error("E0286", place,
               fmt::format("a batch of {} is more than the {} elements that there are", axis->extent,
                           base.shuffled->count))
        .label(fmt::format("`{}` is {}", axis->axis->name, axis->extent))
        .origin(base.shuffled->place, fmt::format("{} elements", base.shuffled->count))
        .help("take smaller batches: the remainder of a shuffle is dropped, and here it would be all");
    return {};
  }
  auto made = std::make_shared<Shuffled>(*base.shuffled);
  made->batch = axis->axis;
  Value out = base;
  out.shuffled = std::move(made);
  return out;
}

// The elements at a place or places in row-major order of the axes.
Value Shuffles::rows(const Shuffled &s, Expr *position, Location place) {
  Element i64{Element::I64, nullptr};
  std::vector<Analyzer::Operand> indices(s.over.size());
  int64_t stride = 1;
  for (size_t k = s.over.size(); k-- > 0;) {
    const AxisUse &a = s.over[k];
    Expr *at = position;
    if (stride > 1)
      at = sema.pointwise("div", i64, {at, sema.constant(i64, double(stride), place)}, place);
    if (k > 0)
      at = sema.pointwise("rem", i64, {at, sema.constant(i64, double(a.extent), place)}, place);
    Expr *index = sema.cast(at, {Element::Index, a.axis}, place);
    indices[k] = {false, sema.define(c, a.axis->name, sema.tensor(index), place).expr, place};
    stride *= a.extent;
  }
  Lengths lengths;
  return sema.eachLeaf(s.values, "", [&](const Value &leaf, const std::string &name) -> Value {
    for (const AxisUse &a : leaf.expr->type.axes)
      if (s.batch && a.axis == s.batch && !a.primes && !llvm::is_contained(s.over, a))
        return sema.error(
            "E0286", place,
            fmt::format("`{}` has the axis `{}` already, which batches have", name.substr(!name.empty()), show(a)),
            show(sema.visibleType(c, leaf.expr->type)), "name another axis in `.batches[…]`");
    return gathered(leaf, s.over, indices, lengths, place);
  });
}

// A leaf at places. Of a sequence whose length differs along what is taken away, the lengths are taken there, too.
Value Shuffles::gathered(const Value &leaf, const Axes &over, const std::vector<Analyzer::Operand> &indices,
                         Lengths &lengths, Location place) {
  auto varies = [&](const AxisUse &a) {
    return a.length && llvm::any_of(a.length->type.axes, [&](const AxisUse &b) { return llvm::is_contained(over, b); });
  };
  if (leaf.expr->kind != Expr::Use || llvm::none_of(leaf.expr->type.axes, varies))
    return sema.gatherLeaf(c, leaf.expr, over, indices, place);
  auto lengthAt = [&](const Variable *whole) {
    const Variable *&known = lengths[whole];
    if (known)
      return known;
    Axes taken;
    std::vector<Analyzer::Operand> at;
    for (size_t k = 0; k < over.size(); ++k)
      if (llvm::is_contained(whole->type.axes, over[k]))
        taken.push_back(over[k]), at.push_back(indices[k]);
    Value v = sema.gatherLeaf(c, sema.use(whole, place), taken, at, place);
    return known = v.isError() ? nullptr : sema.define(c, whole->name, v, place).variable;
  };
  Expr *table = sema.use(leaf.expr->variable, place);
  std::vector<AxisUse> cut; // with their lengths at the places
  for (AxisUse &a : table->type.axes)
    if (varies(a)) {
      cut.push_back(a);
      if (!(cut.back().length = lengthAt(a.length)))
        return {};
      a.length = nullptr;
    }
  Value v = sema.gatherLeaf(c, table, over, indices, place);
  for (size_t k = 0; !v.isError() && k < v.expr->type.axes.size(); ++k)
    for (const AxisUse &a : cut)
      if (v.expr->type.axes[k] == a)
        v.expr->type.axes[k].length = a.length;
  return v;
}

// The order is a permutation by a key of the loop's own; what is left behind the last whole batch is dropped, or a
// batch of a bounded axis.
Value Shuffles::loop(const syntax::Expr &e, const Shuffled &s) {
  Element i64{Element::I64, nullptr};
  Location place = e.operands[0]->place;
  Expr *key = sema.shuffleKey(c, c.path + ".shuffle", place);
  Expr *count = s.rows ? s.rows : sema.constant(i64, double(s.count), place);
  Stmt *loop = sema.statement(c, Stmt::For, e.place);
  loop->name = e.pattern.name.empty() ? "batch" : e.pattern.name;
  loop->value = sema.stepsOf(count, s.batch, place);
  loop->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  const Variable *counter = sema.variable("i", {i64, {}}, e.pattern.place);
  loop->variables = {counter};
  Scope scope;
  scope.parent = c.scope;
  Emission emission;
  emission.body = &loop->body;
  Context inner = c;
  inner.scope = &scope, inner.block = &loop->body, inner.emission = &emission;
  Expr *position = sema.numbersOfBatch(inner, sema.use(counter, place), count, s.batch, place);
  position = sema.pointwise("shuffle", i64, {key, count, position}, place);
  position = sema.define(inner, "place", sema.tensor(position), place).expr;
  Value rows = Shuffles(sema, inner).rows(s, position, place);
  if (rows.isError())
    return sema.checkUnreached(c, e.body, &e.pattern), Value();
  sema.bindPattern(inner, scope, e.pattern, rows, "loop variable");
  if (sema.block(inner, e.body, false).isError())
    return {};
  return emission.place.length ? sema.emitted(c, *loop, emission, Value(), place) : Analyzer::unitValue();
}

} // namespace burin::sema
