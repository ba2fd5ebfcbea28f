// The parts of a data set: shares of its rows, numbers of them, those in which a condition holds, and the rest.
// Splits.md.
#include "compiler/Sema/Analyzer.h"
#include "runtime/Program.h"
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace burin::sema {

static bool mentions(const syntax::Expr &e, const std::string &name) {
  if (e.kind == syntax::Expr::NameUse)
    return e.name == name;
  return llvm::any_of(e.operands, [&](const syntax::Expr *o) { return o && mentions(*o, name); }) ||
         llvm::any_of(e.entries,
                      [&](const syntax::Entry &entry) { return entry.value && mentions(*entry.value, name); });
}

// What can't be computed of a row while the file is read; null: all can.
static const Expr *uncomputable(const Expr &e) {
  static const std::set<std::string> known = {"not", "and", "or",  "eq",  "ne",  "lt",  "le",  "gt",
                                              "ge",  "add", "sub", "mul", "div", "rem", "cast"};
  if (!e.type.axes.empty() || e.type.element.isNarrow())
    return &e;
  for (const Expr *operand : e.operands)
    if (const Expr *found = uncomputable(*operand))
      return found;
  bool real = e.type.element.isFloat();
  bool fromFloat = !e.operands.empty() && e.operands[0]->type.element.isFloat();
  bool fine = e.kind == Expr::Column || e.kind == Expr::Constant ||
              (e.kind == Expr::Pointwise && known.count(e.name) && !(e.name == "rem" && real) &&
               !(e.name == "cast" && fromFloat && !real));
  return fine ? nullptr : &e;
}

static size_t countSteps(const Expr &e) {
  size_t n = 1;
  for (const Expr *operand : e.operands)
    n += countSteps(*operand);
  return n;
}

// `train: font < 40`: a bool of fields that are one number or label in each row, which the reader computes.
Expr *Analyzer::partCondition(const syntax::Item &item, Data &d, const syntax::Expr &e) {
  auto refuse = [&](Location place, std::string message, std::string label, std::string help) {
    error("E0266", place, std::move(message), std::move(label), std::move(help));
    return nullptr;
  };
  if (d.reader != Data::Csv)
    return refuse(e.place, fmt::format("the rows of `{}` have no columns that a condition could be about", d.name),
                  "here", "write a share, `90%`, a number of rows, or `rest`");
  Scope fields;
  fields.parent = &global;
  Block made;
  unsigned ordinal = 0;
  Context c;
  c.scope = &fields, c.block = &made, c.ordinal = &ordinal, c.path = d.name + ".split";
  for (size_t k = 0; k < item.fields.size(); ++k) {
    const syntax::DataField &f = item.fields[k];
    if (!mentions(e, f.name.text))
      continue;
    if (!d.fields[k].type.axes.empty())
      return refuse(e.place,
                    fmt::format("the field `{}` is {}, and a part's condition is about fields of one number or label",
                                f.name.text, show(d.fields[k].type)),
                    "in this condition", "declare a field of one column for it");
    Expr *raw = node(Expr::Column, {d.fields[k].type.element, {}}, f.name.place);
    raw->data = &d, raw->field = unsigned(k);
    Context inner = c;
    inner.scope = &global;
    inner.columns = [&](const std::string &, const syntax::Expr &) { return tensor(raw); };
    Entity entity;
    entity.value = expression(inner, *f.value);
    if (entity.value.isError())
      return nullptr;
    entity.place = f.name.place, entity.what = "field";
    fields.names[f.name.text] = entity;
  }
  Value v = expression(c, e);
  if (v.isError())
    return nullptr;
  if (v.kind != Value::Tensor || v.expr->type.element.kind != Element::Bool)
    return refuse(e.place, "a part of a split is a share, a number of rows, a condition on fields, or the rest",
                  describe(c, v), "write `90%`, `60_000`, `field < 40` or `rest`");
  if (const Expr *found = uncomputable(*v.expr); found || !made.empty())
    return refuse(found && found->location.length ? found->location : e.place,
                  "this can't be computed of a row while the file is read", "in a part's condition",
                  "compare fields, numbers and labels: `+ - * /`, `%` of whole numbers, comparisons, `and or not`");
  if (countSteps(*v.expr) > BURIN_MOST_STEPS)
    return refuse(e.place,
                  fmt::format("a part's condition has at most {} operations and values", int(BURIN_MOST_STEPS)),
                  "more than these", "let the file have a column that says the part");
  return v.expr;
}

bool Analyzer::declareParts(const syntax::Item &item, Data &d, std::set<std::string> &seen) {
  double shares = 0;
  bool rest = false;
  for (const syntax::DataPart &p : item.parts) {
    if (!isFresh(p.name, seen))
      return false;
    if (p.rest && std::exchange(rest, true)) {
      error("E0404", p.name.place, "a split has one `rest`", "a second", "give one of them a percentage");
      return false;
    }
    bool number = !p.rest && !p.percent && p.value->kind == syntax::Expr::Number;
    if (!p.rest && !p.percent && !number) {
      Expr *condition = partCondition(item, d, *p.value);
      if (!condition)
        return false;
      constexpr size_t most = 250; // the reader keeps the part of a row in a byte
      if (d.parts.size() >= most) {
        error("E0404", p.name.place, fmt::format("a split with conditions has at most {} parts", most), "one more",
              "let one condition take several of them");
        return false;
      }
      d.parts.push_back({p.name.text, makeAxis(d.name + "." + p.name.text, -1, p.name.place), 0, false, condition});
      continue;
    }
    double share = p.rest ? 0 : number ? -p.value->number : p.value->number / 100; // the rest's is known at the end
    if (number && (share > -1 || share < -0x1p32 || share != std::floor(share))) {
      error("E0404", p.value->place, "a part is of so many rows: a whole number of at least 1", "this number",
            fmt::format("write `{:g}%` if a share is meant", share > -1 ? -100 * share : p.value->number));
      return false;
    }
    if (!p.rest && !number && (share <= 0 || share > 1)) {
      error("E0404", p.value->place, "a part is more than 0 % and at most 100 %", "this share",
            "shares of a split add up to at most 100 %");
      return false;
    }
    shares += std::max(share, 0.0);
    if (shares > 1 + 1e-9) {
      error("E0404", p.name.place, "the parts of this split are more than the whole",
            fmt::format("{:g} % up to here", shares * 100), "shares add up to at most 100 %");
      return false;
    }
    d.parts.push_back({p.name.text, makeAxis(d.name + "." + p.name.text, -1, p.name.place), share, p.rest});
  }
  for (Part &p : d.parts)
    if (p.rest)
      p.share = 1 - shares;
  if (d.parts.empty())
    d.parts.push_back({"", makeAxis(d.name, -1, item.namePlace), 1, false});
  return true;
}

} // namespace burin::sema
