// Tasks: options, body, results.
#include "compiler/Sema/Tasks.h"
#include <fmt/format.h>

namespace burin::sema {

void TaskElaboration::run(const Scope &outer) {
  task = sema.program.tasks.emplace_back(std::make_unique<Task>()).get();
  task->name = item.name, task->location = item.namePlace;
  Scope scope;
  scope.parent = &outer;
  unsigned ordinal = 0;
  Context c;
  c.scope = &scope, c.block = c.root = &task->body, c.path = item.name, c.ordinal = &ordinal;
  for (const syntax::Parameter &p : item.parameters) {
    Option made;
    if (!option(c, p, made)) {
      scope.names.try_emplace(p.name, Analyzer::failed(p.place));
      continue;
    }
    Expr *use = sema.node(Expr::Use, made.variable->type, p.place);
    use->variable = made.variable;
    Entity e;
    e.value = sema.tensor(use), e.value.variable = made.variable, e.place = p.place, e.what = "option";
    if (sema.declare(scope, p.name, e))
      task->options.push_back(made);
  }
  if (item.body.empty()) {
    sema.error("E0224", item.namePlace, fmt::format("the task `{}` does nothing", item.name), "its body is empty",
               "write what it does between `{` and `}`, for example `record loss = …`");
    return;
  }
  sema.taskBlock = c.block;
  Value v = sema.block(c, item.body, item.hasType);
  if (!v.isError() && item.hasType)
    results(c, v);
}

bool TaskElaboration::option(Context &c, const syntax::Parameter &p, Option &out) {
  if (!p.hasType) {
    sema.error("E0208", p.place, fmt::format("the option `{}` needs a type", p.name), "none here",
               "write `name: int = 20`");
    return false;
  }
  auto type = sema.type(c, p.type);
  if (!type)
    return false;
  out.variable = sema.variable(p.name, *type, p.place);
  if (!p.initial)
    return true;
  Value v = sema.expression(c, *p.initial);
  Expr *e = v.isError() ? nullptr : sema.asTensor(c, v, p.initial->place, type->element);
  if (!e)
    return false;
  if (e->kind != Expr::Constant || !(e->type.element == type->element)) {
    sema.error("E0206", p.initial->place, "the default of an option is a number", sema.describe(c, v),
               fmt::format("it is {}", show(*type)));
    return false;
  }
  out.hasDefault = true, out.number = e->number, out.integer = e->integer;
  return true;
}

// One, or the parts of a tuple or struct, each a result of its own.
void TaskElaboration::results(Context &c, const Value &v) {
  auto declared = sema.shape(c, item.type);
  if (!declared)
    return;
  Location place = item.body.back()->place;
  if (v.kind == Value::Unit) {
    sema.error("E0203", place,
               fmt::format("the task `{}` is declared to give {}, and its last statement has no value", item.name,
                           show(*declared)),
               "no value", "end the body with the result");
    return;
  }
  std::vector<Analyzer::Leaf> parts;
  if (!declared->isTensor) {
    if (!sema.leaves(c, v, *declared, item.name, "", place, parts, true))
      return;
  } else {
    parts.push_back({item.name, v.kind == Value::List ? sema.listAs(c, v, declared->leaf, place) : v, declared->leaf});
    if (parts.back().value.isError())
      return;
  }
  for (const Analyzer::Leaf &part : parts)
    if (!result(c, part, part.path.substr(std::min(part.path.size(), item.name.size() + 1)), place))
      return;
}

bool TaskElaboration::result(Context &c, const Analyzer::Leaf &part, const std::string &name, Location place) {
  const Type &type = part.declared;
  Expr *e = sema.asTensor(c, part.value, place, type.element);
  if (!e)
    return false;
  bool same = e->type.element == type.element && e->type.axes.size() == type.axes.size();
  for (const AxisUse &a : e->type.axes)
    same &= llvm::is_contained(type.axes, a);
  if (!same) {
    sema.diagnostics
        .error("E0203", place,
               fmt::format("the task `{}` is declared to give {}{}, and this is {}", item.name, show(type),
                           name.empty() ? "" : fmt::format(" as `{}`", name), show(e->type)))
        .label(show(e->type))
        .origin(item.type.place, "declared here")
        .help("change the body, or the type after `->`");
    return false;
  }
  for (const AxisUse &a : e->type.axes)
    if (a.length)
      return sema.unsupported(place, "a result along a bounded axis"), false;
  task->results.push_back({name, sema.broadcast(e, type, place)});
  return true;
}

} // namespace burin::sema
