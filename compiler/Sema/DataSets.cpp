// Data sets: declarations, fields, loops over them.
#include "compiler/Sema/Analyzer.h"
#include "compiler/Sema/Fields.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

// A field with as many columns as elements, or (SequenceFields.cpp) along a bounded axis.
std::optional<Field> Analyzer::declareField(Context &c, const syntax::DataField &f) {
  auto t = type(c, f.type);
  if (!t)
    return std::nullopt;
  double elements = 1;
  bool bounded = false;
  for (const AxisUse &a : t->axes)
    elements *= double(a.extent), bounded |= a.axis->bounded;
  const syntax::Expr *columns = columnsIn(*f.value);
  if (!columns || columns->entries.size() != 1) {
    error("E0402", f.value->place, fmt::format("the field `{}` names no column", f.name.text), "here",
          "write `column(k)` or `columns(a..b)`");
    return std::nullopt;
  }
  Context inner = c;
  Value v = expression(inner, *columns->entries[0].value);
  if (v.isError())
    return std::nullopt;
  Field field;
  field.name = f.name.text, field.type = *t, field.columnCount = 1;
  bool range = columns->operands[0]->name == "columns";
  if (range && v.kind == Value::Range && v.low->kind == Expr::Constant && v.expr->kind == Expr::Constant &&
      v.low->integer >= 0 && v.expr->integer > v.low->integer && v.expr->integer < 1 << 24)
    field.firstColumn = unsigned(v.low->integer), field.columnCount = unsigned(v.expr->integer - v.low->integer);
  else if (!range && v.kind == Value::Literal && v.whole && v.number >= 0 && v.number < 1 << 24)
    field.firstColumn = unsigned(v.number);
  else {
    error("E0402", columns->place, "columns are whole numbers, counted from 0", describe(c, v),
          "write `column(k)` or `columns(a..b)`");
    return std::nullopt;
  }
  if (bounded)
    return sequenceField(c, f, *columns, field) ? std::optional(field) : std::nullopt;
  if (wordsIn(*f.value)) {
    error("E0293", f.value->place,
          fmt::format("the field `{}` is {}, and words are as many as a row has: along a bounded axis", field.name,
                      show(*t)),
          "words of a column", "declare `dim token <= 200`, and the field along it");
    return std::nullopt;
  }
  if (double(field.columnCount) != elements) { // rule 30
    error("E0402", columns->place,
          fmt::format("the field `{}` is {}, which has {} elements, and {} columns are named", f.name.text, show(*t),
                      elements, field.columnCount),
          fmt::format("{} columns", field.columnCount), "a field has as many columns as elements");
    return std::nullopt;
  }
  return field;
}

bool Analyzer::isFresh(const syntax::Name &name, std::set<std::string> &seen) {
  if (!seen.insert(name.text).second)
    return error("E0202", name.place, fmt::format("`{}` stands twice in this data set", name.text), "again",
                 "give one of them another name"),
           false;
  return true;
}

void Analyzer::declareData(const syntax::Item &item, Scope &scope) {
  auto owned = std::make_unique<Data>();
  Data *d = owned.get();
  d->name = item.name, d->location = item.namePlace;
  if (!readerOf(item, *d))
    return;
  Context c;
  c.scope = &scope, c.block = &globalBlock, c.ordinal = &globalOrdinal;
  std::set<std::string> seen;
  for (const syntax::DataField &f : item.fields) {
    if (!isFresh(f.name, seen))
      return;
    auto field = declareField(c, f);
    if (!field)
      return;
    d->fields.push_back(std::move(*field));
  }
  addLengths(*d);
  bool fine = d->reader == Data::Csv || (d->reader == Data::Text ? valueField(c, item, *d) : arrayFields(c, item, *d));
  if (!fine || !declareParts(item, *d, seen))
    return;
  Entity e;
  e.value.kind = Value::DataSet;
  e.value.data.data = d, e.value.data.item = &item;
  e.place = item.namePlace, e.what = "data set";
  program.data.push_back(std::move(owned));
  declare(scope, item.name, e);
}

// A field of a part: the whole column, or the given rows of it, with the field's expression applied.
Value Analyzer::field(Context &c, const DataValue &d, const std::string &name, Expr *rows, Location place) {
  llvm::SaveAndRestore<std::optional<Element>> digits(precision, std::nullopt); // as the set declares it
  unsigned number = 0;
  for (size_t k = 0; k < d.data->fields.size(); ++k)
    if (d.data->fields[k].name == name)
      number = unsigned(k);
  const Field &f = d.data->fields[number];
  const Axis *axis = d.data->parts[size_t(d.part)].axis;
  Expr *column = node(Expr::Column, {f.type.element, {{axis, 0, -1}}}, place);
  column->type.axes.append(f.type.axes.begin(), f.type.axes.end());
  const bool sequence = (f.isText() || f.reads == Field::Series) && !d.data->ofValues();
  if (sequence)
    column->type.axes.back().length = lengthOfField(c, d, f, rows, place);
  column->data = d.data, column->part = unsigned(d.part), column->field = number;
  Expr *raw = column;
  if (rows) {
    Type type{f.type.element, rows->type.axes};
    type.axes.append(column->type.axes.begin() + 1, column->type.axes.end());
    raw = node(Expr::Gather, type, place);
    raw->operands = {column, rows};
    raw->over = {{axis, 0, -1}};
  }
  if (f.isText() || d.data->reader != Data::Csv)
    return tensor(raw);
  Context inner = c;
  inner.scope = &global;
  inner.mapped.insert(inner.mapped.end(), raw->type.axes.begin(),
                      raw->type.axes.begin() + long(rows ? rows->type.axes.size() : 1));
  inner.columns = [&](const std::string &, const syntax::Expr &) { return tensor(raw); };
  const syntax::Expr *expr = nullptr;
  for (auto &i : d.item->fields)
    if (i.name.text == name)
      expr = i.value;
  Value v = expression(inner, *expr);
  if (v.isError())
    return v;
  Expr *e = asTensor(c, v, expr->place);
  if (!e)
    return {};
  if (!(e->type.element == f.type.element) || e->type.axes.size() != raw->type.axes.size())
    return error(
        "E0402", expr->place,
        fmt::format("the field `{}` is {}, and this is {}", name, show(f.type), show(visibleType(inner, e->type))),
        "here", "change the type or the expression");
  return tensor(broadcast(e, raw->type, place));
}

// Windows are of rows that follow each other, as they do in the file: not those that a split has drawn, nor shuffled
// ones.
bool Analyzer::haveWindows(const DataValue &d, Location place) {
  bool split = !d.data->parts[0].name.empty() && !d.data->inOrder();
  if (!split && !d.shuffled)
    return true;
  auto &e =
      diagnostics.error("E0287", place,
                        split ? fmt::format("the rows of a part of `{}` are drawn at random, and don't follow each "
                                            "other: windows of them would be of no series",
                                            d.data->name)
                              : "rows that are shuffled don't follow each other");
  e.label(split ? "windows of which neighbours?" : "windows behind `shuffle`");
  if (split)
    e.origin(d.data->location, "split here, row by row");
  e.help(split ? "split the series in time: a file for each part, and a data set without `split` for each"
               : "shuffle the windows: `.windows[axis].shuffle`");
  return false;
}

// The axis of batches or windows: its size, or the bound of batches, is known, and no field has it.
bool Analyzer::rowsAlong(const DataValue &d, const AxisUse &axis, const std::string &what, Location place) {
  std::string one = what == "batches" ? "a batch" : "a window";
  if (axis.extent < 1 || (axis.axis->bounded && what != "batches"))
    return error("E0403", place, one + " has a size that is known when compiling", show(axis),
                 "declare it: `dim batch = 32`"),
           false;
  bool twice = axis.axis == d.batch || axis.axis == d.window;
  for (const Field &f : d.data->fields)
    twice |= llvm::any_of(f.type.axes, [&](const AxisUse &a) { return a.axis == axis.axis; });
  if (twice)
    error("E0403", place, fmt::format("`{}` is an axis of the rows already", axis.axis->name), one + " along it, too",
          "name an axis that they lack");
  return !twice;
}

Expr *Analyzer::shuffleKey(Context &c, const std::string &path, Location place) {
  Expr *key = node(Expr::Key, {{Element::I64, nullptr}, {}}, place);
  key->path = fmt::format("{}#{}", path, (*c.ordinal)++);
  if (c.draws)
    *c.draws = true;
  return define(c, "key", tensor(key), place).expr;
}

} // namespace burin::sema
