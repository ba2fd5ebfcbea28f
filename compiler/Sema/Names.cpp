// Which names a piece of text mentions, whatever they mean.
#include "compiler/Sema/Analyzer.h"

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

} // namespace burin::sema
