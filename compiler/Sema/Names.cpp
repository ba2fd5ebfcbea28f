// Which names a piece of text mentions, whatever they mean; and of which axes it speaks by them.
#include "compiler/Sema/Prepared.h"

namespace burin::sema {

using Names = std::set<std::string>;
static void namesIn(const syntax::Expr &e, Names &out);
static void namesIn(const syntax::Block &body, Names &out);

static void namesIn(const syntax::AxisRef &a, Names &out) {
  for (auto &n : a.path)
    out.insert(n.text);
  for (auto &part : a.parts)
    namesIn(part, out);
  if (a.extent)
    namesIn(*a.extent, out);
}
static void namesIn(const syntax::TypeRef &t, Names &out) {
  for (auto &n : t.path)
    out.insert(n.text);
  for (auto &a : t.axes)
    namesIn(a, out);
  for (auto &field : t.fieldTypes)
    namesIn(field, out);
}
static void namesIn(const std::vector<syntax::Entry> &entries, Names &out) {
  for (auto &entry : entries) {
    if (!entry.name.empty())
      out.insert(entry.name); // `x[time: 0]`
    for (auto *x : {entry.value, entry.extent, entry.guard})
      if (x)
        namesIn(*x, out);
  }
}
static void namesIn(const syntax::Expr &e, Names &out) {
  if (!e.name.empty())
    out.insert(e.name);
  for (auto *o : e.operands)
    if (o)
      namesIn(*o, out);
  namesIn(e.entries, out);
  for (auto &a : e.axes)
    namesIn(a, out);
  for (auto &[from, to] : e.renames)
    namesIn(from, out), namesIn(to, out);
  namesIn(e.body, out), namesIn(e.otherwise, out);
}
static void namesIn(const syntax::Block &body, Names &out) {
  for (auto *s : body) {
    for (auto *e : {s->target, s->value, s->second, s->by})
      if (e)
        namesIn(*e, out);
    namesIn(s->indices, out);
    namesIn(s->type, out), namesIn(s->axis, out), namesIn(s->body, out);
    for (auto &over : s->over)
      namesIn(over.axis, out);
    if (s->item)
      namesIn(*s->item, out);
  }
}
void namesIn(const syntax::Item &i, Names &out) {
  for (auto &p : i.parameters) {
    namesIn(p.type, out);
    if (p.initial)
      namesIn(*p.initial, out);
  }
  namesIn(i.type, out), namesIn(i.body, out);
}

// Who names a struct speaks of its fields' axes.
void Analyzer::axesIn(const FunctionValue &structure, std::set<const Axis *> &out) const {
  std::function<void(const Shape &)> visit = [&](const Shape &shape) {
    for (const AxisUse &a : shape.leaf.axes)
      out.insert(a.axis);
    if (shape.leaf.element.index)
      out.insert(shape.leaf.element.index);
    for (auto &[name, field, place] : shape.fields)
      visit(field);
  };
  if (auto known = structs.find(structure.item); known != structs.end() && known->second)
    visit(*known->second);
}

// The axes that a name stands for itself.
void Analyzer::axesOf(const Entity &e, std::set<const Axis *> &out) const {
  if (e.kind == Entity::Axis)
    out.insert(e.axis.axis);
  for (const AxisUse &part : e.parts)
    out.insert(part.axis);
  if (e.kind == Entity::Value && e.value.kind == Value::StructType)
    axesIn(e.value.function, out);
}

bool isAxisParameter(const syntax::Item &item, const std::string &name) {
  return llvm::any_of(item.axisParameters, [&](const syntax::Name &axis) { return axis.text == name; });
}

std::set<const Axis *> Analyzer::spoken(const FunctionValue &f, const Bindings &bound) const {
  std::set<const Axis *> out;
  for (auto &[name, axes] : bound.axes)
    for (const AxisUse &use : axes)
      out.insert(use.axis);
  std::set<std::string> names;
  namesIn(*f.item, names);
  if (f.model)
    namesIn(*f.model->item, names);
  for (const std::string &n : names)
    if (const Entity *e = isAxisParameter(*f.item, n) ? nullptr : lookup(f.scope, n))
      axesOf(*e, out);
  return out;
}

// Functions, models and values that a body names bring axes that it does not write: `net(x)` has those of the result of
// `net`.
void Analyzer::spokenThrough(const FunctionValue &f, const Prepared &p, std::set<const Axis *> &out) const {
  std::set<std::pair<const void *, const Scope *>> seen;
  std::function<void(const Value &)> value;
  std::function<void(const syntax::Item &, const Scope *)> item = [&](const syntax::Item &i, const Scope *scope) {
    if (!seen.insert({&i, scope}).second)
      return;
    std::set<std::string> names;
    namesIn(i, names);
    for (const std::string &n : names)
      if (const Entity *e = lookup(scope, n)) {
        axesOf(*e, out);
        if (e->kind == Entity::Value)
          value(e->value);
      }
  };
  value = [&](const Value &v) {
    for (auto &[name, field] : v.fields)
      value(field);
    if (v.kind == Value::Tensor)
      for (const AxisUse &a : v.expr->type.axes)
        out.insert(a.axis);
    if (v.kind == Value::Model)
      item(*v.model->item, v.model->scope.get());
    if ((v.kind == Value::Function || v.kind == Value::ModelType) && v.function.item)
      item(*v.function.item, v.function.scope);
  };
  item(*f.item, f.scope);
  if (f.model)
    item(*f.model->item, f.model->scope.get());
  for (auto &[name, given] : p.constants)
    value(given);
}

} // namespace burin::sema
