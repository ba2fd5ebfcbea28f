// What is only known when the program runs, and ends it with an error at the user's place.
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

// Under conditions with axes, and along bounded axes, only what counts is checked.
void Analyzer::endsWhere(Context &c, Expr *wrong, const char *code, std::string message, std::string help,
                         Location place) {
  const Element truth{Element::Bool, nullptr};
  for (const Mask *m = c.mask; m; m = m->outer)
    wrong = pointwise("and", truth, {wrong, m->condition}, place);
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
