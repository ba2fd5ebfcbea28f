// A walk over the whole tree.
#include "compiler/Syntax/Marks.h"

namespace burin::syntax {

namespace {
class Walk {
public:
  Marks marks;
  void item(const Item &i);

private:
  void expression(const Expr *e, bool bracketed = false);
  void entry(const Entry &e, bool bracketed);
  void axis(const AxisRef &a);
  void type(const TypeRef &t);
  void block(const Block &b);
  void statement(const Stmt &s);
  void extent(const Expr *e) {
    if (e)
      marks.extents.insert(e->place.offset);
    expression(e);
  }
};

void Walk::axis(const AxisRef &a) {
  extent(a.extent);
  for (const AxisRef &part : a.parts)
    axis(part);
}

void Walk::type(const TypeRef &t) {
  for (const AxisRef &a : t.axes)
    axis(a);
  for (const TypeRef &field : t.fieldTypes)
    type(field);
}

void Walk::entry(const Entry &e, bool bracketed) {
  if (bracketed && !e.name.empty())
    marks.eitherOf.insert(e.value->place.offset);
  expression(e.value, bracketed);
  extent(e.extent);
  expression(e.guard);
}

// `bracketed`: an entry of brackets, where a tuple may be a product of axes.
void Walk::expression(const Expr *e, bool bracketed) {
  if (!e)
    return;
  if (e->kind == Expr::Labels)
    marks.labels.insert(e->place.offset);
  for (const Expr *operand : e->operands)
    expression(operand);
  bool brackets = e->kind == Expr::Index || (e->kind == Expr::Tuple && bracketed);
  for (const Entry &i : e->entries)
    entry(i, brackets);
  for (const AxisRef &a : e->axes)
    axis(a);
  for (auto &[from, to] : e->renames)
    axis(from), axis(to);
  block(e->body), block(e->otherwise);
}

void Walk::block(const Block &b) {
  for (const Stmt *s : b)
    statement(*s);
}

void Walk::statement(const Stmt &s) {
  type(s.type);
  for (const Entry &i : s.indices)
    entry(i, false);
  for (const Expr *part : {s.target, s.value, s.second, s.by})
    expression(part);
  for (const Over &o : s.over)
    axis(o.axis);
  axis(s.axis);
  block(s.body);
  if (s.item)
    item(*s.item);
}

void Walk::item(const Item &i) {
  type(i.type);
  expression(i.value);
  for (const Parameter &p : i.parameters)
    type(p.type), expression(p.initial);
  block(i.body);
  for (auto &[name, of] : i.structFields)
    marks.fields.insert(name.place.offset), type(of);
  for (const DataField &f : i.fields)
    marks.fields.insert(f.name.place.offset), type(f.type), expression(f.value);
  for (const DataPart &p : i.parts)
    expression(p.value);
  if (i.statement)
    statement(*i.statement);
}
} // namespace

Marks marksOf(const Tree &tree) {
  Walk walk;
  for (const Item *i : tree.items)
    walk.item(*i);
  return std::move(walk.marks);
}

} // namespace burin::syntax
