// `precision bf16 { … }`: arithmetic on f32 in fewer digits. Precision.md has the rules.
#include "compiler/Sema/Analyzer.h"
#include "llvm/Support/SaveAndRestore.h"
#include <fmt/format.h>

namespace burin::sema {

static const Element f32{Element::F32, nullptr};

static bool rounds(llvm::StringRef op) {
  static const std::set<std::string, std::less<>> arithmetic = {"add", "sub",  "mul",  "div", "rem", "pow", "exp",
                                                                "log", "sqrt", "tanh", "sin", "cos", "erf"};
  return arithmetic.count(op.str()) > 0;
}

// Whether an expression, or what statements compute from one on, has values of a type.
static bool has(const Expr *e, const Element &element, std::set<const void *> &seen) {
  return e && seen.insert(e).second && (e->type.element == element || llvm::any_of(e->operands, [&](const Expr *o) {
                                          return has(o, element, seen);
                                        }));
}
static bool has(const Block &body, size_t from, const Element &element, std::set<const void *> &seen) {
  auto any = [&](const auto &list) { return llvm::any_of(list, [&](const Expr *e) { return has(e, element, seen); }); };
  return llvm::any_of(llvm::ArrayRef(body).drop_front(from), [&](const Stmt *s) {
    bool calls = s->callee && seen.insert(s->callee).second;
    return has(s->value, element, seen) || any(s->arguments) || any(s->results) || has(s->body, 0, element, seen) ||
           has(s->otherwise, 0, element, seen) ||
           (calls && (has(s->callee->body, 0, element, seen) || any(s->callee->results)));
  });
}
static bool computes(const Block &body, size_t from, const Element &element) {
  std::set<const void *> seen;
  return has(body, from, element, seen);
}
static bool given(const Value &v, const Element &element) {
  std::set<const void *> seen;
  return has(v.expr, element, seen) || llvm::any_of(v.leaves, [&](const Expr *e) { return has(e, element, seen); }) ||
         llvm::any_of(v.fields, [&](const NamedValue &field) { return given(field.second, element); });
}

Value Analyzer::precisionBlock(Context &c, const syntax::Stmt &s) {
  auto element = elementNamed(s.pattern.name);
  if (!element || (!element->isNarrow() && !(*element == f32))) {
    auto near = nearestName(s.pattern.name, {"bf16", "f16", "f32"});
    error("E0292", s.pattern.place, fmt::format("there is no precision `{}`", s.pattern.name),
          element ? "no type that f32 is computed in" : "not known",
          near ? fmt::format("did you mean `{}`?", *near)
          : !element
              ? "it is bf16, f16 or f32"
              : fmt::format("it is bf16, f16 or f32; what is to be {0} is declared so: `x: {0}`", s.pattern.name));
    checkUnreached(c, s.body);
    return {};
  }
  bool outer = precision.has_value();
  size_t before = c.block->size(), errors = diagnostics.errorCount();
  llvm::SaveAndRestore<std::optional<Element>> within(precision, element->isNarrow() ? element : std::nullopt);
  Value v = block(c, s.body);
  // In a task: a function's body is elaborated for each type that it is called with.
  bool narrows = element->isNarrow() && (computes(*c.block, before, *element) || given(v, *element));
  if (!c.function && !narrows && (element->isNarrow() || !outer) && diagnostics.errorCount() == errors)
    diagnostics.warning("W0205", s.pattern.place, fmt::format("nothing is computed in {} here", s.pattern.name))
        .label(element->isNarrow() ? "no f32 is computed with" : "it is f32 anyhow")
        .help(element->isNarrow() ? "it is for arithmetic on f32: leave it out, or put that inside"
                                  : "`precision f32` ends a `precision` block around it: leave it out");
  return v;
}

// As f32, rounded to what is computed in.
Expr *Analyzer::rounded(Expr *e, Location place) {
  if (!precision || !(e->type.element == f32))
    return e;
  return cast(cast(e, *precision, place), f32, place);
}

// Arithmetic on f32 in a `precision` block: operands and result are numbers of the narrow type. Null: it is no such.
Expr *Analyzer::inPrecision(const std::string &op, Element element, llvm::ArrayRef<Expr *> operands, Location place) {
  if (!precision || !(element == f32) || !rounds(op))
    return nullptr;
  Element narrow = *precision;
  llvm::SaveAndRestore<std::optional<Element>> without(precision, std::nullopt);
  llvm::SmallVector<Expr *> x;
  for (Expr *o : operands)
    x.push_back(o->kind == Expr::Constant ? constant(narrow, o->number, place) : cast(o, narrow, place));
  return cast(pointwise(op, narrow, x, place), f32, place);
}

} // namespace burin::sema
