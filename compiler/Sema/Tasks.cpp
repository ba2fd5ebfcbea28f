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
    std::vector<Option> lengths; // are known with what is given, and no options of their own
    for (size_t k = 0; k < made.lengths.size(); ++k)
      if (const Variable *length = made.variable->type.axes[k].length; length && made.lengths[k] < 0) {
        made.lengths[k] = int64_t(task->options.size() + 1 + lengths.size());
        Option &own = lengths.emplace_back();
        own.variable = length, own.reads = Field::Length;
      }
    Expr *use = sema.use(made.variable, p.place);
    Entity e;
    e.value = sema.tensor(use), e.value.variable = made.variable, e.place = p.place, e.what = "option";
    if (sema.declare(scope, p.name, e))
      task->options.push_back(made);
    if (!task->options.empty() && task->options.back().variable == made.variable)
      llvm::append_range(task->options, lengths);
  }
  if (item.body.empty()) {
    sema.error("E0224", item.namePlace, fmt::format("the task `{}` does nothing", item.name), "its body is empty",
               "write what it does between `{` and `}`, for example `record loss = …`");
    return;
  }
  sema.taskBlock = c.block;
  Value v = sema.block(c, item.body, item.hasType);
  if (!sema.expansions.bound(*c.block, nullptr, item.name, item.namePlace))
    return;
  if (!v.isError() && item.hasType)
    results(c, v);
}

// Characters that are labels, along a bounded axis alone: given as text on the command line.
bool TaskElaboration::isText(const Type &type) const {
  return type.axes.size() == 1 && type.axes[0].axis->bounded && type.element.index &&
         llvm::any_of(type.element.index->labels, isCharacter);
}

// As much is present along a bounded axis as is given. Options along one axis have one length, as fields of a data set.
void TaskElaboration::takeLengths(const syntax::Parameter &p, Type &type, Option &out) {
  if (llvm::none_of(type.axes, [](const AxisUse &a) { return a.axis->bounded; }))
    return;
  out.lengths.assign(type.axes.size(), -1);
  for (size_t k = 0; k < type.axes.size(); ++k) {
    AxisUse &axis = type.axes[k];
    if (!axis.axis->bounded)
      continue;
    for (const Option &other : task->options)
      for (size_t j = 0; j < other.lengths.size(); ++j)
        if (other.variable->type.axes[j] == axis)
          out.lengths[k] = other.lengths[j], axis.length = other.variable->type.axes[j].length;
    bool several = llvm::count_if(type.axes, [](const AxisUse &a) { return a.axis->bounded; }) > 1;
    if (!axis.length)
      axis.length = sema.variable(several ? fmt::format("{}.{}.length", p.name, show(axis)) : p.name + ".length",
                                  {{Element::I64, nullptr}, {}}, p.place);
  }
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
  takeLengths(p, *type, out);
  if (isText(*type)) {
    out.reads = Field::Text;
    if (p.initial) {
      sema.error("E0206", p.initial->place, "the default of an option is a number, and a text has none", "here",
                 "leave it out: the text is given");
      return false;
    }
  }
  out.variable = sema.variable(p.name, *type, p.place);
  if (!p.initial)
    return true;
  Value v = sema.expression(c, *p.initial);
  if (v.isError())
    return false;
  out.isList = v.kind == Value::List;
  return initial(c, v, *type, 0, p.initial->place, out.initial);
}

// A number for all elements, or lists that nest as the type's axes do.
bool TaskElaboration::initial(Context &c, const Value &v, const Type &type, size_t axis, Location place,
                              std::vector<Expr *> &out) {
  if (v.kind == Value::List) {
    int64_t count = int64_t(v.fields.size());
    if (axis == type.axes.size() || type.axes[axis].extent != count)
      return sema.error("E0233", place,
                        axis == type.axes.size() ? fmt::format("no axis of {} is left for this list", show(type))
                                                 : fmt::format("`{}` has {} elements, and this list {}",
                                                               show(type.axes[axis]), type.axes[axis].extent, count),
                        fmt::format("{} elements", count), "a list nests as the axes of the type do"),
             false;
    return llvm::all_of(v.fields,
                        [&](const NamedValue &field) { return initial(c, field.second, type, axis + 1, place, out); });
  }
  if (axis > 0 && axis < type.axes.size())
    return sema.error("E0233", place, fmt::format("this list has no elements along `{}`", show(type.axes[axis])),
                      sema.describe(c, v), "a list nests as the axes of the type do"),
           false;
  Expr *e = sema.asTensor(c, v, place, type.element);
  if (!e)
    return false;
  if (e->kind != Expr::Constant || !(e->type.element == type.element)) {
    sema.error("E0206", place, "the default of an option is a number, or a list of numbers", sema.describe(c, v),
               fmt::format("it is {}", show(type)));
    return false;
  }
  out.push_back(e);
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
  Result made{name, sema.broadcast(e, type, place)};
  if (!lengthsOfResult(made.value->type, place, made.lengths))
    return false;
  task->results.push_back(std::move(made));
  return true;
}

// A result is printed as far as it is present, axis by axis from the left: so a length can differ along the axes before
// its own.
bool TaskElaboration::lengthsOfResult(const Type &type, Location place, std::vector<Expr *> &out) {
  if (llvm::none_of(type.axes, [](const AxisUse &a) { return a.length; }))
    return true;
  Type before{{Element::I64, nullptr}, {}};
  for (const AxisUse &a : type.axes) {
    out.push_back(nullptr);
    if (a.length) {
      for (const AxisUse &other : a.length->type.axes)
        if (!llvm::is_contained(before.axes, other)) {
          sema.diagnostics
              .error("E0295", place,
                     fmt::format("the length along `{}` differs along `{}`, which does not stand before it in {}",
                                 show(a), show(other), show(type)))
              .label(show(type))
              .origin(item.type.place, "declared here")
              .help(fmt::format("declare the result with `{}` before `{}`", show(other), show(a)));
          return false;
        }
      out.back() = sema.broadcast(sema.lengthOf(a, place), before, place);
    }
    before.axes.push_back(a);
  }
  return true;
}

} // namespace burin::sema
