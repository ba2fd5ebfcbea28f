// The `let`s of files and models (Lets.md).
#include "compiler/Sema/Lets.h"
#include <fmt/format.h>

namespace burin::sema {

// What is as it is wherever it is named: a number that is known, a parameter or state.
static bool isPlain(const Value &v) {
  if (v.kind == Value::Tuple)
    return llvm::all_of(v.fields, [](const NamedValue &field) { return isPlain(field.second); });
  return v.kind != Value::Tensor || v.slot || v.expr->kind == Expr::Constant;
}

bool Lets::refuse(const syntax::Stmt &s, const ModelInstance *m, const char *what, const char *label,
                  std::string help) {
  a.error("E0209", s.value->place, fmt::format("a `let` of a {} {}", m ? "model" : "file", what), label,
          std::move(help));
  a.failedNames(m ? *m->scope : a.global, s.pattern);
  return false;
}

// A number of a declared type.
static Expr *constantOf(const Value &v, const Block &computed) {
  for (const Stmt *s : computed)
    if (s->kind == Stmt::Define && s->value->kind == Expr::Constant && s->variables[0] == v.variable)
      return s->value;
  return nullptr;
}

bool Lets::computeWhereUsed(Scope &scope, ModelInstance *m, const syntax::Stmt &s, const syntax::Pattern &pattern,
                            const Block &computed) {
  if (pattern.name.empty())
    return llvm::all_of(pattern.parts,
                        [&](const syntax::Pattern &part) { return computeWhereUsed(scope, m, s, part, computed); });
  Entity &e = scope.names[pattern.name];
  if (isPlain(e.value))
    return !a.isModelValue(e.value) || refuse(s, m, "makes no copy of a model", "computed when the program runs",
                                              fmt::format("keep a copy in a state: `state {} = …`", pattern.name));
  if (Expr *number = constantOf(e.value, computed)) {
    e.value = a.tensor(number);
    return true;
  }
  std::string type = a.describe(c, e.value);
  auto made = std::make_shared<ComputedLet>();
  made->let = s;
  made->use.kind = syntax::Expr::NameUse, made->use.name = pattern.name, made->use.place = pattern.place;
  made->result.kind = syntax::Stmt::Expression, made->result.place = pattern.place, made->result.value = &made->use;
  syntax::Item &item = made->item;
  item.kind = syntax::Item::Function, item.place = s.place, item.namePlace = pattern.place, item.name = pattern.name;
  item.body = {&made->let, &made->result};
  if (a.mentionsDraw(&item, &scope))
    return refuse(
        s, m, "does not draw", "each use of the name would be another draw",
        s.pattern.name.empty()
            ? "keep one draw in a state of its own, or draw in a task"
            : fmt::format("keep one draw in a state, `state {}: {} = …`, or draw in a task", pattern.name, type));
  if (a.effectOf(computed, 0) == Analyzer::Effect::More)
    return refuse(s, m, "changes nothing and tells nothing", "done each time that the name is used",
                  "do it in a task or function");
  e.value = {};
  e.value.kind = Value::Function, e.value.function = {&item, &scope, m, {}};
  e.computed = std::move(made);
  return true;
}

void Lets::ofFile(const syntax::Stmt &s) {
  Block computed;
  Context inner = c;
  inner.block = &computed;
  if (!a.let(inner, a.global, s).isError() && !computed.empty())
    computeWhereUsed(a.global, nullptr, s, s.pattern, computed);
}

bool Lets::ofModel(ModelInstance &m, const syntax::Stmt &s) {
  std::string path = m.path + "." + s.pattern.name;
  bool several = !s.indices.empty(), makes = a.makesModel(c, *s.value), instances = several && makes;
  Block computed;
  Context inner = c; // of one model of an ensemble, and one layer
  inner.block = &computed, inner.mapped = m.extra;
  for (const AxisUse &layer : m.stack)
    inner.layers.push_back({layer.axis, a.constant({Element::Index, layer.axis}, 0, s.place)});
  std::optional<Shape> wanted;
  if (s.hasType && !(wanted = a.shape(c, s.type)))
    return false;
  Value v = instances ? a.ensemble(c, s, path)
            : several ? a.notationValue(inner, s)
            : wanted  ? a.declared(inner, *s.value, *wanted, "value", s.pattern.name, s.type.place)
                      : a.named(makes ? c : inner, *s.value, path);
  if (v.kind == Value::Computed || v.kind == Value::Gradient)
    return refuse(s, &m, "makes no copy of a model", "computed when the program runs",
                  fmt::format("keep a copy in a state: `state {} = …`", s.pattern.name));
  if (v.kind == Value::List) // without a type
    return a.asTensor(inner, v, s.value->place), false;
  if (v.isError())
    return false;
  if (instances && !a.isMadeHere(v, s.value->place))
    return a.unsupported(s.place, "a copy of a model for each index in a model", "make the copy in the task"), false;
  if (!isPlain(v) || s.pattern.name.empty()) {
    size_t before = a.diagnostics.errorCount();
    a.bindPattern(inner, *m.scope, s.pattern, v, "value");
    return a.diagnostics.errorCount() == before && computeWhereUsed(*m.scope, &m, s, s.pattern, computed);
  }
  llvm::append_range(*c.block, computed);
  Entity e;
  e.value = v, e.place = s.pattern.place, e.what = "value";
  m.members.push_back({s.pattern.name, v});
  return a.declare(*m.scope, s.pattern.name, e);
}

} // namespace burin::sema
