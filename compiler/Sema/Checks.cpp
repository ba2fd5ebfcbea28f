// What is only known when the program runs, and ends it with an error at the user's place.
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

// Where the conditions with axes around this hold; null: there are none.
Expr *Analyzer::conditions(const Context &c, Location place) {
  Expr *all = nullptr;
  for (const Mask *m = c.mask; m; m = m->outer)
    all = all ? pointwise("and", {Element::Bool, nullptr}, {all, m->condition}, place) : m->condition;
  return all;
}

// Under conditions with axes, and along bounded axes, only what counts is checked.
void Analyzer::endsWhere(Context &c, Expr *wrong, const char *code, std::string message, std::string help,
                         Location place) {
  const Element truth{Element::Bool, nullptr};
  if (Expr *counts = conditions(c, place))
    wrong = pointwise("and", truth, {wrong, counts}, place);
  Axes all(wrong->type.axes.begin(), wrong->type.axes.end());
  if (Expr *there = present(all, place))
    wrong = pointwise("and", truth, {wrong, there}, place);
  all.assign(wrong->type.axes.begin(), wrong->type.axes.end());
  Stmt *check = statement(c, Stmt::Check, place);
  check->value = pointwise("not", truth, {reduce("any", wrong, all, place)}, place), check->path = code;
  check->name = std::move(message);
  check->names = {std::move(help)};
}

} // namespace burin::sema
