// Which axes a call binds (rule 14), and whether its arguments fit (rules 15 and 16).
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// An argument without an axis of its parameter: where both come from, and a member of the model that makes one of the
// other, if there is one.
bool Analyzer::lacksAxis(Context &c, const FunctionValue &f, const Argument &given, const syntax::Parameter &p,
                         const AxisUse &wanted, const std::string &name) {
  Type found = visibleType(c, given.value.expr->type);
  const Variable *v = given.value.variable;
  auto &d =
      diagnostics.error("E0203", given.place,
                        found.axes.empty() ? fmt::format("`{}` takes axis `{}`, and this has none", name, show(wanted))
                                           : fmt::format("`{}` takes axis `{}`, and this has axis `{}`", name,
                                                         show(wanted), show(found.axes.back())));
  d.label(v ? fmt::format("{}, from `{}`", show(found), v->name) : show(found));
  const Entity *asked = nullptr;
  for (auto &a : p.type.axes)
    if (const Entity *e = a.path.empty() ? nullptr : lookup(f.scope, a.path[0].text);
        e && e->kind == Entity::Axis && e->axis.axis == wanted.axis)
      asked = e;
  if (asked && asked->place.file == given.place.file && asked->place.length)
    d.origin(asked->place, fmt::format("`{}` ({}) asked for here", show(wanted), wanted.extent));
  else
    d.origin(p.place, fmt::format("`{}` is declared here", p.name));
  if (v)
    d.origin(v->location, fmt::format("`{}` is {}", v->name, show(found)));
  std::string way;
  for (const Scope *s = c.scope; s && way.empty(); s = s->parent)
    for (auto &[other, entity] : s->names)
      if (entity.kind == Entity::Value && entity.value.kind == Value::Model && other != name) {
        auto &axes = entity.value.model->scope->names;
        bool takes = false, gives = false;
        for (auto &n : entity.value.model->item->axisParameters) {
          auto &a = axes[n.text].axis;
          takes |= std::find(found.axes.begin(), found.axes.end(), a) != found.axes.end();
          gives |= a == wanted;
        }
        if (takes && gives && v)
          way = fmt::format("`{}` turns `{}` into `{}`: did you mean `{}({}({}))`?", other, show(found.axes.back()),
                            show(wanted), name, other, v->name);
      }
  d.help(!way.empty() ? way
                      : fmt::format("give it a value with the axis `{}`, or rename one with `as […]`", show(wanted)));
  return false;
}

// The same for an argument with fields, or where fields are asked for: leaf by leaf. `extra`: the axes that one of them
// has besides.
bool Analyzer::fieldsFit(Context &c, const Context &inner, const syntax::Parameter &p, const Argument &given,
                         const std::string &name, bool report, std::vector<AxisUse> &extra, std::string *why) {
  auto because = [&](std::string text) {
    if (why)
      *why = std::move(text);
    return false;
  };
  auto wanted = shape(inner, p.type, report);
  std::vector<Leaf> all;
  if (!wanted)
    return because(fmt::format("the type of `{}` is not known", p.name));
  if (!leaves(c, given.value, *wanted, p.name, fmt::format("`{}` takes", name), given.place, all, report, why))
    return false;
  for (const Leaf &leaf : all) {
    if (leaf.value.kind != Value::Tensor)
      continue;
    Type found = visibleType(c, leaf.value.expr->type);
    if (!(leaf.declared.element == found.element)) {
      if (report)
        diagnostics
            .error("E0205", given.place,
                   fmt::format("`{}` takes {} as `{}`, and this is {}", name, show(Type{leaf.declared.element, {}}),
                               leaf.path, show(Type{found.element, {}})))
            .label(show(found))
            .origin(p.place, "declared here")
            .help(fmt::format("convert it: `{}(…)`", show(Type{leaf.declared.element, {}})));
      return because(fmt::format("`{}` is {}, and this is {}", leaf.path, show(Type{leaf.declared.element, {}}),
                                 show(Type{found.element, {}})));
    }
    for (const AxisUse &a : leaf.declared.axes)
      if (!llvm::is_contained(found.axes, a)) {
        if (report)
          diagnostics
              .error("E0203", given.place,
                     fmt::format("`{}` takes {} as `{}`, and this is {}", name, show(leaf.declared), leaf.path,
                                 show(found)))
              .label(fmt::format("without the axis `{}`", show(a)))
              .origin(p.place, "declared here")
              .help(fmt::format("give it a value with the axis `{}`, or rename one with `as […]`", show(a)));
        return because(fmt::format("`{}` has no axis `{}`", leaf.path, show(a)));
      }
    for (const AxisUse &a : found.axes)
      if (!llvm::is_contained(leaf.declared.axes, a) && !llvm::is_contained(extra, a))
        extra.push_back(a);
  }
  return true;
}

bool Analyzer::isOpen(const syntax::TypeRef &type) {
  return llvm::any_of(type.axes, [](const syntax::AxisRef &a) { return a.kind == syntax::AxisRef::Rest; });
}
// The first parameter with `..` in its type.
const syntax::Parameter *Analyzer::openParameter(const syntax::Item &item) {
  for (const syntax::Parameter &p : item.parameters)
    if (p.hasType && isOpen(p.type))
      return &p;
  return nullptr;
}

// An argument of a function with `..` has no more axes than its parameter: the function is not mapped.
void Analyzer::bringsMore(Context &c, const Argument &given, const syntax::Parameter &p, const syntax::Parameter &open,
                          const AxisUse &more, const std::string &name, bool report) {
  if (report)
    diagnostics
        .error("E0231", given.place,
               fmt::format("this brings the axis `{}`, and `{}` is not mapped: `..` binds what `{}` varies over",
                           show(more), name, open.name))
        .label(describe(c, given.value))
        .origin(open.place, fmt::format("`{}` has `..`", open.name))
        .help(fmt::format("write `..` in the type of `{}` too, or reduce over `{}` first", p.name, show(more)));
}

// Whether arguments fit the parameters under a binding: rules 15 and 16. If not, `why` gets the reason in a few words.
bool Analyzer::fits(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                    const Bindings &bound, const std::string &name, Location place, bool report, std::string *why) {
  Scope scope;
  scope.parent = f.scope;
  enter(scope, bound);
  Bindings extents;
  Entity real;
  real.value = tensor(constant(realOf(f, given), 0, place));
  scope.names["float"] = real;
  Context inner;
  inner.scope = &scope, inner.open = true; // what `..` binds is found later
  const syntax::Parameter *open = openParameter(*f.item);
  auto because = [&](std::string text) {
    if (why)
      *why = std::move(text);
    return false;
  };
  std::vector<std::pair<const Argument *, std::vector<AxisUse>>> extras;
  for (size_t k = 0; k < given.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    if (!given[k] || !p.hasType || p.type.kind == syntax::TypeRef::Function || modelAsked(f, p))
      continue;
    if (p.type.kind == syntax::TypeRef::Tensor && p.type.path.size() == 1 && p.type.path[0].text == "schedule")
      continue;
    const Entity *named = p.type.kind == syntax::TypeRef::Tensor && p.type.path.size() == 1
                              ? lookup(&scope, p.type.path[0].text)
                              : nullptr;
    bool structure = named && named->kind == Entity::Value && named->value.kind == Value::StructType;
    if (structure || p.type.kind == syntax::TypeRef::Tuple || given[k]->value.kind == Value::Tuple) {
      std::vector<AxisUse> rest;
      if (!fieldsFit(c, inner, p, *given[k], name, report, rest, why))
        return false;
      if (open && !isOpen(p.type) && !rest.empty())
        return bringsMore(c, *given[k], p, *open, rest[0], name, report),
               because(fmt::format("`{}` brings `{}` besides", p.name, show(rest[0])));
      if (!open)
        extras.push_back({given[k], rest});
      continue;
    }
    if (given[k]->value.kind != Value::Tensor)
      continue;
    Type found = visibleType(c, given[k]->value.expr->type);
    bool isFloat = p.type.path.size() == 1 && p.type.path[0].text == "float";
    std::optional<Element> wanted = isFloat ? (found.element.isFloat() ? std::optional(found.element)
                                                                       : std::optional(Element{Element::F32, nullptr}))
                                            : element(inner, p.type, report);
    if (!wanted)
      return because(fmt::format("the type of `{}` is not known", p.name));
    if (!(*wanted == found.element)) {
      if (report)
        diagnostics
            .error("E0205", given[k]->place,
                   fmt::format("`{}` takes {} as `{}`, and this is {}", name,
                               isFloat ? "a float" : show(Type{*wanted, {}}), p.name, show(Type{found.element, {}})))
            .label(show(found))
            .origin(p.place, "declared here")
            .help(found.element.kind == Element::Index || wanted->kind == Element::Index
                      ? "an index is made by `argmax`, a data set, `for i in axis`, or a label"
                      : fmt::format("convert it: `{}(…)`", isFloat ? "f32" : show(Type{*wanted, {}})));
      return because(fmt::format("`{}` takes {}, and this is {}", p.name, isFloat ? "a float" : show(Type{*wanted, {}}),
                                 show(Type{found.element, {}})));
    }
    std::vector<AxisUse> rest(found.axes.begin(), found.axes.end()), written;
    bindExtents(c, &scope, p.type, &given[k]->value, extents);
    enter(scope, extents);
    for (auto &a : p.type.axes) {
      std::optional<Axes> uses = axes(inner, a);
      if (!uses)
        return because(fmt::format("the type of `{}` is not known", p.name));
      for (const AxisUse &said : *uses) {
        AxisUse use = primed(said, written);
        written.push_back(use);
        auto at = std::find(rest.begin(), rest.end(), use);
        if (at == rest.end()) {
          if (report)
            lacksAxis(c, f, *given[k], p, use, name);
          return because(fmt::format("`{}` has no axis `{}`", p.name, show(use)));
        }
        rest.erase(at);
      }
    }
    if (isOpen(p.type))
      continue; // `..` binds the rest
    if (open && !rest.empty())
      return bringsMore(c, *given[k], p, *open, rest[0], name, report),
             because(fmt::format("`{}` brings `{}` besides", p.name, show(rest[0])));
    extras.push_back({given[k], rest});
  }
  const std::pair<const Argument *, std::vector<AxisUse>> *most = nullptr;
  for (auto &extra : extras)
    if (!most || extra.second.size() > most->second.size())
      most = &extra;
  for (auto &[argument, rest] : extras)
    for (const AxisUse &a : rest)
      if (std::find(most->second.begin(), most->second.end(), a) == most->second.end()) {
        if (report)
          diagnostics.error("E0204", place, fmt::format("the arguments of `{}` are mapped over different axes", name))
              .label(fmt::format("no argument has all of them"))
              .origin(most->first->place, fmt::format("this brings `{}`", show(most->second[0])))
              .origin(argument->place, fmt::format("and this `{}`", show(a)))
              .help("one argument must have all axes that are mapped: `outer` makes every pair, `as […]` renames");
        return because(fmt::format("`{}` and `{}` are brought by different arguments", show(most->second[0]), show(a)));
      }
  return true;
}

// Rule 14: brackets, `over:`, else every combination that fits; one must.
bool Analyzer::bindAxes(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given, Bindings &bound,
                        const std::string &name, Location place) {
  std::vector<std::string> open;
  for (auto &p : f.item->axisParameters)
    if (!bound.axes.count(p.text))
      open.push_back(p.text);
  if (open.empty())
    return fits(c, f, given, bound, name, place, true);
  if (llvm::none_of(given, [](const Argument *a) { return a; }) && open.size() == 2 &&
      c.fans) { // `orthogonal()`: the parameter's own axes
    bound.axes[open[0]] = c.fans->first, bound.axes[open[1]] = c.fans->rest;
    return fits(c, f, given, bound, name, place, true);
  }
  std::vector<AxisUse> candidates, several; // along an ensemble's axes its models are several
  addExtra(f, {}, several);
  auto add = [&](AxisUse a) {
    if (!llvm::is_contained(candidates, a) && !llvm::is_contained(several, a))
      candidates.push_back(a);
  };
  for (const Argument *a : given)
    if (a)
      eachLeaf(a->value, "", [&](const Value &leaf, const std::string &) {
        if (leaf.kind != Value::Tensor)
          return leaf;
        for (const AxisUse &use : visible(c, leaf.expr->type))
          add(use);
        if (const Axis *index = leaf.expr->type.element.index)
          add({index, 0, index->extent});
        return leaf;
      });
  size_t combinations = 1;
  for (size_t k = 0; k < open.size() && combinations <= 10000; ++k)
    combinations *= candidates.size();
  std::vector<Bindings> found, tried;
  for (size_t n = 0; combinations <= 10000 && n < combinations; ++n) {
    auto trial = bound;
    size_t rest = n;
    bool distinct = true;
    for (auto &p : open) {
      AxisUse use = candidates[rest % candidates.size()];
      rest /= candidates.size();
      for (auto &[other, taken] : trial.axes)
        distinct &= !llvm::is_contained(taken, use);
      trial.axes[p] = {use};
    }
    if (!distinct)
      continue;
    tried.push_back(trial);
    if (fits(c, f, given, trial, name, place, false))
      found.push_back(trial);
  }
  if (found.size() != 1)
    return unbound(c, f, given, found, tried, open, name, place);
  bound = found[0];
  return true;
}

// As it stands in brackets.
static std::string showAxes(const Axes &axes) {
  std::string text;
  for (const AxisUse &a : axes)
    text += (text.empty() ? "" : ", ") + show(a);
  return axes.size() == 1 ? text : fmt::format("({})", text);
}

// None or several: what was tried, and how one is said.
bool Analyzer::unbound(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                       const std::vector<Bindings> &found, const std::vector<Bindings> &tried,
                       const std::vector<std::string> &open, const std::string &name, Location place) {
  std::set<std::string> mentioned;
  namesIn(*f.item, mentioned);
  for (auto &p : open)
    if (!mentioned.count(p))
      return false; // that nothing uses it was said where it is declared
  std::string types;
  for (const Argument *a : given)
    if (a)
      types += (types.empty() ? "" : ", ") + describe(c, a->value);
  auto &d = diagnostics.error("E0217", place,
                              !found.empty()  ? fmt::format("several axes fit `{}`", name)
                              : tried.empty() ? fmt::format("the axes of `{}` can't be found from its arguments", name)
                                              : fmt::format("no axes fit `{}`", name));
  d.label(types.empty() ? "no argument has axes" : types).origin(f.item->namePlace, "declared here");
  auto assigned = [&](const Bindings &trial) {
    std::string text;
    for (auto &p : open)
      text += (text.empty() ? "" : ", ") + fmt::format("{} = {}", p, showAxes(trial.axes.at(p)));
    return text;
  };
  constexpr size_t most = 4;
  auto &shown = found.empty() ? tried : found;
  for (size_t k = 0; k < shown.size() && k < most; ++k) {
    std::string all, why;
    for (auto &p : f.item->axisParameters)
      all += (all.empty() ? "" : ", ") + showAxes(shown[k].axes.at(p.text));
    if (found.empty())
      fits(c, f, given, shown[k], name, place, false, &why);
    d.help(found.empty() ? fmt::format("with {}: {}", assigned(shown[k]), why)
                         : fmt::format("for {} write `{}[{}](…)`", assigned(shown[k]), name, all));
  }
  if (shown.size() > most)
    d.help(fmt::format("and {} more", shown.size() - most));
  if (tried.empty())
    d.help(fmt::format("say them: `{}[…](…)`", name));
  return false;
}

} // namespace burin::sema
