//===- Fields.h - What a data set's declaration reads -----------------------------===//
#pragma once
#include "compiler/Sema/Values.h"
#include "compiler/Syntax/Tree.h"

namespace burin::sema {

/// `columns(0..64)` or `column(64)` in a field's value, where it stands there once; else null.
const syntax::Expr *columnsIn(const syntax::Expr &e);
/// `words(column(64))` in it, or null.
const syntax::Expr *wordsIn(const syntax::Expr &e);
/// The axis of the rows of a data set or its part; null: it is none.
const Axis *rowsAxis(const Value &v);

} // namespace burin::sema
