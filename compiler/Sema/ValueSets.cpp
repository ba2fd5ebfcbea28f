// Data sets whose rows are values of one type: `data book: char = text("book.txt")`. ValueSets.md.
#include "compiler/Sema/Analyzer.h"
#include "compiler/Sema/Fields.h"
#include <fmt/format.h>

namespace burin::sema {

// What reads the rows, or the first field of a tuple.
static std::string sourceOf(const syntax::Expr &e) {
  const syntax::Expr &source = e.kind == syntax::Expr::Tuple && !e.entries.empty() ? *e.entries[0].value : e;
  bool isCall = source.kind == syntax::Expr::Call && source.operands[0]->kind == syntax::Expr::NameUse;
  return isCall ? source.operands[0]->name : "";
}

// The reader and the file, and whether what is declared fits it.
bool Analyzer::readerOf(const syntax::Item &item, Data &d) {
  const syntax::Expr &source = *item.value;
  const std::string name = sourceOf(source);
  if (name == "csv")
    d.reader = Data::Csv;
  else if (name == "text" || name == "words")
    d.reader = Data::Text;
  else if (name == "npy" || name == "idx")
    d.reader = name == "npy" ? Data::Npy : Data::Idx;
  else
    return unsupported(source.place, "this reader (only `csv text words npy idx` are)",
                       "write its data as one of those"),
           false;
  d.single = d.reader != Data::Csv && !(item.hasType && item.type.kind == syntax::TypeRef::Tuple);
  if (d.reader >= Data::Npy && source.kind == syntax::Expr::Tuple && item.hasType && item.fields.empty())
    return true; // arrayFields looks at each
  if (source.entries.size() != 1 || source.entries[0].value->kind != syntax::Expr::String)
    return error("E0401", source.place, fmt::format("`{}` takes the file's name", name), "here",
                 fmt::format("write `{}(\"data/file.{}\")`", name,
                             d.reader == Data::Csv    ? "csv"
                             : d.reader == Data::Text ? "txt"
                                                      : name)),
           false;
  d.path = source.entries[0].value->text;
  const bool csv = d.reader == Data::Csv;
  if (csv != item.hasType && (item.fields.empty() || csv))
    return true;
  if (csv)
    error("E0265", item.type.place, fmt::format("the rows of a `{}` have fields, and no type of their own", name),
          "a type",
          fmt::format("leave it out, and write `data {} = {}(\"…\") {{ field: type = column(0) }}`", d.name, name));
  else if (!item.hasType)
    error("E0265", item.namePlace, fmt::format("of which type the rows of `{}` are is not said", d.name), "no type",
          d.reader == Data::Text
              ? fmt::format("write `data {}: {} = {}(\"…\")`, with an axis of {}", d.name,
                            name == "text" ? "char" : "word", name, name == "text" ? "characters" : "words")
              : fmt::format("write `data {}: f32[axis] = {}(\"…\")`", d.name, name));
  else
    error("E0265", item.fields[0].name.place, fmt::format("the rows of a `{}` are values, and have no fields", name),
          "a field", "leave the fields out");
  return false;
}

bool Analyzer::valueField(Context &c, const syntax::Item &item, Data &d) {
  auto t = type(c, item.type);
  if (!t)
    return false;
  Field field;
  field.name = "value", field.type = *t,
  field.reads = item.value->operands[0]->name == "words" ? Field::Words : Field::Text;
  const bool words = field.reads == Field::Words;
  if (!t->axes.empty())
    return error(
               "E0265", item.type.place,
               fmt::format("`{}` is {}, and a row of a text is one {}", d.name, show(*t), words ? "word" : "character"),
               "axes", fmt::format("leave them out: `{}.windows[axis]` goes through pieces of it", d.name)),
           false;
  if (!haveLabels(*t, item.type.place, words, fmt::format("`{}`", d.name),
                  fmt::format("the rows of a text are {}, each a label", words ? "words" : "characters"),
                  words ? fmt::format("declare words: `dim word = {{rare}} + words(\"{}\", least: 5)`", d.path)
                        : fmt::format("declare characters: `dim char = characters(\"{}\")`", d.path)))
    return false;
  d.fields.push_back(std::move(field));
  return true;
}

const Axis *rowsAxis(const Value &v) {
  if (v.kind != Value::DataSet || v.data.shuffled || v.data.window || v.data.batch ||
      (v.data.part < 0 && !v.data.data->parts[0].name.empty()))
    return nullptr;
  return v.data.data->parts[size_t(std::max(v.data.part, 0))].axis;
}

// What a data set of values is where it is computed with: all of it, or of its part, along the axis of its rows.
Value Analyzer::asRows(Context &c, const Value &v, Location place) {
  if (v.kind != Value::DataSet || !v.data.data->ofValues())
    return v;
  DataValue d = v.data;
  if (d.part < 0 && d.data->parts[0].name.empty())
    d.part = 0;
  if (d.part < 0 || d.shuffled || d.window || d.batch)
    return v;
  return field(c, d, d.data->fields[0].name, nullptr, place);
}

} // namespace burin::sema
