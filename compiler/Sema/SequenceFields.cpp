// Fields along a bounded axis: the characters of a text, or columns as far as they hold something. Sequences.md.
#include "compiler/Sema/Analyzer.h"
#include "compiler/Sema/Fields.h"
#include "llvm/Support/ConvertUTF.h"
#include <fmt/format.h>

namespace burin::sema {

// The columns that a field's expression names, once.
const syntax::Expr *columnsIn(const syntax::Expr &e) {
  if (e.kind == syntax::Expr::Call && e.operands[0]->kind == syntax::Expr::NameUse &&
      (e.operands[0]->name == "columns" || e.operands[0]->name == "column"))
    return &e;
  for (auto *o : e.operands)
    if (o)
      if (auto *found = columnsIn(*o))
        return found;
  for (auto &entry : e.entries)
    if (auto *found = columnsIn(*entry.value))
      return found;
  return nullptr;
}

const syntax::Expr *wordsIn(const syntax::Expr &e) {
  if (e.kind == syntax::Expr::Call && e.operands[0]->kind == syntax::Expr::NameUse && e.operands[0]->name == "words")
    return e.entries.size() == 1 && e.entries[0].name.empty() && columnsIn(e) == e.entries[0].value ? &e : nullptr;
  for (auto *o : e.operands)
    if (o)
      if (auto *found = wordsIn(*o))
        return found;
  return nullptr;
}

bool isCharacter(const std::string &label) {
  return !label.empty() && llvm::getNumBytesForUTF8(llvm::UTF8(label[0])) == label.size();
}

bool Analyzer::sequenceField(Context &c, const syntax::DataField &f, const syntax::Expr &columns, Field &field) {
  const Type &type = field.type;
  if (type.axes.size() != 1)
    return error("E0293", f.type.place,
                 fmt::format("the field `{}` is {}, and a row of a file holds one sequence in a field", field.name,
                             show(type)),
                 "more than the bounded axis", "give each index of the other axis a field of its own"),
           false;
  bool text = columns.operands[0]->name == "column";
  if (!text) {
    field.reads = Field::Series;
    if (field.columnCount > type.axes[0].extent)
      return error("E0402", columns.place,
                   fmt::format("the field `{}` is {}, which has at most {} elements, and {} columns are named",
                               field.name, show(type), type.axes[0].extent, field.columnCount),
                   fmt::format("{} columns", field.columnCount), "name fewer columns, or make the bound larger"),
             false;
    return true;
  }
  bool words = wordsIn(*f.value);
  field.reads = words ? Field::Words : Field::Text;
  return haveLabels(type, f.type.place, words, fmt::format("the field `{}`", field.name),
                    fmt::format("one column along a bounded axis is read as text, each {} a label",
                                words ? "word" : "character"),
                    "a series of numbers has a column for each: `columns(a..b)`") &&
         labelsAround(c, f, field);
}

// Whether a text's characters, or words, can be labels of the element.
bool Analyzer::haveLabels(const Type &type, Location place, bool words, const std::string &what,
                          const std::string &rule, const std::string &other) {
  const Axis *labels = type.element.index;
  if (labels && (words ? !labels->labels.empty() : llvm::any_of(labels->labels, isCharacter)))
    return true;
  auto &d = diagnostics.error("E0294", place, fmt::format("{} is {}, and {}", what, show(type), rule));
  d.label(labels && !words ? fmt::format("`{}` has no label of one character", labels->name) : "no labels");
  if (labels)
    d.origin(labels->location, "declared here");
  d.help(!labels ? other
         : words ? fmt::format("declare words: `dim {} = {{rare}} + words(\"….csv\", least: 5)`", labels->name)
                 : fmt::format("declare characters: `dim {} = {{stop}} + characters(\"….csv\")`", labels->name));
  return false;
}

// `glyph.start + column(0) + glyph.stop`: labels before and behind the text.
bool Analyzer::labelsAround(Context &c, const syntax::DataField &f, Field &field) {
  std::vector<const syntax::Expr *> open{f.value}, terms;
  while (!open.empty()) { // from the left
    const syntax::Expr *e = open.back();
    open.pop_back();
    if (e->kind == syntax::Expr::Binary && e->text == "+")
      open.push_back(e->operands[1]), open.push_back(e->operands[0]);
    else
      terms.push_back(e);
  }
  bool behind = false;
  for (const syntax::Expr *term : terms) {
    if ((field.reads == Field::Words ? wordsIn(*term) : columnsIn(*term)) == term && !behind) {
      behind = true;
      continue;
    }
    Value v = columnsIn(*term) ? Value() : expression(c, *term);
    if (v.isError() && !columnsIn(*term))
      return false;
    if (v.kind != Value::Tensor || v.expr->kind != Expr::Constant || !(v.expr->type.element == field.type.element) ||
        !v.expr->type.axes.empty())
      return error("E0293", term->place,
                   fmt::format("the field `{}` is {}: the {} of one column, and labels around it", field.name,
                               show(field.type), field.reads == Field::Words ? "words" : "text"),
                   v.isError() ? "more than the column" : describe(c, v),
                   fmt::format("write `column(k)`, or with a label `column(k) + {}.{}`", field.type.element.index->name,
                               field.type.element.index->labels.front())),
             false;
    (behind ? field.after : field.before).push_back(unsigned(v.expr->integer));
  }
  if (int64_t(field.before.size() + field.after.size()) >= field.type.axes[0].extent)
    return error("E0293", f.value->place,
                 fmt::format("`{}` holds at most {}, and so many labels leave no place for a text",
                             field.type.axes[0].axis->name, field.type.axes[0].extent),
                 "these labels", "make the bound larger"),
           false;
  return true;
}

// A row's fields along one bounded axis have one length.
void Analyzer::addLengths(Data &data) {
  std::map<const Axis *, unsigned> known;
  for (size_t k = 0, declared = data.fields.size(); k < declared; ++k) {
    if (data.fields[k].reads == Field::Elements)
      continue;
    const Axis *axis = data.fields[k].type.axes[0].axis;
    auto [found, isNew] = known.try_emplace(axis, unsigned(data.fields.size()));
    data.fields[k].length = found->second;
    if (!isNew)
      continue;
    Field length;
    length.name = axis->name + ".length", length.type = {{Element::I64, nullptr}, {}}, length.reads = Field::Length;
    data.fields.push_back(std::move(length));
  }
}

// The lengths of all of a part are one value in a task or function, whoever asks for a field: two of them meet.
const Variable *Analyzer::lengthOfField(Context &c, const DataValue &d, const Field &f, Expr *rows, Location place) {
  const void *where = rows ? static_cast<const void *>(rows) : c.root;
  const Variable *&known = fieldLengths[{where, d.data, d.part, f.length}];
  if (known && where)
    return known;
  Element i64{Element::I64, nullptr};
  const Axis *axis = d.data->parts[size_t(d.part)].axis;
  Expr *length = node(Expr::Column, {i64, {{axis, 0, -1}}}, place);
  length->data = d.data, length->part = unsigned(d.part), length->field = f.length;
  if (rows) {
    Expr *taken = node(Expr::Gather, {i64, rows->type.axes}, place);
    taken->operands = {length, rows}, taken->over = {{axis, 0, -1}};
    length = taken;
  }
  Context at = c;
  if (!rows && c.root)
    at.block = c.root;
  known = define(at, d.data->fields[f.length].name, tensor(length), place).variable;
  if (at.block == c.root && !rows) { // before all that may ask
    Stmt *made = at.block->back();
    at.block->pop_back();
    at.block->insert(at.block->begin(), made);
  }
  return known;
}

} // namespace burin::sema
