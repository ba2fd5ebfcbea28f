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
  llvm::SaveAndRestore<std::optional<Element>> within(precision, element->isNarrow() ? element : std::nullopt);
  return block(c, s.body);
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
