// `for b in data.part[.windows[time]][.shuffle][.batches[batch]]`, and several sets in step by `zip` (rule 29).
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {
static const Element i64{Element::I64, nullptr};

Expr *Analyzer::stepsOf(Expr *n, const Axis *batch, Location place) {
  if (!batch)
    return n;
  int64_t shorter = batch->bounded ? 1 : 0; // the last step
  if (n->kind == Expr::Constant) {
    int64_t steps = (n->integer + shorter * (batch->extent - 1)) / batch->extent;
    return constant(i64, double(steps), place);
  }
  Expr *size = constant(i64, double(batch->extent), place);
  if (shorter)
    n = pointwise("add", i64, {n, constant(i64, double(batch->extent - 1), place)}, place);
  return pointwise("div", i64, {n, size}, place);
}

// Of a bounded batch as much is present as is left; what is absent is the last once more, as harmless as a present one.
Expr *Analyzer::numbersOfBatch(Context &c, Expr *counter, Expr *n, const Axis *batch, Location place) {
  if (!batch)
    return counter;
  Expr *size = constant(i64, double(batch->extent), place);
  Expr *start = pointwise("mul", i64, {counter, size}, place);
  AxisUse along{batch, 0, batch->extent};
  if (!batch->bounded)
    return pointwise("add", i64, {numbersAlong(along, place), start}, place);
  Expr *left = pointwise("min", i64, {pointwise("sub", i64, {n, start}, place), size}, place);
  along.length = define(c, batch->name + ".length", tensor(left), place).variable;
  Expr *last = pointwise("sub", i64, {n, constant(i64, 1, place)}, place);
  return pointwise("min", i64, {pointwise("add", i64, {numbersAlong(along, place), start}, place), last}, place);
}

// What a loop goes through of one set: so many steps, in which order.
struct Analyzer::Going {
  DataValue set;
  Expr *rows;          ///< or windows
  Expr *key = nullptr; ///< of the order; null: as in the file
  Expr *steps;
};

std::optional<Analyzer::Going> Analyzer::going(Context &c, DataValue d, Location place) {
  if (d.part < 0 && d.data->parts[0].name.empty())
    d.part = 0;
  if (d.part < 0) {
    diagnostics.error("E0403", place, fmt::format("`{}` is split: say the part", d.data->name))
        .label("of which part?")
        .origin(d.data->location, "declared here")
        .help(fmt::format("for example `{}.{}`", d.data->name, d.data->parts[0].name));
    return std::nullopt;
  }
  Expr *rows = node(Expr::Rows, {i64, {}}, place);
  rows->data = d.data, rows->part = unsigned(d.part);
  if (d.window) { // how many windows; of too few rows none
    Expr *more = pointwise("sub", i64, {rows, constant(i64, double(d.window->extent - 1), place)}, place);
    rows = pointwise("max", i64, {more, constant(i64, 0, place)}, place);
  }
  Going out{d, define(c, "rows", tensor(rows), place).expr, nullptr, nullptr};
  if (d.shuffled)
    out.key = shuffleKey(c, fmt::format("{}.{}", d.data->name, d.data->parts[size_t(d.part)].name), place);
  out.steps = stepsOf(out.rows, d.batch, place);
  return out;
}

// The row, or batch of rows, of one step: a tuple of the set's fields.
Value Analyzer::rowAt(Context &c, const Going &g, Expr *counter, const std::string &name, Location place) {
  const DataValue &d = g.set;
  const Axis *rowsAxis = d.data->parts[size_t(d.part)].axis;
  Expr *position = numbersOfBatch(c, counter, g.rows, d.batch, place);
  if (g.key)
    position = pointwise("shuffle", i64, {g.key, g.rows, position}, place);
  if (d.window) {
    AxisUse along{d.window, 0, d.window->extent};
    Type all{i64, position->type.axes};
    all.axes.push_back(along);
    position = pointwise("add", i64, {broadcast(position, all, place), numbersAlong(along, place)}, place);
  }
  Expr *index = define(c, "row", tensor(cast(position, {Element::Index, rowsAxis}, place)), place).expr;
  if (d.data->ofValues())
    return define(c, name.empty() ? "value" : name, field(c, d, d.data->fields[0].name, index, place), place);
  Value row;
  row.kind = Value::Tuple;
  for (const Field &f : d.data->fields) {
    if (f.reads == Field::Length)
      continue;
    Value v = field(c, d, f.name, index, place);
    if (v.isError())
      return v;
    row.fields.push_back({f.name, define(c, name + "." + f.name, v, place)});
  }
  return row;
}

// The sets of `zip(a, b)`; none: it is no such call, or an error that is told.
std::vector<DataValue> Analyzer::zipped(Context &c, const syntax::Expr &head) {
  std::vector<DataValue> sets;
  bool fits = head.entries.size() >= 2;
  for (const syntax::Entry &entry : head.entries) {
    Value v = expressionOrSet(c, *entry.value);
    if (v.isError())
      return {};
    fits &= v.kind == Value::DataSet && entry.name.empty();
    sets.push_back(v.data);
  }
  if (!fits)
    return error("E0222", head.place, "`zip` goes through two data sets, or more, in step", "here",
                 "write `for (a, b) in zip(x.train.batches[n], y.train.batches[n]) { … }`"),
           std::vector<DataValue>();
  return sets;
}

// As long as the shortest goes.
Value Analyzer::loopOverData(Context &c, const syntax::Expr &e, llvm::ArrayRef<DataValue> sets) {
  Location place = e.operands[0]->place;
  std::vector<Going> all;
  Expr *steps = nullptr;
  for (const DataValue &set : sets) {
    auto one = going(c, set, place);
    if (!one)
      return checkUnreached(c, e.body, &e.pattern), Value();
    all.push_back(*one);
    steps = steps ? pointwise("min", i64, {steps, one->steps}, place) : one->steps;
  }
  Stmt *s = statement(c, Stmt::For, e.place);
  const syntax::Pattern &first = e.pattern.parts.empty() ? e.pattern : e.pattern.parts[0];
  s->name = first.name, s->value = steps, s->path = fmt::format("{}#{}", c.path, (*c.ordinal)++);
  const Variable *counter = variable("i", {i64, {}}, e.pattern.place);
  s->variables = {counter};
  Scope scope;
  scope.parent = c.scope;
  Context inner = c;
  inner.scope = &scope, inner.block = &s->body;
  Value rows;
  rows.kind = Value::Tuple;
  for (size_t k = 0; k < all.size(); ++k) {
    bool named = sets.size() > 1 && k < e.pattern.parts.size();
    Value row = rowAt(inner, all[k], use(counter, place), named ? e.pattern.parts[k].name : first.name, place);
    if (row.isError())
      return checkUnreached(c, e.body, &e.pattern), row;
    rows.fields.push_back({"", row});
  }
  bindPattern(inner, scope, e.pattern, sets.size() > 1 ? rows : rows.fields[0].second, "loop variable");
  return block(inner, e.body, false).isError() ? Value() : unitValue();
}

} // namespace burin::sema
