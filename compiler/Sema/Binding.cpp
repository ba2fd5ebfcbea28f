// Which axes a call binds (rule 14), and whether its arguments fit (rules 15 and 16).
#include "compiler/Sema/Analyzer.h"
#include <fmt/format.h>

namespace burin::sema {

// Whether arguments fit the parameters under a binding: rules 15 and 16.
bool Analyzer::fits(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                    const std::map<std::string, AxisUse> &bound, const std::string &name, Location place, bool report) {
  Scope scope;
  scope.parent = f.scope;
  for (auto &[axis, use] : bound) {
    Entity e;
    e.kind = Entity::Axis, e.axis = use;
    scope.names[axis] = e;
  }
  Context inner;
  inner.scope = &scope;
  std::vector<std::pair<const Argument *, std::vector<AxisUse>>> extras;
  for (size_t k = 0; k < given.size(); ++k) {
    const syntax::Parameter &p = f.item->parameters[k];
    if (!given[k] || !p.hasType || p.type.kind != syntax::TypeRef::Tensor || given[k]->value.kind != Value::Tensor)
      continue;
    if (p.type.path.size() == 1 && p.type.path[0].text == "schedule")
      continue;
    Type found = visibleType(c, given[k]->value.expr->type);
    bool isFloat = p.type.path.size() == 1 && p.type.path[0].text == "float";
    std::optional<Element> wanted = isFloat ? (found.element.isFloat() ? std::optional(found.element)
                                                                       : std::optional(Element{Element::F32, nullptr}))
                                            : element(inner, p.type, report);
    if (!wanted)
      return false;
    if (!(*wanted == found.element)) {
      if (report)
        diagnostics
            .error("E0205", given[k]->place,
                   fmt::format("`{}` takes {} as `{}`, and this is {}", name,
                               isFloat ? "a float" : show(Type{*wanted, {}}), p.name, show(Type{found.element, {}})))
            .label(show(found))
            .origin(p.place, "declared here")
            .help("convert it, for example with `f32(…)`");
      return false;
    }
    std::vector<AxisUse> rest(found.axes.begin(), found.axes.end()), written;
    for (auto &a : p.type.axes) {
      std::optional<AxisUse> use = axis(inner, a);
      if (!use)
        return false;
      written.push_back(primed(*use, written));
      use = written.back();
      auto at = std::find(rest.begin(), rest.end(), *use);
      if (at == rest.end()) {
        if (report) {
          auto &d = diagnostics.error("E0203", given[k]->place,
                                      found.axes.empty()
                                          ? fmt::format("`{}` takes axis `{}`, and this has none", name, show(*use))
                                          : fmt::format("`{}` takes axis `{}`, and this has axis `{}`", name,
                                                        show(*use), show(found.axes.back())));
          const Variable *v = given[k]->value.variable;
          d.label(v ? fmt::format("{}, from `{}`", show(found), v->name) : show(found));
          const Entity *asked = lookup(f.scope, a.path[0].text);
          if (asked && asked->kind == Entity::Axis && asked->place.file == given[k]->place.file && asked->place.length)
            d.origin(asked->place, fmt::format("`{}` ({}) asked for here", show(*use), use->extent));
          else
            d.origin(p.place, fmt::format("`{}` is declared here", p.name));
          if (v)
            d.origin(v->location, fmt::format("`{}` is {}", v->name, show(found)));
          // A member of the same model that makes the one of the other?
          std::string way;
          for (const Scope *s = c.scope; s && way.empty(); s = s->parent)
            for (auto &[other, entity] : s->names)
              if (entity.kind == Entity::Value && entity.value.kind == Value::Model && other != name) {
                auto &axes = entity.value.model->scope->names;
                bool takes = false, gives = false;
                for (auto &n : entity.value.model->item->axisParameters) {
                  auto &a = axes[n.text].axis;
                  takes |= std::find(found.axes.begin(), found.axes.end(), a) != found.axes.end();
                  gives |= a == *use;
                }
                if (takes && gives && v)
                  way = fmt::format("`{}` turns `{}` into `{}`: did you mean `{}({}({}))`?", other,
                                    show(found.axes.back()), show(*use), name, other, v->name);
              }
          d.help(!way.empty()
                     ? way
                     : fmt::format("give it a value with the axis `{}`, or rename one with `as […]`", show(*use)));
        }
        return false;
      }
      rest.erase(at);
    }
    extras.push_back({given[k], rest});
  }
  const std::vector<AxisUse> *most = nullptr;
  for (auto &[argument, rest] : extras)
    if (!most || rest.size() > most->size())
      most = &rest;
  for (auto &[argument, rest] : extras)
    for (const AxisUse &a : rest)
      if (std::find(most->begin(), most->end(), a) == most->end()) {
        if (report)
          error("E0204", place, fmt::format("the arguments of `{}` are mapped over different axes", name),
                fmt::format("`{}` and others", show(a)), "one argument must have all axes that are mapped");
        return false;
      }
  return true;
}

// Rule 14: brackets, `over:`, else every combination that fits; one must.
bool Analyzer::bindAxes(Context &c, const FunctionValue &f, const std::vector<const Argument *> &given,
                        std::map<std::string, AxisUse> &bound, const std::string &name, Location place) {
  std::vector<std::string> open;
  for (auto &p : f.item->axisParameters)
    if (!bound.count(p.text))
      open.push_back(p.text);
  if (open.empty())
    return fits(c, f, given, bound, name, place, true);
  std::vector<AxisUse> candidates;
  auto add = [&](AxisUse a) {
    if (std::find(candidates.begin(), candidates.end(), a) == candidates.end())
      candidates.push_back(a);
  };
  for (const Argument *a : given)
    if (a && a->value.kind == Value::Tensor) {
      for (const AxisUse &use : visible(c, a->value.expr->type))
        add(use);
      if (const Axis *index = a->value.expr->type.element.index)
        add({index, 0, index->extent});
    }
  size_t combinations = 1;
  for (size_t k = 0; k < open.size(); ++k)
    combinations *= std::max<size_t>(1, candidates.size());
  if (candidates.empty() || combinations > 10000)
    return error("E0217", place, fmt::format("the axes of `{}` can't be found from its arguments", name), "here",
                 fmt::format("say them: `{}[…](…)`", name)),
           false;
  std::vector<std::map<std::string, AxisUse>> found;
  for (size_t n = 0; n < combinations; ++n) {
    auto trial = bound;
    size_t rest = n;
    bool distinct = true;
    for (auto &p : open) {
      AxisUse use = candidates[rest % candidates.size()];
      rest /= candidates.size();
      for (auto &[other, taken] : trial)
        distinct &= !(taken == use);
      trial[p] = use;
    }
    if (distinct && fits(c, f, given, trial, name, place, false))
      found.push_back(trial);
  }
  if (found.size() == 1) {
    bound = found[0];
    return true;
  }
  if (found.empty()) {
    auto &d = diagnostics.error("E0217", place, fmt::format("no axes fit `{}`", name));
    std::string types;
    for (const Argument *a : given)
      if (a)
        types += (types.empty() ? "" : ", ") + describe(c, a->value);
    d.label(types)
        .origin(f.item->namePlace, "declared here")
        .help("each argument needs all axes of its parameter, and one argument all that are mapped");
    return false;
  }
  std::string list;
  for (auto &trial : found) {
    std::string one;
    for (auto &p : open)
      one += (one.empty() ? "" : ", ") + fmt::format("{} = {}", p, show(trial[p]));
    list += (list.empty() ? "" : "; ") + one;
  }
  return error("E0217", place, fmt::format("several axes fit `{}`", name), list,
               fmt::format("say which: `{}(…, over: {})` or `{}[{}](…)`", name, show(found[0][open.back()]), name,
                           show(found[0][open[0]]))),
         false;
}

} // namespace burin::sema
