// Data sets whose rows stand in files of arrays, one for each field: an index of the first axis is a row. ValueSets.md.
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// `data x: f32[pixel] = npy("x.npy")`, `data m: (image: u8[row, col], label: digit) = (idx("images"), idx("labels"))`.
bool Analyzer::arrayFields(Context &c, const syntax::Item &item, Data &d) {
  const char *name = d.reader == Data::Npy ? "npy" : "idx";
  const bool tuple = item.type.kind == syntax::TypeRef::Tuple;
  const syntax::Expr &value = *item.value;
  size_t count = tuple ? item.type.fieldTypes.size() : 1;
  auto refuse = [&](Location place, std::string message, std::string label, std::string help) {
    return error("E0265", place, std::move(message), std::move(label), std::move(help)), false;
  };
  if (item.type.kind == syntax::TypeRef::Function)
    return refuse(item.type.place, fmt::format("the rows of `{}` are numbers or labels", d.name), "a function",
                  "name the type of a row");
  if (tuple != (value.kind == syntax::Expr::Tuple) || (tuple && value.entries.size() != count))
    return refuse(value.place, "each field has a file of its own",
                  tuple ? fmt::format("{} fields in the type", count) : "one type",
                  tuple ? fmt::format("write `({0}(\"…\"), {0}(\"…\"))`, one for each field", name)
                        : fmt::format("write `{}(\"…\")`", name));
  for (size_t k = 0; k < count; ++k) {
    const syntax::TypeRef &written = tuple ? item.type.fieldTypes[k] : item.type;
    const syntax::Expr &source = tuple ? *value.entries[k].value : value;
    Field field;
    field.name = tuple ? item.type.fieldNames[k].text : "value";
    if (tuple && !value.entries[k].name.empty() && value.entries[k].name != field.name)
      return refuse(value.entries[k].namePlace, "fields match by position, and names are checked",
                    fmt::format("`{}` stands here in the type", field.name), "name the same, or none");
    bool isCall = source.kind == syntax::Expr::Call && source.operands[0]->kind == syntax::Expr::NameUse;
    if (!isCall || source.operands[0]->name != name)
      return refuse(source.place, fmt::format("all fields of `{}` are read by `{}`, as the first is", d.name, name),
                    "here", "write the files in one format");
    if (source.entries.size() != 1 || source.entries[0].value->kind != syntax::Expr::String)
      return error("E0401", source.place, fmt::format("`{}` takes the file's name", name), "here",
                   fmt::format("write `{0}(\"data/file.{0}\")`", name)),
             false;
    field.path = source.entries[0].value->text;
    if (written.kind != syntax::TypeRef::Tensor)
      return refuse(written.place, "a file of an array holds one tensor", "more here", "give each a file of its own");
    auto t = type(c, written);
    if (!t)
      return false;
    for (const AxisUse &a : t->axes)
      if (a.axis->bounded || a.extent < 0)
        return refuse(written.place, fmt::format("a row of an array has a size, and `{}` has none", show(a)),
                      "this type", "name axes that are declared by a size or by labels");
    field.type = *t;
    d.fields.push_back(std::move(field));
  }
  d.path = d.fields[0].path;
  return true;
}

} // namespace burin::sema
